from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError
from core.export.results import analyse_study
from core.export.tables import Profile, read_csv
from core.reading.contrast import contrast_echo
from core.reading.protocol import parse_protocol
from core.statistics.analysis import analyse
from core.statistics.linking import link, measure

sys.path.insert(0, str(Path(__file__).parent))
import small_study as small

X, Y = "x", "y"


@pytest.fixture(scope="module")
def whole():
    return analyse(small.whole_study())


def pick(table, **wanted):
    return [row for row in table.rows if all(row.get(name) == value for name, value in wanted.items())]


def one(table, **wanted):
    (row,) = pick(table, **wanted)
    return row


def test_every_tumour_has_its_margin_in_sectors(whole):
    table = whole.tables["margins"]
    rows = pick(table, sector="whole")
    assert rows and len(table.rows) == 9 * len(rows)
    for row in table.rows:
        told = row["width_mm"] == row["width_mm"]
        assert told == (row["reason"] == "") and row["sharp_mm"] > 0


def test_marks_find_their_targets():
    scan = small.scan_of("A", 3.0)
    # the nearest free target takes each mark: the second mark on a1 is a false positive
    lesions = {(3.2, 3.0, 1.0): 4, (3.0, 3.1, 1.0): 5, (9.0, 5.6, 2.0): 3}
    (case,) = link([small.reading(X, scan, lesions=lesions)], small.TARGETS)
    assert {target: mark.mark_id for target, mark in case.mark_of.items()} == {"a1": "lesion1"}
    # a2 is 5 mm wide, so a mark 2.6 mm away misses it
    assert {mark.mark_id for mark in case.unmatched} == {"lesion0", "lesion2"}
    a1, a2 = small.TARGETS[:2]
    assert (case.score("detection_confidence", a1), case.score("detection_confidence", a2)) == (5.0, 1.0)
    assert case.case_score() == 5.0


def test_a_lesion_mark_never_hits_a_node():
    (case,) = link([small.reading(X, small.scan_of("C", 3.0), lesions={(3.0, 9.0, 1.0): 5})], small.TARGETS)
    assert not case.mark_of
    assert len(case.unmatched) == 1


def test_region_numbers_and_contrast():
    found = measure(small.reading(X, small.scan_of("A", 3.0)), small.images_of("A-3"), coils=1)
    # |60 - 100| / 10 on the middle echo, noise from the air
    assert found.contrast.cnr == pytest.approx(4.0, rel=1e-6)
    assert found.contrast_te_ms == 10.0
    assert found.contrast.noise_method == "air SD/0.655 (one coil)"
    assert found.number("tumour_volume_mm3") == pytest.approx(128 * 0.25)
    assert found.iron_of_tumour() == pytest.approx(10.0)
    # 3.29 standard errors of a mean over 128 voxels of error 1
    assert found.iron_limit_ug_per_g == pytest.approx(3.29 / np.sqrt(128), rel=1e-6)


def test_the_noise_of_air_is_that_of_the_protocols_coils(whole):
    eight = parse_protocol(f"{small.PROTOCOL.text}\ncoils: 8\n", "test")
    readings = [replace(each, protocol_sha256=eight.sha256) for each in small.whole_study().readings]
    rows = analyse(small.study(*readings, protocols={eight.sha256: eight})).tables["reads"].rows
    for row, before in zip(rows, whole.tables["reads"].rows, strict=True):
        assert row["cnr_noise_method"] == "air SD/0.701 (8 coils, sum of squares)"
        # 0.701 / 0.655, by the table in docs/measurements.md
        assert row["cnr"] / before["cnr"] == pytest.approx(1.0706, rel=1e-3)


def test_contrast_without_air_takes_the_reference_and_says_so():
    signed = small.reading(X, small.scan_of("A", 3.0))
    signed = replace(signed, rois={k: roi for k, roi in signed.rois.items() if k != "noise"})
    assert measure(signed, small.images_of("A-3"), coils=1).contrast.noise_method == "reference SD"
    only_tumour = replace(signed, rois={"tumour": signed.rois["tumour"]})
    assert measure(only_tumour, small.images_of("A-3"), coils=1).contrast is None
    assert np.isnan(measure(replace(signed, rois={}), small.images_of("A-3"), coils=1).number("cnr"))


