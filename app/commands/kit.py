"""`kit`: deal out a rater's kit, and check one."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from app.commands import Outcome, UsageError, add_json, add_listing, add_person, write_listing
from app.passwords import coordinator_password, rater_password
from app.study.opening import mind_guesses, opened
from core.errors import InputError
from core.progress import Progress

if TYPE_CHECKING:
    from core.plug_ins import PlugIn
    from core.reading.protocol import Protocol
    from core.study.dealing import Deal
    from core.study.kit import Kit

# what nobody finds out by trying: as long as a seed that is drawn
_SAFE_SEED = 32
_LONGEST_NAME, _MOST_SESSIONS, _LONGEST_WASHOUT_DAYS = 64, 1000, 36500
DEFAULT_PROTOCOL = Path(__file__).parents[2] / "resources" / "protocols" / "tumour-and-nodes.yaml"


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="deed", metavar="ACTION", required=True)
    summary = "deal out a kit: all scans under aliases, in an order drawn for this rater and session"
    make = actions.add_parser("make", help=summary, description=summary)
    make.add_argument("study", type=Path, metavar="STUDY", help="the study's folder")
    make.add_argument("--rater", required=True, help="the rater's name")
    make.add_argument("--session", type=int, default=1, metavar="N", help="round of reading (default 1)")
    make.add_argument("--out", type=Path, required=True, metavar="KIT", help="the kit's folder, NAME.kit")
    make.add_argument(
        "--protocol",
        type=Path,
        default=DEFAULT_PROTOCOL,
        metavar="FILE",
        help="YAML, or the name of a plug-in's (default: tumour-and-nodes)",
    )
    make.add_argument("--repeat-fraction", type=float, default=0.0, metavar="SHARE",
                      help="share of cases that come twice, for agreement with oneself")  # fmt: skip
    _add_washout(make)
    make.add_argument("--share", type=float, default=1.0, metavar="SHARE",
                      help="share of the scans to be read, for a later session (default: all)")  # fmt: skip
    make.add_argument("--leave-outside", action="store_true",
                      help="deal cases without prescribed marks that lie outside; recorded")  # fmt: skip
    make.add_argument("--even-out", choices=("crop", "resample"), metavar="HOW",
                      help="before the first kit: one matrix and field of view for all scans of a field, by "
                      "crop or by resample (maps are fitted anew then); recorded")  # fmt: skip
    make.add_argument(
        "--seed",
        help="draw order and aliases from this instead of a secret one; never tell it, "
        f"and give {_SAFE_SEED} random characters or more",
    )
    add_person(make)
    add_json(make)

    summary = "deal out a third rater's kit of what two raters disagree on, by the protocol's rule"
    adjudicate = actions.add_parser("adjudicate", help=summary, description=summary)
    adjudicate.add_argument("study", type=Path, metavar="STUDY", help="the study's folder")
    adjudicate.add_argument("--rater", required=True, help="the third rater's name")
    adjudicate.add_argument("--session", type=int, default=1, metavar="N", help="of the two (default 1)")
    adjudicate.add_argument("--between", nargs=2, metavar=("RATER", "RATER"), help="which two, of several")
    adjudicate.add_argument(
        "--out", type=Path, required=True, metavar="KIT", help="the kit's folder, NAME.kit"
    )
    _add_washout(adjudicate)
    adjudicate.add_argument("--seed", help="as of `kit make`; never tell it")
    add_person(adjudicate)
    add_json(adjudicate)

    _configure_dealt(actions)


def _configure_dealt(actions: Any) -> None:
    """Declare what is done with a kit that was dealt."""
    summary = (
        "keep what a rater believes every case to be, once all are signed; asks for the rater's password"
    )
    guess = actions.add_parser("guess", help=summary, description=summary)
    guess.add_argument("kit", type=Path, metavar="KIT", help="the kit's folder")
    guess.add_argument("--guesses", type=Path, required=True, metavar="FILE",
                       help="CSV: alias and what the protocol asks for (group, visit)")  # fmt: skip
    add_json(guess)

    summary = "check a kit's chain, signatures and pictures; names the first broken record"
    verify = actions.add_parser("verify", help=summary, description=summary)
    verify.add_argument("kit", type=Path, metavar="KIT", help="the kit's folder")
    add_json(verify)

    whose = "the study that dealt it: the coordinator's password then, not the rater's; nothing unsigned"
    summary = "write the kit's audit trail as CSV, checked; asks for the rater's password, recorded"
    audit = actions.add_parser("audit", help=summary, description=summary)
    audit.add_argument("kit", type=Path, metavar="KIT", help="the kit's folder")
    audit.add_argument("--study", type=Path, help=whose)
    audit.add_argument(
        "--reason", default="", help="with --study: why before all readings are in, which unblinds the study"
    )
    add_person(audit)
    add_listing(audit)

    summary = "a rater's password is forgotten: let them choose another; asks for the coordinator's, recorded"
    reset = actions.add_parser("reset", help=summary, description=summary)
    reset.add_argument("kit", type=Path, metavar="KIT", help="the kit's folder")
    reset.add_argument("--study", type=Path, required=True, help="the study that dealt it")
    reset.add_argument("--reason", required=True, help="why; kit and study record it")
    add_person(reset)
    add_json(reset)

    summary = "write out what can be read of a damaged kit; the kit itself is left as it is"
    rescue = actions.add_parser("rescue", help=summary, description=summary)
    rescue.add_argument("kit", type=Path, metavar="KIT", help="the kit's folder")
    rescue.add_argument("--study", type=Path, help=whose)
    rescue.add_argument("--reason", default="", help="with --study: why, which the study records")
    rescue.add_argument("--out", type=Path, required=True, help="folder for what was read")
    rescue.add_argument("--force", action="store_true", help="replace what an earlier run wrote")
    add_person(rescue)
    add_json(rescue)
    _configure_server(actions)


def _configure_server(actions: Any) -> None:
    summary = "put a kit onto the study's server, where one log-in can fetch it"
    serve = actions.add_parser("serve", help=summary, description=summary)
    serve.add_argument("study", type=Path, metavar="STUDY", help="the study's folder")
    serve.add_argument("kit", type=Path, metavar="KIT", help="the kit, as it was dealt")
    serve.add_argument(
        "--role", required=True, help="the rater's log-in on the server, whose name tells nothing"
    )
    add_person(serve)
    add_json(serve)

    summary = "fetch your kits from a server; those that are there already are left as they are"
    fetch = actions.add_parser("fetch", help=summary, description=summary)
    fetch.add_argument("server", metavar="URL", help="postgresql://ROLE@HOST/DATABASE; no password in it")
    fetch.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the kits' folders go")
    add_json(fetch)

    summary = "bring what was read in a kit to the server it came from; `read` does it as you go"
    bring = actions.add_parser("deliver", help=summary, description=summary)
    bring.add_argument("kit", type=Path, metavar="KIT", help="the kit's folder")
    add_json(bring)


def _add_washout(action: argparse.ArgumentParser) -> None:
    action.add_argument("--washout-days", type=float, metavar="DAYS",
                        help="days between a rater's sessions (default: the study's protocols')")  # fmt: skip
    action.add_argument("--reason", default="", help="why the washout is shorter than the protocols'; "
                        "recorded (the coordinator's password is asked for)")  # fmt: skip


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    deeds = {
        "audit": _audit, "verify": _verify, "guess": _guess, "rescue": _rescue, "reset": _reset,
        "serve": _serve, "deliver": _deliver,
    }  # fmt: skip
    if args.deed in deeds:
        return deeds[args.deed](args)
    longer = {"make": _make, "adjudicate": _adjudicate, "fetch": _fetch}
    return longer[args.deed](args, progress)


def _make(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.study.dealing import deal_kit
    from core.study.evening import even_out
    from core.study.washout import least_washout

    _check(args)
    protocol, plug_in = chosen_protocol(args.protocol)
    with opened(args.study, args.person) as study:
        shorter = args.washout_days is not None and args.washout_days < least_washout(study, protocol)
        evened = even_out(study, args.even_out, progress) if args.even_out else None
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
            password=coordinator_password(args.person) if shorter and args.reason.strip() else "",
            leave_outside=args.leave_outside,
            progress=progress,
        )
    told: dict[str, Any] = {"protocol": protocol.id, "protocol_sha256": protocol.sha256}
    if plug_in:
        told["plug_in"] = plug_in
    if evened is None:
        return _dealt(deal, told, seed=args.seed)
    told["evened"] = {**vars(evened), "grids": list(evened.grids)}
    outcome = _dealt(deal, told, seed=args.seed)
    return Outcome(outcome.data, "\n".join([*(f"evened out, {line}" for line in evened.grids), outcome.text]))


def chosen_protocol(place: Path) -> tuple[Protocol, str]:
    """Return the protocol of a file, or that of a plug-in by its name, and package and version of that."""
    from core.plug_ins import usable
    from core.reading.protocol import load_protocol, parse_protocol

    plug_in = None if place.exists() else usable("protocols", _is_text).get(str(place))
    if plug_in is None:
        return load_protocol(place), ""
    try:
        text = plug_in.made() if callable(plug_in.made) else plug_in.made
    except Exception as error:  # whatever a plug-in does, it is told as its own
        raise InputError(plug_in.failed(error)) from error
    if not isinstance(text, str):
        raise InputError(plug_in.failed(TypeError()))
    return parse_protocol(text, f"the plug-in {place.name} of {plug_in.source}"), plug_in.source


def _is_text(plug_in: PlugIn) -> str:
    return "" if isinstance(plug_in.made, str) or callable(plug_in.made) else "it is no text and no function"


def _adjudicate(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.study.adjudicating import deal_adjudication

    _check_washout(args)
    between = None if args.between is None else (args.between[0], args.between[1])
    with opened(args.study, args.person) as study:
        deal = deal_adjudication(
            study, args.rater, args.session, args.out, raters=between, seed=args.seed,
            washout_days=args.washout_days, reason=args.reason,
            password=coordinator_password(args.person) if args.reason.strip() else "", progress=progress,
        )  # fmt: skip
    return _dealt(deal, seed=args.seed)


def _serve(args: argparse.Namespace) -> Outcome:
    from core.study.serving import serve

    with opened(args.study, args.person) as study:
        served = serve(study, args.kit, args.role)
    text = (
        f"{args.kit}: {served.files} files ({served.megabytes} MB) lie on the server for {served.rater}, "
        f"session {served.session}, who fetches them as {served.role} with `ferroread kit fetch`"
    )
    return Outcome(dict(vars(served)), text)


def _fetch(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.study.served_kit import fetch_kits

    fetched, known = fetch_kits(args.server, args.out, progress=progress)
    lines = [f"{kit} is here; open it with `ferroread read {kit}`" for kit in fetched]
    lines += [f"{kit} was here already" for kit in known]
    data = {"fetched": [str(kit) for kit in fetched], "known": [str(kit) for kit in known]}
    return Outcome(data, "\n".join(lines))


def _deliver(args: argparse.Namespace) -> Outcome:
    from core.study.kit import Kit
    from core.study.served_kit import deliver, server_for

    with Kit.open(args.kit, to_read=False) as kit, closing(server_for(kit)) as server:
        done = deliver(server, kit)
    text = f"{args.kit}: delivered" if done.pages else f"{args.kit}: all of it was delivered before"
    return Outcome({"kit": str(args.kit), **vars(done)}, text)


def _guess(args: argparse.Namespace) -> Outcome:
    from core.export.tables import read_columns
    from core.study.kit import Kit

    with Kit.open(args.kit) as kit:
        failed = _logged_in(kit)
        asked = tuple(kit.protocol.conduct.guess)
        columns = read_columns(args.guesses, ("alias", *asked))
        given = {
            alias: {of: columns[of][row] or None for of in asked}
            for row, alias in enumerate(columns["alias"])
        }
        if len(given) < len(columns["alias"]):
            raise InputError(f"{args.guesses}: an alias stands twice")
        kit.guess(given)
    data = {"kit": str(args.kit), "cases": len(given), "wrong_passwords": failed}
    told = f"; {failed} wrong passwords since your last log-in" if failed else ""
    return Outcome(data, f"{args.kit}: the guess is kept{told}")


def _logged_in(kit: Kit) -> int:
    """Log the rater in as the window does; return how often the password was wrong since the last time.

    A kit for which no password was ever chosen asks for none, one that was reset only lets one be chosen.
    """
    if not kit.enrolled and kit.retired is None:
        return 0
    return kit.log_in(rater_password() if kit.enrolled else "").failures


def _dealt(deal: Deal, more: Mapping[str, Any] = MappingProxyType({}), *, seed: str | None = None) -> Outcome:
    warning = _seed_warning(seed)
    data = {**vars(deal), "path": str(deal.path), "tells": list(deal.tells), **more,
            "outside": list(deal.outside), "warning": warning}  # fmt: skip
    repeats = f", {deal.repeats} of them a second time" if deal.repeats else ""
    training = f", {deal.training} before them for training" if deal.training else ""
    text = (
        f"{deal.path}: {deal.cases} cases{repeats}{training} for {deal.rater}, session {deal.session}\n"
        f"The rater opens it with `ferroread read {deal.path}`"
    )
    if deal.spelling:
        text = f"{text}\nMind: {deal.spelling}"
    if warning:
        text = f"{text}\nMind: {warning}"
    if deal.tells:
        heading = "For you alone: these could tell a rater what is blinded"
        text = "\n".join([text, heading, *(f"  {line}" for line in deal.tells)])
    if deal.outside:
        heading = "Prescribed, but outside the series, so these cases were dealt without the mark"
        text = "\n".join([text, heading, *(f"  {line}" for line in deal.outside)])
    return Outcome(data, text)


def _seed_warning(seed: str | None) -> str:
    """Return what is wrong with a seed that was given; "" where it is long enough, or none was."""
    if seed is None or len(seed) >= _SAFE_SEED:
        return ""
    return (
        f"a seed of {len(seed)} characters is found by trying: whoever has the kit learns from its aliases "
        "which place every case has in the study's list, and what order other kits of this seed have. For a "
        f"study leave --seed out, or give {_SAFE_SEED} random characters"
    )


def _check(args: argparse.Namespace) -> None:
    if not args.rater.strip():
        raise UsageError("a kit needs a rater's name; give --rater")
    if not (args.rater.isprintable() and len(args.rater) <= _LONGEST_NAME):
        raise UsageError(f"--rater must be a name of at most {_LONGEST_NAME} letters that can be printed")
    if not 1 <= args.session <= _MOST_SESSIONS:
        raise UsageError(f"--session must lie between 1 and {_MOST_SESSIONS}, not {args.session}")
    if not 0 <= args.repeat_fraction <= 0.5:
        raise UsageError(f"--repeat-fraction must lie between 0 and 0.5, not {args.repeat_fraction:g}")
    if not 0 < args.share <= 1:
        raise UsageError(f"--share must lie above 0 and up to 1, not {args.share:g}")
    _check_washout(args)


def _check_washout(args: argparse.Namespace) -> None:
    if args.washout_days is not None and not 0 <= args.washout_days <= _LONGEST_WASHOUT_DAYS:
        raise UsageError(
            f"--washout-days must lie between 0 and {_LONGEST_WASHOUT_DAYS}, not {args.washout_days:g}"
        )


def _audit(args: argparse.Namespace) -> Outcome:
    from core.study.kit import Kit
    from core.study.kit_trails import raters_trail

    with Kit.open(args.kit, to_read=False) as kit:
        if args.study is None:
            trail = raters_trail(kit, rater_password() if kit.enrolled else "")
        else:
            from core.study.coordinators_view import coordinators_trail

            with opened(args.study, args.person) as study:
                mind_guesses(study, args.reason)
                trail = coordinators_trail(study, kit, args.reason, coordinator_password(args.person))
        return write_listing(args, trail.records, kit.rater, trail.withheld)


def _verify(args: argparse.Namespace) -> Outcome:
    from core.study.kit import Kit

    with Kit.open(args.kit, to_read=False) as kit:
        kit.verify()
        # nobody's password was asked for: neither whose it is nor how far it was read is told
        data = {"kit": str(args.kit), "kit_id": kit.kit_id, "intact": True}
    return Outcome(data, f"{args.kit}: intact")


def _reset(args: argparse.Namespace) -> Outcome:
    from core.study.coordinators_view import reset_kit
    from core.study.kit import Kit

    with opened(args.study, args.person) as study, Kit.open(args.kit, to_read=False) as kit:
        reset_kit(study, kit, args.reason, coordinator_password(args.person))
    text = f"{args.kit}: who opens it next chooses its password; what was signed stays verifiable"
    return Outcome({"kit": str(args.kit)}, text)


def _rescue(args: argparse.Namespace) -> Outcome:
    from core.export.rescued import write_rescued
    from core.study.rescue import raters_rescue, rescue

    found = rescue(args.kit)
    if args.study is None:
        found = raters_rescue(args.kit, found, rater_password() if found.keys else "")
    else:
        from core.study.coordinators_view import coordinators_rescue

        with opened(args.study, args.person) as study:
            # without a reason it is refused
            if args.reason.strip():
                mind_guesses(study, args.reason)
            password = coordinator_password(args.person)
            found = coordinators_rescue(study, args.kit, found, args.reason, password)
    write_rescued(args.out, args.kit, found, force=args.force)
    answers, holding = len(found.tables["answers"]), sum(case.holds for case in found.signed)
    data = {
        "kit": str(args.kit), "out": str(args.out), "signatures": len(found.signed), "holding": holding,
        "answers": answers, "regions": len(found.regions), "audit_records": len(found.records),
        "trail_broken_at": found.trail_broken_at, "damaged": list(found.damaged), "key": found.key,
    }  # fmt: skip
    text = (
        f"{args.out}: {holding} of {len(found.signed)} signatures hold (key {found.key or 'not found'}), "
        f"{answers} answers, {len(found.regions)} regions, {len(found.records)} audit records\n"
    )
    text += f"Not whole: {', '.join(found.damaged)}\n" if found.damaged else "Every table is whole\n"
    return Outcome(data, f"{text}{args.kit} was left as it is; a copy of its file lies in evidence")
