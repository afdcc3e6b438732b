"""Bruker reconstructions come back as ParaVision describes them; unfinished experiments are named."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.errors import AppError, ImageReadError, InputError
from readers import inspect, load_echoes, load_volume, sources
from tests.readers.scanner import rotation_of
from tests.readers.test_hostile import mutants, one_line

OBLIQUE = rotation_of((0.9, 0.2, -0.3, 0.1))
POSITION = np.array([-12.5, 3.25, 7.75])


def jcamp(**records: object) -> str:
    """Write parameters as ParaVision does."""
    lines = ["##TITLE=Parameter List", "##JCAMPDX=4.24", "$$ Wed Nov 30 12:21:00 2011 EST (UT-5h)  nmrsu"]
    for name, value in records.items():
        if isinstance(value, np.ndarray):
            sizes = ", ".join(str(size) for size in value.shape)
            lines += [f"##${name}=( {sizes} )", " ".join(repr(float(number)) for number in value.ravel())]
        elif isinstance(value, list):
            # "@12*(0)" stands for twelve values
            sizes = [int(str(item)[1:].split("*")[0]) if str(item)[:1] == "@" else 1 for item in value]
            lines += [f"##${name}=( {sum(sizes)} )", " ".join(str(item) for item in value)]
        else:
            lines.append(f"##${name}={value}")
        lines.append("$$ @vis= VisuVersion VisuUid")
    return "\n".join([*lines, "##END="])


def write_experiment(
    folder: Path,
    stored: np.ndarray,
    *,
    te_ms: Sequence[float],
    slopes: Sequence[float],
    kind: str = "MAGNITUDE_IMAGE",
    number: int = 1,
    order: str = "little",
    **more: object,
) -> Path:
    """Write a 2D multi-slice multi-echo experiment; `stored` is (slice, echo, row, column)."""
    slices, echoes, rows, columns = stored.shape
    reconstruction = folder / "pdata" / str(number)
    reconstruction.mkdir(parents=True)
    positions = POSITION + np.outer(np.arange(slices), 1.5 * OBLIQUE[:, 0])
    orientation = np.stack([OBLIQUE[:, 2], OBLIQUE[:, 1], OBLIQUE[:, 0]]).ravel()
    parameters: dict[str, object] = {
        "VisuUid": ["<1.2.3.4>"],
        "VisuCoreFrameCount": slices * echoes,
        "VisuCoreDim": 2,
        "VisuCoreSize": [columns, rows],
        "VisuCoreDimDesc": ["spatial", "spatial"],
        "VisuCoreExtent": [columns * 0.5, rows * 0.25],
        "VisuCoreFrameThickness": [1.0],
        "VisuCoreUnits": ["<mm>", "<mm>"],
        "VisuCoreOrientation": np.tile(orientation, (slices, 1)),
        "VisuCorePosition": positions,
        "VisuCoreDataSlope": np.array(slopes),
        "VisuCoreDataOffs": [f"@{slices * echoes}*(0)"],
        "VisuCoreFrameType": kind,
        "VisuCoreWordType": "_16BIT_SGN_INT",
        "VisuCoreByteOrder": f"{order}Endian",
        "VisuFGOrderDesc": [f"({echoes}, <FG_ECHO>, <>, 0, 1)", f"({slices}, <FG_SLICE>, <>, 1, 2)"],
        "VisuGroupDepVals": [
            "(<VisuAcqEchoTime>, 0)",
            "(<VisuCoreOrientation>, 0)",
            "(<VisuCorePosition>, 0)",
        ],
        "VisuSubjectName": ["<SECRET>"],
        "VisuStudyUid": ["<1.2.3>"],
        "VisuAcqSequenceName": ["<Bruker:MGE>"],
        "VisuAcqEchoTime": np.array(te_ms),
        "VisuAcqImagingFrequency": 300.33,
        "VisuAcqImagedNucleus": ["<1H>"],
        "VisuAcqDate": ["<12:20:46 30 Nov 2011>"],
        **more,
    }
    (reconstruction / "visu_pars").write_text(jcamp(**parameters))
    (reconstruction / "reco").write_text(jcamp(RECO_mode="DEFAULT"))
    (reconstruction / "2dseq").write_bytes(stored.astype("<i2" if order == "little" else ">i2").tobytes())
    (folder / "acqp").write_text(jcamp(ACQ_completed="Yes"))
    (folder / "method").write_text(jcamp(Method="<Bruker:MGE>"))
    (folder / "fid").write_bytes(b"\0" * 99)
    return folder


@pytest.fixture
def stored() -> np.ndarray:
    return np.random.default_rng(2).integers(0, 30_000, (4, 3, 5, 6)).astype(np.int16)


TE_MS = (3.5, 7.0, 10.5)
# every frame has its own slope
SLOPES = 0.5 + np.arange(12) / 8


def assert_geometry(series_geometry: object, slices: int) -> None:
    wanted = np.eye(4)
    wanted[:3, :3] = OBLIQUE * (1.5, 0.25, 0.5)
    wanted[:3, 3] = POSITION
    np.testing.assert_allclose(series_geometry.affine, wanted, atol=1e-9)
    assert series_geometry.shape[0] == slices


@pytest.mark.parametrize("order", ["little", "big"])
def test_multi_echo_experiments_come_back(tmp_path: Path, stored: np.ndarray, order: str) -> None:
    write_experiment(tmp_path / "7", stored, te_ms=TE_MS, slopes=SLOPES, order=order)
    inspection = inspect([tmp_path])
    (info,) = inspection.series
    assert inspection.skipped == ()
    assert (info.sequence, info.fit_for_r2star, info.field_source) == ("GR", True, "inferred")
    assert "SECRET" not in repr(info)
    echoes = load_echoes(info)
    assert echoes.te_ms == TE_MS
    assert_geometry(echoes.geometry, 4)
    wanted = stored * SLOPES.reshape(4, 3)[:, :, None, None]
    np.testing.assert_allclose(echoes.magnitude, wanted.transpose(1, 0, 2, 3), rtol=1e-6)


def test_magnitude_and_phase_reconstructions_are_one_series(tmp_path: Path, stored: np.ndarray) -> None:
    write_experiment(tmp_path / "7", stored, te_ms=TE_MS, slopes=SLOPES)
    write_experiment(
        tmp_path / "7",
        stored,
        te_ms=TE_MS,
        slopes=np.full(12, 1e-4),
        kind="PHASE_IMAGE",
        number=2,
        VisuUid="<1.2.3.5>",
    )
    (info,) = inspect([tmp_path]).series
    phase = load_echoes(info).phase
    assert phase is not None
    np.testing.assert_allclose(phase, stored.transpose(1, 0, 2, 3) * 1e-4, rtol=1e-5)


@pytest.mark.parametrize("reverse", [False, True])
def test_volumes_come_back_in_either_order(tmp_path: Path, stored: np.ndarray, reverse: bool) -> None:
    orientation = np.stack([OBLIQUE[:, 2], OBLIQUE[:, 1], OBLIQUE[:, 0]]).reshape(1, 9)
    write_experiment(
        tmp_path / "7",
        stored[:, :1],
        te_ms=TE_MS[:1],
        slopes=[2.0],
        VisuCoreFrameCount=1,
        VisuCoreSize=[6, 5, 4],
        VisuCoreDimDesc=["spatial"] * 3,
        VisuCoreExtent=[3.0, 1.25, 6.0],
        VisuCoreOrientation=orientation,
        VisuCorePosition=POSITION[None],
        VisuFGOrderDesc=[],
        VisuGroupDepVals=[],
        VisuCoreDiskSliceOrder="disk_reverse_slice_order" if reverse else "disk_normal_slice_order",
    )
    volume = load_volume(inspect([tmp_path]).series[0])
    np.testing.assert_array_equal(
        volume.geometry.to_index(volume.geometry.to_mm([2, 3, 4])).round(9), [2, 3, 4]
    )
    # the plane that lies at VisuCorePosition is the last one stored where the order is reversed
    at = volume.geometry.to_index(POSITION).round(6)
    np.testing.assert_array_equal(volume.data[int(at[0])], 2.0 * stored[3 if reverse else 0, 0])
    assert tuple(at[1:]) == (0, 0)


def test_experiments_in_a_zip(tmp_path: Path, stored: np.ndarray) -> None:
    folder = write_experiment(tmp_path / "7", stored, te_ms=TE_MS, slopes=SLOPES)
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, str(Path("study") / path.relative_to(tmp_path)))
    direct, packed = inspect([folder]).series[0], inspect([tmp_path / "study.zip"]).series[0]
    assert packed.id == direct.id
    np.testing.assert_array_equal(load_echoes(packed).magnitude, load_echoes(direct).magnitude)


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("pdata/1/2dseq", "7: is a Bruker experiment without a reconstruction"),
        ("pdata/1/visu_pars", "2dseq: is a Bruker ParaVision reconstruction without its visu_pars"),
    ],
)
def test_incomplete_experiments_are_named_once(
    tmp_path: Path, stored: np.ndarray, missing: str, told: str
) -> None:
    folder = write_experiment(tmp_path / "7", stored, te_ms=TE_MS, slopes=SLOPES)
    (folder / missing).unlink()
    with pytest.raises(InputError, match=told):
        inspect([tmp_path])


def test_a_2dseq_that_is_cut_short_is_refused(tmp_path: Path, stored: np.ndarray) -> None:
    folder = write_experiment(tmp_path / "7", stored, te_ms=TE_MS, slopes=SLOPES)
    whole = (folder / "pdata" / "1" / "2dseq").read_bytes()
    (folder / "pdata" / "1" / "2dseq").write_bytes(whole[:-2])
    with pytest.raises(InputError, match="cut short"):
        inspect([tmp_path])


def test_parameters_that_are_cut_short_are_refused(tmp_path: Path, stored: np.ndarray) -> None:
    folder = write_experiment(tmp_path / "7", stored, te_ms=TE_MS, slopes=SLOPES)
    visu = folder / "pdata" / "1" / "visu_pars"
    whole = visu.read_text()
    for length in range(0, len(whole) - 6, 150):
        visu.write_text(whole[:length])
        with pytest.raises(InputError, match="visu_pars: is cut short"):
            inspect([tmp_path])


@pytest.mark.parametrize("slopes", [SLOPES[:5], [], [0.0], ["nan"]])
def test_without_a_slope_for_every_frame_nothing_is_scaled(
    tmp_path: Path, stored: np.ndarray, slopes: list[float]
) -> None:
    write_experiment(tmp_path / "7", stored, te_ms=TE_MS, slopes=SLOPES, VisuCoreDataSlope=list(slopes))
    with pytest.raises(InputError, match="has no slope or offset for frame"):
        inspect([tmp_path])


def test_real_and_imaginary_frames_of_one_file_as_paravision_360_writes_them(
    tmp_path: Path, stored: np.ndarray
) -> None:
    # echoes run fastest, then slices, then the parts
    both = np.concatenate([stored, stored[:, ::-1]])
    write_experiment(
        tmp_path / "7",
        both,
        te_ms=TE_MS,
        slopes=np.ones(24),
        VisuCreatorVersion="<360.3.4>",
        VisuCoreFrameCount=24,
        VisuCoreDataSlope=["@12*(0.5)", "@12*(0.25)"],
        VisuCoreDataOffs=["@24*(0)"],
        VisuCoreOrientation=np.tile(np.stack([OBLIQUE[:, 2], OBLIQUE[:, 1], OBLIQUE[:, 0]]).ravel(), (4, 1)),
        VisuCorePosition=POSITION + np.outer(np.arange(4), 1.5 * OBLIQUE[:, 0]),
        VisuCoreFrameType=["REAL_IMAGE", "IMAGINARY_IMAGE"],
        VisuFGOrderDesc=[
            "(3, <FG_ECHO>, <>, 0, 1)", "(4, <FG_SLICE>, <>, 1, 2)", "(2, <FG_COMPLEX>, <>, 3, 1)"
        ],
        VisuGroupDepVals=[
            "(<VisuAcqEchoTime>, 0)",
            "(<VisuCoreOrientation>, 0)",
            "(<VisuCorePosition>, 0)",
            "(<VisuCoreFrameType>, 0)",
        ],
    )  # fmt: skip
    (info,) = inspect([tmp_path]).series
    assert info.part == ("real", "imaginary")
    echoes = load_echoes(info)
    real, imaginary = (part.transpose(1, 0, 2, 3) for part in (0.5 * stored, 0.25 * stored[:, ::-1]))
    np.testing.assert_allclose(echoes.magnitude, np.hypot(real, imaginary), rtol=1e-6)
    assert echoes.phase is not None
    np.testing.assert_allclose(echoes.phase, np.arctan2(imaginary, real), atol=1e-6)
    assert {path.name for path in sources(info)} == {"2dseq", "visu_pars", "acqp", "method"}


def test_stopped_acquisitions_and_spin_echoes_are_said(tmp_path: Path, stored: np.ndarray) -> None:
    folder = write_experiment(
        tmp_path / "7", stored, te_ms=TE_MS, slopes=SLOPES, VisuAcqEchoSequenceType="SpinEcho"
    )
    (folder / "acqp").write_text(jcamp(ACQ_completed="No"))
    (info,) = inspect([tmp_path]).series
    assert "spin echo: its decay gives R2, not R2*" in info.problems
    assert "the acquisition was stopped before its end" in info.problems
    with pytest.raises(ImageReadError, match="spin echo"):
        load_echoes(info)


def test_mutants_crash_nothing(tmp_path: Path, stored: np.ndarray) -> None:
    folder = write_experiment(tmp_path / "7", stored, te_ms=TE_MS, slopes=SLOPES)
    visu = folder / "pdata" / "1" / "visu_pars"
    for mutant in mutants(visu.read_bytes(), 300, 5):
        visu.write_bytes(mutant)
        try:
            for info in inspect([folder]).series:
                if info.fit_for_r2star:
                    load_echoes(info)
        except AppError as error:
            assert one_line(error)