def test_the_echo_of_the_contrast_is_the_middle_one():
    assert [contrast_echo(te) for te in ([5], [5, 10], [5, 10, 15], range(8))] == [0, 1, 1, 4]


def test_answers_name_the_target_they_are_about(whole):
    table = whole.tables["answers"]
    row = one(table, rater=X, subject="A", field_t=3.0, target="a1")
    assert (row["question"], row["value"], row["unit"], row["seconds"]) == (
        "detection_confidence",
        5,
        "score",
        7.0,
    )
    assert row["mark"] == "lesion 1"
    assert one(table, rater=X, subject="D", field_t=3.0, mark="lesion 1")["target"] == ""
    assert one(table, rater=X, subject="B", field_t=3.0, question="iron_ug_per_g")["value"] == pytest.approx(
        14.0
    )
    assert len(pick(table, question="margin_conspicuity")) == 16


def test_reads_hold_one_row_per_target_and_false_mark(whole):
    rows = pick(whole.tables["reads"], rater=Y, subject="B", field_t=3.0)
    told = [(row.get("target"), row["marked"], row.get("detection_confidence")) for row in rows]
    assert told == [("b1", False, None), ("bn", True, None), (None, True, 4)]
    assert all(row["cnr"] == pytest.approx(3.5) for row in rows)


def test_kappa_over_all_declared_categories(whole):
    row = one(
        whole.tables["agreement"],
        item="margin_conspicuity",
        weights="unweighted",
        coefficient="kappa",
        field_t=None,
    )
    # 8 scans; x: A4 B5 C2 D1 at 3 T and A4 B3 C2 D1 at 0.064 T; y: B3 in both
    assert (row["n"], row["categories"], row["p_observed"]) == (8, 5, 7 / 8)
    assert row["p_expected"] == pytest.approx((2 * 2 * 3 + 1 * 2) / 64)
    assert row["raters"] == "x, y"
    assert "4 clusters" in row["cluster_method"]
    assert row["cluster_ci_low"] < row["kappa"]
    assert row["cluster_reason"] == ""
    low = one(
        whole.tables["agreement"], item="margin_conspicuity", weights="unweighted", coefficient="kappa",
        field_t=0.064, visit="",
    )  # fmt: skip
    assert low["kappa"] == 1.0
    assert np.isnan(low["cluster_ci_low"])
    assert "the sample shows no variation" in low["cluster_reason"]


def test_unmarked_targets_count_as_definitely_absent_for_confidence_only(whole):
    table = whole.tables["agreement"]
    wanted = {"weights": "unweighted", "coefficient": "kappa", "field_t": 3.0, "visit": ""}
    confidence = one(table, item="detection_confidence", **wanted)
    assert (confidence["n"], confidence["left_out"]) == (3, 0)
    detected = one(table, item="detected", **wanted)
    assert (detected["n"], detected["categories"], detected["p_observed"]) == (3, 2, 2 / 3)
    nodes = one(table, item="node_suspicion", **wanted)
    assert (nodes["n"], nodes["p_observed"]) == (3, 2 / 3)


def test_measured_numbers_have_icc_and_no_kappa(whole):
    rows = pick(whole.tables["agreement"], item="iron_ug_per_g", field_t=3.0, visit="")
    pairs = {"ccc", "bias", "lower_limit", "upper_limit", "repeatability"}
    assert {row["coefficient"] for row in rows} == {"icc", "alpha", *pairs}
    bias = next(row for row in rows if row["coefficient"] == "bias")
    # y's region is shifted by a voxel of eight: an eighth of it holds no iron, and iron means 6.75 ug/g
    assert bias["kappa"] == pytest.approx(6.75 / 8)
    assert "4 clusters" in bias["bootstrap_method"]
    consistency = next(row for row in rows if row["weights"] == "ICC(3,1)")
    assert 0.95 < consistency["kappa"] < 1.0
    assert consistency["n"] == 4


def test_regions_are_compared_scan_by_scan(whole):
    row = one(whole.tables["roi_agreement"], subject="A", field_t=3.0, roi="tumour")
    assert row["dice"] == pytest.approx(7 / 8)
    assert row["raters"] == "x, y"
    assert row["hd95_mm"] == pytest.approx(0.5)
    assert row["volume_difference_percent"] == 0.0
    assert one(whole.tables["roi_agreement"], subject="A", field_t=3.0, roi="reference")["dice"] == 1.0
    mean = one(whole.tables["roi_agreement_summary"], roi="tumour", quantity="dice", field_t=None)
    assert (mean["n"], mean["mean"], mean["sd"]) == (8, pytest.approx(7 / 8), 0.0)


