"""`study`: the coordinator builds a study, collects signed readings, and analyses it."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import Outcome, UsageError, add_json, add_listing, add_person, people, write_listing
from app.passwords import coordinator_password, given_password, new_password
from app.study.opening import let_in, let_in_or_ask_owner, mind_guesses, opened
from app.text_tables import text_table
from core.errors import DamagedError, InputError
from core.progress import Progress

if TYPE_CHECKING:
    pass


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="deed", metavar="ACTION", required=True)
    create = _action(actions, "create", "make a new, empty study")
    create.add_argument("--name", required=True, help="what the study is called")
    _add_server(create)

    add = _action(actions, "add", "add scans, the reference standard, ICP-MS and calibrations")
    add.add_argument("--manifest", type=Path, help="CSV: path,subject,group,visit,field_t")
    add.add_argument("--reference", type=Path, help="CSV of targets: subject,target,kind,malignant,...")
    add.add_argument("--icpms", type=Path, help="CSV: subject,visit,iron_ug_per_g")
    add.add_argument(
        "--calibration", type=Path, action="append", default=[], help="file of `calibrate`; one per field"
    )
    add.add_argument("--baseline", default="baseline", metavar="VISIT",
                     help="the visit before the agent: its R2* is R2*_0 (default: baseline)")  # fmt: skip
    add.add_argument(
        "--r2star0", type=float, metavar="PER_S", help="R2*_0 in 1/s for subjects without a baseline scan"
    )

    _action(actions, "open", "the coordinator's window, from scans to tables, step by step")
    _action(actions, "status", "what the study holds, and how far its kits are")
    collect = _action(actions, "collect", "take signed readings in")
    collect.add_argument("kits", type=Path, nargs="*", metavar="KIT",
                         help="kits that came back; none: what lies delivered on the server")  # fmt: skip
    training = _action(actions, "training", "say whose scans are for training, and what is expected of them")
    training.add_argument("--subjects", nargs="*", default=[], metavar="SUBJECT", help="none: no training")
    training.add_argument("--answers", type=Path,
                          help="CSV: subject,question,value[,visit,target,tolerance,text]")  # fmt: skip
    _action(actions, "password", "set the coordinator's password, or another one")
    people.configure(actions)
    verify = _action(actions, "verify", "check chain, tables, signatures and pictures; names the first fault")
    verify.add_argument("--anchor", type=Path, metavar="FILE",
                        help="audit-head.json of an analysis; finds a trail that was cut")  # fmt: skip
    summary = "write the study's audit trail as CSV, checked; that is recorded too"
    audit = actions.add_parser("audit", help=summary, description=summary)
    audit.add_argument("study", type=Path, metavar="STUDY", help="the study's folder")
    add_person(audit)
    add_listing(audit)
    _action(actions, "backup", "copy the study's file into its folder backups, while it is whole")
    restore = _action(actions, "restore", "list backups, or put one in the place of the study's file")
    restore.add_argument("--backup", type=Path, metavar="FILE", help="which; what stood there is kept")
    summary = (
        "copy the study whole, its database into a file or onto a server, verified; the old one is put by"
    )
    move = _action(actions, "move", summary)
    move.add_argument("out", type=Path, metavar="NEW", help="the new folder")
    _add_server(move)
    key = _action(actions, "key", "print alias to identity; asks for the coordinator's password, recorded")
    key.add_argument("--reason", required=True, help="why the study is unblinded")
    analyse = _action(actions, "analyse", "agreement, accuracy, tables from what was collected")
    analyse.add_argument("--out", type=Path, required=True, help="folder for the tables")
    results = _action(actions, "results", "a window of tables, plots and cases that follow filters")
    early = "why answers are looked at before every reading is in; asks for the coordinator's password"
    for action in (analyse, results):
        action.add_argument("--reason", default="", help=early)
    analyse.add_argument("--force", action="store_true", help="replace an earlier analysis")
    analyse.add_argument("--excel", action="store_true", help="CSV files as this machine's Excel opens them")

    export = _action(
        actions, "export", "regions, maps, measurements and scores as DICOM and NIfTI; recorded, it unblinds"
    )
    export.add_argument("--out", type=Path, required=True, help="folder for the files")
    export.add_argument("--dicom", action="store_true", help="SEG, RTSTRUCT, parametric maps and SR alone")
    export.add_argument("--nifti", action="store_true", help="masks and maps as NIfTI alone")
    export.add_argument("--fractional", action="store_true",
                        help="regions as the share of every voxel inside, not as masks")  # fmt: skip
    export.add_argument(
        "--reason", default="",
        help="why subjects are named before every reading is in; asks for the coordinator's password",
    )  # fmt: skip
    export.add_argument("--force", action="store_true", help="replace an earlier export")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    actions = {
        "create": _create,
        "add": _add,
        "open": _open,
        "status": _status,
        "collect": _collect,
        "password": _password,
        "people": lambda args, _: people.run(args),
        "verify": _verify,
        "audit": _audit,
        "backup": _backup,
        "restore": _restore,
        "move": _move,
        "training": _training,
        "key": _key,
        "analyse": _analyse,
        "export": _export,
        "results": _results,
    }
    try:
        return actions[args.deed](args, progress)
    except DamagedError as error:
        raise DamagedError(f"{error}{backups_of(args.study, error)}") from error


def backups_of(study: Path, error: DamagedError) -> str:
    """Return where to find backups of a study that is damaged; "" where it is something else."""
    from core.study.backups import backups
    from core.study.study_place import BACKUPS, SERVER_FILE

    if not str(error).startswith(str(study)):
        return ""
    if found := backups(study):
        return f"; `ferroread study restore {study}` lists the {len(found)} that it has"
    if (study / SERVER_FILE).is_file():
        return "; its database is on a server: have who keeps that put back a backup of it"
    return f"; its folder has no backup: copy one from another disk to {study / BACKUPS}"


def _action(actions: Any, name: str, summary: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=summary, description=summary)
    parser.add_argument("study", type=Path, metavar="STUDY", help="the study's folder")
    if name != "create":
        add_person(parser)
    add_json(parser)
    return parser


def _add_server(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--server", default="", metavar="URL",
        help="an empty PostgreSQL database, postgresql://ROLE@HOST/DATABASE; no password in it",
    )  # fmt: skip


def _create(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.study.password import set_password
    from core.study.store import Study

    password = given_password()
    with Study.create(args.study, args.name, args.server) as study:
        if password:
            set_password(study, password)
        data = {"study": str(args.study), "study_id": study.study_id, "name": study.name}
    return Outcome(data, f"{args.study}: the study “{data['name']}” is ready; add its scans with `study add`")


def _add(args: argparse.Namespace, progress: Progress) -> Outcome:
    from app.study import importing
    from app.study.iron import add_iron
    from app.study.manifest import read_manifest
    from core.relaxometry.calibration import Calibration

    if not (args.manifest or args.reference or args.icpms or args.calibration):
        raise UsageError("nothing to add; give --manifest, --reference, --icpms or --calibration")
    if args.r2star0 is not None and not 0 <= args.r2star0 < math.inf:
        raise UsageError(f"--r2star0 must be 0 or more, in 1/s, not {args.r2star0:g}")
    # every table is read before the study is touched: a fault in one of them changes nothing
    rows = read_manifest(args.manifest) if args.manifest else []
    targets = importing.read_reference(args.reference) if args.reference else []
    icpms = importing.read_icpms(args.icpms) if args.icpms else []
    calibrations = [Calibration.load(path) for path in args.calibration]
    with opened(args.study, args.person) as study:
        added = importing.add_scans(study, rows, progress)
        for calibration in calibrations:
            study.set_calibration(calibration)
        _refuse_failed(added.failed, added.added)
        study.set_targets(targets)
        study.set_icpms(icpms)
        # after the targets: R2*_0 is taken in the tumour
        made, without = add_iron(study, baseline=args.baseline, r2star0_per_s=args.r2star0, progress=progress)
    data = {
        "scans_added": added.added, "scans_known": added.known, "iron_maps": made,
        "without_iron": list(without), "targets": len(targets), "icpms": len(icpms),
        "calibrations": [calibration.field_t for calibration in calibrations],
        "warnings": list(added.warnings),
    }  # fmt: skip
    lines = [
        f"{added.added} scans added, {added.known} were there already; {made} iron maps",
        f"{len(targets)} targets, {len(icpms)} ICP-MS values, {len(calibrations)} calibrations",
        *(f"without iron map: {reason}" for reason in without),
        *(f"mind: {warning}" for warning in added.warnings),
    ]
    return Outcome(data, "\n".join(lines))


def _refuse_failed(failed: Sequence[tuple[str, str]], added: int) -> None:
    if failed:
        listed = "; ".join(f"{name}: {reason}" for name, reason in failed[:3])
        if len(failed) > 3:
            listed += f"; and {len(failed) - 3} more"
        raise InputError(
            f"{len(failed)} scans were not added, {added} were; "
            f"mend them and run the same command again: {listed}"
        )


def _open(args: argparse.Namespace, progress: Progress) -> Outcome:
    from app.startup import application, errors_shown

    running = application()
    from app.study.window import StudyWindow, study_window

    shown: list[StudyWindow] = []
    try:
        shown.append(study_window(args.study, args.person))
    except DamagedError:
        from app.study.damaged import DamagedStudy

        dialog = DamagedStudy(args.study)
        dialog.restored.connect(lambda: shown.append(study_window(args.study, args.person)))
        dialog.exec()
        if not shown:
            raise
    with errors_shown(shown[-1].say):
        running.exec()
    return Outcome()


def _status(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.study.forgotten import forgotten
    from core.study.people import require
    from core.study.tells import tells
    from core.study.unblinding import awaited_guesses

    with opened(args.study, args.person) as study:
        require(study, "status")
        scans, targets, kits = study.scans(), study.targets(), study.kits()
        data: dict[str, Any] = {
            "name": study.name,
            "study_id": study.study_id,
            "subjects": len(study.subjects()),
            "groups": sorted({scan.group for scan in scans}),
            "visits": sorted({scan.visit for scan in scans}),
            "fields_t": sorted({scan.field_t for scan in scans}),
            "scans": len(scans),
            "targets": len(targets),
            "icpms": len(study.icpms()),
            "calibrations_t": [calibration.field_t for calibration in study.calibrations()],
            "kits": [dict(vars(kit)) for kit in kits],
            "awaited_guesses": awaited_guesses(study),
            "tells": list(tells(study.looks(), study.scans_to_read())),
            "forgotten": forgotten(study),
            "altered": study.altered(),
        }
    fields = ", ".join(f"{field:g} T" for field in data["fields_t"]) or "none"
    lines = [
        f"{data['name']}",
        f"{data['subjects']} subjects in {len(data['groups'])} groups, {len(data['visits'])} visits, "
        f"{data['scans']} scans (fields: {fields})",
        f"{data['targets']} targets, {data['icpms']} ICP-MS values, "
        f"{len(data['calibrations_t'])} calibrations",
    ]
    if kits:
        columns = {name: name for name in ("rater", "session", "folder", "cases", "collected")} | {
            "dealt_utc": "dealt"
        }
        lines.append(text_table(columns, data["kits"]))
        if data["awaited_guesses"]:
            lines.append(
                f"Kits whose guesses are not collected yet: {data['awaited_guesses']}. Collect them before "
                "answers are looked at or the key is shown, or they count as not blind"
            )
    else:
        lines.append("no kit dealt yet; make one with `kit make`")
    lines += [f"Mind: {line}" for line in data["forgotten"]]
    if data["altered"]:
        lines.append(
            f"Mind: {', '.join(data['altered'])} altered by no FerroRead: nothing is dealt, collected, shown "
            "or analysed any more; `study verify` names the record; restore the study from a backup"
        )
    if data["tells"]:
        lines.append("For you alone: these could tell a rater what is blinded")
        lines += [f"  {line}" for line in data["tells"]]
        if not kits:
            lines.append(
                "`kit make --even-out crop` (or resample) evens matrix, slices and field of view out"
            )
    return Outcome(data, "\n".join(lines))


def _collect(args: argparse.Namespace, progress: Progress) -> Outcome:
    from app.study.collecting import collect_all, collect_all_served
    from core.study.study_place import server_of

    if not args.kits and server_of(args.study) is None:
        raise UsageError("name the kits that came back; only to a study on a server are they delivered")
    with opened(args.study, args.person) as study:
        if args.kits:
            done, refused = collect_all(study, args.kits, progress)
            failed = [reason for _, reason in refused]
        else:
            done, failed = collect_all_served(study)
    if failed:
        others = f"; {len(done)} other kits were collected" if done else ""
        raise InputError("; ".join(failed) + others)
    data = {"kits": [{**vars(kit), "path": str(kit.path)} for kit in done]}
    lines = [
        f"{kit.rater}, session {kit.session}: {kit.taken} readings taken, {kit.known} were there already, "
        f"{kit.unsigned} not signed yet{', the guess is still to come' if kit.guess_awaited else ''}"
        for kit in done
    ]
    return Outcome(data, "\n".join(lines))


def _training(args: argparse.Namespace, progress: Progress) -> Outcome:
    from app.study.importing import read_training
    from core.study.training_set import set_training, training_scans

    answers = read_training(args.answers) if args.answers else []
    with opened(args.study, args.person) as study:
        set_training(study, args.subjects, answers)
        scans = len(training_scans(study))
    data = {"subjects": args.subjects, "scans": scans, "answers": len(answers)}
    return Outcome(data, f"{args.study}: {scans} scans for training, {len(answers)} answers expected of them")


def _password(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.study.log_in import change_password
    from core.study.password import has_password, set_password

    with opened(args.study, args.person) as study:
        if study.has_people:
            change_password(study, before=coordinator_password(args.person), new=new_password())
        elif has_password(study):
            set_password(study, before=coordinator_password(args.person), new=new_password())
        else:
            set_password(study, given_password() or new_password())
    return Outcome({"study": str(args.study)}, f"{args.study}: the coordinator's password is set")


def _verify(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.study.study_verifying import anchor_from

    anchor = None
    if args.anchor is not None:
        try:
            anchor = anchor_from(args.anchor.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise InputError(f"{args.anchor} is not the audit-head.json of an analysis") from error
    with opened(args.study, args.person) as study:
        head = study.verify(anchor)
        readings = sum(kit.collected for kit in study.kits())
    data = {
        "study": str(args.study), "readings": readings, "audit_records": head.sequence, "head": head.sha256,
        "anchored": anchor is not None, "intact": True,
    }  # fmt: skip
    return Outcome(data, f"{args.study}: intact; {readings} readings, {head.sequence} audit records")


def _audit(args: argparse.Namespace, progress: Progress) -> Outcome:
    with opened(args.study, args.person) as study:
        study.note_export("audit")
        return write_listing(args, study.audit_records())


def _backup(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.study.backups import back_up

    with opened(args.study, args.person) as study:
        made = back_up(study, "demand")
    return Outcome({"backup": str(made.path), "audit_records": made.sequence}, f"{made.path} is written")


def _restore(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.study.backups import backups, restore

    if args.backup is None:
        found = [{"backup": str(each.path), "audit_records": each.sequence, "made_for": each.why}
                 for each in backups(args.study)]  # fmt: skip
        if not found:
            raise InputError(f"{args.study} has no backups")
        columns = {"backup": "backup", "audit_records": "audit records", "made_for": "made for"}
        return Outcome({"backups": found}, text_table(columns, found))
    from core.study.forgotten import forgotten_now
    from core.study.store import Study

    kept = restore(args.study, args.backup, partial(let_in_or_ask_owner, person=args.person))
    with Study.open(args.study) as study:
        minded = forgotten_now(study)
    text = (
        f"{args.study}: {args.backup} stands in place; what stood there is kept as {kept}\n"
        "Collect the kits again that came back since: what is there already is left as it is"
    )
    text = "\n".join([text, *(f"Mind: {line}" for line in minded)])
    return Outcome({"study": str(args.study), "kept": str(kept), "forgotten": minded}, text)


def _move(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.study.moving import move

    moved = move(
        args.study, args.out, args.server, log_in=partial(let_in, person=args.person), progress=progress
    )
    data = {name: str(value) if isinstance(value, Path) else value for name, value in vars(moved).items()}
    text = (
        f"{moved.path}: {moved.rows} rows and {moved.files} files, each compared with the old study\n"
        f"Go on with it there; the old database is kept as {moved.kept}"
    )
    return Outcome(data, text)


def _key(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.study.records import KeyEntry
    from core.study.unblinding import show_key

    if not args.reason.strip():
        raise InputError("the key is given only with a reason; add --reason")
    with opened(args.study, args.person) as study:
        mind_guesses(study, args.reason)
        key = show_key(study, args.reason, coordinator_password(args.person))
    rows = [dict(vars(entry)) for entry in key.entries]
    columns = {name: name for name in KeyEntry.__annotations__}
    text = text_table(columns, rows) if rows else "no kit was dealt yet"
    if key.warning:
        text = f"{text}\n\nMind: {key.warning}"
    return Outcome({"key": rows, "unsigned": key.unsigned, "warning": key.warning}, text)


def _analyse(args: argparse.Namespace, progress: Progress) -> Outcome:
    from app.study.analysing import analyse_to
    from app.workers import fit_threads

    with fit_threads():
        return analyse_to(
            args.study, args.out, person=args.person, excel=args.excel, force=args.force, progress=progress,
            reason=args.reason, password=partial(coordinator_password, args.person),
        )  # fmt: skip


def _export(args: argparse.Namespace, progress: Progress) -> Outcome:
    from app.study.exporting import export_to
    from core.export.images import Wanted

    both = args.dicom == args.nifti
    wanted = Wanted(args.dicom or both, args.nifti or both, args.fractional)
    return export_to(
        args.study, args.out, person=args.person, wanted=wanted, force=args.force, progress=progress,
        reason=args.reason, password=partial(coordinator_password, args.person),
    )  # fmt: skip


def _results(args: argparse.Namespace, progress: Progress) -> Outcome:
    from app.startup import application, errors_shown
    from app.study.analysing import note_asked

    with opened(args.study, args.person) as study:
        note_asked(study, "results", args.reason, partial(coordinator_password, args.person))
        running = application()
        from app.analysis.window import AnalysisWindow
        from app.study.door import StudyDoor
        from app.workers import Workers

        workers = Workers()
        window = AnalysisWindow(study.data, workers)
        door = StudyDoor(window, study)
        door.left.connect(window.close)
        window.show()
        try:
            with errors_shown(window.say):
                running.exec()
        finally:
            workers.close()
    return Outcome()
