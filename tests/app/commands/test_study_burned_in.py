"""`study add` lets no text in the pixels through before the coordinator has decided on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.cli import run
from core.study.store import Study
from tests.app.commands.coordinator import ran, refused
from tests.core.imaging.test_burned_in import stamped, written
from tests.readers.scanner import make_scan, with_parts, write_classic

SHAPE = (3, 96, 96)
TOP, LEFT = 4, 8
INK = written("DOE 1971")


@pytest.fixture
def study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A new study beside a scan with a name burned into every echo."""
    scan = make_scan(3, echoes=6, shape=SHAPE, spacing=(1.0, 0.5, 0.5), series=4)
    tissue = np.zeros(SHAPE)
    tissue[:, 20:80, 20:80] = 2000.0
    noise = np.random.default_rng(3).normal(0, 10, (6, *SHAPE))
    echoes = np.abs(np.exp(-np.array(scan.te_ms) * 0.03)[:, None, None, None] * tissue + noise)
    echoes = np.stack([[stamped(picture, INK, TOP, LEFT, 4000.0) for picture in echo] for echo in echoes])
    write_classic(tmp_path / "scan", with_parts(scan, magnitude=echoes.round().astype(np.uint16)))
    ran(capsys, "study", "create", tmp_path / "study", "--name", "Iron")
    return tmp_path / "study"


def add(study: Path, burned_in: str | None) -> list[str]:
    """Write the manifest, with a decision or without the column; return the command's words."""
    manifest = study.parent / "manifest.csv"
    columns = "path,subject,group,visit,field_t" + ("" if burned_in is None else ",burned_in")
    row = "scan,mouse-1,vehicle,baseline,3" + ("" if burned_in is None else f",{burned_in}")
    manifest.write_text(f"{columns}\n{row}\n")
    return ["study", "add", str(study), "--manifest", str(manifest)]


def echoes_of(study: Path) -> np.ndarray:
    with Study.open(study) as opened:
        (scan,) = opened.scans()
        return opened.images(scan.scan_id).echoes.magnitude


@pytest.mark.parametrize("undecided", [None, ""])
def test_a_scan_with_likely_text_is_kept_out_and_its_place_told(study, capsys, undecided):
    told = refused(capsys, *add(study, undecided))
    assert "text is likely in the pixels" in told and "burned_in" in told
    assert "slices 1 to 3" in told
    with Study.open(study) as opened:
        assert not opened.scans()


def test_text_is_masked_in_every_echo_and_the_rest_stays(study, capsys):
    ran(capsys, *add(study, "mask"))
    echoes = echoes_of(study)
    place = echoes[:, :, TOP : TOP + INK.shape[0], LEFT : LEFT + INK.shape[1]]
    assert place.max() < 50.0  # the noise of the air; the letters have 4000
    assert np.median(echoes[0, :, 30:70, 30:70]) > 1500.0


def test_what_the_coordinator_calls_no_text_stays(study, capsys):
    ran(capsys, *add(study, "none"))
    assert echoes_of(study).max() == 4000.0


def test_another_word_is_refused_with_its_line(study, capsys):
    assert "line 2: burned_in must be none, mask or empty" in refused(capsys, *add(study, "perhaps"))


def test_a_corrected_manifest_goes_on_where_it_stopped(study, capsys):
    refused(capsys, *add(study, None))
    ran(capsys, *add(study, "mask"))
    assert run(add(study, "mask")) == 0  # known now: left as it is
