"""Case tables of group F: ledgers written by hand, copied or filled, figures worked out backwards."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from emitters.facts import DailyCoal
from tests.emitters.checks_d.conftest import letters, row
from tests.emitters.factories import plant

EVERY = range(1, 13)


def ledger(change=None, *, step="0.01", year=2024):
    """A year of days as instruments show them; `change(n, row)` returns another row for day n."""
    rng = Random(1)
    rows = []
    for n in range(365):
        coal = round(Decimal(rng.gauss(2300, 160)) / Decimal(step)) * Decimal(step)
        ncv, mt = (round(Decimal(rng.gauss(a, b)), p) for a, b, p in ((20, 0.7, 3), (11, 1, 1)))
        made = DailyCoal(n + 2, date(year, 1, 1) + timedelta(days=n), "1#", coal, ncv, mt)
        rows.append(change(n, made) if change else made)
    return replace(plant(year=year), daily=tuple(rows))


def rounded_days(share):
    """So many of a hundred days are rounded to 5 t."""

    def change(n, made):
        if n % 100 < share:
            return made._replace(coal_t=round(made.coal_t / 5) * Decimal(5))
        return made._replace(coal_t=round(made.coal_t) * Decimal(1))

    return change


DIGITS = [
    (ledger(), []),
    (ledger(step="1"), []),  # whole tonnes
    (ledger(step="5"), []),  # the scale itself shows 5 t
    (ledger(rounded_days(10)), []),
    (ledger(rounded_days(20)), ["A"]),
    (ledger(rounded_days(30)), ["B"]),
    (ledger(rounded_days(80)), ["B"]),
    (ledger(lambda n, r: r._replace(mt=r.mt if n % 4 else round(r.mt * 2) / Decimal(2))), ["A"]),
]


@pytest.mark.parametrize(("report", "expected"), DIGITS)
def test_last_digits(run, report, expected):
    assert letters(run("STA-LAST-DIGIT", report)) == expected


def test_few_days_have_no_digits_to_judge(run):
    report = ledger()
    with pytest.raises(NotRun):
        run("STA-LAST-DIGIT", replace(report, daily=report.daily[:119]))


def copied(first, count, lag, factor="1"):
    """Days from `first` on repeat those `lag` days before, the coal times a factor."""
    source = ledger().daily

    def change(n, made):
        if not first <= n < first + count:
            return made
        old = source[n - lag]
        coal = round(old.coal_t * Decimal(factor), 2)
        return made._replace(coal_t=coal, ncv=old.ncv, mt=old.mt)

    return change


DAILY = [
    (None, []),
    (copied(100, 4, 31), []),
    (copied(100, 5, 31), ["A"]),
    (copied(100, 7, 7), ["A"]),  # the week before
    (copied(100, 28, 90, "0.97"), ["B"]),
    (copied(59, 28, 31), ["A"]),
    (lambda n, r: r._replace(ncv=Decimal(20)), []),  # one quantity alone
    (lambda n, r: r._replace(coal_t=Decimal(2300), ncv=Decimal(20), mt=Decimal(11)), ["A"]),
]


@pytest.mark.parametrize(("change", "expected"), DAILY)
def test_copied_days(run, change, expected):
    assert letters(run("STA-DAILY-COPY", ledger(change))) == expected


def test_copied_days_are_shown_with_their_source(run):
    (hit,) = run("STA-DAILY-COPY", ledger(copied(59, 28, 31)))
    assert (hit.values["own"], hit.values["other"]) == ("2024-02-29", "2024-01-29")
    assert hit.values["count"] == 28
    assert hit.months == (2, 3)


def test_generators_on_one_conveyor_share_heat_and_moisture(run):
    report = ledger()
    second = tuple(
        r._replace(generator="2#", row=r.row + 400, coal_t=r.coal_t + n % 9)
        for n, r in enumerate(report.daily)
    )
    assert run("STA-DAILY-COPY", replace(report, daily=report.daily + second)) == []


def test_without_a_ledger_nothing_is_judged(run):
    for code in ("STA-DAILY-COPY", "STA-LAST-DIGIT"):
        with pytest.raises(NotRun):
            run(code, plant())


def months(code, values):
    return {"months": {code: dict(enumerate(values, 1))}}


def line(start, step, count):
    return [str(Decimal(start) + n * Decimal(step)) for n in range(count)]


GROWING = [str(round(Decimal(50000) * Decimal("1.02") ** n, 2)) for n in range(5)]
FILLED = [
    ({}, []),
    (months("fc", line("60000.00", "1234.56", 4)), []),
    (months("fc", line("60000.00", "1234.56", 5)), ["A"]),
    (months("fc", line("60000.00", "0", 5)), []),  # equal months are another matter
    (months("fc", GROWING), ["A"]),
    (months("ncv", line("20.000", "0.150", 6)), ["A"]),
    (months("hours", line("600", "20", 6)), []),  # hours are not free
]


@pytest.mark.parametrize(("given", "expected"), FILLED)
def test_filled_months(run, given, expected):
    assert letters(run("STA-COPY-FILL", plant(**given))) == expected


def scaled(code, factor, noise="0"):
    unit = plant(year=2023).generators[0]
    series = unit.production.get(code) or unit.fuels[0].series[code]
    return {
        m: str(round(v * (Decimal(factor) + (m % 3 - 1) * Decimal(noise)), 4))
        for m, v in series.filled()
    }


def other(code):
    return scaled(code, "1", "0.04")


FREE = {code: other(code) for code in ("fc", "ncv", "c_ar", "gen", "sup", "heat")}
SCALED = [
    (FREE, []),
    (FREE | {"fc": scaled("fc", "0.97")}, ["B"]),
    (FREE | {"fc": scaled("fc", "0.97", "0.001")}, []),  # one quantity, not exactly
    (FREE | {c: scaled(c, "0.97", "0.001") for c in ("fc", "gen")}, ["B"]),
    (FREE | {c: scaled(c, "0.97", "0.001") for c in ("gen", "sup")}, []),  # one meter's two figures
]


@pytest.mark.parametrize(("given", "expected"), SCALED)
def test_last_year_with_a_factor(run, given, expected):
    report = plant(months=given)
    assert letters(run("STA-COPY-FILL", report, history=[plant(year=2023)])) == expected


def test_less_coal_than_last_year_by_a_factor_is_in_the_plants_favour(run):
    report = plant(months=FREE | {"fc": scaled("fc", "0.97")})
    (hit,) = run("STA-COPY-FILL", report, history=[plant(year=2023)])
    assert hit.direction == Direction.FAVOURABLE


def rates(values):
    """Coal so that the rate of generation is given, g/kWh; others keep the honest books' noise."""
    unit = plant().generators[0]
    heat, gen = unit.fuels[0].series["ncv"], unit.production["gen"]
    found = {}
    for month in EVERY:
        rate = values.get(month, Decimal(300) + Decimal("1.37") * (month * 5 % 11))
        found[month] = str(round(rate * gen[month] * Decimal("0.0293076") / heat[month], 2))
    return found


