"""Case tables of group C."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from tests.emitters.factories import plant

FC = dict(plant().generators[0].fuels[0].series["fc"].filled())
NCV = dict(plant().generators[0].fuels[0].series["ncv"].filled())


def letters(hits):
    return [h.letter for h in hits]


def hidden(share):
    """A share of each month's coal leaves the books through the stocktake adjustment."""
    taken = {m: round(v * Decimal(share), 2) for m, v in FC.items()}
    return {
        "months": {"fc": {m: str(FC[m] - t) for m, t in taken.items()}},
        "stock": {
            "used": {m: str(FC[m] - t) for m, t in taken.items()},
            "adj": {m: str(-t) for m, t in taken.items()},
        },
    }


STOCK = [
    ({}, []),
    ({"stock": {"stk0": {6: "-1"}, "stk1": {5: "-1"}}}, ["A", "B"]),
    ({"stock": {"stk1": {12: "46000.00"}}}, []),
    ({"stock": {"stk1": {12: "40000.00"}}}, ["B"]),
    (hidden("0.005"), []),
    (hidden("0.006"), ["C"]),
    ({"stock": {"adj": {6: "-500"}}}, []),
    ({"stock": {"out": {3: "300"}}}, []),
    ({"stock": {"out": {3: "700"}}}, ["D"]),
    ({"stock": {"out": {3: "4000"}}}, ["B", "D"]),
]


@pytest.mark.parametrize(("given", "expected"), STOCK)
def test_stock(run, given, expected):
    assert letters(run("CON-STOCK-BALANCE", plant(**given))) == expected


def test_hidden_coal_is_weighed(run):
    (hit,) = run("CON-STOCK-BALANCE", plant(**hidden("0.08")))
    assert hit.direction == Direction.FAVOURABLE
    assert hit.root == "stock:燃煤"
    assert hit.values["share"] == Decimal("8.70")
    assert hit.t_co2 > 100_000


def test_honest_stocktake_of_two_days_burn_is_let_pass(run):
    burn = sum(FC.values()) / 365
    assert run("CON-STOCK-BALANCE", plant(stock={"adj": {6: str(round(-burn / 6, 2))}})) == []


def test_last_years_closing_is_only_told(run):
    before = plant(year=2023)
    (hit,) = run("CON-STOCK-BALANCE", plant(), history=[before])
    assert hit.letter == "E"


def test_no_ledger_is_not_a_pass(run):
    with pytest.raises(NotRun):
        run("CON-STOCK-BALANCE", replace(plant(), stocks=()))


DAILY = [
    ({}, []),
    ({"months": {"fc": {2: "69040"}}}, []),
    ({"months": {"fc": {2: "69050"}}}, ["A"]),
    ({"months": {"fc": {2: str(FC[2] + 900), 3: str(FC[3] - 900)}}}, ["C"]),
    ({"months": {"ncv": {2: str(NCV[2] + Decimal("0.20"))}}}, []),
    ({"months": {"ncv": {2: str(NCV[2] + Decimal("0.21"))}}}, ["D"]),
]


@pytest.mark.parametrize(("given", "expected"), DAILY)
def test_daily(run, given, expected):
    assert letters(run("CON-DAILY-SUM", plant(daily=True, **given))) == expected


def test_missing_days_while_running(run):
    report = plant(daily=True, months={"hours": {4: "719"}})
    gone = [r for r in report.daily if r.day.month == 4 and r.day.day in (7, 8, 9)]
    report = replace(report, daily=tuple(r for r in report.daily if r not in gone))
    (tonnes, days) = run("CON-DAILY-SUM", report)
    assert (tonnes.letter, days.letter) == ("A", "B")
    assert days.values["missing"] == 3


@pytest.mark.parametrize("given", [{}, {"daily": True, "methods": {"fc": "入厂"}}])
def test_no_daily_ledger_is_not_a_pass(run, given):
    with pytest.raises(NotRun):
        run("CON-DAILY-SUM", plant(**given))