def test_accuracy_by_case_node_and_mark(whole):
    table = whole.tables["accuracy"]
    at = {"field_t": 3.0, "visit": ""}
    cases = one(table, item="lesion in the case", rater=X, **at)
    # A and B have lesions (5 and 3), C none, D none and one mark of confidence 2
    assert [cases[k] for k in ("tp", "fp", "tn", "fn")] == [2, 0, 2, 0]
    nodes = one(table, item="node malignant", rater=Y, **at)
    assert [nodes[k] for k in ("tp", "fp", "tn", "fn")] == [1, 1, 1, 0]
    assert nodes["auc"] == 1.0
    marks = one(table, item="lesion marks", rater="pooled", **at)
    assert [marks[k] for k in ("tp", "fp", "fn")] == [5, 1, 1]
    assert "specificity" in marks["reason"]
    assert marks["ppv"] == pytest.approx(5 / 6)


def test_detection_by_size(whole):
    table = whole.tables["detection"]
    small_ones = one(table, kind="lesion", rater="pooled", field_t=3.0, visit="", size_class="< 3 mm")
    assert (small_ones["targets"], small_ones["detected"]) == (4, 3)
    everything = one(table, kind="lesion", rater=Y, field_t=0.064, visit="", size_class="all")
    assert (everything["targets"], everything["detected"], everything["false_marks"]) == (3, 1, 1)
    assert everything["false_marks_per_case"] == 0.25


def test_iron_beside_icpms(whole):
    row = one(whole.tables["tables/table1a"], group="MNP", field_t=3.0)
    # x sees 10 and 14, y loses an eighth of the tumour: 8.75 and 12.25
    assert row["mri_mean_ug_per_g"] == pytest.approx((9.375 + 13.125) / 2)
    assert row["mri_sd_ug_per_g"] == pytest.approx((13.125 - 9.375) / np.sqrt(2))
    assert (row["icpms_mean_ug_per_g"], row["mri_n"], row["icpms_n"]) == (pytest.approx(13.2), 2, 2)
    slope = one(whole.tables["iron_agreement"], field_t=3.0, rater=X, statistic="Deming slope")
    assert slope["value"] == pytest.approx(1 / 1.1)
    fields = one(whole.tables["iron_agreement"], comparison="between fields", rater=X, statistic="OLS slope")
    assert fields["value"] == pytest.approx(0.9)
    bias = one(whole.tables["iron_agreement"], field_t=3.0, rater="mean of raters", statistic="bias, ug/g")
    iron = np.array(list(small.IRON.values()))
    assert bias["value"] == pytest.approx((iron * (15 / 16) - 1.1 * iron).mean())


def test_table_2(whole):
    row = one(whole.tables["tables/table2"], group="all", field_t=3.0)
    assert (row["reads"], row["cnr_mean"], row["cnr_n"]) == (8, pytest.approx(3.75), 8)
    assert row["margin_mean"] == pytest.approx((4 + 5 + 2 + 1 + 4 + 3 + 2 + 1) / 8)
    assert (row["small_lesion_reads"], row["small_lesions_detected"]) == (4, 3)
    assert row["small_sensitivity_ci_low"] < 0.75 < row["small_sensitivity_ci_high"]
    none = one(whole.tables["tables/table2"], group="vehicle", field_t=3.0)
    assert np.isnan(none["small_sensitivity"])
    assert "not estimable" in none["small_reason"]


def test_repeats_and_sessions_are_compared_within_a_rater():
    scans = [small.scan_of(subject, 3.0) for subject in "ABCD"]
    first = [small.reading(X, scan, margin=m) for scan, m in zip(scans, (1, 3, 4, 5), strict=True)]
    repeats = [
        small.reading(X, scan, margin=m, repeat_of="a") for scan, m in zip(scans[:3], (1, 3, 5), strict=True)
    ]
    later = [small.reading(X, scan, margin=m, session=2) for scan, m in zip(scans, (1, 3, 4, 4), strict=True)]
    found = analyse(small.study(*first, *repeats, *later)).tables
    wanted = {"item": "margin_conspicuity", "weights": "unweighted", "coefficient": "kappa", "field_t": None}
    again = one(found["agreement"], comparison="within rater, repeat", **wanted)
    assert (again["raters"], again["n"], again["p_observed"]) == ("x (first), x (repeat)", 3, 2 / 3)
    sessions = one(found["agreement"], comparison="within rater, sessions", **wanted)
    assert (sessions["raters"], sessions["n"], sessions["p_observed"]) == ("x (1), x (2)", 4, 0.75)
    assert not pick(found["agreement"], comparison="between raters")
    # a repeat is never counted as another case
    assert one(found["tables/table2"], group="all")["reads"] == 8
    assert len(pick(found["roi_agreement"], comparison="within rater, repeat", roi="tumour")) == 3


