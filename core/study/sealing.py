"""What a later step shows lies encrypted in a kit; locking the step before it releases the key.

Every case has a key for every later step, and one for the feedback of a training case. Pictures, and what
two raters said of a case that is adjudicated, are encrypted under it with AES-256-GCM (NIST SP 800-38D),
which also notices any change. The key itself lies in the kit wrapped, and the program unwraps it in the
transaction that writes the lock. What that can promise and what not is told in docs/blinding.md and
docs/adr/.
"""

from __future__ import annotations

import secrets

from core.errors import StoreError

_NONCE_BYTES = 12
_KEY_BYTES = 32


def new_key() -> bytes:
    """Return a key that nobody can guess."""
    return secrets.token_bytes(_KEY_BYTES)


def seal(content: bytes, key: bytes, about: str) -> bytes:
    """Return the content encrypted; it opens with the same key and the same `about` only."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - looking needs it seldom

    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, about.encode())


def unseal(sealed: bytes, key: bytes, about: str) -> bytes:
    """Return what was sealed.

    Raises
    ------
    StoreError
        If the key, or what it is about, is another one, or a bit of it was altered.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        # a view: a picture is not copied to be decrypted
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], memoryview(sealed)[_NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError) as error:
        raise StoreError("what was sealed was altered; ask the coordinator for an intact kit") from error


def feedback_about(alias: str) -> str:
    """Return what the sealed feedback of a training case is about."""
    return f"{alias} feedback"


def opinions_about(alias: str) -> str:
    """Return what the sealed opinions of a case to be adjudicated are about."""
    return f"{alias} opinions"


def wrap(key: bytes, kit_id: str, alias: str, step_index: int) -> bytes:
    """Return the key of a case's step as it lies in the kit until the step before is locked."""
    return seal(key, _wrapping(kit_id), _about(alias, step_index))


def unwrap(wrapped: bytes, kit_id: str, alias: str, step_index: int) -> bytes:
    """Return the key of a case's step; StoreError where it is that of another kit, case or step."""
    return unseal(wrapped, _wrapping(kit_id), _about(alias, step_index))


def _about(alias: str, step_index: int) -> str:
    return f"{alias} step {step_index}"


def _wrapping(kit_id: str) -> bytes:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    return HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=b"ferroread step keys").derive(kit_id.encode())
