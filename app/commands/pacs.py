"""`pacs`: find, get and send with a picture archive, by DICOMweb or DIMSE."""

from __future__ import annotations

import argparse
import os
import re
from contextlib import closing
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import Outcome, UsageError, add_json
from app.passwords import asked
from app.text_tables import text_table
from core.progress import Progress

if TYPE_CHECKING:
    from readers.pacs import Filters, FoundSeries, FoundStudy

_ALIAS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
_MOST_AET = 16
_DATES = re.compile(r"(\d{8})?-?(\d{8})?")
# option -> name of the filter, help
_FILTERS = {
    "--patient-id": ("patient_id", "patient ID"),
    "--patient-name": ("patient_name", "patient's name as DICOM has it, FAMILY^GIVEN"),
    "--date": ("dates", "study date, or a range: 20260131, 20260101-20260131, 20260101-"),
    "--accession": ("accession", "accession number"),
    "--study-description": ("study_description", "what the study is called"),
    "--study": ("study", "Study Instance UID"),
    "--modality": ("modality", "MR, SEG, SR, ..."),
    "--series-description": ("series_description", "what the series is called"),
    "--series": ("series", "Series Instance UID"),
}


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="deed", metavar="ACTION", required=True)
    _configure_add(
        _action(actions, "add", "remember an archive under an alias; its secret goes to the keyring")
    )
    for deed, summary in (
        ("list", "list the archives that were added"),
        ("remove", "forget an archive and its secret"),
    ):
        action = _action(actions, deed, summary)
        if deed == "remove":
            _add_name(action)
    find = _action(actions, "find", "list the studies and series that match")
    _add_name(find)
    _add_filters(find)
    find.add_argument("--level", choices=("series", "study"), default="series", help="(default: series)")
    get = _action(actions, "get", "bring the series that match into a folder; the same again goes on")
    _add_name(get)
    _add_filters(get)
    get.add_argument("--out", type=Path, required=True, help="a new folder, or one that an import has begun")
    get.add_argument(
        "--force", action="store_true", help="fetch files again that were changed since they came"
    )
    send = _action(actions, "send", "send DICOM files, as `study export` writes them")
    _add_name(send)
    send.add_argument("path", nargs="+", type=Path, metavar="PATH", help="a file or folder")
    send.add_argument("--only", nargs="+", default=[], metavar="MODALITY", help="only these: SEG SR OT ...")


