"""`kit`: deal out a rater's kit, and check one."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from app.commands import Outcome, UsageError, add_json
from app.passwords import coordinator_password
from core.progress import Progress

DEFAULT_PROTOCOL = Path(__file__).parents[2] / "resources" / "protocols" / "tumour-and-nodes.yaml"


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    summary = "deal out a kit: all scans under aliases, in an order drawn for this rater and session"
    make = actions.add_parser("make", help=summary, description=summary)
    make.add_argument("study", type=Path, metavar="STUDY", help="the study's folder")
    make.add_argument("--rater", required=True, help="the rater's name")
    make.add_argument("--session", type=int, default=1, metavar="N", help="round of reading (default 1)")
    make.add_argument("--out", type=Path, required=True, metavar="KIT", help="the kit's folder, NAME.kit")
    make.add_argument(
        "--protocol", type=Path, default=DEFAULT_PROTOCOL, help="YAML (default: tumour-and-nodes)"
    )
    make.add_argument("--repeat-fraction", type=float, default=0.0, metavar="SHARE",
                      help="share of cases that come twice, for agreement with oneself")  # fmt: skip
    make.add_argument("--washout-days", type=float, metavar="DAYS",
                      help="days between a rater's sessions (default: the protocol's)")  # fmt: skip
    make.add_argument("--reason", default="", help="why the washout is shorter than the protocol's; recorded "
                      "(the coordinator's password is asked for)")  # fmt: skip
    make.add_argument("--share", type=float, default=1.0, metavar="SHARE",
                      help="share of the scans to be read, for a later session (default: all)")  # fmt: skip
    make.add_argument("--leave-outside", action="store_true",
                      help="deal cases without prescribed marks that lie outside; recorded")  # fmt: skip
    make.add_argument(
        "--seed", help="draw order and aliases from this instead of a secret one; never tell it"
    )
    add_json(make)

    summary = "check a kit's chain, signatures and pictures; names the first broken record"
    verify = actions.add_parser("verify", help=summary, description=summary)
    verify.add_argument("kit", type=Path, metavar="KIT", help="the kit's folder")
    add_json(verify)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    return _make(args, progress) if args.action == "make" else _verify(args)


def _make(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.reading.protocol import load_protocol
    from core.study.dealing import deal_kit
    from core.study.store import Study

    _check(args)
    protocol = load_protocol(args.protocol)
    shorter = args.washout_days is not None and args.washout_days < protocol.washout_days
    with Study.open(args.study) as study:
        deal = deal_kit(
            study,
            args.rater,
            args.session,
            protocol,
            args.out,
            seed=args.seed,
            repeat_fraction=args.repeat_fraction,
            share=args.share,
            washout_days=args.washout_days,
            reason=args.reason,
            password=coordinator_password() if shorter and args.reason.strip() else "",
            leave_outside=args.leave_outside,
            progress=progress,
        )
    data = {
        **vars(deal),
        "path": str(deal.path),
        "tells": list(deal.tells),
        "outside": list(deal.outside),
        "protocol": protocol.id,
        "protocol_sha256": protocol.sha256,
    }
    repeats = f", {deal.repeats} of them a second time" if deal.repeats else ""
    text = (
        f"{deal.path}: {deal.cases} cases{repeats} for {deal.rater}, session {deal.session}\n"
        f"The rater opens it with `ferroread read {deal.path}`"
    )
    if deal.tells:
        warning = "For you alone: these could tell a rater what is blinded"
        text = "\n".join([text, warning, *(f"  {line}" for line in deal.tells)])
    if deal.outside:
        warning = "Prescribed, but outside the series, so these cases were dealt without the mark"
        text = "\n".join([text, warning, *(f"  {line}" for line in deal.outside)])
    return Outcome(data, text)


def _check(args: argparse.Namespace) -> None:
    if not args.rater.strip():
        raise UsageError("a kit needs a rater's name; give --rater")
    if args.session < 1:
        raise UsageError(f"--session must be 1 or more, not {args.session}")
    if not 0 <= args.repeat_fraction <= 0.5:
        raise UsageError(f"--repeat-fraction must lie between 0 and 0.5, not {args.repeat_fraction:g}")
    if not 0 < args.share <= 1:
        raise UsageError(f"--share must lie above 0 and up to 1, not {args.share:g}")
    if args.washout_days is not None and not 0 <= args.washout_days < math.inf:
        raise UsageError(f"--washout-days must be 0 or more, not {args.washout_days:g}")


def _verify(args: argparse.Namespace) -> Outcome:
    from core.study.kit import Kit

    with Kit.open(args.kit, to_read=False) as kit:
        kit.verify()
        cases, head = kit.cases(), kit.audit_records()[-1]
        signed = sum(1 for case in cases if case.status == "signed")
        data = {
            "kit": str(args.kit), "kit_id": kit.kit_id, "rater": kit.rater, "session": kit.session,
            "cases": len(cases), "signed": signed, "audit_records": head.sequence, "head": head.sha256,
            "intact": True,
        }  # fmt: skip
    text = f"{args.kit}: intact; {signed} of {len(cases)} cases signed, {head.sequence} audit records"
    return Outcome(data, text)