TARGET = [
    ({}, []),
    (dict.fromkeys((2, 5, 9), Decimal("298")), []),
    (dict.fromkeys((2, 5, 9, 11), Decimal("298")), ["A"]),
    (dict.fromkeys((2, 5, 9, 11), Decimal("297.431")), ["A"]),
    ({m: Decimal("298") + Decimal("0.05") * m for m in (2, 5, 9, 11)}, []),
]


@pytest.mark.parametrize(("values", "expected"), TARGET)
def test_coal_worked_out_from_a_rate(run, values, expected):
    report = plant(months={"fc": rates(values)}, without=("heat_ratio",))
    found = [h for h in run("STA-BACKSOLVED", report) if h.letter == "A"]
    assert letters(found) == expected


def test_no_output_no_rate(run):
    with pytest.raises(NotRun):
        run("STA-BACKSOLVED", plant(without=("gen", "sup")))


def outside(share):
    """Others' records that differ from the report by a share in the plant's favour (or not)."""
    report = plant()
    unit = report.generators[0]
    burnt, gen = unit.fuels[0].series["fc"].total, unit.production["gen"].total
    bought = report.stock("燃煤").series["buy"].total
    emitted = report.plant_total.annual
    return [
        row("grid", year=2024, gen_mwh=gen * (1 - share)),
        row("cems", year=2024, co2_t=emitted * (1 + 4 * share)),
        row("statistics", year=2024, item="燃煤消耗量", amount=burnt * (1 + share)),
        row("invoice", day=date(2024, 6, 1), tonnes=bought * (1 + share)),
    ]


def leaning(way):
    """A report whose own small deviations lean one way; 1 is the plant's favour."""
    tests = {t.month: {"mt": str(t.mt + Decimal("0.3") * way)} for t in plant().tests}
    stock = {"adj": {6: str(-600 * way)}}
    return plant(tests=tests, stock=stock, daily=True)


BEFORE = plant(year=2023, months={
    "c_ar": {t.month: str(round(t.car * Decimal("1.006"), 4)) for t in plant().tests},
    "fc": {m: str(round(v * Decimal("1.008"), 2))
           for m, v in plant().generators[0].fuels[0].series["fc"].filled()},
})  # fmt: skip
DIRECTIONS = [
    (leaning(1), Decimal("0.01"), ["A"]),
    (leaning(1), Decimal("-0.01"), []),
    (leaning(-1), Decimal("0.01"), []),
]


@pytest.mark.parametrize(("report", "share", "expected"), DIRECTIONS)
def test_everything_leans_one_way(run, report, share, expected):
    hits = run("STA-ONE-DIRECTION", report, history=[BEFORE], outside=outside(share))
    assert letters(hits) == expected


def test_few_deviations_have_no_direction(run):
    with pytest.raises(NotRun):
        run("STA-ONE-DIRECTION", leaning(1))