def _action(actions: Any, deed: str, summary: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = actions.add_parser(deed, help=summary, description=summary)
    add_json(made)
    return made


def _configure_add(add: argparse.ArgumentParser) -> None:
    _add_name(add)
    add.add_argument("--url", default="", help="root of the DICOMweb services")
    add.add_argument("--user", default="", help="DICOMweb: log in by this name; the password is asked for")
    add.add_argument("--token", action="store_true", help="DICOMweb: log in by a token, which is asked for")
    add.add_argument("--host", default="", help="DIMSE: where the archive is")
    add.add_argument("--port", type=int, default=0, help="DIMSE: its port")
    add.add_argument("--aet", default="", help="DIMSE: its AE title")
    add.add_argument("--own-aet", default="FERROREAD", help="DIMSE: our AE title (default: FERROREAD)")
    add.add_argument("--own-port", type=int, default=0, metavar="PORT",
                     help="DIMSE: where we listen, for C-MOVE (default: C-GET instead)")  # fmt: skip
    add.add_argument("--tls", action="store_true", help="DIMSE: over TLS")
    add.add_argument("--ca", type=Path, help="certificates to trust instead of the system's (PEM)")
    add.add_argument("--certificate", type=Path, help="our own certificate (PEM)")
    add.add_argument("--key", type=Path, help="its private key, where that is a file of its own")
    add.add_argument("--force", action="store_true", help="replace an archive of the same alias")


def _add_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the archive's alias")


def _add_filters(parser: argparse.ArgumentParser) -> None:
    for option, (name, told) in _FILTERS.items():
        parser.add_argument(option, dest=name, default="", help=told)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    deeds = {"add": _add, "list": _list, "remove": _remove, "find": _find, "get": _get, "send": _send}
    return deeds[args.deed](args, progress)


def _add(args: argparse.Namespace, _progress: Progress) -> Outcome:
    from app.pacs_servers import NO_KEYRING, SECRET, keep_secret, keep_server
    from readers.pacs import Server

    _check_add(args)
    server = Server(
        args.name, args.url, args.host, args.port, args.aet, args.own_aet, args.own_port, args.tls,
        ca=_whole(args.ca), certificate=_whole(args.certificate), key=_whole(args.key),
        login="token" if args.token else "basic" if args.user else "none", user=args.user,
    )  # fmt: skip
    keep_server(server, force=args.force)
    data = {**_told(server), "secret": "none"}
    text = f"{server.name}: added"
    if server.login != "none":
        # what the environment gives is given each time; it is not moved anywhere
        secret = "" if os.environ.get(SECRET) else asked("Password or token: ")
        kept = bool(secret) and keep_secret(server.name, secret)
        data["secret"] = "keyring" if kept else "environment"
        text += "; its secret is in the system's keyring" if kept else ""
        text += f"\n{NO_KEYRING}" if secret and not kept else ""
    return Outcome(data, text)


def _list(_args: argparse.Namespace, _progress: Progress) -> Outcome:
    from app.pacs_servers import load_servers

    told = [_told(server) for server in load_servers().values()]
    columns = {"name": "name", "protocol": "protocol", "place": "where", "login": "log-in"}
    return Outcome({"servers": told}, text_table(columns, told) if told else "no archive was added")


def _remove(args: argparse.Namespace, _progress: Progress) -> Outcome:
    from app.pacs_servers import forget_server

    forget_server(args.name)
    return Outcome({"removed": args.name}, f"{args.name}: forgotten")


def _find(args: argparse.Namespace, progress: Progress) -> Outcome:
    from readers.pacs import find_series, find_studies

    with closing(_link(args.name)) as link:
        if args.level == "study":
            studies = find_studies(link, _filters(args))
            return Outcome({"studies": [asdict(study) for study in studies]}, _study_table(studies))
        series = find_series(link, _filters(args), progress)
    return Outcome({"series": [_flat(each) for each in series]}, _series_table(series))


def _get(args: argparse.Namespace, progress: Progress) -> Outcome:
    from app.pacs_servers import known_server, secret_of
    from readers.pacs import PacsError, find_series, import_series, open_link

    server = known_server(args.name)
    secret = secret_of(server)
    with closing(open_link(server, secret)) as link:
        series = find_series(link, _filters(args), progress)
    if not series:
        raise PacsError(f"{server.name}: nothing matches; look with `ferroread pacs find`")
    brought = import_series(lambda: open_link(server, secret), series, args.out, progress, force=args.force)
    text = (
        f"{args.out}: {brought.instances} instances of {brought.series} series from {server.name}; "
        f"{brought.fetched} came now, {brought.there} were there"
    )
    return Outcome({"out": str(args.out), "server": server.name, **asdict(brought)}, text)


def _send(args: argparse.Namespace, progress: Progress) -> Outcome:
    from readers.pacs import send_files

    with closing(_link(args.name)) as link:
        done = send_files(link, args.path, progress, modalities=args.only)
    refused = [{"path": str(path), "reason": reason} for path, reason in done.refused]
    data = {"server": args.name, "sent": len(done.sent), "refused": refused, "others": done.others}
    lines = [f"{args.name}: {len(done.sent)} instances sent"]
    lines += [f"  {each['path']}: {each['reason']}" for each in refused]
    error = f"{args.name} did not take {len(refused)} instances; ask who keeps it" if refused else ""
    return Outcome(data, "\n".join(lines), error)


def _link(name: str) -> Any:
    from app.pacs_servers import known_server, secret_of
    from readers.pacs import open_link

    server = known_server(name)
    return open_link(server, secret_of(server))


def _filters(args: argparse.Namespace) -> Filters:
    from readers.pacs import Filters

    made = Filters(**{each.name: getattr(args, each.name) for each in fields(Filters)})
    if not _DATES.fullmatch(made.dates) or made.dates == "-":
        raise UsageError(f"--date is 20260131, 20260101-20260131 or 20260101-, not {made.dates}")
    return made


def _check_add(args: argparse.Namespace) -> None:
    if not _ALIAS.fullmatch(args.name):
        raise UsageError(
            "NAME has up to 32 letters, digits, points, lines and dashes; it stands in titles and logs"
        )
    dimse = bool(args.host or args.port or args.aet)
    if bool(args.url) == dimse:
        raise UsageError("give --url for DICOMweb, or --host, --port and --aet for DIMSE")
    if args.url and not args.url.startswith(("https://", "http://")):
        raise UsageError("--url begins with https:// or http://")
    if set("@?#") & set(args.url):
        # it is kept, and listed
        raise UsageError("--url holds no log-in and no query; give --user or --token")
    if args.url and (args.tls or args.own_port):
        raise UsageError("--tls and --own-port serve DIMSE; DICOMweb is told by --url")
    if dimse and not (args.host and args.aet and 0 < args.port < 1 << 16):
        raise UsageError("DIMSE needs --host, --port (1 to 65535) and --aet")
    if dimse and (args.user or args.token):
        raise UsageError("--user and --token serve DICOMweb; DIMSE knows certificates (--tls --certificate)")
    if args.user and args.token:
        raise UsageError("give --user or --token, not both")
    for title in (args.aet, args.own_aet):
        if len(title) > _MOST_AET or not title.isascii() or "\\" in title:
            raise UsageError(f"an AE title has up to {_MOST_AET} ASCII letters and no backslash (PS3.5 6.2)")
    if args.key and not args.certificate:
        raise UsageError("--key belongs to --certificate; add that")


def _whole(path: Path | None) -> str:
    if path is None:
        return ""
    if not path.is_file():
        raise UsageError(f"{path} is no file; give a certificate or key as PEM")
    return str(path.resolve())


def _told(server: Any) -> dict[str, Any]:
    protocol = "DICOMweb" if server.url else "DIMSE over TLS" if server.tls else "DIMSE"
    place = server.url or f"{server.aet} at {server.host}:{server.port}"
    return {"name": server.name, "protocol": protocol, "place": place, "login": server.login}


def _flat(series: FoundSeries) -> dict[str, Any]:
    own = asdict(series)
    return {**own.pop("of"), "series_description": own.pop("description"), **own}


def _series_table(series: list[FoundSeries]) -> str:
    columns = {
        "patient_id": "patient", "patient_name": "name", "date": "date", "description": "study",
        "number": "no.", "modality": "", "series_description": "series", "instances": "instances",
        "series": "series UID",
    }  # fmt: skip
    return _table(columns, [_flat(each) for each in series], "series match")


def _study_table(studies: list[FoundStudy]) -> str:
    columns = {
        "patient_id": "patient", "patient_name": "name", "date": "date", "accession": "accession",
        "description": "study", "study": "study UID",
    }  # fmt: skip
    return _table(columns, [asdict(each) for each in studies], "studies match")


def _table(columns: dict[str, str], rows: list[dict[str, Any]], what: str) -> str:
    if not rows:
        return f"no {what}"
    return f"{text_table(columns, rows)}\n{len(rows)} {what}"
