"""Compressed pixels come back as pydicom has them, and no decoder can hurt the program."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.uid import JPEG2000Lossless, RLELossless

from core.errors import AppError, ImageReadError, InputError
from core.progress import Silent
from readers import guard, inspect, load_echoes, load_volume
from readers.files import ImageFile, Opener
from readers.guard import Decoder
from readers.pixels import read_stack
from tests.readers.bombs import codestream_of_huge_dimensions
from tests.readers.scanner import make_scan, write_classic, write_enhanced
from tests.readers.test_hostile import mutants, one_line


def compress(path: Path, syntax: str) -> bytes:
    dataset = pydicom.dcmread(path)
    dataset.compress(syntax, generate_instance_uid=False)
    dataset.save_as(path)
    return path.read_bytes()


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless])
def test_compressed_series_come_back(tmp_path: Path, syntax: str) -> None:
    scan = make_scan(echoes=2, shape=(2, 64, 65))
    for path in write_classic(tmp_path, scan):
        compress(path, syntax)
    np.testing.assert_array_equal(
        load_echoes(inspect([tmp_path]).series[0]).magnitude, scan.stored["magnitude"]
    )


def test_a_compressed_enhanced_file_comes_back(tmp_path: Path) -> None:
    scan = make_scan(echoes=3, shape=(2, 16, 17))
    compress(write_enhanced(tmp_path / "whole", scan), RLELossless)
    np.testing.assert_array_equal(
        load_echoes(inspect([tmp_path]).series[0]).magnitude, scan.stored["magnitude"]
    )


def test_no_truncated_compressed_file_is_accepted(tmp_path: Path) -> None:
    content = compress(write_enhanced(tmp_path / "whole", make_scan(shape=(1, 8, 8))), RLELossless)
    for cut in (1, 5, 9, 40, 200):
        (tmp_path / "cut").write_bytes(content[:-cut])
        with pytest.raises(InputError, match="cut short"):
            inspect([tmp_path / "cut"])


@pytest.fixture(scope="module")
def compressed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("compressed") / "one"
    return compress(write_enhanced(path, make_scan(shape=(2, 8, 8))), RLELossless)


FILE = ImageFile(Path("one"))


def test_damage_is_one_line_and_the_next_file_is_decoded(compressed: bytes) -> None:
    with Decoder() as decoder:
        with pytest.raises(ImageReadError, match="one: cannot be decoded") as caught:
            decoder.decode(FILE, compressed[: len(compressed) // 2])
        assert "\n" not in str(caught.value)
        assert decoder.decode(FILE, compressed).shape == (6, 8, 8)


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
def test_a_decoder_that_crashes_is_replaced_until_it_is_enough(
    compressed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MAX_DEATHS", 2)
    with Decoder() as decoder:
        for _ in range(2):
            assert len(decoder.decode(FILE, compressed)) == 6
            os.kill(decoder.process_id or 0, signal.SIGKILL)
            with pytest.raises(ImageReadError, match="broke down"):
                decoder.decode(FILE, compressed)
        with pytest.raises(ImageReadError, match="not tried"):
            decoder.decode(FILE, compressed)


@pytest.mark.skipif(os.name != "posix", reason="stops by signal")
def test_a_decoder_that_hangs_is_ended(compressed: bytes) -> None:
    with Decoder(seconds=0.3) as decoder:
        decoder.decode(FILE, compressed)
        os.kill(decoder.process_id or 0, signal.SIGSTOP)
        with pytest.raises(ImageReadError, match="not decoded within"):
            decoder.decode(FILE, compressed)
        assert len(decoder.decode(FILE, compressed)) == 6


@pytest.mark.skipif(os.name != "posix", reason="the platform limits no memory")
def test_memory_beyond_the_limit_is_refused_in_one_line(compressed: bytes) -> None:
    dataset = pydicom.dcmread(pydicom.filebase.DicomBytesIO(compressed))
    dataset.Rows = dataset.Columns = 40_000
    stream = pydicom.filebase.DicomBytesIO()
    dataset.save_as(stream)
    with Decoder(memory_bytes=1 << 30) as decoder:
        with pytest.raises(ImageReadError, match="cannot be decoded"):
            decoder.decode(FILE, stream.getvalue())
        assert len(decoder.decode(FILE, compressed)) == 6


def test_pixels_that_no_decoder_understands_are_said_to_be_damaged(tmp_path: Path) -> None:
    codestream_of_huge_dimensions(tmp_path)
    (info,) = inspect([tmp_path]).series
    with pytest.raises(ImageReadError, match="cannot be decoded: no decoder makes pixels of it") as caught:
        load_volume(info)
    assert one_line(caught.value)


def test_whoever_waits_can_stop_it(compressed: bytes) -> None:
    class Stopped(Silent):
        def cancelled(self) -> bool:
            return True

    with Decoder(Stopped()) as decoder, pytest.raises(InputError, match="stopped"):
        decoder.decode(FILE, compressed)


@pytest.mark.parametrize(
    "answer",
    [
        b"not json",
        b'{"dtype": "O", "shape": [1, 1, 1]}',
        b'{"dtype": "<u2", "shape": [99999, 99999, 99999]}',
        b'{"dtype": "<u2", "shape": [-1, 2, 2]}',
        b'{"dtype": "nonsense", "shape": [1]}',
        b'{"shape": 3}',
    ],
)
def test_a_decoder_that_was_taken_over_can_only_be_refused(
    compressed: bytes, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    with Decoder() as decoder:
        monkeypatch.setattr(decoder, "_receive", lambda *_: answer)
        with pytest.raises(ImageReadError, match="broke down"):
            decoder.decode(FILE, compressed)


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless])
def test_mutants_of_compressed_files_end_in_pixels_or_one_line(tmp_path: Path, syntax: str) -> None:
    content = compress(write_enhanced(tmp_path / "whole", make_scan(shape=(1, 32, 32))), syntax)
    refused = 0
    with Opener() as opener, Decoder() as decoder:
        for number, mutant in enumerate(mutants(content, 50, 11)):
            path = tmp_path / f"mutant{number}"
            path.write_bytes(mutant)
            try:
                for info in inspect([path]).series:
                    if info.stack is not None:
                        read_stack(info.stack, list(info.stack.frames), Silent(), opener, decoder)
            except AppError as error:
                assert one_line(error)
                refused += 1
    assert 5 < refused < 50


def test_a_decoder_that_cannot_be_started_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import multiprocessing.context

    def no_room(_: object) -> None:
        raise OSError("no room for another process")

    monkeypatch.setattr(multiprocessing.context.SpawnProcess, "start", no_room)
    with Decoder() as decoder, pytest.raises(ImageReadError, match="the decoder does not start"):
        decoder.decode(ImageFile(Path("a.dcm")), b"anything")
