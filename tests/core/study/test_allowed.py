"""What a kit may hold is a list; whoever adds a column or a header field has to add it here, and think."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from core.reading.protocol import Protocol, parse_protocol
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.sealing import unwrap
from core.study.store import Study
from tests.core.study.conftest import read_case

# column by column: what may stand in a kit
COLUMNS = {
    "alembic_version": "version_num",
    "answers": "alias question about value seconds",
    "audit": "sequence content previous sha256",
    "cases": "alias position grid step_index status seconds training_round field_t",
    "guesses": "alias of choice",
    "images": "alias role number file sha256 te_ms step_index",
    "kit": "kit_id study_id rater session protocol opens_utc closes_signed purpose",
    "marks": "alias mark kind place prescribed x_mm y_mm z_mm",
    "opinions": "alias item first second",
    "released": "alias step_index step_key",
    "rois": "alias roi kind place name colour locked coverage sha256 outlines",
    "rulers": "alias ruler place about step_index start_mm end_mm",
    "seals": "alias step_index wrapped",
    "corrections": "alias version reason",
    "rater_keys": "number public_key salt cost sealed",
    "signatures": "alias version record sha256 ed25519",
    "training": "alias sealed",
}
# what the first record tells of what was dealt, where nothing of the rest was asked for
DEALT = {
    "action", "at", "clock", "kit", "study", "rater", "session", "protocol_sha256", "cases", "images",
    "marks", "keyed", "timed", "sealed", "seals",
}  # fmt: skip
# of a picture's header: the format itself, the shape, the geometry, and what makes no two files alike
HEADER = {
    "sizeof_hdr", "magic", "vox_offset", "dim", "datatype", "bitpix", "pixdim", "xyzt_units", "qform_code",
    "sform_code", "quatern_b", "quatern_c", "quatern_d", "qoffset_x", "qoffset_y", "qoffset_z", "srow_x",
    "srow_y", "srow_z", "scl_slope", "scl_inter", "regular", "descrip",
}  # fmt: skip


def columns_of(kit_path: Path) -> dict[str, str]:
    connection = sqlite3.connect(kit_path / "kit.sqlite")
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        name: " ".join(row[1] for row in connection.execute(f"PRAGMA table_info({name})")) for name in names
    }
    connection.close()
    return found


def test_a_kit_has_these_columns_and_no_other(kit_path: Path) -> None:
    assert columns_of(kit_path) == COLUMNS


def test_a_kits_first_record_tells_this_and_nothing_else(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        assert set(kit.audit_records()[0].values) == DEALT


def test_a_kit_has_these_files_and_no_other(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        aliases = {case.alias for case in kit.cases()}
    files = {path.relative_to(kit_path).as_posix() for path in kit_path.rglob("*") if path.is_file()}
    pictures = ("anatomy.nii", "echoes-01.nii", "echoes-02.nii", "echoes-03.nii", "r2star.sealed")
    assert files == {"kit.sqlite"} | {f"images/{alias}/{name}" for alias in aliases for name in pictures}


def check_header(content: bytes) -> None:
    image = nib.Nifti1Image.from_bytes(content)
    empty = nib.Nifti1Header()
    for name in image.header:
        if name not in HEADER:
            np.testing.assert_array_equal(image.header[name], empty[name], err_msg=name)
    assert re.fullmatch(b"[0-9a-f]{32}", image.header["descrip"].item())
    assert len(image.header.extensions) == 0
    # 348 bytes of header, 4 that say there is no extension, the pixels, and nothing behind them
    pixels = image.header.get_data_dtype().itemsize * int(np.prod(image.shape))
    assert content[348:352] == bytes(4) and len(content) == 352 + pixels


def test_a_picture_has_pixels_and_a_geometry_and_no_other_field(kit_path: Path) -> None:
    for path in kit_path.rglob("*.nii"):
        check_header(path.read_bytes())


def test_a_sealed_picture_has_no_more(kit_path: Path) -> None:
    from core.study.pictures import sealed_about
    from core.study.sealing import unseal

    with Kit.open(kit_path) as kit:
        kit_id = kit.kit_id
    connection = sqlite3.connect(kit_path / "kit.sqlite")
    for alias, step, wrapped in connection.execute("SELECT * FROM seals").fetchall():
        content = (kit_path / "images" / alias / "r2star.sealed").read_bytes()
        check_header(unseal(content, unwrap(wrapped, kit_id, alias, step), sealed_about(alias, "r2star", 0)))
    connection.close()


@pytest.mark.parametrize(
    ("entry", "told"), [("", None), ("\nfield: hidden\n", None), ("\nfield: shown\n", 3.0)]
)
def test_the_field_shows_where_the_protocol_says_so(
    study: Study, protocol: Protocol, tmp_path: Path, entry: str, told: float | None
) -> None:
    path = deal_kit(study, "Ben", 1, parse_protocol(protocol.text + entry, "test"), tmp_path / "b.kit").path
    with Kit.open(path) as kit:
        alias = kit.cases()[0].alias
        assert kit.images(alias).echoes.field_t == told
        read_case(kit, alias)
        kit.verify()
