"""Who is in the digital study: groups, iron, targets."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.relaxometry.simulate import GROUPS, VISITS, draw_study
from core.relaxometry.simulate.plan import ICPMS_IRON_UG_PER_G, MUSCLE_MM, TUMOUR_IRON_UG_PER_G

FIELDS = (3.0, 0.064)


@pytest.fixture(scope="module")
def full():
    """The study at full size."""
    return draw_study(7, 10, FIELDS)


def group_of(plan, group):
    return [subject for subject in plan.subjects if subject.group == group]


def test_the_same_seed_draws_the_same_study_and_another_seed_another(full):
    assert draw_study(7, 10, FIELDS) == full
    assert draw_study(8, 10, FIELDS) != full


def test_the_fields_do_not_change_who_is_in_the_study(full):
    assert draw_study(7, 10, (0.064,)).subjects == full.subjects


def test_groups_are_of_the_size_asked_for_and_allotted_at_random(full):
    assert Counter(subject.group for subject in full.subjects) == dict.fromkeys(GROUPS, 10)
    assert [subject.subject for subject in full.subjects] == [f"M{k:02d}" for k in range(1, 31)]
    first_ten = {subject.group for subject in full.subjects[:10]}
    assert len(first_ten) > 1


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31), n=st.integers(2, 12))
def test_iron_of_every_group_has_the_mean_and_sd_of_the_study(seed, n):
    plan = draw_study(seed, n, FIELDS)
    for (group, visit), (mean, sd) in TUMOUR_IRON_UG_PER_G.items():
        drawn = [subject.tumour_iron_ug_per_g[visit] for subject in group_of(plan, group)]
        assert np.mean(drawn) == pytest.approx(mean)
        assert np.std(drawn, ddof=1) == pytest.approx(sd, rel=0.02)
        assert min(drawn) > 0


def test_icpms_has_its_own_mean_and_sd_and_follows_the_tumours_iron(full):
    for (group, visit), (mean, sd) in ICPMS_IRON_UG_PER_G.items():
        animals = group_of(full, group)
        measured = [subject.icpms_ug_per_g[visit] for subject in animals]
        assert np.mean(measured) == pytest.approx(mean)
        assert np.std(measured, ddof=1) == pytest.approx(sd, rel=0.02)
        drawn = [subject.tumour_iron_ug_per_g[visit] for subject in animals]
        assert np.corrcoef(drawn, measured)[0, 1] > 0.8


def test_without_the_agent_there_is_no_iron_but_icpms_has_its_error(full):
    for subject in full.subjects:
        assert subject.tumour_iron_ug_per_g["baseline"] == 0
        assert "baseline" not in subject.icpms_ug_per_g
    for subject in group_of(full, "vehicle"):
        assert set(subject.tumour_iron_ug_per_g.values()) == {0.0}
        assert all(0 < value < 0.8 for value in subject.icpms_ug_per_g.values())


def test_a_single_animals_iron_stays_within_one_sd():
    for seed in range(20):
        for subject in draw_study(seed, 1, FIELDS).subjects:
            for visit in VISITS[1:]:
                if subject.group != "vehicle":
                    mean, sd = TUMOUR_IRON_UG_PER_G[subject.group, visit]
                    assert abs(subject.tumour_iron_ug_per_g[visit] - mean) <= sd * (1 + 1e-9)


def test_sixty_lesions_in_the_twenty_animals_with_agent_a_third_of_them_small(full):
    for group in GROUPS:
        lesions = [t for s in group_of(full, group) for t in s.targets if t.kind == "lesion"]
        assert len(lesions) == 30
        assert sum(lesion.diameter_mm < 3 for lesion in lesions) == 10
        assert all(1.5 <= lesion.diameter_mm <= 5 and lesion.malignant for lesion in lesions)


def test_half_of_the_nodes_are_malignant_whole_or_in_part(full):
    for group in GROUPS:
        nodes = [t for s in group_of(full, group) for t in s.targets if t.kind == "node"]
        assert Counter(node.pattern for node in nodes) == {"benign": 10, "whole": 5, "focal": 5}
        assert all(node.malignant == (node.pattern != "benign") for node in nodes)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_targets_lie_apart_and_within_the_slab(seed):
    for subject in draw_study(seed, 1, FIELDS).subjects:
        assert len({target.target_id for target in subject.targets}) == len(subject.targets) == 6
        assert 6 <= subject.tumour.diameter_mm <= 10
        for one, two in combinations(subject.targets, 2):
            gap = np.linalg.norm(np.subtract(one.centre_mm, two.centre_mm)) - one.radius_mm - two.radius_mm
            assert gap > 0.6
        for target in subject.targets:
            assert abs(target.centre_mm[2]) + target.radius_mm < 6.7
            across = np.hypot(target.centre_mm[0] / MUSCLE_MM[0], target.centre_mm[1] / MUSCLE_MM[1])
            assert across < 1.25


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, 1, FIELDS), "seed"),
        ((0, 0, FIELDS), "1 to 999 animals"),
        ((0, 1, ()), "each field once"),
        ((0, 1, (3.0, 3.0)), "each field once"),
        ((0, 1, (1.5,)), r"not 1\.5 T"),
    ],
)
def test_a_study_that_cannot_be_is_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        draw_study(*arguments)


def test_an_unknown_subject_is_refused(full):
    with pytest.raises(InputError, match="no subject M99"):
        full.subject("M99")
