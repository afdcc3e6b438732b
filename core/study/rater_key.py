"""A key to sign with: Ed25519, kept encrypted under a password that only its owner knows."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import InputError, StoreError
from core.study.audit import canonical, digest, from_json
from core.study.sealing import seal, unseal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SHORTEST = 8
_SALT_BYTES = 16
_LEAST_SALT_BYTES = 8  # RFC 9106, 3.1
_ABOUT = "rater key"


@dataclass(frozen=True)
class Cost:
    """What one guess of a password costs, with Argon2id (RFC 9106; its second recommendation).

    Parameters
    ----------
    iterations, lanes, memory_kib : int
        As RFC 9106 calls them t, p and m.
    """

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 65_536


USUAL = Cost()
# what a file may ask of this computer: more is damage, or malice
_DEAREST = Cost(20, 16, 1_048_576)


@dataclass(frozen=True)
class StoredKey:
    """A key as it lies in a file: the public half, and the private one sealed under the password."""

    public_key: str
    salt: bytes
    cost: Cost
    sealed: bytes


def refuse_short(password: str) -> None:
    """Raise InputError where a password is too short to be one."""
    if len(password) < SHORTEST:
        raise InputError(f"a password needs {SHORTEST} characters or more; choose another")


def stretched(password: str, salt: bytes, cost: Cost) -> bytes:
    """Return 32 bytes of a password by Argon2id; the same letters typed on another system give the same.

    StoreError where the salt is none.
    """
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415 - looking needs it not

    if len(salt) < _LEAST_SALT_BYTES:
        raise StoreError("how a password was stored is damaged")
    typed = unicodedata.normalize("NFKC", password).encode()
    make = Argon2id(
        salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    return make.derive(typed)


def new_salt() -> bytes:
    """Return a salt that no other password has."""
    return secrets.token_bytes(_SALT_BYTES)


def same(one: bytes, other: bytes) -> bool:
    """Compare secrets in a time that tells nothing of them."""
    return hmac.compare_digest(one, other)


def cost_text(cost: Cost) -> str:
    """Return a cost as it is stored."""
    return canonical(vars(cost))


def cost_from_text(text: str) -> Cost:
    """Return a stored cost; StoreError where it is none, or would keep this computer busy for hours."""
    try:
        values = from_json(text)
        cost = Cost(**{name: int(values[name]) for name in vars(_DEAREST)})
        within = all(1 <= vars(cost)[name] <= most for name, most in vars(_DEAREST).items())
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError("how a password was stored is damaged") from error
    if not within or cost.memory_kib < 8 * cost.lanes:
        raise StoreError("how a password was stored is damaged")
    return cost


def new_key(password: str, cost: Cost = USUAL) -> StoredKey:
    """Make a key and keep it under a password.

    Raises
    ------
    InputError
        If the password is too short.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    refuse_short(password)
    return _kept(Ed25519PrivateKey.generate(), password, cost)


def kept_anew(key: Ed25519PrivateKey, password: str, cost: Cost) -> StoredKey:
    """Keep the same key under another password; InputError where that is too short."""
    refuse_short(password)
    return _kept(key, password, cost)


def opened_key(stored: StoredKey, password: str) -> Ed25519PrivateKey | None:
    """Return the private key, or None where the password is not the one it is kept under.

    Raises
    ------
    StoreError
        If what came out does not belong to the public key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    try:
        raw = unseal(stored.sealed, stretched(password, stored.salt, stored.cost), _ABOUT)
    except StoreError:
        return None
    key = Ed25519PrivateKey.from_private_bytes(raw)
    if key.public_key().public_bytes_raw().hex() != stored.public_key:
        raise StoreError("the key that signs was altered; ask the coordinator for an intact kit")
    return key


def signed_by(public_key: str, signature: bytes, text: str) -> bool:
    """Tell whether a signature of a text was made with the key that belongs to a public one."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public_key: str) -> str:
    """Return the beginning of a public key in groups of four, for two people to compare."""
    return " ".join(public_key[at : at + 4] for at in range(0, 16, 4))


def stored_from(row: Mapping[str, Any]) -> StoredKey:
    """Make a key of its row; StoreError where its cost is none."""
    return StoredKey(row["public_key"], bytes(row["salt"]), cost_from_text(row["cost"]), bytes(row["sealed"]))


def kept_sha256(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 of how a key's row keeps its private half: salt, cost and what is sealed."""
    salt, sealed = bytes(row["salt"]).hex(), bytes(row["sealed"]).hex()
    return digest(canonical([salt, row["cost"], sealed]))


def _kept(key: Ed25519PrivateKey, password: str, cost: Cost) -> StoredKey:
    salt = new_salt()
    sealed = seal(key.private_bytes_raw(), stretched(password, salt, cost), _ABOUT)
    return StoredKey(key.public_key().public_bytes_raw().hex(), salt, cost, sealed)
