"""`ferroread power`: how many lesions, animals and raters a study needs, or what so many can tell."""

from __future__ import annotations

import argparse
from typing import Any, get_args

from app.commands import Outcome, UsageError, add_json
from app.text_tables import interval_text
from core.progress import Progress
from core.statistics import power
from core.statistics.accuracy import proportion
from core.statistics.agreement import Weights

_CLUSTERED = "Kish's design effect for units that share animals"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    kinds = parser.add_subparsers(dest="kind", metavar="WHAT", required=True)
    summary = "agreement of two raters: the interval of Cohen's kappa"
    kappa = kinds.add_parser("kappa", help=summary, description=summary)
    kappa.add_argument("--kappa", type=float, required=True, help="the kappa expected")
    shares = "share of each category, such as 0.7,0.3; otherwise all alike"
    kappa.add_argument("--margins", metavar="SHARES", help=shares)
    kappa.add_argument("--categories", type=int, default=2, help="how many, where all are alike (2)")
    kappa.add_argument("--weights", choices=get_args(Weights), default="unweighted")
    _add_precision(kappa)
    summary = "the interval of a sensitivity, a specificity or any share"
    share = kinds.add_parser("sensitivity", help=summary, description=summary)
    share.add_argument("--expected", type=float, required=True, help="the share expected, 0 to 1")
    _add_precision(share)
    summary = "telling two AUCs of the same units apart, such as those of two fields"
    auc = kinds.add_parser("auc", help=summary, description=summary)
    auc.add_argument("--first", type=float, required=True, help="the one AUC")
    auc.add_argument("--second", type=float, required=True, help="the other")
    auc.add_argument("--power", type=float, default=0.8, help="chance to tell them apart (0.8)")
    auc.add_argument("--correlation", type=float, default=0.5, help="of the two AUCs' errors (0.5)")
    auc.add_argument("--ratio", type=float, default=1.0, help="negatives per positive (1)")
    auc.add_argument("--positives", type=int, help="how many there are, with --negatives: gives the power")
    auc.add_argument("--negatives", type=int)
    auc.add_argument("--raters", type=int, default=1, help="two or more: by simulation, for so many units")
    auc.add_argument("--samples", type=int, default=500, help="studies to simulate (500)")
    auc.add_argument("--seed", type=int, default=1)
    add_json(auc)
    summary = "a paired difference over animals, such as CNR at two fields"
    cnr = kinds.add_parser("cnr", help=summary, description=summary)
    cnr.add_argument("--difference", type=float, required=True, help="mean difference of a pair")
    cnr.add_argument("--sd", type=float, required=True, help="SD of the differences between animals")
    cnr.add_argument("--power", type=float, default=0.8, help="chance to tell it from 0 (0.8)")
    cnr.add_argument("--animals", type=int, help="how many there are: gives the power")
    add_json(cnr)


