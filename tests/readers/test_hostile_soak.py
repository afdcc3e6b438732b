"""The long form of hostile input: 50,000 mutants, every truncation, and bombs of full size.

What was counted is printed: run with -s to see it.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import gdcm
import nibabel as nib
import numpy as np
import pydicom
import pytest
from pydicom.uid import JPEG2000Lossless, RLELossless

from core.errors import AppError
from core.progress import Silent
from readers import inspect
from readers.files import Opener
from readers.guard import MEMORY_BYTES, Decoder
from readers.pixels import read_stack
from tests.readers.bombs import BOMBS
from tests.readers.scanner import Style, make_scan, write_classic, write_enhanced
from tests.readers.test_hostile import mutants, one_line

pytestmark = [pytest.mark.soak, pytest.mark.filterwarnings("ignore::UserWarning:pydicom")]

MUTANTS = 50_000
TRUNCATIONS = 300
SLOWEST_SECONDS = 5.0


def plain_samples(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield files whose values no decoder touches."""
    scan = make_scan(shape=(2, 3, 3), vendor="Philips", slope=2.0, intercept=1.0, philips_scale=0.5)
    for syntax in ("explicit", "implicit", "big endian", "deflated"):
        yield f"enhanced {syntax}", write_enhanced(folder / syntax, scan, Style(syntax=syntax)).read_bytes()
    one = make_scan(shape=(1, 3, 3), echoes=1)
    yield "classic", write_classic(folder / "classic", one)[0].read_bytes()
    image = nib.Nifti1Image(np.arange(72, dtype=np.int16).reshape(4, 3, 2, 3), np.diag([2, 3, 4, 1]))
    yield "a.nii", image.to_bytes()
    yield "b.nii.gz", gzip.compress(image.to_bytes(), mtime=0)
    yield "c.nii", nib.Nifti2Image(image.dataobj, image.affine).to_bytes()


def compressed_samples(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield files that the child decodes: each codec that can be written here."""
    path = write_enhanced(folder / "plain", make_scan(shape=(2, 40, 40)))
    for name, syntax in (("RLE", RLELossless), ("JPEG 2000", JPEG2000Lossless)):
        dataset = pydicom.dcmread(path)
        dataset.compress(syntax, generate_instance_uid=False)
        dataset.save_as(folder / name)
        yield name, (folder / name).read_bytes()
    for name, kind in (
        ("JPEG", gdcm.TransferSyntax.JPEGLosslessProcess14_1),
        ("JPEG-LS", gdcm.TransferSyntax.JPEGLSLossless),
    ):
        reader, change = gdcm.ImageReader(), gdcm.ImageChangeTransferSyntax()
        reader.SetFileName(str(path))
        assert reader.Read()
        change.SetTransferSyntax(gdcm.TransferSyntax(kind))
        change.SetInput(reader.GetImage())
        assert change.Change()
        writer = gdcm.ImageWriter()
        writer.SetFileName(str(folder / name))
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        assert writer.Write()
        yield name, (folder / name).read_bytes()


class Tally:
    """Reads files and counts what becomes of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counts: Counter[str] = Counter()
        self.slowest_seconds, self.child_bytes = 0.0, 0
        self._opener, self._decoder = Opener(), Decoder()

    def read(self, name: str, content: bytes) -> bool:
        """Read a file to its last value; tell whether that went well."""
        path = self.folder / name
        path.write_bytes(content)
        started, child = time.perf_counter(), self._decoder.process_id
        try:
            for info in inspect([path]).series:
                if info.stack is not None:
                    read_stack(info.stack, list(info.stack.frames), Silent(), self._opener, self._decoder)
            went_well = True
        except AppError as error:
            assert one_line(error), error
            went_well = False
        seconds = time.perf_counter() - started
        if not went_well:
            self.slowest_seconds = max(self.slowest_seconds, seconds)
        self.counts["read" if went_well else "refused"] += 1
        self._look_at_the_child(child)
        # the file of before is still known to it
        self._opener.close()
        return went_well

    def _look_at_the_child(self, before: int | None) -> None:
        now = self._decoder.process_id
        if before is not None and now is None:
            self.counts["decoders lost"] += 1
            self._decoder.close()
            self._decoder = Decoder()
        status = Path(f"/proc/{now}/status")
        if now is not None and status.exists():
            peak = next((line for line in status.read_text().splitlines() if line.startswith("VmHWM")), "x 0")
            self.child_bytes = max(self.child_bytes, int(peak.split()[1]) << 10)

    def report(self, what: str) -> None:
        self._decoder.close()
        print(f"{what}: {dict(self.counts)}, slowest refusal {self.slowest_seconds:.2f} s, "
              f"child at most {self.child_bytes >> 20} MiB")  # fmt: skip
        assert self.slowest_seconds < SLOWEST_SECONDS
        assert self.child_bytes < MEMORY_BYTES


@pytest.mark.parametrize("kind", ["plain", "compressed"])
def test_mutants_end_in_a_picture_or_one_line(tmp_path: Path, kind: str) -> None:
    made = {"plain": plain_samples, "compressed": compressed_samples}[kind]
    (tmp_path / "samples").mkdir()
    samples = list(made(tmp_path / "samples"))
    # every tenth mutant goes through a decoder, which takes its time
    each = MUTANTS * (9 if kind == "plain" else 1) // 10 // len(samples)
    tally = Tally(tmp_path)
    for seed, (name, content) in enumerate(samples):
        assert tally.read(name, content)
        for mutant in mutants(content, each, 100 + seed):
            tally.read(name, mutant)
    tally.report(f"{each * len(samples)} {kind} mutants")


@pytest.mark.parametrize("kind", ["plain", "compressed"])
def test_no_truncated_file_is_read(tmp_path: Path, kind: str) -> None:
    made = {"plain": plain_samples, "compressed": compressed_samples}[kind]
    (tmp_path / "samples").mkdir()
    tally = Tally(tmp_path)
    for name, content in made(tmp_path / "samples"):
        # the padding behind a deflated stream is nothing that can be missed
        whole = content.rstrip(b"\0") if "deflated" in name else content
        rng = random.Random(7)
        for length in {*rng.sample(range(len(whole)), min(TRUNCATIONS, len(whole))), len(whole) - 1}:
            assert not tally.read(name, content[:length]), f"{name} cut to {length} of {len(content)} bytes"
    tally.report(f"{kind} truncations")


WATCHED = """
import sys
from pathlib import Path
sys.argv[1:] = ["inspect", sys.argv[1]]
import main
status = main.main()
peak = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print("PEAK", peak[0].split()[1], flush=True)
sys.exit(status)
"""


@pytest.mark.parametrize("bomb", sorted(BOMBS))
def test_bombs_end_in_one_line(tmp_path: Path, bomb: str) -> None:
    BOMBS[bomb](tmp_path)
    root = Path(__file__).resolve().parents[2]
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(tmp_path)],
        cwd=root, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    peak = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("PEAK")]
    print(json.dumps({"bomb": bomb, "status": done.returncode, "seconds": round(seconds, 2),
                      "peak_mib": peak[0] >> 10 if peak else None}))  # fmt: skip
    assert done.returncode in (0, 1)
    assert "Traceback" not in done.stderr
    if done.returncode == 1:
        assert len(done.stderr.strip().splitlines()) == 1
    assert seconds < SLOWEST_SECONDS
    assert not peak or peak[0] << 10 < MEMORY_BYTES
