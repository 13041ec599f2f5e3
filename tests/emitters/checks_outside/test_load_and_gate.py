"""Case tables of CON-LOAD-CLIFF and CON-NCV-ENTRY-FIRED."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from tests.emitters.checks_outside.records import MONTHS, hits, letters, output, plant, rows_of
from tests.emitters.factories import coal_test

CLIFF, GATE = "CON-LOAD-CLIFF", "CON-NCV-ENTRY-FIRED"
CHP = {"product": "热电联产"}


def at_load(percent, **more):
    """A plant whose hours give that load factor."""
    report = plant(capacity="350", **more)
    made = sum(output(report, "gen").months)
    hours = made / (350 * D(percent) / 100) / 12
    return plant(
        capacity="350", months={"hours": dict.fromkeys(MONTHS, str(round(hours, 2)))}, **more
    )


def outage(begin, end):
    return rows_of("outage", [{"generator": "1#", "begin": begin, "end": end}])


LONG = outage(date(2024, 1, 1), date(2024, 4, 30))
SHORT = outage(date(2024, 4, 3), date(2024, 4, 9))


@pytest.mark.parametrize(
    ("percent", "records", "expected"),
    [
        ("70", [], []),
        ("65.2", [], []),
        ("64.9", [], ["A"]),
        ("63.1", [], ["A"]),
        ("62.8", [], []),
        ("62.8", [LONG], ["B"]),
        ("62.8", [SHORT], []),
        ("64.9", [SHORT], ["A"]),
    ],
)
def test_edge(percent, records, expected):
    report = at_load(percent)
    assert letters(CLIFF, report, *records) == expected


def test_edge_is_weighed_in_allowances():
    (hit,) = hits(CLIFF, at_load("62.8"), LONG)
    assert hit.direction == Direction.FAVOURABLE
    assert hit.t_allowance > 20_000
    assert hit.root == "hours:1#"


@pytest.mark.parametrize(
    ("registered", "note", "expected"),
    [("330", "", ["C"]), ("350", "", ["A"]), ("349", "", ["A"]), ("330", "增容改造", ["A"])],
)
def test_capacity_that_was_accepted_before(registered, note, expected):
    report = at_load("64")
    report = replace(report, basic={**report.basic, "生产经营变化说明": note})
    known = {"1#": {"capacity_mw": D(registered)}}
    assert letters(CLIFF, report, registry=known) == expected


@pytest.mark.parametrize("report", [plant(year=2022), plant(attributes={"capacity_mw": None})])
def test_no_edge_no_pass(report):
    with pytest.raises(NotRun):
        hits(CLIFF, report)


def batches(gap, months=MONTHS, tonnes="50000"):
    """Coal at the gate that much richer than the coal burnt in the month."""
    fired = plant().generators[0].fuels[0].series["ncv"]
    return rows_of(
        "receipt",
        [{"day": date(2024, m, 15), "tonnes": D(tonnes), "ncv": fired[m] + D(gap)} for m in months],
    )


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (batches("0.1"), []),
        (batches("0.3"), []),
        (batches("0.7"), ["B"]),
        (batches("-0.1"), []),
        (batches("-0.5"), ["C"]),
        (batches("0.8", range(1, 4)), ["A"]),
    ],
)
def test_gate(records, expected):
    assert letters(GATE, plant(), records) == expected


def test_heat_times_default_is_hidden_emission():
    (hit,) = hits(GATE, plant(measured=False), batches("0.9"))
    assert hit.letter == "B"
    assert hit.direction == Direction.FAVOURABLE
    assert hit.t_co2 > 10_000


def test_own_tests_of_receipts_stand_in():
    report = plant()
    tests = [replace(coal_test(m), kind="入厂", qnetar=D("30")) for m in MONTHS]
    assert letters(GATE, replace(report, tests=tuple(tests))) == ["B"]


def test_nothing_at_the_gate_is_no_pass():
    with pytest.raises(NotRun):
        hits(GATE, plant())
    with pytest.raises(NotRun):
        hits(GATE, plant(), batches("0.1", (1, 2, 4, 5)))
