"""A cohort's manifest: its columns, what they mean, and what is wrong with a row."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import fsspec
import pytest

from app.cli import FAILED, WRONG_USAGE, build_parser, run
from app.cohort.manifest import Cohort
from app.cohort.places import holds_secret, place, without_secret
from app.cohort.scan import Mapped
from app.cohort.summary import Summary
from core.errors import InputError
from tests.app.cohort.scans import write_rows


def cohort(file: Path, *more: str) -> Cohort:
    words = ["map", "--manifest", str(file), "--out", "maps", *more]
    args = build_parser(words).parse_args(words)
    return Cohort(args.manifest, args)


def fault(file: Path, row: int = 0, *more: str) -> str:
    found = cohort(file, *more)
    if found.rows[row].fault:
        return found.rows[row].fault
    with pytest.raises(InputError) as refused:
        found.options(found.rows[row])
    return str(refused.value)


def test_a_studys_manifest_serves_as_it_is(tmp_path):
    row = {"path": "a", "subject": "M 1", "group": "g", "visit": "24 h", "field_t": "0.064"}
    row |= {"burned_in": "none", "echoes": "s4", "anatomy": "s2", "gre3d": ""}
    found = cohort(write_rows(tmp_path / "m.csv", [row]))
    args = found.options(found.rows[0])
    assert found.rows[0].name == "M_1_24_h_0.064T"
    assert (args.path, args.field, args.series) == (tmp_path / "a", 0.064, "s4")


def test_rows_go_before_the_command_line(tmp_path):
    rows = [
        {"path": "a", "te": "2,4,6", "method": "arlo", "truncate": "0", "roi": "x=r/x.nii"},
        {"path": "b"},
        {"path": "c", "baseline": "before"},
    ]
    found = cohort(
        write_rows(tmp_path / "m.csv", rows),
        "--method", "nlls", "--truncate", "--calibration", "3T.json", "--r2star0", "20", "--roi", "y=y.nii",
    )  # fmt: skip
    first, second, third = map(found.options, found.rows)
    assert (first.method, first.te, first.truncate) == ("arlo", (2.0, 4.0, 6.0), False)
    assert first.roi == [f"x={tmp_path / 'r' / 'x.nii'}"]
    assert (second.method, second.te, second.truncate) == ("nlls", None, True)
    assert second.roi == [f"y={Path('y.nii').absolute()}"]
    assert second.calibration == Path("3T.json").absolute()
    assert second.r2star0 == 20
    assert (third.baseline, third.r2star0) == (tmp_path / "before", None)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"te": "4,2"}, "echo times must be positive and rise"),
        ({"te": "two"}, "give numbers in ms"),
        ({"method": "magic"}, "invalid choice"),
        ({"coils": "-1"}, "--coils must be 1 or more"),
        ({"truncate": "perhaps"}, "truncate must be 1 or 0"),
        ({"r2star0": "3"}, "add --calibration"),
        ({"roi": "x=a.nii; x=b.nii"}, "a name of its own"),
        ({"path": "s3://bucket/a"}, "need the package s3fs"),
        ({"path": "s9://bucket/a"}, "no kind of address"),
        ({"baseline": "ftp://me:secret@host/a", "calibration": "c"}, "ftp://host/a: given with a log-in"),
        ({"mask": "https://host/mask.nii?token=secret"}, "https://host/mask.nii: given with a log-in"),
        ({"method": "s3://key:secret@bucket"}, "s3://bucket: given with a log-in"),
    ],
)
def test_a_row_that_makes_no_sense_is_told(tmp_path, cells, told):
    found = fault(write_rows(tmp_path / "m.csv", [{"path": "a"} | cells]))
    assert told in found
    assert "secret" not in found


def test_names_are_the_rows_own(tmp_path):
    rows = [
        {"path": "in/a.nii.gz"}, {"path": "in/b", "scan": "IN_A"}, {"path": "c", "scan": "summary.csv"},
        {"path": "", "scan": "d"}, {"path": "d/" * 40 + "x"}, {"path": "e/" + "d/" * 40 + "x"},
        {"path": "zip://m7::s3://b/all.zip"}, {"path": "zip://m8::s3://b/all.zip"},
    ]  # fmt: skip
    found = cohort(write_rows(tmp_path / "m.csv", rows))
    assert [bool(row.fault) for row in found.rows] == [False, True, True, True] + 4 * [False]
    assert found.rows[0].name == "in_a"
    assert "is taken" in found.rows[1].fault
    assert found.rows[1].line == 3
    assert len({row.name for row in found.rows[4:]}) == 4
    assert found.rows[6].name == "m7__b_all"


def test_a_manifest_in_a_store_names_what_lies_beside_it(tmp_path):
    store = fsspec.filesystem("memory")
    store.pipe_file("/study/m.csv", b"path,mask\na,all.nii\nmemory://b/c,none\n")
    words = ["map", "--manifest", "memory://study/m.csv", "--out", "maps"]
    args = build_parser(words).parse_args(words)
    found = Cohort(args.manifest, args)
    first, second = map(found.options, found.rows)
    store.rm("/study", recursive=True)
    assert (first.path, first.mask) == ("memory://study/a", "memory://study/all.nii")
    assert (second.path, second.mask) == ("memory://b/c", "none")


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("ftp://me:secret@host:21/a", "ftp://host:21/a"),
        ("s3://key:secr/et@bucket/a", "s3://bucket/a"),
        ("s3://key:7/secret@bucket/a", "s3://bucket/a"),
        ("s3://key%3Asecret%40bucket/a", "s3://bucket/a"),
        ("sftp://me@clinic.org:secret@host/a", "sftp://host/a"),
        ("ftp://me:sec?ret@host/a", "ftp://"),
        ("ftp://me@clinic.org:1?secret@host/a", "ftp://"),
        ("ftp://me:sec::ret@host/a", "ftp://host/a"),
        ("ftp://me::secret@host/a", "ftp://host/a"),
        ("https://secret@host/a", "https://host/a"),
        ("https://host/a?who=me@clinic.org&sig=secret", "https://host/a"),
        ("HTTPS://host/a?secret", "HTTPS://host/a"),
        ("https://host/a#secret", "https://host/a"),
        ("https://host/a?next=s3://b/c&sig=secret", "https://host/a"),
        ("abfs://images@account/a?sv=1&sig=secret", "abfs://account/a"),
        ("zip://m::https://me:secret@host/a.zip?sig=secret", "zip://m::https://host/a.zip"),
        ("x=s3://b/a; y=ftp://me:secret@host/a", "x=s3://host/a"),
    ],
)
def test_an_address_is_told_without_its_secret(address, left):
    assert holds_secret(address)
    assert without_secret(address) == left


@pytest.mark.parametrize(
    "address",
    [
        "s3://bucket/a@b/c?.nii", "sftp://me@host:22/a", "abfs://images@account.example:443/a",
        "scans/a:b@c?d=e",
        "zip://mouse::C:\\scans\\me@clinic\\all.zip", "zip://m/a.nii::s3://bucket/all.zip", "file:///C:/scans/a",
        "zip://m::/scans/a@b.zip", "s3://arn:aws:s3:eu-1:1234:accesspoint/scans/a", "simplecache::https://host/a",
    ],
)  # fmt: skip
def test_an_address_without_a_secret_is_left_as_it_is(address):
    assert not holds_secret(address)
    assert without_secret(address) == address


def test_a_row_at_fault_takes_no_name_and_no_line_of_another(tmp_path):
    rows = [{"path": "https://host/a?sig=secret"}, {"path": "host/a"}, {"path": "b", "scan": "host_a"}]
    out = tmp_path / "maps"
    found = cohort(write_rows(tmp_path / "m.csv", rows)).rows
    assert [row.name for row in found] == ["host_a"] * 3
    assert [bool(row.fault) for row in found] == [True, False, True]
    first = Summary(out, found)
    first.add(found[1], Mapped("host_a", {"method": "arlo"}))
    first.write()
    alone = (out / "summary.csv").read_bytes()
    for row in (found[0], found[2]):
        first.add(row, Mapped(row.name, error=row.fault))
    first.write()
    again = Summary(out, found)
    again.write()
    assert (out / "summary.csv").read_bytes() == alone
    assert alone.count(b"arlo") == 1


def test_a_table_keeps_no_figures_of_another_scan(tmp_path):
    out = tmp_path / "maps"
    cells = {"path": "a", "subject": "M1", "scan": "one"}
    (row,) = cohort(write_rows(tmp_path / "m.csv", [cells])).rows
    first = Summary(out, [row])
    first.add(row, Mapped("one", {"method": "arlo"}))
    first.write()
    for changed in ({"path": "b"}, {"subject": "M2"}, {"group": "g"}):
        (other,) = cohort(write_rows(tmp_path / "m.csv", [cells | changed])).rows
        Summary(out, [other]).write()
        assert "arlo" not in (out / "summary.csv").read_text()
        first.write()
    Summary(out, [row]).write()
    assert "arlo" in (out / "summary.csv").read_text()


def test_a_file_address_is_a_path(tmp_path):
    assert place((tmp_path / "a b").as_uri()) == tmp_path / "a b"


def refused(words: list[str], capsys) -> str:
    """Run what is refused before any worker starts, and return the one line."""
    status = run(words)
    said = capsys.readouterr()
    assert status in (FAILED, WRONG_USAGE)
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_what_cannot_be_begun_is_one_line(tmp_path, capsys):
    manifest = str(write_rows(tmp_path / "m.csv", [{"path": "a", "r2star_0": "5"}]))
    out = tmp_path / "maps"
    begin = ["map", "--out", str(out)]
    assert "unknown columns r2star_0" in refused([*begin, "--manifest", manifest], capsys)
    assert "no column path" in refused(
        [*begin, "--manifest", str(write_rows(tmp_path / "n.csv", [{"scan": "a"}]))], capsys
    )
    manifest = str(write_rows(tmp_path / "m.csv", [{"path": "a"}]))
    with_manifest = [*begin, "--manifest", manifest]
    assert "not both" in refused([*with_manifest, "a"], capsys)
    assert "give PATH or --manifest" in refused(begin, capsys)
    assert "--workers serves --manifest" in refused([*begin, "a", "--workers", "2"], capsys)
    for more in (["s3://a/b"], ["a", "--mask", "https://me:secret@a/b"], ["a", "--roi", "x=s3://k:secret@b"]):
        told = refused(["map", "--out", str(out), *more], capsys)
        assert "addresses serve --manifest" in told
        assert "secret" not in told
    for option in ("--manifest", "--out", "--mask", "--baseline"):
        told = refused([*with_manifest, option, "https://me:secret@a/b"], capsys)
        assert "https://a/b: given with a log-in" in told
        assert "secret" not in told
    told = refused([*with_manifest, "--roi", "x=ftp://me:secret@a/b"], capsys)
    assert "x=ftp://a/b: given with a log-in" in told
    bare = tmp_path / "bare.csv"
    bare.write_text("https://me:secret@a/b,M1\n")
    told = refused([*begin, "--manifest", str(bare)], capsys)
    assert "unknown columns https://a/b, M1" in told
    assert "secret" not in told
    assert "--workers must be 1" in refused([*with_manifest, "--workers", "0"], capsys)
    assert "--bids" in refused([*with_manifest, "--bids"], capsys)
    assert "--retries serves workers of this machine" in refused(
        [*with_manifest, "--scheduler", "tcp://127.0.0.1:1", "--retries", "2"], capsys
    )
    for size, told in (("1", "a worker needs"), ("9999TiB", "of this machine"), ("much", "give a size")):
        assert told in refused([*with_manifest, "--memory-per-worker", size], capsys)
    assert "the package s3fs" in refused([*begin[:2], "s3://a/b", "--manifest", manifest], capsys)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    assert "no cohort's folder" in refused(
        [*begin[:2], str(tmp_path / "mine"), "--manifest", manifest], capsys
    )


def test_no_worker_has_less_memory_than_it_needs(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("distributed.system.MEMORY_LIMIT", 4 << 30)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(64), raising=False)
    asked = []
    monkeypatch.setattr("app.cohort.run.local_workers", lambda *given: asked.append(given) or nullcontext())
    monkeypatch.setattr("app.cohort.run.as_they_come", lambda *_: ())
    rows = [{"path": str(number)} for number in range(64)]
    words = ["map", "--manifest", str(write_rows(tmp_path / "m.csv", rows)), "--out", str(tmp_path / "maps")]
    assert "64 workers would have 51.20 MiB each" in refused([*words, "--workers", "64"], capsys)
    assert asked == []
    run(words)
    ((count, memory, _),) = asked
    assert count == 6
    assert memory >= 1 << 29
    assert count * memory <= 0.8 * (4 << 30)


def test_a_folder_is_one_runs_at_a_time(tmp_path, capsys):
    from app.cohort.summary import held

    manifest = str(write_rows(tmp_path / "m.csv", [{"path": "a"}]))
    with held(tmp_path / "maps"):
        told = refused(["map", "--out", str(tmp_path / "maps"), "--manifest", manifest], capsys)
    assert "another run is at work on it" in told
