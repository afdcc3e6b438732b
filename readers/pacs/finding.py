"""Studies and series that match filters, level by level: not every archive answers across levels."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import InputError
from core.progress import Progress, Silent
from readers.model import printable
from readers.pacs.model import Filters, FoundSeries, FoundStudy, Instance, Link, PacsError

MOST_STUDIES = 1000


def find_studies(link: Link, filters: Filters) -> list[FoundStudy]:
    """Return the studies that match, the newest first (PS3.4 C.4.1, PS3.18 10.6).

    Raises
    ------
    InputError
        If no filter says which studies are meant.
    PacsError
        If the archive refuses, does not answer, or more than 1000 match.
    """
    if not filters.any_of_study:
        raise InputError(
            f"{link.server.name}: say which studies are meant: by patient, date, accession, description, UID"
        )
    wanted = {
        "PatientID": filters.patient_id,
        "PatientName": filters.patient_name,
        "StudyDate": filters.dates,
        "AccessionNumber": filters.accession,
        "StudyDescription": filters.study_description,
        "StudyInstanceUID": filters.study,
    }
    if filters.modality:
        wanted["ModalitiesInStudy"] = filters.modality
    answers = link.query("STUDY", wanted)
    if len(answers) > MOST_STUDIES:
        raise PacsError(f"{link.server.name}: more than {MOST_STUDIES} studies match; narrow the filters")
    found = [
        FoundStudy(
            study=_text(answer, "StudyInstanceUID"),
            patient_id=_text(answer, "PatientID"),
            patient_name=_text(answer, "PatientName"),
            date=_text(answer, "StudyDate"),
            accession=_text(answer, "AccessionNumber"),
            description=_text(answer, "StudyDescription"),
        )
        for answer in answers
    ]
    return sorted(found, key=lambda study: (study.date, study.patient_id, study.study), reverse=True)


def find_series(link: Link, filters: Filters, progress: Progress | None = None) -> list[FoundSeries]:
    """Return the series that match, those of one study together and by their numbers.

    Raises
    ------
    InputError
        If no filter says which studies are meant, or `progress` was cancelled.
    PacsError
        As `find_studies`.
    """
    progress = progress or Silent()
    found: list[FoundSeries] = []
    progress.report(0.0, "asking for studies")
    studies = find_studies(link, filters)
    for count, study in enumerate(studies):
        if progress.cancelled():
            raise InputError("stopped before everything was found")
        progress.report(count / len(studies), "asking for series")
        wanted = {
            "StudyInstanceUID": study.study,
            "SeriesInstanceUID": filters.series,
            "Modality": filters.modality,
            "SeriesDescription": filters.series_description,
            "SeriesNumber": "",
            "NumberOfSeriesRelatedInstances": "",
        }
        series = [_series(study, answer) for answer in link.query("SERIES", wanted)]
        found += sorted(series, key=lambda each: (len(each.number), each.number, each.series))
    return found


def instances_of(link: Link, series: FoundSeries) -> list[Instance]:
    """Return the instances of a series, by their numbers, each once.

    Raises
    ------
    PacsError
        If the archive refuses or does not answer.
    """
    wanted = {
        "StudyInstanceUID": series.of.study,
        "SeriesInstanceUID": series.series,
        "SOPInstanceUID": "",
        "SOPClassUID": "",
        "InstanceNumber": "",
    }
    numbered: dict[str, tuple[str, str]] = {}
    for answer in link.query("IMAGE", wanted):
        uid = _text(answer, "SOPInstanceUID")
        if uid:
            numbered[uid] = _text(answer, "InstanceNumber"), _text(answer, "SOPClassUID")
    in_order = sorted(numbered, key=lambda uid: (len(numbered[uid][0]), numbered[uid][0], uid))
    return [Instance(series.of.study, series.series, uid, numbered[uid][1]) for uid in in_order]


def _series(study: FoundStudy, answer: Mapping[str, str]) -> FoundSeries:
    count = _text(answer, "NumberOfSeriesRelatedInstances")
    return FoundSeries(
        of=study,
        series=_text(answer, "SeriesInstanceUID"),
        modality=_text(answer, "Modality"),
        number=_text(answer, "SeriesNumber"),
        description=_text(answer, "SeriesDescription"),
        instances=int(count) if count.isdecimal() else None,
    )


def _text(answer: Mapping[str, str], keyword: str) -> str:
    return printable(answer.get(keyword, ""))
