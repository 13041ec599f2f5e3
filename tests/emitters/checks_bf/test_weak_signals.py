"""Case tables of STA-WEAK-SIGNALS, of the heat slope and of purchases against the own months."""

from decimal import Decimal as D

import pytest

from carbonwatch.checks.registry import Direction, NotRun, Severity, get_check
from emitters.checks.own.heat_rate import heat_slope
from tests.emitters.checks_bf.conftest import context
from tests.emitters.factories import plant

WEAK, BOUGHT = "STA-WEAK-SIGNALS", "ARI-PURCHASED-POWER"
MONTHS = range(1, 13)


def series(report, code):
    generator = report.generators[0]
    row = generator.production.get(code) or generator.fuels[0].series[code]
    return dict(row.filled())


def scaled(code, factor, *, year=2024, chp=False):
    """An honest plant but for one row, which is that much smaller or larger."""
    values = series(plant(year=year, chp=chp), code)
    changed = {m: str(round(v * D(factor), 4)) for m, v in values.items()}
    return plant(year=year, chp=chp, months={code: changed})


BEFORE = [plant(year=2022), plant(year=2023)]


@pytest.mark.parametrize(
    ("report", "history", "expected"),
    [
        (plant(), BEFORE, 0),
        (scaled("fc", "0.99"), BEFORE, 1),
        (scaled("fc", "1.01"), BEFORE, 0),
        (scaled("c_ar", "0.97"), BEFORE, 1),
        (scaled("c_ar", "1.01"), BEFORE, 0),
    ],
)
def test_small_deviations_of_one_direction(run, report, history, expected):
    found = run(WEAK, report, history=history)
    assert len(found) == expected
    assert all(h.direction == Direction.FAVOURABLE and h.t_co2 > 0 for h in found)


def test_ranking_accuses_nobody():
    assert {o.severity for o in get_check(WEAK).outcomes.values()} == {Severity.INFO}


def test_nothing_to_compare_is_no_pass(run):
    with pytest.raises(NotRun):
        run(WEAK, plant())


def slope(factor):
    """Heat sold times a factor in the report year, the heat share with it."""
    honest = plant(chp=True)
    heat = {m: str(round(v * D(factor), 2)) for m, v in series(honest, "heat").items()}
    report = plant(chp=True, months={"heat": heat})
    history = [plant(year=y, chp=True) for y in (2022, 2023)]
    return heat_slope(context(report, history), "1#")


def test_heat_that_was_not_sold_needs_no_fuel():
    level, error = slope("1")
    assert abs(level) < 0.001
    assert error > 0
    assert slope("1.3")[0] < -2 * slope("1.3")[1]
    assert slope("0.8")[0] > 0


def test_no_heat_no_slope():
    assert heat_slope(context(plant(), BEFORE), "1#") is None


def power(year, bought, hours="400"):
    """Months 3 to 6 off the grid for a good part, with power bought in them."""
    off = range(3, 7)
    return plant(
        year=year,
        months={
            "hours": dict.fromkeys(off, hours),
            "buy_e": dict(zip(off, bought, strict=True)),
        },
    )


ALWAYS = [power(y, ["400", "500", "600", "450"]) for y in (2022, 2023)]


@pytest.mark.parametrize(
    ("report", "history", "expected"),
    [
        (power(2024, ["400", "500", "600", "450"]), ALWAYS, []),
        (power(2024, ["400", "0", "0", "450"]), ALWAYS, [(4, 5)]),
        (power(2024, ["0", "0", "0", "0"], hours="700"), ALWAYS, []),  # hardly off the grid
        (power(2024, ["0", "0", "0", "0"]), [power(2023, ["0", "500", "0", "0"])], []),
        (power(2024, ["0", "0", "0", "0"]), [], []),
    ],
)
def test_purchases_against_the_own_months(run, report, history, expected):
    found = [h for h in run(BOUGHT, report, history=history) if h.letter == "F"]
    assert [h.months for h in found] == expected
    assert all(h.t_co2 > 100 for h in found)
