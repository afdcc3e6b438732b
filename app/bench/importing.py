"""How fast files become arrays ready for fitting, beside other programs, in one run.

Everybody reads the same files from a warm cache. FerroRead runs just before every run of every other program,
and what counts is the median of the ratios of such pairs: what else the machine does hits both alike. Both
find as much memory ready. The others may keep the integers that are stored, and need not check anything.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import nibabel
import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    MRImageStorage,
    RLELossless,
    generate_uid,
)

import readers
from core.progress import Progress

# (echo, slice, row, column)
Shape = tuple[int, int, int, int]
SERIES: Shape = (12, 64, 256, 256)
COMPRESSED: Shape = (12, 8, 256, 256)
LISTED: Shape = (10, 500, 64, 64)
RUNS = 9


def measure(progress: Progress) -> dict[str, Any]:
    """Measure import, listing and the first picture.

    Seconds are medians; ratios are FerroRead's seconds to the other's, medians of pairs.
    """
    with tempfile.TemporaryDirectory(prefix="ferroread-bench-") as place:
        folder = Path(place)
        plain, listed = folder / "plain", folder / "listed"
        progress.report(0.0, "writing files")
        write_series(plain, SERIES)
        write_series(listed, LISTED)
        progress.report(0.2, "measuring import")
        imported = _import(plain, dcm2niix=shutil.which("dcm2niix") is not None)
        progress.report(0.6, "measuring the list")
        headers = beside(
            lambda: readers.inspect([listed]), {"pydicom headers": lambda: pydicom_headers(listed)}
        )
        pictures = [_seconds(lambda: readers.first_picture([listed])) for _ in range(RUNS)]
        compressed: dict[str, Any] = {}
        for name, syntax in (("deflated", DeflatedExplicitVRLittleEndian), ("RLE", RLELossless)):
            progress.report(0.8, f"measuring {name} files")
            write_series(folder / name, COMPRESSED, syntax)
            compressed[name] = {"files": _count(COMPRESSED), **_import(folder / name, dcm2niix=False)}
        return {
            **imported,
            "files": _count(SERIES),
            "listed": {"files": _count(LISTED), **headers},
            "first_picture_ms": 1e3 * float(np.median(pictures)),
            "compressed": compressed,
            "missing": [] if shutil.which("dcm2niix") else ["dcm2niix"],
            "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        }


def _count(shape: Shape) -> int:
    return shape[0] * shape[1]


def _import(folder: Path, *, dcm2niix: bool) -> dict[str, dict[str, float]]:
    """Measure from the folder to arrays; dcm2niix cannot inflate."""
    nifti = folder.with_name("nifti")
    peers: dict[str, Callable[[], object]] = {
        "bytes alone": partial(all_bytes, folder),
        "pydicom": partial(with_pydicom, folder),
        "simpleitk": partial(with_simpleitk, folder),
    }
    if dcm2niix:
        peers["dcm2niix"] = partial(with_dcm2niix, folder, nifti)
    return beside(partial(with_ferroread, folder), peers, lambda: shutil.rmtree(nifti, ignore_errors=True))


def beside(
    ours: Callable[[], object],
    theirs: Mapping[str, Callable[[], object]],
    afterwards: Callable[[], object] = lambda: None,
) -> dict[str, dict[str, float]]:
    """Time our work just before every run of theirs; `afterwards` cleans up, untimed."""
    own: list[float] = []
    others: dict[str, list[float]] = {name: [] for name in theirs}
    ratios: dict[str, list[float]] = {name: [] for name in theirs}
    for turn in range(RUNS + 1):
        for name, work in theirs.items():
            mine, other = _seconds(ours), _seconds(work)
            afterwards()
            if turn:  # the first warms up
                own.append(mine)
                others[name].append(other)
                ratios[name].append(mine / other)
    seconds = {"ferroread": own} | others
    return {
        "ratios": {name: float(np.median(values)) for name, values in ratios.items()},
        "seconds": {name: float(np.median(values)) for name, values in seconds.items()},
    }


def _seconds(work: Callable[[], object]) -> float:
    # memory that the last one gave back to the system costs the next one more than the reading does
    gc.collect()
    np.ones(np.prod(SERIES) * 5 // 4, np.float32)
    begun = perf_counter()
    result = work()
    seconds = perf_counter() - begun
    # given back outside of the time that counts
    del result
    return seconds


def told(found: dict[str, Any]) -> str:
    """Return the result as tables, the ratios first."""
    listed = found["listed"]
    lines = [
        f"{found['files']} files from the folder to arrays:",
        *_beside(found),
        *(f"  {name} is not installed and was left out" for name in found["missing"]),
        f"{listed['files']} files listed:",
        *_beside(listed),
        f"first picture of such a folder: {found['first_picture_ms']:.0f} ms",
    ]
    for name, files in found["compressed"].items():
        lines += [f"{files['files']} {name} files:", *_beside(files)]
    return "\n".join(lines)


def _beside(part: dict[str, Any]) -> list[str]:
    """Return one line per program: FerroRead's time as a share of its, and its seconds."""
    seconds = part["seconds"]
    return [
        f"  {'':24}{'FerroRead takes':>16}{'seconds':>10}",
        f"  {'FerroRead':24}{'':16}{seconds['ferroread']:10.3f}",
        *(
            f"  {name:24}{f'{ratio:.2f} of it':>16}{seconds[name]:10.3f}"
            for name, ratio in part["ratios"].items()
        ),
    ]