def _add_precision(parser: argparse.ArgumentParser) -> None:
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--half-width", type=float, help="of the 95 %% interval: gives the units needed")
    asked.add_argument("--units", type=int, help="how many there are: gives the half width")
    parser.add_argument("--per-animal", type=float, default=1.0, help="units that share an animal (1)")
    alike = "how alike the units of an animal are, 0 to 1 (0)"
    parser.add_argument("--alike", type=float, default=0.0, help=alike)
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Work the plan out."""
    if args.kind == "auc":
        return _auc(args, progress)
    return {"kappa": _kappa, "sensitivity": _share, "cnr": _cnr}[args.kind](args)


def _kappa(args: argparse.Namespace) -> Outcome:
    margins = _margins(args)
    effect = power.design_effect(args.per_animal, args.alike)
    plan = {"kappa": args.kappa, "weights": args.weights, "margins": margins}
    method = "Fleiss, Cohen and Everitt 1969, at a table of two normal traits"
    if args.units is None:
        # the variance is proportional to 1 / units: a narrower interval stands for the design effect
        units = power.units_for_kappa(args.kappa, args.half_width / effect**0.5, margins, args.weights)
        return _precision(args, plan, units, args.half_width, effect, method)
    width = power.kappa_half_width(args.kappa, args.units, margins, args.weights) * effect**0.5
    return _precision(args, plan, args.units, width, effect, method)


def _margins(args: argparse.Namespace) -> list[float]:
    if args.margins is None:
        if args.categories < 2:
            raise UsageError(f"--categories {args.categories}: a kappa needs two or more")
        return [1 / args.categories] * args.categories
    try:
        return [float(word) for word in args.margins.split(",")]
    except ValueError as error:
        raise UsageError(f"--margins {args.margins}: give shares that sum to 1, such as 0.7,0.3") from error


def _share(args: argparse.Namespace) -> Outcome:
    effect = power.design_effect(args.per_animal, args.alike)
    plan, method = {"share": args.expected}, "Wilson's interval"
    if args.units is None:
        units = power.units_for_share(args.expected, args.half_width, effect)
        return _precision(args, plan, units, args.half_width, effect, method)
    width = power.share_half_width(args.expected, args.units / effect)
    return _precision(args, plan, args.units, width, effect, method)


def _precision(
    args: argparse.Namespace, plan: dict[str, Any], units: int, width: float, effect: float, method: str
) -> Outcome:
    data = {"quantity": args.kind, **plan, "units": units, "half_width": width}
    text = f"{units} units give the 95 % interval a half width of {width:.3g} ({method}"
    if args.per_animal > 1:
        animals = -int(-units // args.per_animal)
        data |= {"animals": animals, "design_effect": effect}
        text += f"; {_CLUSTERED}, {effect:.3g}): {animals} animals"
    else:
        text += ")"
    return Outcome({**data, "method": method}, text)


def _auc(args: argparse.Namespace, progress: Progress) -> Outcome:
    if (args.positives is None) != (args.negatives is None):
        raise UsageError("give --positives and --negatives, or neither")
    if args.raters > 1:
        return _simulated(args, progress)
    method = "Hanley and McNeil 1983, one rater, two-sided at 5 %"
    if args.positives is None:
        units = power.units_for_auc_difference(
            args.first, args.second, correlation=args.correlation, ratio=args.ratio, power=args.power
        )
    else:
        units = args.positives, args.negatives
    found = power.auc_difference_power(args.first, args.second, *units, correlation=args.correlation)
    data = {**_areas(args, units), "power": found, "method": method}
    return Outcome(data, f"{units[0]} positive and {units[1]} negative units: power {found:.3f} ({method})")


def _areas(args: argparse.Namespace, units: tuple[int, int]) -> dict[str, Any]:
    return {
        "quantity": "auc", "first": args.first, "second": args.second, "raters": args.raters,
        "positives": units[0], "negatives": units[1],
    }  # fmt: skip


def _simulated(args: argparse.Namespace, progress: Progress) -> Outcome:
    if args.positives is None:
        raise UsageError("power over raters is simulated for so many units; give --positives and --negatives")
    units = args.positives, args.negatives
    method = f"{args.samples} studies simulated (Roe and Metz 1997), Obuchowski-Rockette, seed {args.seed}"
    found = power.mrmc_power(
        (args.first, args.second), raters=args.raters, positives=units[0], negatives=units[1],
        samples=args.samples, seed=args.seed, progress=progress,
    )  # fmt: skip
    shares = {name: _share_of(share, se, args.samples) for name, (share, se) in found.items()}
    lines = []
    for name, told in shares.items():
        interval = interval_text(told["ci_low"], told["ci_high"], 3)
        lines.append(f"{name}: power {told['power']:.3f} (95 % interval {interval})")
    if args.raters == 2:
        lines.append("two raters stand for no others: believe the line of fixed raters")
    text = f"{args.raters} raters, {units[0]} positive and {units[1]} negative units ({method})"
    return Outcome({**_areas(args, units), "models": shares, "method": method}, "\n".join([text, *lines]))


def _share_of(share: float, se: float, samples: int) -> dict[str, float]:
    # Wilson's, which keeps its width where no study, or every one, found the difference
    drawn = proportion(round(share * samples), samples)
    return {"power": share, "se": se, "ci_low": drawn.ci_low, "ci_high": drawn.ci_high}


def _cnr(args: argparse.Namespace) -> Outcome:
    method = "Student's paired t test, two-sided at 5 %"
    if args.animals is None:
        animals = power.pairs_for_difference(args.difference, args.sd, power=args.power)
    else:
        animals = args.animals
    found = power.paired_power(args.difference, args.sd, animals)
    data = {"quantity": "cnr", "difference": args.difference, "sd": args.sd, "animals": animals}
    text = f"{animals} animals measured twice: power {found:.3f} ({method})"
    return Outcome({**data, "power": found, "method": method}, text)
