"""Headers are read fast: with what was worked out for the last file, and never with what differs."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from core.errors import ImageReadError
from readers import dicom, dicom_facts
from readers.elements import DicomError, read_header
from readers.files import FIRST_BYTES, HEAD_BYTES, ImageFile, Opener
from readers.model import Frame
from readers.stretches import Stretches
from tests.readers.scanner import Style, make_scan, write_classic


def forget() -> None:
    dicom._said_before.cache_clear()
    dicom_facts._facts_of.cache_clear()
    dicom._STRETCHES.__init__()


def listed(paths: list[Path], *, afresh: bool) -> list[Frame]:
    frames = []
    with Opener() as opener:
        for path in paths:
            if afresh:
                forget()
            frames += dicom.scan(ImageFile(path), opener)
    return frames


@pytest.mark.parametrize("vendor", ["Siemens", "Philips Medical Systems", "GE MEDICAL SYSTEMS"])
def test_a_picture_is_described_alike_whatever_was_read_before(tmp_path: Path, vendor: str) -> None:
    scan = make_scan(3, parts=("magnitude", "phase"), vendor=vendor, slope=2.5, philips_scale=0.01)
    paths = write_classic(tmp_path / "one", scan)
    # files that differ in one thing each
    odd = {
        "AcquisitionTime": "101112",
        "AcquisitionNumber": 7,
        "TriggerTime": 31,
        "TemporalPositionIdentifier": 2,
        "PixelSpacing": [0.5, 0.7],
        "RescaleSlope": 4,
    }
    for number, (keyword, value) in enumerate(odd.items()):
        other = make_scan(
            3, vendor=vendor, slope=2.5, exported=number + 1, philips_scale=0.01, overrides={keyword: value}
        )
        paths += write_classic(tmp_path / keyword, other)
    rng = np.random.default_rng(5)
    shuffled = [paths[index] for index in rng.permutation(len(paths))]
    assert listed(shuffled, afresh=False) == listed(shuffled, afresh=True)


def test_a_neighbour_that_is_cut_short_or_lies_nowhere_is_not_taken_for_like(tmp_path: Path) -> None:
    paths = write_classic(tmp_path, make_scan(4))
    whole = paths[1].read_bytes()
    paths[1].write_bytes(whole[:-30])
    lost = dcmread(paths[2])
    del lost.ImagePositionPatient
    lost.save_as(paths[2])
    first, third = listed([paths[0], paths[2]], afresh=False)
    assert first.position is not None
    assert third.position is None
    with pytest.raises(ImageReadError, match="cut short"):
        listed(paths[:2], afresh=False)


@pytest.mark.parametrize("length", [FIRST_BYTES, HEAD_BYTES])
def test_headers_of_any_length_are_read(tmp_path: Path, length: int) -> None:
    scan = make_scan(6)
    plain = listed(write_classic(tmp_path / "plain", scan), afresh=True)
    paths = write_classic(tmp_path / "long", scan)
    for path in paths:
        dataset = dcmread(path)
        block = dataset.private_block(0x0019, "SOMEBODY", create=True)
        block.add_new(0x10, "OB", bytes(length + 10))
        dataset.save_as(path)
    # some end in the first bytes, some do not, and one follows on the other
    mixed = [
        path for pair in zip(paths, sorted((tmp_path / "plain").iterdir()), strict=True) for path in pair
    ]
    frames = listed(mixed, afresh=False)[::2]
    told = [(frame.te_ms, frame.position, frame.uid) for frame in frames]
    assert told == [(frame.te_ms, frame.position, frame.uid) for frame in plain]
    assert all(frame.offset > length for frame in frames)


def outcome(path: Path) -> list[Frame] | str:
    with Opener() as opener:
        try:
            return dicom.scan(ImageFile(path), opener)
        except ImageReadError as error:
            return error.reason


def test_a_damaged_header_is_judged_alike_whatever_was_read_before(tmp_path: Path) -> None:
    original, damaged = write_classic(tmp_path, make_scan(7, echoes=1, shape=(2, 5, 6)))
    whole = damaged.read_bytes()
    header = whole.index(b"\xe0\x7f\x10\x00")
    rng = np.random.default_rng(8)
    judged = set()
    for _ in range(400):
        mutant = bytearray(whole)
        for place in rng.integers(128, header + 12, rng.integers(1, 4)):
            # digits and letters leave a header that still can be read
            mutant[place] = rng.choice([*b"0123456789\\ ABC", *rng.integers(0, 256, 2)])
        damaged.write_bytes(mutant)
        forget()
        afresh = outcome(damaged)
        forget()
        outcome(original)
        assert outcome(damaged) == afresh
        judged.add(afresh if isinstance(afresh, str) else "")
    assert len(judged) > 5


@pytest.mark.parametrize("syntax", ["explicit", "implicit", "big endian", "deflated"])
def test_runs_of_elements_are_taken_over_only_where_nothing_changes(tmp_path: Path, syntax: str) -> None:
    scan = make_scan(9, echoes=2, shape=(5, 5, 6), vendor="GE MEDICAL SYSTEMS", slope=2.0)
    paths = write_classic(tmp_path, scan, Style(syntax=syntax))
    rng = np.random.default_rng(10)
    stretches = Stretches()
    taken = 0
    for turn in range(600):
        data = bytearray(paths[turn % len(paths)].read_bytes())
        # every other file is as it was written, so that there is something to take over
        for place in rng.integers(128, len(data) - 60, 3) if turn % 2 else []:
            data[place] = rng.integers(0, 256)
        if turn % 7 == 3:
            begin, length = rng.integers(128, 900), rng.integers(1, 40)
            data[begin : begin + length] = b""
        plain = told(lambda data=bytes(data): read_header(data, whole=True, inflate=unpacked))
        assert (
            told(lambda data=bytes(data): stretches.read_header(data, whole=True, inflate=unpacked)) == plain
        )
        taken += bool(stretches._runs)
    assert taken > 400 if syntax == "explicit" else not taken


def told(read: Callable[[], object]) -> object:
    try:
        return read()
    except (DicomError, zlib.error) as error:
        return str(error)


def unpacked(data: bytes) -> bytes:
    return zlib.decompress(data, -15)
