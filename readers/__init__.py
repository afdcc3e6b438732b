"""Image files in: what is in a folder nobody has looked at, and its series as arrays.

inspection = inspect([folder])
series = next(series for series in inspection.series if series.fit_for_r2star)
echoes = load_echoes(series)
"""

from readers.grouping import corrected, numbered_echoes, takes_part, with_echo_times
from readers.inspection import NothingFoundError, inspect
from readers.loading import load_echoes, load_volume, sources
from readers.model import Inspection, SeriesInfo, Skipped
from readers.preview import PartPictures, first_picture, load_part

__all__ = [
    "Inspection",
    "NothingFoundError",
    "PartPictures",
    "SeriesInfo",
    "Skipped",
    "corrected",
    "first_picture",
    "inspect",
    "load_echoes",
    "load_part",
    "load_volume",
    "numbered_echoes",
    "sources",
    "takes_part",
    "with_echo_times",
]