def test_one_rater_alone_and_nobody():
    alone = analyse(small.study(small.reading(X, small.scan_of("A", 3.0))))
    assert not alone.tables["agreement"].rows
    assert one(alone.tables["accuracy"], item="lesion in the case", rater=X, visit="", field_t=3.0)["reason"]
    assert alone.counts["scans_not_read"] == 7
    with pytest.raises(InputError, match="collect"):
        analyse(small.study())


def test_cases_that_one_rater_skipped_are_counted():
    readings = [small.reading(X, small.scan_of(s, 3.0), margin=2 + i % 3) for i, s in enumerate("ABCD")]
    readings += [small.reading(Y, small.scan_of(s, 3.0), margin=2 + i % 2) for i, s in enumerate("AB")]
    row = one(
        analyse(small.study(*readings)).tables["agreement"],
        item="margin_conspicuity", weights="linear", coefficient="kappa", field_t=None,
    )  # fmt: skip
    assert (row["n"], row["left_out"]) == (2, 2)


def test_targets_without_a_centre_are_left_out_and_counted():
    targets = tuple(
        replace(target, centre_mm=None) if target.target == "a1" else target for target in small.TARGETS
    )
    found = analyse(replace(small.whole_study(), targets=targets))
    assert found.counts["targets_without_centre"] == 1
    row = one(found.tables["detection"], kind="lesion", rater=X, field_t=3.0, visit="", size_class="< 3 mm")
    assert (row["targets"], row["left_out"]) == (1, 1)


def test_without_reference_iron_or_chemistry_nothing_is_made_up():
    def no_iron(scan_id):
        return replace(small.images_of(scan_id), iron_ug_per_g=None, iron_se_ug_per_g=None)

    found = analyse(replace(small.whole_study(), targets=(), icpms=(), images=no_iron)).tables
    assert not found["detection"].rows
    assert not pick(found["iron_agreement"], comparison="MRI, ICP-MS")
    row = found["tables/table1a"].rows[0]
    assert (row["mri_n"], row["mri_left_out"], row["icpms_n"]) == (0, 2, 0)
    assert np.isnan(row["mri_mean_ug_per_g"])
    # "lesion in the case" has no positive case then, and says so
    assert all("no unit is positive" in row["reason"] for row in found["accuracy"].rows)


def test_regions_have_a_consensus(whole):
    rows = pick(whole.tables["roi_consensus"], subject="A", field_t=3.0, roi="tumour")
    assert [row["rater"] for row in rows] == [X, Y]
    for row in rows:
        assert (row["raters"], row["left_out"], row["reason"]) == (2, 0, "")
        # the two regions of 32 mm3 share seven eighths
        assert 28.0 <= row["consensus_volume_mm3"] <= 36.0
        assert 0.8 < row["sensitivity"] <= 1.0 and 0.8 < row["dice"] <= 1.0
    alone = analyse(small.study(*[r for r in small.whole_study().readings if r.rater == X]))
    assert alone.tables["roi_consensus"].rows == ()


def test_fields_raters_and_groups_are_compared(whole):
    table = whole.tables["comparisons"]
    cases = {"item": "lesion in the case", "session": 1}
    # x calls A and B at 3 T and A alone at 0.064 T, where B has a mark of 4 that hits nothing: a call as well
    row = one(table, comparison="fields, paired", rater=X, **cases)
    assert (row["first"], row["second"], row["n"], row["calls"]) == ("3 T", "0.064 T", 4, 4)
    assert (row["only_first_positive"], row["only_second_positive"]) == (0, 0)
    assert "never differ" in row["mcnemar_reason"]
    raters = one(table, comparison="raters, paired", field_t=3.0, item="node malignant")
    assert (raters["first"], raters["second"]) == (X, Y)
    # y calls B's node malignant, x does not
    assert (raters["only_first_positive"], raters["only_second_positive"]) == (0, 1)
    groups = pick(table, comparison="groups, unpaired", **cases)
    assert len(groups) == 4
    # every animal of MNP has a lesion, none of vehicle
    assert all("not estimable" in row["reason"] and np.isnan(row["auc_difference"]) for row in groups)


