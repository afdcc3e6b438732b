"""Small files that claim, nest or inflate to more than any machine has: full size, made in a moment."""

from __future__ import annotations

import gzip
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pydicom
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import RLELossless

from tests.readers.scanner import Style, classic_instance, make_scan, save, write_classic, write_enhanced

META = b"\0" * 128 + b"DICM"
MIB = 1 << 20


def _stream(begin: bytes, size: int, wbits: int) -> bytes:
    """Deflate `begin` and so many zeros without ever holding them."""
    engine = zlib.compressobj(9, zlib.DEFLATED, wbits)
    packed = [engine.compress(begin)]
    packed += [engine.compress(bytes(MIB)) for _ in range(size // MIB)]
    return b"".join([*packed, engine.flush()])


def gzip_dicom(folder: Path) -> None:
    (folder / "bomb.dcm.gz").write_bytes(_stream(META, 2048 * MIB, 31))


def gzip_nifti(folder: Path) -> None:
    header = nib.Nifti1Header()
    header.set_data_shape((1024, 1024, 1024))
    header["vox_offset"], header["magic"] = 352, b"n+1"
    (folder / "bomb.nii.gz").write_bytes(_stream(header.binaryblock + b"\0" * 4, 4096 * MIB, 31))


def gzip_nifti_of_single_voxels(folder: Path) -> None:
    header = nib.Nifti1Header()
    header.set_data_shape((1, 1, 32767, 1000))
    header.set_data_dtype(np.uint8)
    header["vox_offset"], header["magic"] = 352, b"n+1"
    (folder / "bomb.nii.gz").write_bytes(_stream(header.binaryblock + b"\0" * 4, 32 * MIB, 31))


def nifti_of_huge_dimensions(folder: Path) -> None:
    header = nib.Nifti2Header()
    header.set_data_shape((2**31, 2**31, 2**31, 2**31))
    header["vox_offset"], header["magic"] = 544, b"n+2\0\r\n\x1a\n"
    (folder / "bomb.nii").write_bytes(header.binaryblock + b"\0" * 4096)


def deflated(folder: Path) -> None:
    meta = META + b"\x02\0\x10\0UI\x16\x001.2.840.10008.1.2.1.99"
    (folder / "bomb.dcm").write_bytes(meta + _stream(b"\x08\0\x05\0CS\x0a\0ISO_IR 100", 2048 * MIB, -15))


def _zipped(folder: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def zip_of_one(folder: Path) -> None:
    _zipped(folder, {"bomb.dcm": META + bytes(600 * MIB)})


def zip_of_many(folder: Path) -> None:
    _zipped(folder, {f"bomb{number}.dcm": META + bytes(31 * MIB) for number in range(60)})


def zip_of_gzip(folder: Path) -> None:
    _zipped(folder, {"bomb.dcm.gz": _stream(META, 2048 * MIB, 31)})


def zip_of_zips(folder: Path) -> None:
    zip_of_one(folder)
    inner = (folder / "bomb.zip").read_bytes()
    _zipped(folder, {f"{number}.zip": inner for number in range(10)})


def zip_of_overlapping_members(folder: Path) -> None:
    """Write one member, and a table of contents that names it twenty thousand times."""
    _zipped(folder, {"bomb0.dcm": META + bytes(31 * MIB)})
    content = (folder / "bomb.zip").read_bytes()
    begin = content.rfind(b"PK\x01\x02")
    entry = content[begin : content.rfind(b"PK\x05\x06")]
    entries = b"".join(entry.replace(b"bomb0", f"{n:05d}".encode()) for n in range(20_000))
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 20_000, 20_000, len(entries), begin, 0)
    (folder / "bomb.zip").write_bytes(content[:begin] + entries + end)


def zip_of_a_million_names(folder: Path) -> None:
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    entries = entry * 1_000_000
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(entries), 0, 0)
    (folder / "bomb.zip").write_bytes(b"PK\3\4" + entries + end)


def nested_sequences(folder: Path) -> None:
    nested = b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\0\xe0\xff\xff\xff\xff"
    (folder / "bomb.dcm").write_bytes(META + nested * 1_000_000)


def nested_sequences_of_stated_length(folder: Path) -> None:
    content = b""
    for _ in range(3000):
        item = b"\xfe\xff\0\xe0" + struct.pack("<I", len(content)) + content
        content = b"\x08\0\x40\x11SQ\0\0" + struct.pack("<I", len(item)) + item
    (folder / "bomb.dcm").write_bytes(META + content)


def endless_elements(folder: Path) -> None:
    (folder / "bomb.dcm").write_bytes(META + b"\x08\0\x05\0CS\0\0" * 10_000_000)


def endless_items(folder: Path) -> None:
    begin = META + b"\x08\0\x05\0CS\0\0" + b"\0\x52\x30\x92SQ\0\0\xff\xff\xff\xff"
    (folder / "bomb.dcm").write_bytes(begin + b"\xfe\xff\0\xe0\0\0\0\0" * 10_000_000)


def _instance(folder: Path, **claims: object) -> Path:
    dataset = classic_instance(make_scan(), Style(), "magnitude", 0, 0)
    for keyword, value in claims.items():
        setattr(dataset, keyword, value)
    return save(dataset, folder / "bomb.dcm")


def huge_dimensions(folder: Path) -> None:
    _instance(folder, Rows=65535, Columns=65535, NumberOfFrames=99_999)


def two_billion_frames(folder: Path) -> None:
    _instance(folder, NumberOfFrames=2_000_000_000)


def a_million_frames_of_one_voxel(folder: Path) -> None:
    _instance(folder, Rows=1, Columns=1, NumberOfFrames=1_000_000, PixelData=bytes(2_000_000))


def frames_in_one_place(folder: Path) -> None:
    scan = make_scan(echoes=1, shape=(5000, 1, 1))
    place = scan.position(0)

    def touch(frame: Dataset, *_place: object) -> None:
        frame.PlanePositionSequence[0].ImagePositionPatient = [f"{value:.6g}" for value in place]

    write_enhanced(folder / "bomb.dcm", scan, Style(touch=touch))


def frames_in_all_directions(folder: Path) -> None:
    def touch(frame: Dataset, _part: str, _echo: int, index: int) -> None:
        turned = Dataset()
        angle = index / 1000
        turned.ImageOrientationPatient = [f"{v:.8f}" for v in (np.cos(angle), np.sin(angle), 0, 0, 0, 1)]
        frame.PlaneOrientationSequence = Sequence([turned])

    write_enhanced(folder / "bomb.dcm", make_scan(echoes=1, shape=(3000, 1, 1)), Style(touch=touch))


def compressed_claims(folder: Path) -> None:
    dataset = pydicom.dcmread(write_enhanced(folder / "bomb.dcm", make_scan(shape=(2, 8, 8))))
    dataset.compress(RLELossless, generate_instance_uid=False)
    dataset.Rows = dataset.Columns = 40_000
    dataset.save_as(folder / "bomb.dcm")


def codestream_of_huge_dimensions(folder: Path) -> None:
    """Let the header be modest, and the JPEG 2000 stream inside ask for 65,535 squared."""
    path = write_classic(folder, make_scan(echoes=1, shape=(1, 64, 64)))[0]
    dataset = pydicom.dcmread(path)
    dataset.compress(pydicom.uid.JPEG2000Lossless, generate_instance_uid=False)
    stream = bytearray(dataset.PixelData)
    size = stream.find(b"\xff\x51")
    stream[size + 6 : size + 14] = struct.pack(">II", 65535, 65535)
    stream[size + 22 : size + 30] = struct.pack(">II", 65535, 65535)
    dataset.PixelData = bytes(stream)
    dataset.save_as(path)


def nested_sidecar(folder: Path) -> None:
    nib.save(nib.Nifti1Image(np.ones((3, 3, 2, 2), np.float32), np.eye(4)), folder / "bomb.nii")
    (folder / "bomb.json").write_text("[" * 900_000)


def sidecar_of_gigabytes(folder: Path) -> None:
    nib.save(nib.Nifti1Image(np.ones((3, 3, 2, 2), np.float32), np.eye(4)), folder / "bomb.nii")
    with (folder / "bomb.json").open("wb") as stream:
        stream.truncate(8 << 30)


def paravision_of_gigabytes(folder: Path) -> None:
    place = folder / "1" / "pdata" / "1"
    place.mkdir(parents=True)
    (place / "2dseq").write_bytes(bytes(1000))
    with (place / "visu_pars").open("wb") as stream:
        stream.truncate(8 << 30)


def paravision_repeats(folder: Path) -> None:
    place = folder / "1" / "pdata" / "1"
    place.mkdir(parents=True)
    (place / "2dseq").write_bytes(bytes(1000))
    repeats = "".join(f"##${name}=( 9 )\n@999999999*(1)\n" for name in ("VisuCoreSize", "VisuCoreExtent"))
    (place / "visu_pars").write_text(repeats + "##END=\n")


def table_of_contents_of_everything(folder: Path) -> None:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = pydicom.uid.MediaStorageDirectoryStorage, "1.2.3"
    record = Dataset()
    record.ReferencedFileID = ["A", "B"]
    dataset.DirectoryRecordSequence = [record] * 90_000
    save(dataset, folder / "DICOMDIR")


def enormous_numbers_in_json(folder: Path) -> None:
    nib.save(nib.Nifti1Image(np.ones((3, 3, 2, 2), np.float32), np.eye(4)), folder / "bomb.nii")
    (folder / "bomb.json").write_text(json.dumps({"EchoTime": [1, 2]}).replace("2", "9" * 900_000))


def gzip_of_many_streams(folder: Path) -> None:
    (folder / "bomb.gz").write_bytes(gzip.compress(META + bytes(MIB)) * 3000)


BOMBS: dict[str, Callable[[Path], None]] = {
    make.__name__: make
    for make in (
        gzip_dicom, gzip_nifti, gzip_nifti_of_single_voxels, gzip_of_many_streams, nifti_of_huge_dimensions,
        deflated, zip_of_one, zip_of_many, zip_of_gzip, zip_of_zips, zip_of_overlapping_members,
        zip_of_a_million_names, nested_sequences, nested_sequences_of_stated_length, endless_elements,
        endless_items, huge_dimensions, two_billion_frames, a_million_frames_of_one_voxel,
        frames_in_one_place, frames_in_all_directions, compressed_claims, codestream_of_huge_dimensions,
        nested_sidecar, sidecar_of_gigabytes, paravision_of_gigabytes, paravision_repeats,
        table_of_contents_of_everything, enormous_numbers_in_json,
    )
}  # fmt: skip
