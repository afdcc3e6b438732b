"""Signing and correcting, as rows of a kit's file: signature, record and state in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.errors import StoreError
from core.reading.protocol import Protocol
from core.reading.reading import Reading
from core.study import kit_tables as t
from core.study.audit import append, head
from core.study.kit_changes import write_changes
from core.study.kit_facts import circumstances, correction_of, image_hashes, load_signatures
from core.study.signing import make_signature

if TYPE_CHECKING:
    import sqlalchemy as sa
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def write_signature(
    connection: sa.Connection,
    protocol: Protocol,
    before: Reading,
    after: Reading,
    key: Ed25519PrivateKey,
    display: Mapping[str, Any],
) -> None:
    """Sign a reading with the rater's key, and write signature, record and state together."""
    alias, images = before.alias, image_hashes(connection)[before.alias]
    version = _next_version(connection, alias)
    reason = correction_of(connection, alias, version)
    around = circumstances(connection, alias, protocol, images, version, reason)
    signature = make_signature(before, replace(around, display=display), head(connection, t.audit), key)
    connection.execute(t.signatures.insert().values(alias=alias, **vars(signature)))
    append(connection, t.audit, "sign", alias=alias, version=version, signature_sha256=signature.sha256)
    write_changes(connection, before, after)


def write_correction(connection: sa.Connection, before: Reading, after: Reading, reason: str) -> None:
    """Open a signed case again, with the reason on record."""
    version = _next_version(connection, before.alias)
    if correction_of(connection, before.alias, version):
        raise StoreError(f"the corrections of case {before.alias} were altered")
    connection.execute(t.corrections.insert().values(alias=before.alias, version=version, reason=reason))
    append(connection, t.audit, "correct", alias=before.alias, version=version, reason=reason)
    write_changes(connection, before, after)


def _next_version(connection: sa.Connection, alias: str) -> int:
    """Return which version of a case is signed next; StoreError where those before it do not count up."""
    versions = [each.version for each in load_signatures(connection, alias)]
    if versions != [*range(1, len(versions) + 1)]:
        raise StoreError(f"the signatures of case {alias} were altered")
    return len(versions) + 1
