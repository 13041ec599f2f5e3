"""Honest books balance to the last digit, whatever the seed."""

from collections import defaultdict
from decimal import Decimal as D
from itertools import pairwise
from random import Random

import pytest

from carbonwatch.params.values import shipped
from emitters.calc.accounts import account
from emitters.simulator import STRENGTHS, State, make_plant, province, simulate
from emitters.simulator.machines import KINDS
from emitters.workbook import read_report, write_report

SEEDS = range(6)


def honest(items):
    return [(p, y, f) for p, y, f, truth in items if truth.label != "falsified"]


@pytest.mark.parametrize("seed", SEEDS)
def test_recomputed_equals_reported(seed):
    for plant, year, facts in honest(province(seed, 8, (2019, 2022, 2025))):
        accounts = account(facts, shipped())
        assert accounts.t_co2 == facts.plant_total.annual, (plant.kind, year)
        for unit in accounts.generators:
            reported = facts.generator(unit.number).production["e_unit"]
            assert unit.t_co2 == reported.annual
            assert [t or 0 for t in unit.t_month] == [m or 0 for m in reported.months]


@pytest.mark.parametrize("kind", [*KINDS, "mine_mouth"])
def test_annual_means_and_sums(kind):
    facts = simulate(make_plant(Random(kind), 1, "210100", kind), 2023)
    accounts = account(facts, shipped())
    for unit in accounts.generators:
        for fuel in unit.fuels:
            for code in ("fc", "ncv", "c_ar"):
                assert fuel.use.get(code).annual == getattr(fuel, code), (fuel.use.fuel, code)
            # From the rounded means or from the exact ones: the last digit may differ.
            assert abs(fuel.use.get("cc").annual - fuel.cc) <= D("0.00001")
        for code in ("gen", "sup", "heat", "hours", "e_unit"):
            row = unit.generator.production[code]
            assert row.annual == row.total


def test_daily_ledger_gives_the_month(small_province):
    for _, _, facts in honest(small_province):
        for (number, month), rows in facts.daily_by_month.items():
            coal = facts.generator(number).fuels[0]
            assert sum(r.coal_t for r in rows) == coal.value("fc", month)
            heat = sum(r.coal_t * r.ncv for r in rows)
            assert abs(heat / coal.value("fc", month) - coal.value("ncv", month)) <= D("0.0005")


def test_stock_closes_each_month_and_opens_the_next_year(small_province):
    closing = {}
    for plant, year, facts, truth in small_province:
        for stock in facts.stocks:
            typed_wrong = truth.way == "typing_slip"
            for month in range(1, 13):
                v = {code: stock.value(code, month) for code in stock.series}
                due = v["stk0"] + v["buy"] - v["used"] - v["out"] + v["adj"]
                assert typed_wrong or due == v["stk1"]
                assert v["stk1"] >= 0
            if (before := closing.get((plant.index, year - 1))) is not None:
                assert stock.value("stk0", 1) == before
            closing[plant.index, year] = stock.value("stk1", 12)


def test_a_test_belongs_to_its_month(small_province):
    for _, _, facts in honest(small_province):
        for test in facts.tests:
            coal = facts.generator(test.generator).fuels[0]
            assert test.car == coal.value("c_ar", test.month)
            assert test.sampled <= test.sent <= test.received <= test.tested <= test.issued
            assert (test.issued - test.sampled).days <= 40


def test_report_numbers_of_honest_plants_never_meet(small_province):
    owners = defaultdict(set)
    for plant, year, facts in honest(small_province):
        for test in facts.tests:
            owners[test.laboratory, test.report_no].add((plant.index, year, test.month))
    assert all(len(found) == 1 for found in owners.values())
    series = defaultdict(list)
    for _, _, facts in honest(small_province):
        for test in facts.tests:
            series[test.laboratory, test.issued.year].append((test.issued, test.report_no))
    for issued in series.values():
        assert all(a[1] <= b[1] for a, b in pairwise(sorted(issued)) if a[0] < b[0])


def test_round_trip_through_the_workbook(small_province):
    for plant, year, facts, _ in small_province[::4]:
        reading = read_report(write_report(facts))
        assert reading.facts == facts, (plant.kind, year, reading.problems)


def test_state_moves_on_and_the_seed_decides():
    plant = make_plant(Random(5), 3, "210200", "chp")
    again = make_plant(Random(5), 3, "210200", "chp")
    assert plant == again
    state = State.of(plant)
    first = simulate(plant, 2023, state)
    assert simulate(again, 2023, State.of(again)) == first
    assert state.stock == first.stocks[0].series["stk1"].annual
    assert set(STRENGTHS) == {"weak", "medium", "gross"}
