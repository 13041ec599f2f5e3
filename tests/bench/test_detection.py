"""A small bench with loose bars, so that a check that stops finding or starts accusing is seen."""

import pytest

from emitters.simulator import ODDITIES, WAYS
from tests.bench.detection.cast import Cast, Size
from tests.bench.detection.expected import EXPLAINS, NAMES
from tests.bench.detection.figures import Sorted, auc, cut, right_family, share
from tests.bench.detection.judging import judge

SMALL = Size(honest=24, odd=1, false=1, strengths=("gross",))


@pytest.fixture(scope="module")
def small():
    return Sorted.of(judge(7, 2022, SMALL, views=("province",)), "province")


def test_every_way_and_oddity_has_its_expectation():
    assert set(NAMES) == set(WAYS)
    assert set(EXPLAINS) == set(ODDITIES)


def test_gross_falsifications_stand_out(small):
    assert len(small.false) >= 0.9 * len(WAYS)
    assert small.auc() >= 0.8
    caught = small.caught()
    assert share(len(caught), len(small.false)) >= 0.65
    assert share(sum(map(right_family, caught)), len(caught)) >= 0.85


def test_honest_plants_are_left_alone(small):
    honest = small.honest
    assert share(sum(v.alarm for v in honest), len(honest)) <= 0.1
    assert share(sum(v.criticals for v in honest), len(honest)) <= 1


def test_odd_plants_are_left_alone_once_explained(small):
    assert sum(v.alarm for v in small.odd) <= 2
    assert sum(v.band_after != "green" for v in small.odd) <= 1


def test_the_same_seed_gives_the_same_reports():
    size = Size(honest=2, odd=0, false=0)
    first, second = (Cast(5, 2022).lives(size) for _ in range(2))
    assert first == second
    assert first != Cast(6, 2022).lives(size)


@pytest.mark.parametrize(
    ("false", "true", "expected"),
    [([3, 4], [1, 2], 1), ([1], [1], 0.5), ([0, 2], [1], 0.5), ([0], [1, 2], 0)],
)
def test_area_under_the_curve(false, true, expected):
    assert auc(false, true) == expected


def test_one_in_twenty_lies_above_the_cut():
    scores = list(range(100))
    assert sum(s > cut(scores) for s in scores) == 5
