"""Odd, damaged and hostile input ends in pictures or in one clear line."""

from __future__ import annotations

import gzip
import io
import os
import random
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.errors import AppError, ImageReadError, InputError
from readers import files, inspect, load_echoes, load_volume
from readers.elements import DicomError, read_header
from tests.readers.scanner import Style, make_scan, save, write_classic, write_enhanced


def one_line(error: BaseException) -> bool:
    return "\n" not in str(error) and len(str(error)) < 500


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("zeros", b"\0" * 5000, "no image file"),
        ("text.dcm", b"Dear physicist,\n" * 50, "no image file"),
        ("empty.dcm", b"", "is empty"),
        ("short", b"DICM", "no image file"),
        ("preamble.dcm", b"\0" * 128 + b"DICM", "cut short"),
        ("half.dcm", b"\0" * 128 + b"DICM" + b"\x02\0\0\0UL\x04\0\xff\xff", "cut short"),
        ("wrong.zip", b"PK\x03\x04 and nothing behind it", "damaged zip archive"),
        ("wrong.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\0garbage", "damaged"),
    ],
)
def test_what_is_no_image_ends_in_one_clear_line(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=told) as caught:
        inspect([tmp_path / name])
    assert one_line(caught.value)
    assert name in str(caught.value)


def test_an_empty_folder_and_a_missing_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file in it"):
        inspect([tmp_path])
    with pytest.raises(InputError, match="does not exist"):
        inspect([tmp_path / "nowhere"])


