"""Case tables of PEER-ROBUST-Z and PEER-MULTIVAR."""

from decimal import Decimal

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from carbonwatch.params.values import shipped
from emitters.peers import Frames
from emitters.peers.quantities import scores
from tests.emitters.checks_peers.crowd import BASE, crowd, letters, member, results

LAST = 39


def off(**given):
    return member(LAST, **{k: BASE[k] * v for k, v in given.items()})


SINGLE = [
    ({}, []),
    ({"cc": 0.99}, []),
    ({"cc": 0.955}, [("A", "单位热值含碳量")]),
    ({"cc": 1.045}, [("B", "单位热值含碳量")]),
    ({"fuel_gj": 0.99}, []),
    ({"fuel_gj": 0.93}, [("A", "折算发电热耗"), ("B", "供热煤耗")]),
    ({"fuel_gj": 1.08}, [("B", "折算发电热耗"), ("B", "供热煤耗")]),
    ({"own_use": 0.6}, [("B", "厂用电率")]),  # from 2023 generation counts, not net supply
    ({"heat_ratio": 0.9}, [("B", "供热煤耗")]),
]


@pytest.mark.parametrize(("given", "expected"), SINGLE)
def test_a_single_quantity(given, expected):
    hits = results("PEER-ROBUST-Z", crowd(LAST + 1, off(**given)), LAST)
    assert [(h.letter, h.values["quantity"]) for h in hits] == expected


def test_what_earned_allowances_counted_while_it_did():
    year = 2022
    odd = member(LAST, year=year, own_use=BASE["own_use"] * 0.6)
    hits = results("PEER-ROBUST-Z", crowd(LAST + 1, odd, year=year), LAST, year=year)
    assert letters(hits) == ["A"]


def test_the_evidence_says_what_is_hidden_and_keeps_others_apart():
    (hit,) = results("PEER-ROBUST-Z", crowd(LAST + 1, off(cc=0.955)), LAST)
    assert hit.direction == Direction.FAVOURABLE
    assert hit.values["value"] == Decimal("0.02502")
    assert hit.values["around"]["peers"] == LAST + 1
    assert 70_000 <= hit.t_co2 <= 82_000  # 4.7 % of 1.65 million tonnes
    assert hit.t_co2 % 1000 == 0  # two digits: it moves little with every new report


GUARDS = [(7, None), (8, "few"), (14, "few"), (15, "many")]


@pytest.mark.parametrize(("count", "rule"), GUARDS)
def test_few_peers_need_a_greater_distance(count, rule):
    """Below 8 nothing is compared; below 15 the limit is 5 instead of 3.5."""
    last = count - 1
    others = [member(n, own_use=7 + 0.02 * (-1) ** n) for n in range(last)]
    near = member(last, own_use=7 - 0.35 * 4)  # four spreads (the floor) below
    far = member(last, own_use=7 - 0.35 * 6)
    if rule is None:
        with pytest.raises(NotRun):
            results("PEER-ROBUST-Z", [*others, far], last)
        return
    seen = [letters(results("PEER-ROBUST-Z", [*others, x], last)) for x in (near, far)]
    assert seen == ([["B"], ["B"]] if rule == "many" else [[], ["B"]])


def test_a_thin_group_is_drawn_towards_its_parent():
    """Four plants of another pressure among forty: their centre is a third their own."""
    frames = Frames.of(
        [member(n, own_use=7.0) for n in range(40)]
        + [member(n, own_use=10.0, pressure="超临界") for n in range(40, 44)]
    )
    found = scores(frames, shipped(), 2024)
    assert found.center["own_use"].iloc[-1] == pytest.approx(7 * 8 / 12 + 10 * 4 / 12)
    assert found.center["own_use"].iloc[0] == pytest.approx(7.0)
    assert found.n["own_use"].iloc[-1] == 44


def test_a_draft_is_compared_but_counts_for_nobody():
    others = crowd(LAST)
    assert letters(results("PEER-ROBUST-Z", others, LAST, drafts=[off(cc=0.955)])) == ["A"]
    drafts = [member(LAST + n, cc=0.02) for n in range(60)]
    assert letters(results("PEER-ROBUST-Z", others, 0, drafts=drafts)) == []


def test_heat_is_compared_by_its_growth():
    def pair(number, factor):
        grown = [BASE["heat"] / 12 * factor] * 12
        return [member(number, year=2023), member(number, months={"heat": grown})]

    grown = [f for n in range(LAST) for f in pair(n, 1.05 + 0.002 * (n % 5))]
    for factor, expected in ((1.1, []), (1.3, ["A"]), (0.8, ["B"])):
        hits = results("PEER-ROBUST-Z", [*grown, *pair(LAST, factor)], LAST)
        assert letters(hits) == expected


COMBINED = [
    ({}, 0),
    ({"mt": 1.1}, 0),
    ({"mt": 1.35, "vdaf": 1.15, "ncv": 1.1, "ash": 0.8}, 1),
]


@pytest.mark.parametrize(("given", "count"), COMBINED)
def test_odd_combinations(given, count):
    hits = results("PEER-MULTIVAR", crowd(LAST + 1, off(**given)), LAST)
    assert len(hits) == count
    for hit in hits:
        assert len(hit.values["quantities"]) == 3
        assert set(hit.values["quantities"]) <= {
            "全水分",
            "干燥无灰基挥发分",
            "收到基低位发热量",
            "干燥基灰分",
        }


def test_combinations_need_thirty_generators():
    with pytest.raises(NotRun):
        results("PEER-MULTIVAR", crowd(29), 0)
