"""What two raters disagree on goes to a third; nothing they said is changed or averaged."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import InputError, StoreError
from core.imaging.geometry import Geometry
from core.reading.edits import AddMark, SetAnswer
from core.reading.protocol import Protocol, load_protocol, parse_protocol
from core.reading.reading import Mark
from core.reading.roi_edits import EditRoi
from core.statistics.analysis import compared
from core.statistics.linking import link
from core.statistics.listings import answers_table
from core.statistics.study_agreement import agreement_table
from core.statistics.study_blinding import adjudication_table
from core.study.adjudicating import adjudicated, deal_adjudication, disagreements
from core.study.blinding import Drawn
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.dealt_case import DealtCase
from core.study.dealt_kit import Terms, write_kit
from core.study.kit import Kit
from core.study.kit_state import Opinion, opinions_from
from core.study.password import set_password
from core.study.sealing import opinions_about, seal
from core.study.sessions import session_facts
from core.study.store import Study
from core.study.washout import Washout
from tests.core.study.conftest import PASSWORD, PROTOCOL, SHAPE, read_case
from tests.core.study.test_kit import without_triggers
from tests.signing import CHEAP, sign_as_rater

BINARY = """
  - id: necrosis
    text: Necrosis
    scope: case
    step: detection
    source: test
    choices:
      - {value: 0, label: "no", anchor: "none"}
      - {value: 1, label: "yes", anchor: "some"}