def with_ferroread(folder: Path) -> NDArray[np.float32]:
    """Return the magnitude, shape (echo, slice, row, column), checked and scaled."""
    (series,) = readers.inspect([folder]).series
    return readers.load_echoes(series).magnitude


def with_pydicom(folder: Path) -> NDArray[np.uint16]:
    """Return the stored values in order of echo and slice, read one file after the other."""
    files = [dcmread(path) for path in folder.iterdir()]
    files.sort(key=lambda file: (file.EchoTime, file.ImagePositionPatient[2]))
    echoes = len({file.EchoTime for file in files})
    pictures = np.stack([file.pixel_array for file in files])
    return pictures.reshape(echoes, -1, *pictures.shape[1:])


def with_simpleitk(folder: Path) -> NDArray[np.uint16]:
    """Return the stored values, echoes mixed: the series reader takes all files for one volume."""
    # that echoes lie on top of each other, it says for every run
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    reading = sitk.ImageSeriesReader()
    reading.SetFileNames(sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder)))
    pictures: NDArray[np.uint16] = sitk.GetArrayFromImage(reading.Execute())
    return pictures


def with_dcm2niix(folder: Path, out: Path) -> NDArray[np.uint16]:
    """Convert to NIfTI and read that, in order of echo time; shape (echo, column, row, slice)."""
    out.mkdir()
    command = ["dcm2niix", "-z", "n", "-b", "y", "-f", "%s_%e", "-o", str(out), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    sidecars = {json.loads(path.read_text())["EchoTime"]: path for path in out.glob("*.json")}
    volumes = [nibabel.load(path.with_suffix(".nii")) for _, path in sorted(sidecars.items())]
    return np.stack([np.asarray(volume.dataobj) for volume in volumes])


def all_bytes(folder: Path) -> None:
    """Read every file and do nothing with it: the floor."""
    for path in folder.iterdir():
        path.read_bytes()


def pydicom_headers(folder: Path) -> None:
    """Read every header whole."""
    for path in folder.iterdir():
        dcmread(path, stop_before_pixels=True)


def write_series(folder: Path, shape: Shape, syntax: str = ExplicitVRLittleEndian) -> None:
    """Write a multi-echo series, one file per picture as scanners export it, under names in random order.

    Parameters
    ----------
    folder : Path
        A new folder.
    shape : tuple of int
        (echo, slice, row, column).
    syntax : str
        Transfer syntax UID.
    """
    folder.mkdir()
    echoes, slices, rows, columns = shape
    header = _header(rows, columns)
    noise = np.random.default_rng(1)
    # smooth enough to be compressed like a picture
    picture = np.add.outer(np.arange(rows), np.arange(columns)) + noise.integers(0, 64, (rows, columns))
    names = noise.permutation(echoes * slices)
    for number, name in enumerate(names):
        echo, place = divmod(number, slices)
        instance = generate_uid(entropy_srcs=[str(number)])
        header.SOPInstanceUID, header.InstanceNumber = instance, number + 1
        header.EchoTime, header.EchoNumbers = te_ms(echo), echo + 1
        header.ImagePositionPatient, header.SliceLocation = [-128, -128, 2 * place], 2 * place
        # no two pictures are alike
        header.PixelData = ((picture + number) % 4096).astype("<u2").tobytes()
        header["PixelData"].VR = "OW"
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = MRImageStorage, instance
        meta.TransferSyntaxUID = ExplicitVRLittleEndian if syntax == RLELossless else syntax
        file = FileDataset(f"IM{name:05d}.dcm", header, file_meta=meta, preamble=bytes(128))
        if syntax == RLELossless:
            file.compress(RLELossless, generate_instance_uid=False)
        file.save_as(folder / f"IM{name:05d}.dcm", enforce_file_format=True)


def te_ms(echo: int) -> float:
    """Return the time of an echo, counted from 0."""
    return round(1.2 + 1.1 * echo, 1)


def _header(rows: int, columns: int) -> Dataset:
    """Return what a scanner says about every picture: as many elements as usual, of usual length."""
    header = Dataset()
    for keyword, value in _TOLD.items():
        setattr(header, keyword, value)
    for name in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
        setattr(header, name, generate_uid(entropy_srcs=[name]))
    header.SOPClassUID = MRImageStorage
    header.Rows, header.Columns = rows, columns
    return header


_DATES = ("InstanceCreation", "Study", "Series", "Acquisition", "Content")
_TOLD: dict[str, Any] = {
    **{f"{what}Date": "20260101" for what in _DATES},
    **{f"{what}Time": "101010.500000" for what in _DATES},
    "SpecificCharacterSet": "ISO_IR 100",
    "ImageType": ["ORIGINAL", "PRIMARY", "M", "ND", "NORM"],
    "AccessionNumber": "",
    "Modality": "MR",
    "Manufacturer": "SIMULATED",
    "InstitutionName": "Simulated Institution",
    "ReferringPhysicianName": "",
    "StationName": "BENCH",
    "StudyDescription": "Iron^Liver",
    "SeriesDescription": "multi-echo gradient echo",
    "ManufacturerModelName": "Bench",
    "PatientName": "Nobody",
    "PatientID": "BENCH",
    "PatientBirthDate": "19700101",
    "PatientSex": "O",
    "PatientAge": "056Y",
    "PatientSize": "1.70",
    "PatientWeight": "70",
    "BodyPartExamined": "ABDOMEN",
    "ScanningSequence": "GR",
    "SequenceVariant": ["SP", "OSP"],
    "ScanOptions": "PFP",
    "MRAcquisitionType": "2D",
    "SequenceName": "*fl2d12",
    "AngioFlag": "N",
    "SliceThickness": "2",
    "RepetitionTime": "500",
    "NumberOfAverages": "1",
    "ImagingFrequency": "127.7",
    "ImagedNucleus": "1H",
    "MagneticFieldStrength": "3",
    "SpacingBetweenSlices": "2",
    "NumberOfPhaseEncodingSteps": "256",
    "EchoTrainLength": "12",
    "PercentSampling": "100",
    "PercentPhaseFieldOfView": "100",
    "PixelBandwidth": "1500",
    "DeviceSerialNumber": "1",
    "SoftwareVersions": "bench",
    "ProtocolName": "multi-echo gradient echo",
    "TransmitCoilName": "Body",
    "AcquisitionMatrix": [0, 256, 256, 0],
    "InPlanePhaseEncodingDirection": "ROW",
    "FlipAngle": "20",
    "VariableFlipAngleFlag": "N",
    "SAR": "0.1",
    "dBdt": "0",
    "PatientPosition": "HFS",
    "StudyID": "1",
    "SeriesNumber": "4",
    "AcquisitionNumber": "1",
    "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
    "PositionReferenceIndicator": "",
    "SamplesPerPixel": 1,
    "PhotometricInterpretation": "MONOCHROME2",
    "PixelSpacing": [1, 1],
    "BitsAllocated": 16,
    "BitsStored": 12,
    "HighBit": 11,
    "PixelRepresentation": 0,
    "SmallestImagePixelValue": 0,
    "LargestImagePixelValue": 4095,
    "WindowCenter": "2000",
    "WindowWidth": "4000",
}