def test_odd_files_beside_a_series_are_named(tmp_path: Path) -> None:
    write_classic(tmp_path / "series", make_scan())
    (tmp_path / "notes.txt").write_text("scanned on a Monday")
    (tmp_path / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    inspection = inspect([tmp_path])
    assert len(inspection.series) == 1
    assert {item.path.name for item in inspection.skipped} == {"notes.txt", ".DS_Store"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the platform has no named pipes")
def test_a_pipe_among_the_files_does_not_hang(tmp_path: Path) -> None:
    write_classic(tmp_path, make_scan())
    os.mkfifo(tmp_path / "pipe")
    assert [item.reason for item in inspect([tmp_path]).skipped] == ["is not a regular file"]


@pytest.mark.parametrize("syntax", ["explicit", "implicit", "big endian", "deflated"])
def test_no_truncated_file_is_accepted(tmp_path: Path, syntax: str) -> None:
    path = write_enhanced(tmp_path / "whole", make_scan(shape=(2, 3, 3)), Style(syntax=syntax))
    content = path.read_bytes()
    load_echoes(inspect([path]).series[0])
    cut = tmp_path / "cut"
    # a deflated stream may have a byte of padding at its end
    for length in [*range(0, len(content) - 1, 37), len(content) - 2]:
        cut.write_bytes(content[:length])
        with pytest.raises(InputError) as caught:
            inspect([cut])
        assert one_line(caught.value)


def test_a_file_cut_after_it_was_listed_is_not_loaded(tmp_path: Path) -> None:
    paths = write_classic(tmp_path, make_scan())
    info = inspect([tmp_path]).series[0]
    paths[3].write_bytes(paths[3].read_bytes()[:-10])
    with pytest.raises(ImageReadError, match="changed"):
        load_echoes(info)
    paths[3].unlink()
    with pytest.raises(ImageReadError, match="cannot be opened"):
        load_echoes(info)


def zipped(path: Path, folder: Path, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, str(Path("export") / file.relative_to(folder)))
    return path


def test_a_zip_is_read_like_the_folder_in_it(tmp_path: Path) -> None:
    scan = make_scan(parts=("magnitude", "phase"))
    write_classic(tmp_path / "folder" / "deep" / "er", scan)
    (tmp_path / "folder" / "readme.txt").write_text("nothing")
    archive = zipped(tmp_path / "all.zip", tmp_path / "folder")
    direct, packed = inspect([tmp_path / "folder"]), inspect([archive])
    assert packed.series[0].id == direct.series[0].id
    assert packed.series[0].path == archive
    assert [item.path for item in packed.skipped] == [archive / "export" / "readme.txt"]
    echoes = load_echoes(packed.series[0])
    np.testing.assert_array_equal(echoes.magnitude, scan.stored["magnitude"])


def test_gzipped_files_are_read(tmp_path: Path) -> None:
    scan = make_scan(echoes=1)
    for path in write_classic(tmp_path, scan):
        path.with_suffix(".gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    np.testing.assert_array_equal(
        load_volume(inspect([tmp_path]).series[0]).data, scan.stored["magnitude"][0]
    )


def test_names_that_leave_an_archive_are_refused(tmp_path: Path) -> None:
    file = write_classic(tmp_path / "in", make_scan(echoes=1, shape=(1, 2, 2)))[0]
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        for name in ("../outside", "/etc/outside", "good/../../outside", "C:/outside", "fine/inside"):
            archive.writestr(name, file.read_bytes())
    inspection = inspect([tmp_path / "evil.zip"])
    assert len(inspection.series) == 1
    assert inspection.series[0].files == 1
    assert len(inspection.skipped) == 4


def test_names_in_any_script_are_read_in_folders_and_archives(tmp_path: Path) -> None:
    scan = make_scan()
    folder = tmp_path / "мышь" / "鼠 1" / "قلب"
    for number, path in enumerate(write_classic(folder, scan)):
        path.rename(path.with_name(f"снимок {number} 图.dcm"))
    zipped(tmp_path / "архив.zip", tmp_path / "мышь")
    for place in (tmp_path / "мышь", tmp_path / "архив.zip"):
        (info,) = inspect([place]).series
        np.testing.assert_array_equal(load_echoes(info).magnitude, scan.stored["magnitude"])


def test_what_a_header_says_cannot_steer_a_terminal(tmp_path: Path) -> None:
    named = {"SeriesDescription": "\x1b[2Jgone\r\nmulti-echo", "Modality": "M\nR"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write_classic(tmp_path, make_scan(overrides=named))
    (info,) = inspect([tmp_path]).series
    assert "multi-echo" in info.description
    assert all(said.isprintable() for said in (info.description, *info.problems))


def test_a_series_beyond_memory_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: object) -> None:
        raise MemoryError

    write_classic(tmp_path, make_scan())
    info = inspect([tmp_path]).series[0]
    monkeypatch.setattr("readers.pixels.np.empty", no_memory)
    with pytest.raises(ImageReadError, match="more memory than this machine has"):
        load_echoes(info)


def test_archives_in_archives_and_encrypted_members_are_named(tmp_path: Path) -> None:
    write_classic(tmp_path / "in", make_scan())
    inner = zipped(tmp_path / "inner.zip", tmp_path / "in")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(inner, "inner.zip")
    with pytest.raises(InputError, match="archive inside an archive"):
        inspect([tmp_path / "outer.zip"])
    content = bytearray(inner.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        begin = -1
        while (begin := content.find(signature, begin + 1)) >= 0:
            content[begin + at] |= 1
    (tmp_path / "locked.zip").write_bytes(content)
    with pytest.raises(InputError, match="encrypted"):
        inspect([tmp_path / "locked.zip"])


def test_a_damaged_member_is_named(tmp_path: Path) -> None:
    write_classic(tmp_path / "in", make_scan())
    archive = zipped(tmp_path / "all.zip", tmp_path / "in", zipfile.ZIP_STORED)
    content = bytearray(archive.read_bytes())
    content[content.find(b"DICM") + 500] ^= 0xFF
    archive.write_bytes(content)
    assert [item.reason for item in inspect([archive]).skipped] == [
        "cannot be unpacked; the archive is damaged"
    ]


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits for hostile files, scaled down so that a test need not make large ones."""
    monkeypatch.setattr(files, "MAX_INFLATED_BYTES", 1 << 20)
    monkeypatch.setattr(files, "FREE_INFLATION_BYTES", 1 << 16)


def bombs() -> dict[str, Callable[[bytes], bytes]]:
    """Return ways to make a small file of a large one."""

    def deflated(content: bytes) -> bytes:
        engine = zlib.compressobj(9, zlib.DEFLATED, -15)
        return engine.compress(content) + engine.flush()

    def in_zip(content: bytes) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.dcm", content)
        return stream.getvalue()

    meta = b"\0" * 128 + b"DICM" + b"\x02\0\x10\0UI\x16\x001.2.840.10008.1.2.1.99"
    return {
        "gzip": gzip.compress,
        "zip": in_zip,
        "deflated": lambda content: meta + deflated(content[132:]),
        "gzip in zip": lambda content: in_zip(gzip.compress(content)),
    }


@pytest.mark.parametrize("kind", sorted(bombs()))
@pytest.mark.parametrize("size", [1 << 17, 1 << 22])
@pytest.mark.usefixtures("small_limits")
def test_bombs_are_refused_in_one_line(tmp_path: Path, kind: str, size: int) -> None:
    bomb = tmp_path / "bomb"
    bomb.write_bytes(bombs()[kind](b"\0" * 128 + b"DICM" + b"\0" * size))
    with pytest.raises(InputError, match="inflates beyond") as caught:
        inspect([bomb])
    assert one_line(caught.value)


def test_deep_nesting_is_refused() -> None:
    depth = 5000
    nested = b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\0\xe0\xff\xff\xff\xff"
    content = b"\0" * 128 + b"DICM" + nested * depth
    with pytest.raises(DicomError, match="nests sequences"):
        read_header(content, whole=True, inflate=lambda data: data)


def test_endless_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("readers.elements.MAX_ELEMENTS", 1000)
    content = b"\0" * 128 + b"DICM" + b"\x08\0\x05\0CS\0\0" * 5000
    with pytest.raises(DicomError, match=r"more than \d+ elements"):
        read_header(content, whole=True, inflate=lambda data: data)


def test_claims_beyond_the_file_allocate_nothing(tmp_path: Path) -> None:
    from tests.readers.scanner import classic_instance

    for rows, frames in ((65535, 1), (3, 999_999), (3, 2_000_000_000)):
        dataset = classic_instance(make_scan(), Style(), "magnitude", 0, 0)
        dataset.Rows, dataset.NumberOfFrames = rows, frames
        path = save(dataset, tmp_path / "claims")
        with pytest.raises(InputError, match=r"cut short|claims") as caught:
            inspect([path])
        assert one_line(caught.value)


# the beginning of a sequence and of an item in it, both without an end
NESTED = b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\0\xe0\xff\xff\xff\xff"


def mutants(content: bytes, count: int, seed: int) -> list[bytes]:
    """Return damaged copies: flipped bytes, wrong lengths, cuts, repetitions, truncation, nesting."""
    rng = random.Random(seed)
    made = []
    for _ in range(count):
        mutant = bytearray(content)
        for _ in range(rng.choice((1, 1, 2, 8))):
            at = rng.randrange(len(mutant))
            match rng.randrange(7):
                case 0:
                    mutant[at] = rng.randrange(256)
                case 1:
                    mutant[at : at + 4] = struct.pack(
                        "<I", rng.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFE))
                    )
                case 2:
                    del mutant[at : at + rng.randrange(1, 64)]
                case 3:
                    mutant[at:at] = mutant[at : at + rng.randrange(1, 64)]
                case 4:
                    # rarely, or hardly anything else would be tried
                    del mutant[rng.choice((at + 1, len(mutant), len(mutant))) :]
                case 5:
                    mutant[at:at] = NESTED * rng.choice((1, 3, 63, 64, 65, 3000))
                case _:
                    # inside the header, where it hurts most
                    mutant[min(132 + at % 600, len(mutant) - 1)] = rng.randrange(256)
            if not mutant:
                break
        made.append(bytes(mutant))
    return made


def survive(content: bytes, count: int, seed: int, folder: Path) -> int:
    """Inspect and load mutants; return how many were refused."""
    refused = 0
    path = folder / "mutant"
    for mutant in mutants(content, count, seed):
        path.write_bytes(mutant)
        try:
            for info in inspect([path]).series:
                if info.fit_for_r2star:
                    load_echoes(info)
                elif info.stack is not None and len(info.te_ms) < 2:
                    load_volume(info)
        except AppError as error:
            assert one_line(error)
            refused += 1
    return refused


def samples(folder: Path) -> list[bytes]:
    folder.mkdir()
    scan = make_scan(shape=(2, 3, 3), vendor="Philips", slope=2.0, intercept=1.0, philips_scale=0.5)
    styles = [Style(syntax=syntax) for syntax in ("explicit", "implicit", "big endian", "deflated")]
    written = [write_enhanced(folder / style.syntax, scan, style) for style in styles]
    written.append(write_classic(folder / "classic", make_scan(shape=(1, 3, 3), echoes=1))[0])
    return [path.read_bytes() for path in written]


def test_five_hundred_mutants_crash_and_hang_nothing(tmp_path: Path) -> None:
    refused = sum(
        survive(content, 100, seed, tmp_path) for seed, content in enumerate(samples(tmp_path / "s"))
    )
    # damage that nobody can see is read; most is seen
    assert 125 < refused < 500


def test_a_link_to_itself_is_named(tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(InputError, match=r"link that leads to itself|does not exist"):
        inspect([loop])