"""


def with_rule(protocol: Protocol, rule: str = "{}") -> Protocol:
    text = protocol.text.replace("questions:\n", f"questions:{BINARY}", 1)
    return parse_protocol(f"{text}\nadjudication: {rule}\n", "test")


def read(kit: Kit, alias: str, margin: int, necrosis: int, shift: int = 0, lesion: bool = False) -> None:
    """Sign a case; `shift` moves the tumour by rows."""
    kit.record(alias, SetAnswer("margin_conspicuity", None, None, margin))
    kit.record(alias, SetAnswer("necrosis", None, None, necrosis))
    if lesion:
        kit.record(alias, AddMark(Mark("a" * 32, "lesion", (0.5, 0.5, 0.0))))
        kit.record(alias, SetAnswer("detection_confidence", "a" * 32, None, 4))
    kit.lock_step(alias)
    for number, kind in enumerate(("tumour", "reference", "noise")):
        mask = np.zeros(SHAPE, bool)
        rows = 4 * number + (shift if number == 0 else 0)
        mask[1, rows : rows + 3, 3:7] = True
        kit.record(alias, EditRoi.between(f"{number}" * 32, kind, None, mask))
    sign_as_rater(kit, alias)


def told(kit: Kit, alias: str) -> tuple[Opinion, ...]:
    """What two raters said of a case, as the third is told it who has looked first."""
    kit.record(alias, SetAnswer("margin_conspicuity", None, None, 2))
    kit.record(alias, SetAnswer("necrosis", None, None, 0))
    assert kit.opinions(alias) == ()
    kit.lock_step(alias)
    return kit.opinions(alias)


# what Ann and Ben say of the four scans: margin, necrosis, shift of the tumour, a lesion
ANN = ((3, 0, 0, False), (3, 0, 0, False), (3, 0, 0, False), (3, 0, 0, True))
BEN = ((4, 0, 0, False), (5, 0, 0, False), (3, 1, 0, False), (3, 0, 1, False))


def read_as(study: Study, folder: Path, rater: str, protocol: Protocol, said: tuple) -> None:
    path = deal_kit(study, rater, 1, protocol, folder / f"{rater}.kit").path
    scans = [(scan.subject, scan.visit) for scan in study.scans()]
    of = {e.alias: scans.index((e.subject, e.visit)) for e in study.key_entries() if e.rater == rater}
    with Kit.open(path) as kit:
        for case in kit.cases():
            read(kit, case.alias, *said[of[case.alias]])
    collect(study, path)


def study_with(dealt: Path, folder: Path, protocol: Protocol) -> Path:
    shutil.copytree(dealt / "study", folder / "study")
    with Study.open(folder / "study") as study:
        for rater, said in (("Ann", ANN), ("Ben", BEN)):
            read_as(study, folder, rater, protocol, said)
    return folder


@pytest.fixture(scope="module")
def both(dealt: Path, protocol: Protocol, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return study_with(dealt, tmp_path_factory.mktemp("both"), with_rule(protocol, "{answers: shown}"))


@pytest.fixture
def study(both: Path, tmp_path: Path) -> Iterator[Study]:
    shutil.copytree(both / "study", tmp_path / "study")
    with Study.open(tmp_path / "study") as opened:
        yield opened


TWO = ("Ann", "Ben")


def test_the_rule_sends_what_it_says_and_nothing_else(study: Study) -> None:
    found = disagreements(study, 1, TWO)
    names = {scan.scan_id: (scan.subject, scan.visit) for scan in study.scans()}
    scans = [names[scan.scan_id] for scan in study.scans()]
    told = {names[scan]: [(i.item, i.first, i.second) for i in items] for scan, items in found.items()}
    # one step on the scale of five is no disagreement, two are; Dice of 8 of 12 voxels each is 0.67
    assert told == {
        scans[1]: [("margin_conspicuity", "3 fair", "5 excellent")],
        scans[2]: [("necrosis", "0 no", "1 yes")],
        scans[3]: [("tumour region", "Dice 0.67", "Dice 0.67")],
    }


def test_the_rule_is_the_protocols(dealt: Path, protocol: Protocol, tmp_path: Path) -> None:
    strict = with_rule(protocol, "{ordinal: 1, dice: 0.5, findings: true}")
    with Study.open(study_with(dealt, tmp_path, strict) / "study") as study:
        items = [item.item for items in disagreements(study, 1, TWO).values() for item in items]
    assert sorted(items) == ["lesion 1 found", "margin_conspicuity", "margin_conspicuity", "necrosis"]


def test_the_third_raters_kit_shows_both_answers_unnamed(study: Study, tmp_path: Path) -> None:
    deal = deal_adjudication(study, "Cleo", 1, tmp_path / "c.kit", raters=TWO, seed="3")
    assert (deal.cases, deal.rater, deal.session) == (3, "Cleo", 1)
    with Kit.open(deal.path) as kit:
        assert kit.purpose == "adjudication"
        said = {
            opinion.item: {opinion.first, opinion.second}
            for c in kit.cases()
            for opinion in told(kit, c.alias)
        }
        kit.verify()
    assert said["margin_conspicuity"] == {"3 fair", "5 excellent"}
    held = (deal.path / "kit.sqlite").read_bytes()
    known = {entry.alias for entry in study.key_entries() if entry.rater in TWO}
    assert not [name for name in (*TWO, *known) if name.encode() in held]


def test_the_order_of_the_two_is_no_name(study: Study, tmp_path: Path) -> None:
    orders = set()
    for number in range(8):
        shutil.copytree(study.path, tmp_path / f"s{number}")
        with Study.open(tmp_path / f"s{number}") as copy:
            path = deal_adjudication(
                copy, "Cleo", 1, tmp_path / f"{number}.kit", raters=TWO, seed=str(number)
            ).path
        with Kit.open(path) as kit:
            orders |= {o.first for case in kit.cases() for o in told(kit, case.alias) if "margin" in o.item}
    assert orders == {"3 fair", "5 excellent"}


def test_what_two_raters_said_is_sealed_until_the_third_has_looked(study: Study, tmp_path: Path) -> None:
    path = deal_adjudication(study, "Cleo", 1, tmp_path / "c.kit", raters=TWO).path
    sent = [each for items in adjudicated(study).values() for each in items]
    said = {text for each in sent for text in (each.first, each.second)}
    assert {"3 fair", "5 excellent", "1 yes", "Dice 0.67"} <= said
    held = (path / "kit.sqlite").read_bytes()
    assert not [text for text in said if text.encode() in held]
    with Kit.open(path) as kit:
        alias = kit.cases()[0].alias
        assert kit.opinions(alias) == ()
        assert told(kit, alias)
        kit.verify()
    with Kit.open(path) as again:
        assert again.opinions(alias)


def test_sealed_opinions_of_another_case_are_refused(study: Study, tmp_path: Path) -> None:
    path = deal_adjudication(study, "Cleo", 1, tmp_path / "c.kit", raters=TWO).path
    one, other, _ = sorted(adjudicated(study))
    of = "(SELECT sealed FROM training WHERE alias = '{}')"
    without_triggers(path, f"UPDATE training SET sealed = {of.format(other)} WHERE alias = '{one}'")
    with Kit.open(path) as kit:
        with pytest.raises(StoreError, match="altered"):
            told(kit, one)
        with pytest.raises(StoreError, match=f"differ in what is sealed of case {one}"):
            kit.verify()


def test_a_rule_that_hides_answers_shows_none(dealt: Path, protocol: Protocol, tmp_path: Path) -> None:
    with Study.open(study_with(dealt, tmp_path, with_rule(protocol)) / "study") as study:
        path = deal_adjudication(study, "Cleo", 1, tmp_path / "c.kit", raters=TWO).path
    with Kit.open(path) as kit:
        assert [kit.opinions(case.alias) for case in kit.cases()] == [(), (), ()]


ENDINGS = """
  - id: quality
    text: Image quality
    scope: case
    step: detection
    choices:
      - {value: 1, label: blurred, anchor: "Nothing can be said.", ends_case: true}
      - {value: 2, label: cut off, anchor: "The tumour is not whole.", ends_case: true}
      - {value: 3, label: good, anchor: "All can be said."}
  - id: why
    text: Why
    scope: case
    step: detection
    type: text
    when: {question: quality, is: [1, 2]}
