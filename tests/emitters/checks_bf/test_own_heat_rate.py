"""Case tables of the checks that compare a unit's heat rate and output with its own other years."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from tests.emitters.factories import plant

ALL = range(1, 13)


def letters(hits):
    return [h.letter for h in hits]


def scaled(code, factor, months=ALL, **shape):
    """The honest months of a value, some of them times a factor."""
    unit = plant(**shape).generators[0]
    row = unit.production.get(code) or unit.fuels[0].series[code]
    return {m: str(round(v * Decimal(factor), 4)) for m, v in row.filled() if m in months}


def changed(factors, months=ALL, **shape):
    """A report in which values are multiplied: `changed({"fc": "0.97"})`."""
    rows = {code: scaled(code, factor, months, **shape) for code, factor in factors.items()}
    return plant(months=rows, **shape)


def declaring(report, text):
    return replace(report, basic={**report.basic, "生产经营变化说明": text})


def power_follows_coal(rate, **shape):
    """Generation worked out from coal at a fixed rate, tce/MWh."""
    use = plant(**shape).generators[0].fuels[0]
    rows = zip(use.series["fc"].filled(), use.series["ncv"].filled(), strict=True)
    standard = {m: fc * ncv / Decimal("29.3076") for (m, fc), (_m, ncv) in rows}
    gen = {m: str(round(t / Decimal(rate), 3)) for m, t in standard.items()}
    return plant(months={"gen": gen}, **shape)


BEFORE = (plant(year=2022), plant(year=2023))
YEARS = [
    ({}, []),
    ({"fc": "0.997"}, []),
    ({"fc": "0.99"}, ["F"]),  # within what is allowed: ranks only
    ({"fc": "0.975"}, ["B"]),
    ({"gen": "1.025", "sup": "1.025"}, ["B"]),
    ({"fc": "1.03"}, ["D"]),
    ({"fc": "0.94", "ncv": "1.06"}, []),  # another coal: the heat is the same
]


@pytest.mark.parametrize(("factors", "expected"), YEARS)
def test_heat_rate_of_the_year(run, factors, expected):
    hits = run("CON-HEATRATE-MODEL", changed(factors), history=BEFORE)
    assert letters(hits) == expected


MONTHS = [
    ({"fc": "0.98"}, (2, 3, 8), []),
    ({"fc": "0.93"}, (8,), ["E"]),
    ({"fc": "0.93"}, (2, 3, 8), ["A"]),
    ({"fc": "1.07"}, (2, 3, 8), ["E"]),
]


@pytest.mark.parametrize(("factors", "months", "expected"), MONTHS)
def test_single_months_without_history(run, factors, months, expected):
    hits = run("CON-HEATRATE-MODEL", changed(factors, months))
    assert letters(hits) == expected
    assert all(set(h.months) <= set(months) for h in hits)


def test_fuel_worked_out_from_a_fixed_rate(run):
    (hit,) = run("CON-HEATRATE-MODEL", power_follows_coal("0.300"))
    assert hit.letter == "C"
    assert hit.root == "heat-rate-flat"
    assert hit.values["load_range"] > 12


def test_missing_coal_is_weighed(run):
    (hit,) = run("CON-HEATRATE-MODEL", changed({"fc": "0.96"}), history=BEFORE)
    assert hit.direction == Direction.FAVOURABLE
    # 4 % of the coal is 4.17 % of what is reported.
    assert hit.values["change"] == pytest.approx(Decimal("4.0"), abs=Decimal("0.3"))
    burnt = changed({"fc": "0.96"}).generators[0].fuels[0].series
    reported = sum(
        f * c * 99 * 44 / 1200
        for f, c in zip(burnt["fc"].months, burnt["c_ar"].months, strict=True)
    )
    assert hit.t_co2 == pytest.approx(reported * Decimal("0.0417"), rel=Decimal("0.1"))


DECLARED = [
    ("0.97", "1号机组通流改造", ["D"]),
    ("0.97", "煤炭供应商更换", ["B"]),
    ("0.97", "详见附件", ["D"]),
    ("0.97", "无", ["B"]),
    ("0.92", "1号机组通流改造", ["B"]),
]


@pytest.mark.parametrize(("factor", "text", "expected"), DECLARED)
def test_what_a_declared_change_explains(run, factor, text, expected):
    report = declaring(changed({"fc": factor}), text)
    assert letters(run("CON-HEATRATE-MODEL", report, history=BEFORE)) == expected


def test_a_retrofit_of_last_year_explains_this_one(run):
    last = declaring(changed({"fc": "0.98"}, year=2023), "汽轮机通流改造")
    history = (plant(year=2022), last)
    assert letters(run("CON-HEATRATE-MODEL", changed({"fc": "0.95"}), history=history)) == ["D"]


def test_a_neighbour_that_hides_coal_does_not_excuse_the_year(run):
    history = (plant(year=2022), changed({"fc": "0.97"}, year=2023))
    assert letters(run("CON-HEATRATE-MODEL", changed({"fc": "0.97"}), history=history)) == ["B"]


def test_a_year_of_trial_running_is_no_base(run):
    first = changed({"fc": "1.04"}, year=2023)
    unit = replace(first.generators[0], commissioned=first.generators[0].commissioned.replace(2023))
    history = (replace(first, generators=(unit,)),)
    assert run("CON-HEATRATE-MODEL", plant(), history=history) == []


@pytest.mark.parametrize("without", [("fc",), ("gen",), ("hours",), ("ncv",)])
def test_heat_rate_needs_its_inputs(run, without):
    with pytest.raises(NotRun):
        run("CON-HEATRATE-MODEL", plant(without=without))


FACTORS = [
    ({}, {}, []),
    ({"heat": "1.05"}, {"chp": True}, ["A"]),
    ({"heat": "1.001"}, {"chp": True}, []),
    ({"heat": "1.01"}, {"chp": True}, ["C"]),
    ({"heat": "0.95"}, {"chp": True}, []),
    ({"fc": "0.988", "c_ar": "0.98"}, {}, ["B"]),
    ({"fc": "0.985"}, {}, []),
    ({"c_ar": "0.98"}, {}, []),
    ({"sup": "1.01"}, {}, []),
]
YEARS = [
    ({}, {}, []),
    ({"heat": "0.95"}, {"chp": True}, ["D"]),
    ({"heat": "1.05"}, {"chp": True}, []),  # CON-FOUR-FACTOR asks
    ({"sup": "1.01"}, {}, ["D"]),  # from 2023 generation earns the allowances
]


@pytest.mark.parametrize(("factors", "shape", "expected"), FACTORS)
def test_four_factors(run, factors, shape, expected):
    history = tuple(replace(plant(year=y, **shape), tests=()) for y in (2022, 2023))
    report = replace(changed(factors, **shape), tests=())
    assert letters(run("CON-FOUR-FACTOR", report, history=history)) == expected


@pytest.mark.parametrize(("factors", "shape", "expected"), YEARS)
def test_year_on_year(run, factors, shape, expected):
    history = tuple(replace(plant(year=y, **shape), tests=()) for y in (2022, 2023))
    report = replace(changed(factors, **shape), tests=())
    assert letters(run("HIS-YOY", report, history=history)) == expected


def test_own_use_counts_while_net_supply_earns_allowances(run):
    before = [plant(year=2020), plant(year=2021)]
    (hit,) = run("HIS-YOY", changed({"sup": "1.01"}, year=2022), history=before)
    assert hit.letter == "C"
    assert hit.root == "own-use"
    # One percent of net supply, times the benchmark of class II of 2022 and its corrections.
    supplied = plant(year=2022).generators[0].production["sup"].total
    assert hit.t_allowance == pytest.approx(
        supplied * Decimal("0.01") * Decimal("0.8729"), rel=Decimal("0.15")
    )


def test_phantom_heat_is_worth_allowances(run):
    history = (plant(year=2022, chp=True), plant(year=2023, chp=True))
    (hit,) = run("CON-FOUR-FACTOR", changed({"heat": "1.10"}, chp=True), history=history)
    heat = plant(chp=True).generators[0].production["heat"].total
    assert hit.root == "heat"
    assert hit.t_allowance == pytest.approx(
        heat * Decimal("0.10") * Decimal("0.1033"), rel=Decimal("0.05")
    )


@pytest.mark.parametrize("history", [(), (plant(year=2019),)])
@pytest.mark.parametrize("code", ["CON-FOUR-FACTOR", "HIS-YOY"])
def test_comparing_years_needs_a_near_year(run, code, history):
    with pytest.raises(NotRun):
        run(code, plant(), history=history)
