"""The archives that were added on this account, and their secrets, which the system's keyring keeps.

A list of its own, not the settings: an alias and an address are no look of a window. It holds no password, no
token, and nothing of what was found or fetched.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from app.passwords import asked
from core.errors import InputError
from core.files import whole_file
from readers.pacs.model import Server

SECRET = "FERROREAD_PACS_PASSWORD"
_SERVICE = "ferroread-pacs"
NO_KEYRING = (
    "this computer has no keyring that could keep it, so it was not kept: give it as "
    f"{SECRET}, or type it, each time"
)


def servers_path() -> Path:
    """Return where the list lies."""
    return user_config_path("ferroread", appauthor=False) / "pacs.json"


def load_servers() -> dict[str, Server]:
    """Return the archives by their aliases.

    Raises
    ------
    InputError
        If the list is damaged: an archive shall not be forgotten in silence.
    """
    place = servers_path()
    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
        servers = [_server(entry) for entry in kept]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{place}: the list of archives is damaged; delete it and add them anew") from error
    return {server.name: server for server in servers}


def known_server(name: str) -> Server:
    """Return an archive by its alias.

    Raises
    ------
    InputError
        If there is none.
    """
    servers = load_servers()
    if name not in servers:
        known = ", ".join(servers) or "none is"
        raise InputError(f"no archive is known as {name} ({known}); see `ferroread pacs add --help`")
    return servers[name]


def keep_server(server: Server, *, force: bool = False) -> None:
    """Add an archive to the list; one of the same alias only gives way with `force`."""
    servers = load_servers()
    if server.name in servers and not force:
        raise InputError(f"{server.name} is known already; choose another alias, or add --force")
    _keep({**servers, server.name: server})


def forget_server(name: str) -> None:
    """Take an archive and its secret away."""
    known_server(name)
    _keep({alias: server for alias, server in load_servers().items() if alias != name})
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(_SERVICE, name)
    except KeyringError:
        return  # there was none, or no keyring


def keep_secret(name: str, secret: str) -> bool:
    """Give the secret of an archive to the system's keyring; False where there is none."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, name, secret)
        # a keyring that is switched off takes everything and keeps nothing
        return keyring.get_password(_SERVICE, name) == secret
    except KeyringError:
        return False


def kept_secret(server: Server) -> str:
    """Return the secret of an archive: from the environment or the keyring; "" where neither has it."""
    if server.login == "none":
        return ""
    given = os.environ.get(SECRET, "")
    if given:
        return given
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_SERVICE, server.name) or ""
    except KeyringError:
        return ""


def secret_of(server: Server) -> str:
    """Return the secret of an archive, asked for where nobody keeps it.

    Raises
    ------
    InputError
        If none was given.
    """
    secret = kept_secret(server) or (asked("Password or token: ") if server.login != "none" else "")
    if server.login != "none" and not secret:
        raise InputError(f"{server.name} asks for a log-in; give its password or token as {SECRET}")
    return secret


def _server(entry: dict[str, Any]) -> Server:
    """Return what an entry says; TypeError where it is of another kind."""
    usual = Server("")
    for each in fields(Server):
        if type(entry.get(each.name, getattr(usual, each.name))) is not type(getattr(usual, each.name)):
            raise TypeError(each.name)
    return Server(**entry)


def _keep(servers: dict[str, Server]) -> None:
    with whole_file(servers_path(), force=True) as draft:
        draft.touch(mode=0o600)
        listed = [asdict(server) for server in servers.values()]
        draft.write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")
