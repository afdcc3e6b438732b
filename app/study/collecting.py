"""Kits that came back: found in a folder, looked into without an answer being told, and collected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import AppError, InputError
from core.progress import Progress
from core.study.backups import back_up
from core.study.collecting import Collected, collect
from core.study.kit import FILE_NAME, Kit
from core.study.store import Study


@dataclass(frozen=True)
class KitProgress:
    """How far a kit is: cases, those begun, and those signed; no answer."""

    kit_id: str
    rater: str
    session: int
    cases: int
    begun: int
    signed: int


def kits_in(paths: Sequence[Path]) -> list[Path]:
    """Return the kits among folders, and those that lie in them."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(each.parent for each in path.glob(f"*/{FILE_NAME}"))
        found += [path] if (path / FILE_NAME).is_file() or not inside else inside
    return list(dict.fromkeys(found))


def look_into(study: Study, path: Path) -> KitProgress:
    """Tell how far a kit of the study is; nothing is taken in.

    Raises
    ------
    InputError
        If the study has not dealt it.
    StoreError
        If it is no kit, is open elsewhere, damaged or altered.
    """
    with Kit.open(path) as kit:
        if kit.kit_id not in {dealt.kit_id for dealt in study.kits()}:
            raise InputError(f"{path} was not dealt by this study")
        kit.verify()
        cases = kit.cases()
        begun = sum(case.begun or case.status == "signed" for case in cases)
        signed = sum(case.status == "signed" for case in cases)
        return KitProgress(kit.kit_id, kit.rater, kit.session, len(cases), begun, signed)


def collect_all_served(study: Study) -> tuple[list[Collected], list[str]]:
    """Collect what raters have delivered to the study's server; of a kit that fails the reason is told.

    Raises
    ------
    InputError
        If the study is a file.
    StoreError
        If the study could not be backed up before; nothing was collected then.
    """
    # looks for the server's driver, which a study in a file needs not
    from core.study.serving import collect_served, refuse_file

    refuse_file(study)
    back_up(study, "collect")
    return collect_served(study)


def collect_all(
    study: Study, paths: Sequence[Path], progress: Progress
) -> tuple[list[Collected], list[tuple[Path, str]]]:
    """Collect kits one by one; one that fails is told with its reason, and the others go on.

    Raises
    ------
    InputError
        If it was stopped; what was collected by then stays.
    StoreError
        If the study could not be backed up before; nothing was collected then.
    """
    done: list[Collected] = []
    failed: list[tuple[Path, str]] = []
    back_up(study, "collect")
    for index, path in enumerate(paths):
        if progress.cancelled():
            raise InputError(f"stopped; {len(done)} of {len(paths)} kits were collected")
        progress.report(index / len(paths), "collecting")
        try:
            done.append(collect(study, path))
        except AppError as error:
            failed.append((path, str(error)))
    return done, failed
