"""Case table of PEER-WEAK-SIGNALS."""

import pytest

from carbonwatch.checks.registry import Direction, NotRun, Severity, get_check
from carbonwatch.params.values import shipped
from emitters.calc.accounts import account
from emitters.peers.features import YEAR, features_of
from tests.emitters.checks_peers.crowd import BASE, crowd, member, results
from tests.emitters.factories import plant

CODE, LAST = "PEER-WEAK-SIGNALS", 39


def off(**given):
    return member(LAST, **{**BASE, **given})


CASES = [
    ({}, 0),
    ({"fuel_gj": BASE["fuel_gj"] * 0.985, "cc": BASE["cc"] * 0.99, "heat_gap": 1.5}, 1),
    ({"heat_gap": 2.5}, 1),
    ({"fuel_gj": BASE["fuel_gj"] * 1.015, "cc": BASE["cc"] * 1.01, "heat_gap": -0.5}, 0),
]


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_small_distances_of_one_direction(given, expected):
    found = results(CODE, crowd(LAST + 1, off(**given)), LAST)
    assert len(found) == expected
    assert all(h.direction == Direction.FAVOURABLE and h.t_co2 > 0 for h in found)


def test_ranking_accuses_nobody():
    assert {o.severity for o in get_check(CODE).outcomes.values()} == {Severity.INFO}


def test_few_peers_are_no_pass():
    with pytest.raises(NotRun):
        results(CODE, crowd(4), 1)


def heat_gap(report):
    (row,) = features_of(account(report, shipped())).years
    return row[YEAR.index("heat_gap")]


def test_carbon_taken_off_leaves_more_heat_than_it_can_give():
    lowered = {m: {"cad": str(round(t.cad * 96 / 100, 2))} for m, t in enumerate(plant().tests, 1)}
    assert heat_gap(plant(tests=lowered)) > heat_gap(plant()) + 2
    assert heat_gap(plant(tests=dict.fromkeys(range(1, 11)))) != heat_gap(plant())