def test_everything_is_written_and_the_same_twice(tmp_path):
    study = small.whole_study()
    for name in ("one", "two"):
        analyse_study(study, tmp_path / name, report=False)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.csv"))
    names = (
        "accuracy adjudication agreement answers blinding comparisons detection dictionary figures froc "
        "groups guesses inputs/animals inputs/iron inputs/ratings inputs/scores iron_agreement margins "
        "measurements mrmc reads roi_agreement roi_agreement_summary roi_consensus rois sessions survival "
        "tables/table1a tables/table1b tables/table2 tables/table3 training"
    )
    assert [path.with_suffix("").as_posix() for path in files] == names.split()
    for path in files:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes()
    columns, rows = read_csv(tmp_path / "one" / "agreement.csv")
    assert columns[:12] == [
        "item", "raters", "n", "categories", "p_observed", "p_expected", "kappa", "weights", "se", "ci_low",
        "ci_high", "label",
    ]  # fmt: skip
    assert len(rows) > 100
    with pytest.raises(InputError, match="exists"):
        analyse_study(study, tmp_path / "one")
    analyse_study(study, tmp_path / "one", report=False, force=True, profile=Profile(";", bom=True))
    assert (tmp_path / "one" / "answers.csv").read_bytes().startswith(b"\xef\xbb\xbfrater;session;")


def test_cancelling_leaves_nothing(tmp_path):
    class Stopped:
        def report(self, fraction: float, what: str) -> None:
            pass

        def cancelled(self) -> bool:
            return True

    with pytest.raises(InputError, match="stopped"):
        analyse_study(small.whole_study(), tmp_path / "out", progress=Stopped())
    assert not list(tmp_path.iterdir())


def test_it_tells_how_far_it_is_and_stops_between_items_of_agreement():
    class Watched:
        def __init__(self, most: float) -> None:
            self.most = most
            self.told: list[tuple[float, str]] = []

        def report(self, fraction: float, what: str) -> None:
            self.told.append((fraction, what))

        def cancelled(self) -> bool:
            return sum(what == "agreement" for _, what in self.told) > self.most

    whole = Watched(most=np.inf)
    analyse(small.whole_study(), whole)
    fractions = [fraction for fraction, _ in whole.told]
    assert fractions == sorted(fractions)
    assert fractions[-1] < 1
    # once for the table, once for each item
    items = sum(what == "agreement" for _, what in whole.told)
    assert items > 5
    stopped = Watched(most=3)
    with pytest.raises(InputError, match="stopped"):
        analyse(small.whole_study(), stopped)
    assert stopped.told == whole.told[: len(stopped.told)]
    assert stopped.told[-1][1] == "agreement"


def test_error_of_the_baseline_does_not_average_out_of_the_limit():
    images = small.images_of("A-3")
    # two values, so that the maps' line can be seen: 5 1/s are 1 ug/g
    rate = images.r2star_per_s.data.copy()
    iron = images.iron_ug_per_g.data.copy()
    rate[1], iron[1] = rate[1] + 10.0, iron[1] + 2.0
    images = replace(
        images,
        r2star_per_s=replace(images.r2star_per_s, data=rate),
        iron_ug_per_g=replace(images.iron_ug_per_g, data=iron),
        facts={"r2star0_se_per_s": 2.0},
    )
    found = measure(small.reading(X, small.scan_of("A", 3.0)), images, coils=1)
    assert found.iron_limit_ug_per_g == pytest.approx(3.29 * np.hypot(1 / np.sqrt(128), 2.0 / 5.0), rel=1e-5)


def test_rows_follow_time_and_field(whole):
    rows = whole.tables["tables/table2"].rows
    assert [(row["field_t"], row["group"]) for row in rows] == [
        (field, group) for field in (3.0, 0.064) for group in ("all", "MNP", "vehicle")
    ]


