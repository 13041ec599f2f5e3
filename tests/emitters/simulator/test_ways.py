"""Each way to falsify changes what it says, leaves a readable workbook and knows what it hides."""

from dataclasses import fields
from decimal import Decimal as D
from functools import cache
from random import Random

import pytest

from carbonwatch.params.values import shipped
from emitters.calc.accounts import account
from emitters.simulator import (
    STRENGTHS,
    WAYS,
    Attempt,
    State,
    falsify,
    honest_year,
    make_plant,
)
from emitters.simulator.closing import close
from emitters.workbook import read_report, write_report

# Where the trace must lie: the parts of the report that may and must differ from the honest year.
TOUCHED = {
    "stock_adjustment": {"generators", "plant_total", "stocks", "daily"},
    "unreported_purchases": {"generators", "plant_total", "stocks", "daily"},
    "carbon_all_year": {"generators", "plant_total", "tests"},
    "carbon_some_months": {"generators", "plant_total", "tests"},
    "moisture_invented": {"generators", "plant_total", "tests"},
    "heat_value_lowered": {"generators", "plant_total", "daily"},
    "oxidation_lowered": {"generators", "plant_total"},
    "simple_average": {"generators", "plant_total"},
    "default_avoided": {"tests"},
    "batch_disguised": {"tests"},
    "dates_rewritten": {"tests"},
    "reused_across_months": {"generators", "plant_total", "tests"},
    "reused_across_enterprises": {"generators", "plant_total", "tests"},
    "results_invented": {"generators", "plant_total", "tests"},
    "copied_last_year": {"generators", "plant_total", "tests"},
    "heat_overstated": {"generators"},
    "power_overstated": {"generators"},
    "own_use_understated": {"generators"},
    "load_doctored": {"generators"},
    "standby_counted": {"generators"},
    "class_false": {"generators"},
    "purchased_concealed": {"generators", "plant_total"},
    "cooling_false": {"generators"},
    "capacity_overstated": {"generators"},
    "heat_ratio_lowered": {"generators"},
    "heat_and_ratio": {"generators"},
    "belt_trimmed": {"generators", "plant_total", "stocks", "daily"},
    "loss_inflated": {"generators", "plant_total", "stocks", "daily"},
    "ledger_filled": {"generators", "plant_total", "stocks", "daily"},
    "ledger_invented": {"generators", "plant_total", "stocks", "daily"},
    "back_solved": {"generators", "plant_total", "stocks", "daily"},
    "last_year_scaled": {"generators", "plant_total", "stocks", "daily"},
    "month_copied": {"generators", "plant_total", "stocks", "daily"},
    "fuel_between_units": {"generators", "plant_total", "stocks", "daily"},
    "gas_understated": {"generators", "plant_total", "stocks"},
    "sheet_edited": {"generators", "plant_total", "tests"},
    "consultancy_shave": {"generators", "plant_total", "tests"},
    "sample_split": {"generators", "plant_total", "tests"},
    "interpolated": {"generators", "plant_total", "tests"},
    "results_random": {"generators", "plant_total", "tests"},
    "measured_months_chosen": {"generators", "plant_total", "tests"},
    "wet_everywhere": {"generators", "plant_total", "tests", "daily"},
    "default_private": {"generators", "plant_total"},
    "default_avoided_all": {"generators", "plant_total", "tests"},
}
# Coal moved between units hides next to nothing; two months of tests weigh more or less than three.
HIDES_EMISSIONS = {code for code in TOUCHED if TOUCHED[code] & {"plant_total", "tests"}} - {
    "fuel_between_units", "measured_months_chosen", "month_copied",
}  # fmt: skip
UNMEASURED = {"heat_value_lowered", "default_private"}


def _plant(measured: bool, kind="chp", index=1):
    for seed in range(200):
        plant = make_plant(Random(seed), index, "210100", kind)
        fits = plant.consultant and len(plant.generators) > 1
        if fits and (plant.measured_from == 2019) == measured:
            return plant
    raise AssertionError("no such plant")


