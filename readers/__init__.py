"""Image files in: what is in a folder nobody has looked at, and its series as arrays.

inspection = inspect([folder])
series = next(series for series in inspection.series if series.fit_for_r2star)
echoes = load_echoes(series)
"""

from readers.grouping import with_echo_times
from readers.inspection import inspect
from readers.loading import load_echoes, load_volume, sources
from readers.model import Inspection, SeriesInfo, Skipped

__all__ = [
    "Inspection",
    "SeriesInfo",
    "Skipped",
    "inspect",
    "load_echoes",
    "load_volume",
    "sources",
    "with_echo_times",
]
