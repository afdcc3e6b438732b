"""Compile what most tests wait for, once: `make test` runs it beside the checks."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.conftest import KERNELS

# echo times of the tests' own scans, evenly spaced and not, and of the simulated scanners
SIX, TEN, EIGHT = (tuple(2.0 * echo for echo in range(1, count + 1)) for count in (6, 10, 8))
UNEVEN, FEW = (2.5, 5.0, 7.5, 10.0, 14.0, 18.0), (5.0, 10.0, 20.0, 40.0)
# a list for each of two processors, so that none compiles what the other does
FITS = (
    (("auto", SIX), ("loglinear", SIX), ("arlo", SIX), ("offset", SIX)),
    (("nlls", TEN), ("nlls", UNEVEN), ("nlls", EIGHT), ("nlls", FEW), ("moment", SIX), ("weighted", SIX)),
)


def warm(number: int) -> None:
    """Compile one of the lists; the first one with what regions need."""
    os.environ["NUMBA_CACHE_DIR"] = str(KERNELS)
    from core.imaging.regions.warm import warm as warm_regions
    from core.relaxometry.fit import warm as warm_fit

    for method, te_ms in FITS[number]:
        warm_fit(te_ms, method)
    if number == 0:
        warm_regions()


def main() -> None:
    """Fill the folder of kernels that all tests share."""
    with ProcessPoolExecutor(len(FITS), get_context("spawn")) as pool:
        list(pool.map(warm, range(len(FITS))))


if __name__ == "__main__":
    main()
