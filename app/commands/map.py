"""`ferroread map`: R2* and, with a calibration, iron maps of one scan, or of all of a manifest."""

from __future__ import annotations

import argparse
import math
import time
from itertools import pairwise

from app.cohort.places import place
from app.commands import Outcome, UsageError, add_json
from app.maps import make_maps
from app.scans import load_scan
from core.files import refuse_existing
from core.progress import Progress
from core.relaxometry.added import added_methods
from core.relaxometry.calibration import Calibration
from core.relaxometry.fit import METHODS
from core.relaxometry.iron import TISSUE_DENSITY


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=place, nargs="?", help="a file, folder or zip with a multi-echo series")
    parser.add_argument("--out", type=place, required=True, help="folder for the maps")
    parser.add_argument("--series", help="id of the series (see `inspect`), where several fit")
    parser.add_argument(
        "--te",
        type=echo_times,
        help="echo times in ms, as 2.5,5,7.5, where the files' are missing or wrong",
    )
    parser.add_argument(
        "--part", choices=("magnitude", "phase"), help="what the series shows, where its files cannot tell"
    )
    parser.add_argument("--method", choices=(*METHODS, *added_methods()), default="auto",
                        help="estimator, of FerroRead or a plug-in (default: auto)")  # fmt: skip
    parser.add_argument("--noise", default="auto", help="auto, or the noise SD in signal units")
    parser.add_argument(
        "--coils", type=int, default=1, help="channels combined by sum of squares (default: 1)"
    )
    parser.add_argument(
        "--truncate", action="store_true", help="leave echoes out from the first one below 3 sigma on"
    )
    parser.add_argument("--mask", default="auto", help="auto, none, or a NIfTI file on the series' grid")
    parser.add_argument("--calibration", type=place, help="file that `calibrate` wrote; gives iron maps")
    parser.add_argument("--baseline", type=place, help="scan before the agent: its R2* is R2*_0")
    parser.add_argument(
        "--registration",
        choices=("affine", "rigid", "none"),
        default="affine",
        help="how the baseline may be moved onto this scan (default: affine, where that agrees better)",
    )
    parser.add_argument("--r2star0", type=float, help="R2* of the tissue without iron, in 1/s")
    parser.add_argument("--density", type=float, default=TISSUE_DENSITY, help="of the tissue, in g/mL")
    parser.add_argument("--field", type=float, help="field strength in tesla, where the header has none")
    parser.add_argument(
        "--correct-gradient", action="store_true", help="take the field's gradient across slices out of R2*"
    )
    parser.add_argument(
        "--slice-thickness", type=float, help="in mm, for --correct-gradient (default: the slices' distance)"
    )
    parser.add_argument(
        "--roi", action="append", default=[], metavar="NAME=FILE",
        help="region (NIfTI on the series' grid): its R2*, iron, dose and histogram; may be repeated",
    )  # fmt: skip
    parser.add_argument("--agent", default="", help="of this scan; another than the calibration's is told")
    parser.add_argument(
        "--bids",
        nargs="?",
        const="",
        metavar="NAME",
        help="write a BIDS derivative data set; NAME, as sub-01_ses-2, where the files' names do not say it",
    )
    parser.add_argument("--force", action="store_true", help="replace the output folder")
    add_json(parser)
    _configure_cohort(parser.add_argument_group("many scans (docs/cohorts.md)"))


def _configure_cohort(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--manifest", type=place, metavar="FILE", help="CSV, a scan a row, in place of PATH")
    group.add_argument("--workers", type=int, metavar="N", help="processes (default: one per core)")
    group.add_argument(
        "--memory-per-worker", metavar="SIZE", help="as 4GiB (default: an equal share of 80 %%)"
    )
    group.add_argument("--retries", type=int, metavar="N",
                       help="tries more for a scan whose worker was killed (default: 1)")  # fmt: skip
    group.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster, in place of own workers")


def echo_times(text: str) -> tuple[float, ...]:
    """Read echo times in ms, separated by commas, semicolons or spaces."""
    try:
        return tuple(float(word) for word in text.replace(",", " ").replace(";", " ").split())
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"give numbers in ms, as 2.5,5,7.5, not {text!r}") from error


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    if args.manifest is not None:
        from app.cohort.run import run_cohort

        return run_cohort(args, progress)
    _check_single(args)
    from app.workers import fit_threads

    with fit_threads():
        return _run(args, progress)


def _run(args: argparse.Namespace, progress: Progress) -> Outcome:
    started = time.perf_counter()
    check_combination(args)
    # before the work: it shall not be lost to a name
    if args.bids is None:
        refuse_existing(args.out, force=args.force)
    calibration = None if args.calibration is None else Calibration.load(args.calibration)
    scan = load_scan(args.path, args.series, args.field, progress, args.te, args.part)
    if args.bids is not None:
        from app.bids import derivative_name

        # before the work: a name that does not serve shall not cost it
        args.bids = derivative_name(args.bids, scan.inputs)
    made = make_maps(args, scan, calibration, progress, started)
    made.write(args.out, force=args.force)
    return Outcome(made.report, "\n".join([f"Maps written to {args.out}", *made.lines()]))


def _check_single(args: argparse.Namespace) -> None:
    if args.path is None:
        raise UsageError("give PATH or --manifest")
    for name in ("workers", "memory_per_worker", "retries", "scheduler"):
        if getattr(args, name) is not None:
            raise UsageError(f"--{name.replace('_', '-')} serves --manifest; add that")
    files = (args.path, args.out, args.calibration, args.baseline, place(args.mask), *map(place, args.roi))
    if any(isinstance(named, str) for named in files):
        raise UsageError("addresses serve --manifest; fetch the files first, or list them in one")


def check_combination(args: argparse.Namespace) -> None:
    """Raise UsageError where options contradict each other or cannot be."""
    if args.te is not None and not all(a < b for a, b in pairwise((0.0, *args.te, math.inf))):
        raise UsageError(f"--te: echo times must be positive and rise, not {', '.join(map(str, args.te))} ms")
    if args.baseline is not None and args.r2star0 is not None:
        raise UsageError("give --baseline or --r2star0, not both")
    if args.calibration is None and (args.baseline is not None or args.r2star0 is not None):
        raise UsageError("--baseline and --r2star0 serve the iron map; add --calibration")
    if args.calibration is not None and args.baseline is None and args.r2star0 is None:
        raise UsageError("iron needs R2* without the agent; add --baseline or --r2star0")
    if args.r2star0 is not None and not 0 <= args.r2star0 < math.inf:
        raise UsageError(f"--r2star0 must be 0 or more, in 1/s, not {args.r2star0:g}")
    if args.correct_gradient and args.method not in ("auto", "nlls"):
        raise UsageError(f"--correct-gradient fits by least squares; leave out --method {args.method}")
    if args.slice_thickness is not None and not args.correct_gradient:
        raise UsageError("--slice-thickness serves --correct-gradient; add that")
    if args.slice_thickness is not None and not 0 < args.slice_thickness < math.inf:
        raise UsageError(f"--slice-thickness must be positive, in mm, not {args.slice_thickness:g}")
    if args.truncate and args.method in added_methods():
        raise UsageError(f"--truncate serves FerroRead's own methods; leave out --method {args.method}")
    if args.coils < 1:
        raise UsageError(f"--coils must be 1 or more, not {args.coils}")
    if not 0 < args.density < math.inf:
        raise UsageError(f"--density must be positive, in g/mL, not {args.density:g}")
    if args.calibration is None and (args.agent or args.density != TISSUE_DENSITY):
        raise UsageError("--agent and --density serve the iron map; add --calibration")