def test_fields_are_compared_over_the_raters(whole):
    table = whole.tables["mrmc"]
    # both raters are right at both fields: nothing varies; and one malignant node is too few
    assert all("no error" in row["reason"] for row in pick(table, item="lesion in the case", value=None))
    assert "fewer than two positive" in one(table, item="node malignant")["reason"]


def test_a_false_alarm_at_one_field_lowers_its_mean_area():
    data = small.whole_study()
    at = small.scan_of("C", 0.064)
    wrong = small.reading(Y, at, lesions={(1.0, 1.0, 1.0): 5})
    readings = tuple(wrong if (r.rater, r.scan_id) == (Y, at.scan_id) else r for r in data.readings)
    table = analyse(replace(data, readings=readings)).tables["mrmc"]
    wanted = {"item": "lesion in the case", "quantity": "mean AUC", "model": "fixed raters, random cases"}
    # y at 0.064 T: positives 5 and 4 against negatives 5 and 2, x is right throughout
    areas = {row["modality"]: row["value"] for row in pick(table, **wanted)}
    assert areas == {"3 T": 1.0, "0.064 T": pytest.approx((1.0 + (0.5 + 1 + 0 + 1) / 4) / 2)}
    random = pick(table, item="lesion in the case", model="random raters, random cases")
    assert random
    assert all("two raters" in row["reason"] for row in random)


def test_free_response_of_one_rater(whole):
    at = {"field_t": 3.0, "visit": "", "rater": Y}
    table = whole.tables["froc"]
    # lesions: a1 4, a2 5, b1 unmarked; highest false marks of the cases without a lesion: C none, D 2
    figure = one(table, quantity="JAFROC", **at)
    assert figure["value"] == pytest.approx((1 + 1 + 1 + 1 + 0.5 + 0) / 6)
    assert (figure["cases"], figure["lesions"]) == (4, 3)
    points = {
        row["threshold"]: (row["false_marks_per_case"], row["value"])
        for row in pick(table, quantity="FROC point", **at)
    }
    assert points == {5.0: (0.0, 1 / 3), 4.0: (0.25, 2 / 3), 2.0: (0.5, 2 / 3)}


def test_groups_are_compared_with_animals_as_units(whole):
    row = one(whole.tables["groups"], item="iron_ug_per_g", field_t=3.0, test="Student t")
    # mean of raters: 9.375 and 13.125 against 0.9375 and 1.875
    assert row["n"] == 4
    assert row["difference"] == pytest.approx((9.375 + 13.125) / 2 - (0.9375 + 1.875) / 2)
    assert row["groups"] == "MNP, vehicle"
    # every volume is the same, so there is nothing to test
    assert "varies" in pick(whole.tables["groups"], item="tumour_volume_mm3", field_t=3.0)[0]["reason"]


def test_volumes_over_time_give_response_and_progression():
    grown = small.box(slice(8, 16), slice(8, 24))
    readings, scans = [], []
    for subject in "AB":
        for visit, mask in (
            ("baseline", small.TUMOUR),
            ("24 h", small.TUMOUR),
            ("7 d", grown if subject == "A" else small.TUMOUR),
        ):
            scan = replace(small.scan_of(subject, 3.0), scan_id=f"{subject}-{visit}", visit=visit)
            scans.append(scan)
            readings.append(small.reading(X, scan, tumour=mask))
    found = analyse(replace(small.study(*readings), scans=tuple(scans))).tables
    last = one(found["tables/table1b"], group="MNP", visit="7 d")
    assert (last["PD"], last["SD"], last["change_n"]) == (1, 1, 2)
    assert last["change_mean_percent"] == pytest.approx(50.0)
    assert one(found["tables/table1b"], group="MNP", visit="baseline")["change_n"] == 0
    step = one(found["survival"], quantity="free of progression", group="MNP")
    assert (step["time_h"], step["value"], step["at_risk"]) == (168.0, 0.5, 2)
    assert "two groups" in one(found["survival"], quantity="log-rank test")["reason"]


def test_table_3_holds_kappa_and_pooled_accuracy(whole):
    table = whole.tables["tables/table3"]
    kappa = one(table, item="margin_conspicuity", quantity="kappa, unweighted", field_t=3.0)
    assert (kappa["n"], kappa["raters"]) == (4, "x, y")
    area = one(table, item="node malignant", quantity="auc", field_t=3.0)
    assert (area["raters"], area["n"]) == ("pooled", 6)