def _books(measured, kind="chp", index=1):
    """Books of 2021 and 2022; fresh ones, for cheats write into them."""
    plant = _plant(measured, kind, index)
    state = State.of(plant)
    return honest_year(plant, 2021, state), honest_year(plant, 2022, state)


def _attempt(code, strength):
    if code not in UNMEASURED:
        kind = "gas" if code == "gas_understated" else "chp"
        previous, book = _books(measured=True, kind=kind)
    else:
        plant = next(
            p
            for p in (make_plant(Random(s), 1, "210100", "chp") for s in range(300))
            if p.measured_from > 2022
        )
        state = State.of(plant)
        previous, book = honest_year(plant, 2021, state), honest_year(plant, 2022, state)
    donor = _books(measured=True, kind="coal", index=2)[1]
    return Attempt(book, strength, Random(7), previous, donor)


@cache
def case(code, strength):
    """Facts of the honest year, the falsified facts and the truth."""
    attempt = _attempt(code, strength)
    honest = close(attempt.book)
    return (honest, *falsify(attempt, code))


def test_every_way_has_an_expectation():
    assert set(TOUCHED) == set(WAYS)


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("code", WAYS)
def test_changes_what_it_says_and_nothing_else(code, strength):
    honest, reported, truth = case(code, strength)
    changed = {
        f.name for f in fields(honest) if getattr(honest, f.name) != getattr(reported, f.name)
    }
    assert changed == TOUCHED[code]
    assert (truth.label, truth.way, truth.strength) == ("falsified", code, strength)


@pytest.mark.parametrize("code", sorted(HIDES_EMISSIONS))
def test_hides_more_the_stronger_it_is(code):
    weak, medium, gross = (case(code, s)[2].hidden_t for s in STRENGTHS)
    assert weak > 0
    # Invented results hide the same against the default at any strength, but for their noise.
    assert weak * D("0.97") <= medium <= gross * D("1.03")


@pytest.mark.parametrize("code", ["heat_overstated", "power_overstated", "own_use_understated"])
def test_gains_allowances(code):
    assert case(code, "gross")[2].allowances_t > 0
    assert case(code, "gross")[2].hidden_t == 0


@pytest.mark.parametrize("code", WAYS)
def test_falsified_workbook_is_readable(code):
    _, reported, _ = case(code, "gross")
    assert read_report(write_report(reported)).facts == reported


@pytest.mark.parametrize("code", [c for c in WAYS if c != "simple_average"])
def test_a_careful_cheat_keeps_the_sums(code):
    _, reported, _ = case(code, "medium")
    assert abs(account(reported, shipped()).t_exact - reported.plant_total.annual) <= 1


def test_stock_adjustment_takes_up_the_coal():
    honest, reported, _ = case("stock_adjustment", "gross")
    burnt = honest.stocks[0].series["used"].annual - reported.stocks[0].series["used"].annual
    plug = honest.stocks[0].series["adj"].annual - reported.stocks[0].series["adj"].annual
    assert burnt == plug
    assert burnt / honest.stocks[0].series["used"].annual > D("0.05")


def test_reuse_shares_numbers_and_values():
    _, reported, _ = case("reused_across_months", "gross")
    by_number = {}
    for test in reported.tests:
        by_number.setdefault(test.report_no, []).append(test)
    reused = max(by_number.values(), key=len)
    assert len(reused) == 5
    assert len({(t.cad, t.qgrad, t.aad, t.vad) for t in reused}) == 1


def test_default_avoided_has_months_without_papers():
    honest, reported, _ = case("default_avoided", "gross")
    missing = {t.month for t in honest.tests} - {t.month for t in reported.tests}
    assert len(missing) == 6


def test_a_way_that_does_not_fit_is_refused():
    plant = make_plant(Random(1), 1, "210100", "gas")
    attempt = Attempt(honest_year(plant, 2023), "weak", Random(1))
    with pytest.raises(ValueError, match="carbon_all_year"):
        falsify(attempt, "carbon_all_year")
