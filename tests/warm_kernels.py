"""Compile what most tests wait for, while the checks leave a core free: `make test` runs it beside them."""

from __future__ import annotations

import os

from tests.conftest import KERNELS

# of the tests, and of the simulated scanners
ECHOES = (6, 10, 8)
METHODS = ("auto", "moment", "loglinear", "weighted", "arlo")


def main() -> None:
    """Fill the folder of kernels that all tests share."""
    os.environ["NUMBA_CACHE_DIR"] = str(KERNELS)
    from core.imaging.regions.warm import warm as warm_regions
    from core.relaxometry.fit import warm as warm_fit

    warm_regions()
    for echoes in ECHOES:
        for method in METHODS:
            warm_fit(tuple(2.0 * echo for echo in range(1, echoes + 1)), method)


if __name__ == "__main__":
    main()