"""


def test_what_a_rater_wrote_when_a_case_ended_reaches_no_third_rater(
    dealt: Path, protocol: Protocol, tmp_path: Path
) -> None:
    text = protocol.text.replace("questions:\n", f"questions:{ENDINGS}", 1)
    asking = parse_protocol(f"{text}\nadjudication: {{answers: shown}}\n", "test")
    shutil.copytree(dealt / "study", tmp_path / "study")
    with Study.open(tmp_path / "study") as study:
        (first, *_) = study.scans()
        for rater in TWO:
            path = deal_kit(study, rater, 1, asking, tmp_path / f"{rater}.kit").path
            cut = next(e.alias for e in study.key_entries()
                       if (e.rater, e.subject, e.visit) == (rater, first.subject, first.visit))  # fmt: skip
            with Kit.open(path) as kit:
                for case in kit.cases():
                    ended = 2 if (rater, case.alias) == ("Ben", cut) else 1
                    kit.record(case.alias, SetAnswer("quality", None, None, ended))
                    kit.record(case.alias, SetAnswer("why", None, None, f"{rater} saw this mouse before"))
                    sign_as_rater(kit, case.alias)
            collect(study, path)
        # other words for the same answer are no disagreement
        (items,) = disagreements(study, 1, TWO).values()
        (only,) = items
        assert (only.item, only.first, only.second) == (
            "ended early", "Image quality: blurred", "Image quality: cut off",
        )  # fmt: skip
        third = deal_adjudication(study, "Cleo", 1, tmp_path / "c.kit", raters=TWO).path
        assert {reading.ended for reading in study.signed_readings()} == {
            "Image quality: blurred (Ann saw this mouse before)",
            "Image quality: blurred (Ben saw this mouse before)",
            "Image quality: cut off (Ben saw this mouse before)",
        }
    with Kit.open(third) as kit:
        (case,) = kit.cases()
        kit.record(case.alias, SetAnswer("quality", None, None, 3))
        kit.record(case.alias, SetAnswer("margin_conspicuity", None, None, 3))
        kit.lock_step(case.alias)
        (opinion,) = kit.opinions(case.alias)
    assert {opinion.first, opinion.second} == {"Image quality: blurred", "Image quality: cut off"}


def test_all_readings_are_kept_and_the_third_is_compared_with_nobodys(study: Study, tmp_path: Path) -> None:
    before = {reading.alias: dict(reading.answers) for reading in study.signed_readings()}
    path = deal_adjudication(study, "Cleo", 1, tmp_path / "c.kit", raters=TWO).path
    with Kit.open(path) as kit:
        for case in kit.cases():
            read(kit, case.alias, 4, 1)
    collect(study, path)
    data = study.data()
    assert {r.alias: dict(r.answers) for r in data.readings if not r.adjudicates} == before
    assert sum(reading.adjudicates for reading in data.readings) == 3
    everything = link(data.readings, data.targets)
    answers = answers_table(everything, {}, data.protocols)
    assert {row["rater"] for row in answers.rows if row["adjudicates"]} == {"Cleo"}
    table = adjudication_table(everything, data.adjudicated)
    told = {
        (row["item"], row["first_rater"], row["first"], row["second"], row["adjudicator"])
        for row in table.rows
    }
    assert ("margin_conspicuity", "Ann", "3 fair", "5 excellent", "Cleo") in told
    assert all(row["read"] for row in table.rows) and len(table.rows) == 3
    rows = agreement_table(compared(everything), {}, tuple(data.protocols.values())).rows
    assert rows and not [row for row in rows if "Cleo" in str(row["raters"])]


def test_what_was_sent_is_not_sent_again(study: Study, tmp_path: Path) -> None:
    deal_adjudication(study, "Cleo", 1, tmp_path / "c.kit", raters=TWO)
    assert len(adjudicated(study)) == 3
    with pytest.raises(InputError, match="disagree on nothing that was not sent already"):
        deal_adjudication(study, "Dora", 1, tmp_path / "d.kit", raters=TWO)
    assert not (tmp_path / "d.kit").exists()


@pytest.mark.parametrize("rater", ["Ann", " ben "])
def test_the_third_rater_is_neither_of_the_two(study: Study, tmp_path: Path, rater: str) -> None:
    with pytest.raises(InputError, match="has a kit for session 1 already"):
        deal_adjudication(study, rater, 1, tmp_path / "c.kit", raters=TWO)


def test_a_third_rater_whose_washout_cannot_be_told_reads_on_an_override_alone(
    study: Study, protocol: Protocol, tmp_path: Path
) -> None:
    deal_kit(study, "Cleo", 2, with_rule(protocol), tmp_path / "c2.kit")
    out = tmp_path / "c.kit"
    with pytest.raises(InputError, match="session 2 of Cleo is not collected whole"):
        deal_adjudication(study, "Cleo", 1, out, raters=TWO)
    set_password(study, PASSWORD, cost=CHEAP)
    with pytest.raises(InputError, match="a shorter wait needs a reason"):
        deal_adjudication(study, "Cleo", 1, out, raters=TWO, washout_days=0)
    terms = {"washout_days": 0, "reason": "nobody else reads", "password": PASSWORD}
    assert deal_adjudication(study, "Cleo", 1, out, raters=TWO, **terms).cases == 3
    assert "nobody else reads" in [facts.washout_reason for facts in session_facts(study)]


def test_adjudication_waits_until_both_have_signed_everything(
    study: Study, protocol: Protocol, tmp_path: Path
) -> None:
    path = deal_kit(study, "Dora", 1, with_rule(protocol, "{answers: shown}"), tmp_path / "d.kit").path
    with Kit.open(path) as kit:
        read(kit, kit.cases()[0].alias, 3, 0)
    collect(study, path)
    with pytest.raises(InputError, match="1 of 4 readings of Dora are signed and collected"):
        disagreements(study, 1, ("Ann", "Dora"))


def test_two_raters_have_to_be_named_where_there_are_more(study: Study, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="session 1 has 3; name two with --between"):
        disagreements(study, 1)
    with pytest.raises(InputError, match="session 2 has 0"):
        disagreements(study, 2)


def test_of_names_that_look_alike_the_one_that_was_named_is_meant(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol = next(iter(study.protocols().values()))
    with monkeypatch.context() as before:
        # "Ann" with a Cyrillic letter, from before looks were asked about
        before.setattr("core.study.dealing.rater_named", lambda _, name: name)
        before.setattr("core.study.dealing.same_rater", lambda one, other: one == other)
        before.setattr("core.study.washout.same_rater", lambda one, other: one == other)
        deal_kit(study, "\u0410nn", 1, protocol, tmp_path / "other.kit")
    assert disagreements(study, 1, ("Ann", "Ben")) == disagreements(study, 1, ("Ann", "BEN"))
    with pytest.raises(InputError, match="0 of 4 readings of \u0410nn"):
        disagreements(study, 1, ("\u0410nn", "Ben"))


def test_a_protocol_without_a_rule_adjudicates_nothing(
    dealt: Path, protocol: Protocol, tmp_path: Path
) -> None:
    shutil.copytree(dealt / "study", tmp_path / "study")
    with Study.open(tmp_path / "study") as study:
        for rater in ("Ann", "Ben"):
            path = deal_kit(study, rater, 1, protocol, tmp_path / f"{rater}.kit").path
            with Kit.open(path) as kit:
                for case in kit.cases():
                    read_case(kit, case.alias)
            collect(study, path)
        with pytest.raises(InputError, match="has no rule of adjudication"):
            disagreements(study, 1, ("Ann", "Ben"))


# beside the choices: what is no choice, and what is asked of each region
MORE = """
  - id: remark
    text: Anything else?
    scope: case
    step: detection
    type: text
    required: false
  - id: whole
    text: Is the tumour whole?
    scope: tumour
    step: quantification
    choices:
      - {value: 0, label: "no", anchor: "cut"}
      - {value: 1, label: "yes", anchor: "all of it"}
"""


@pytest.fixture
def said(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> Callable[[dict[str, Any], dict[str, Any]], list[str]]:
    """Return what is told of one scan of which two raters have said all the same, but for some of it."""
    ann, ben = ({r.scan_id: r for r in study.signed_readings() if r.rater == rater} for rater in TWO)
    scan = study.scans()[0].scan_id
    text = study.protocols()[ann[scan].protocol_sha256].text
    protocol = parse_protocol(
        text.replace("questions:\n", f"questions:{MORE}", 1).replace("shown", "shown, findings: true"), "test"
    )
    monkeypatch.setattr(Study, "protocols", lambda _: {ann[scan].protocol_sha256: protocol})

    def told(first: dict[str, Any], second: dict[str, Any]) -> list[str]:
        readings = [replace(ann[scan], **first), replace(ann[scan], **second, kit_id=ben[scan].kit_id)]
        monkeypatch.setattr(Study, "signed_readings", lambda _: readings)
        found = disagreements(study, 1, TWO).get(scan, ())
        return [f"{item.item}: {item.first}, {item.second}" for item in found]

    return told


def lesion(place: float, confidence: int, **more: object) -> dict[str, Any]:
    name = f"{place:.0f}" * 32
    answers = {("detection_confidence", name): confidence}
    return {"marks": {name: Mark(name, "lesion", (place, 0.0, 0.0))}, "answers": answers, **more}


def test_findings_that_lie_together_are_one_and_compared(said: Callable[..., list[str]]) -> None:
    assert said(lesion(1, 5), lesion(2, 5)) == []
    (item,) = said(lesion(1, 5), lesion(2, 1))
    assert item.startswith("detection_confidence, lesion 1: 5") and ", 1 " in item
    assert said(lesion(1, 5), lesion(9, 5)) == ["lesion 1 found: yes, no", "lesion 1 found: no, yes"]
    # what the study has set lies where it likes: the target tells what it is
    mine, other = {"prescribed": ("lesion",), "target_of": {"1" * 32: "L1"}}, {"target_of": {"9" * 32: "L1"}}
    assert said(lesion(1, 5, **mine), lesion(9, 5, prescribed=("lesion",), **other)) == []
    other["target_of"] = {"9" * 32: "L2"}
    assert len(said(lesion(1, 5, **mine), lesion(9, 5, prescribed=("lesion",), **other))) == 2


def test_what_one_of_them_did_not_answer_or_draw_is_compared_as_that(said: Callable[..., list[str]]) -> None:
    margin = {("margin_conspicuity", None): 3}
    assert said({"answers": margin}, {"answers": {}}) == ["margin_conspicuity: 3 fair, not answered"]
    # without any region the two agree; where one has drawn, they do not
    assert said({"rois": {}}, {"rois": {}}) == []
    none = said({}, {"rois": {}})
    assert none == [f"{kind} region: Dice 0.00, Dice 0.00" for kind in ("tumour", "reference", "noise")]


def test_raters_of_two_protocols_are_not_compared(said: Callable[..., list[str]]) -> None:
    with pytest.raises(InputError, match="have read by different protocols"):
        said({}, {"protocol_sha256": "0" * 64})


def test_a_third_rater_has_a_name(study: Study, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needs a rater's name"):
        deal_adjudication(study, "  ", 1, tmp_path / "c.kit", raters=TWO)


def test_where_there_is_one_step_opinions_are_shown_from_its_beginning(tmp_path: Path) -> None:
    protocol = load_protocol(PROTOCOL.with_name("roi-quantification.yaml"))
    grid = Geometry.axial((2, 3, 3), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
    opinions = (Opinion("tissue", "1 muscle", "2 liver"),)
    case = DealtCase(Drawn("AAAAA", 1, "1"), (0.0, 0.0, 0.0), grid, None, [], {}, opinions=opinions)
    terms = Terms("0" * 32, "Cleo", 1, "", protocol, Washout(), purpose="adjudication")
    (tmp_path / "c.kit").mkdir()
    write_kit(tmp_path / "c.kit" / "kit.sqlite", "1", terms, [case])
    with Kit.open(tmp_path / "c.kit") as kit:
        assert kit.opinions("AAAAA") == opinions


@pytest.mark.parametrize("text", [b"{", b"[1]", b'[{"item": "x"}]'])
def test_opinions_that_are_none_are_damage(text: bytes) -> None:
    key = bytes(32)
    with pytest.raises(StoreError, match="what was said of case A is damaged"):
        opinions_from(seal(text, key, opinions_about("A")), key, "A")
