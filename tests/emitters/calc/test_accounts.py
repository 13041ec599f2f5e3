"""Accounting: worked by hand, at the boundaries, and on whole sample workbooks."""

from dataclasses import replace
from decimal import Decimal as D
from pathlib import Path

import pytest

from carbonwatch.params.values import shipped
from emitters.calc import allocation, rounding
from emitters.calc.accounts import account
from emitters.calc.figures import figures
from emitters.calc.fuels import combustion, fuel_default, grid_factors
from emitters.workbook import read_report
from tests.emitters.factories import plant

GOOD = Path(__file__).parents[2] / "workbooks" / "good"
FALSIFIED = {"chp1_2024", "big2_2024", "cfb5_2023", "big7_2024"}


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.xlsx")), ids=lambda p: p.stem)
def test_sample_totals_within_one_tonne(path):
    accounts = account(read_report(path.read_bytes()).facts, shipped())
    if path.stem not in FALSIFIED:
        assert abs(accounts.t_exact - accounts.t_reported) <= 1
    # Parts sum to the total.
    assert accounts.t_exact == sum(g.t_co2 for g in accounts.generators)
    for unit in accounts.generators:
        assert unit.t_co2 == sum(t for t in unit.t_month if t is not None)
        assert unit.t_burn == sum(f.t_co2 for f in unit.fuels)


def test_combustion_by_hand():
    # 81115.77 t × 0.5434 tC/t × 0.99 × 44/12 = 160004.256...
    assert combustion(D("81115.77"), D("0.5434"), D(99)) == D("160004.26")


def test_annual_means_are_weighted_and_skip_idle_months():
    report = plant(months={"fc": dict.fromkeys(range(3, 13), "0") | {1: "100", 2: "300"}})
    coal = account(report, shipped()).generators[0].coal
    rows = coal.use
    by_hand = (100 * rows.value("ncv", 1) + 300 * rows.value("ncv", 2)) / 400
    assert coal.ncv == rounding.ncv(by_hand)
    assert coal.fc == 400


def test_blank_is_not_zero():
    unit = account(
        plant(months={"fc": {3: None}, "c_ar": {4: None}, "cc": {4: None}}), shipped()
    ).generators[0]
    assert unit.coal[3] is None
    assert unit.coal[4].t_co2 is None
    assert unit.t_month[2] == 0  # purchased power only
    assert unit.coal[4].heat_gj > 0


def test_carbon_from_heat_where_carbon_is_not_reported():
    report = plant(measured=False, year=2023, without=["c_ar"])
    month = account(report, shipped()).generators[0].coal[1]
    assert month.c_ar == rounding.carbon_as_received(month.ncv * D("0.03085"))


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"capacity_mw": D(400)}, "I"),
        ({"capacity_mw": D("399.9")}, "II"),
        ({"boiler": "循环流化床", "capacity_mw": D(600)}, "III"),
        ({"category": "非常规燃煤"}, "III"),
        ({"category": "燃气"}, "IV"),
        ({"category": "燃油"}, ""),
        ({"capacity_mw": None}, ""),
    ],
)
def test_unit_classes(attributes, code):
    unit = account(plant(attributes=attributes), shipped()).generators[0]
    assert unit.class_code == code
    assert (unit.allowance_t is None) == (code == "")


@pytest.mark.parametrize(
    ("year", "load", "factor"),
    [
        (2020, "0.90", "1"),
        (2020, "0.85", "1"),
        (2020, "0.8499", "1.000014"),
        (2020, "0.80", "1.007"),
        (2020, "0.75", "1.015"),
        (2020, "0.70", "1.030225"),  # 1.015²
        (2023, "0.65", "1"),
        (2023, "0.60", "1.061364"),  # the plan's own example: 1.0614
        (2026, "0.50", "1"),
        (2026, "0.45", "1.126115"),  # check value of the draft: 1.1261
    ],
)
def test_load_correction(year, load, factor):
    rule = shipped().get("correction.load", year)
    got = allocation.load_factor_correction(rule, D(load))
    assert abs(got - D(factor)) < D("0.00006" if year == 2026 else "0.000001")


def test_allowance_of_2022_by_hand():
    # Class II, condensing: net supply × 0.8729 × 1 × (1 − 0.22×0) × Ff, rounded down.
    report = plant(year=2022)
    unit = account(report, shipped()).generators[0]
    supply = report.generators[0].production["sup"].total
    ff = dict(unit.allowance_parts[0].inputs)["Ff"]
    assert unit.allowance_t == int(supply * D("0.8729") * ff)


def test_allowance_of_2024_counts_generation_and_heat():
    report = plant(year=2024, chp=True, capacity="250")  # load above 65 %: no peak-shaving factor
    unit = account(report, shipped()).generators[0]
    rows = report.generators[0].production
    power, heat = rows["gen"].total * D("0.8049"), rows["heat"].total * D("0.1033")
    assert unit.allowance_t == int(power) + int(heat)


def test_load_correction_of_2020_is_for_condensing_units_only():
    names = [
        dict(account(plant(year=2020, chp=chp), shipped()).generators[0].allowance_parts[0].inputs)[
            "Ff"
        ]
        for chp in (False, True)
    ]
    assert names[0] > 1
    assert names[1] == 1


@pytest.mark.parametrize(
    ("year", "units", "expected"),
    [
        # From 2023 a gas unit's allowance is topped up to its emissions.
        (2023, [("IV", D(80), D(100))], (D(100), D(100), ["gas_exemption"])),
        # Coal: topped up to 80 % of the verified emissions of the plant.
        (2023, [("II", D(70), D(100))], (D(80), D(100), ["cap20"])),
        (2023, [("II", D(80), D(100))], (D(80), D(100), [])),
        # To 2022 the obligation is capped instead.
        (2022, [("IV", D(80), D(100))], (D(80), D(80), ["gas_exemption"])),
        (2022, [("II", D(70), D(100))], (D(70), D(90), ["cap20"])),
        (2022, [("II", D(80), D(100))], (D(80), D(100), [])),
    ],
)
def test_plant_rules(year, units, expected):
    allowance, obligation, steps = allocation.plant_rules(units, shipped(), year)
    assert (allowance, obligation, [s.code for s in steps]) == expected


def test_purchased_power_leaves_the_obligation_in_2023_and_the_report_in_2026():
    bought = {"buy_e": {7: "100"}}
    by_year = {}
    for year in (2022, 2023):
        accounts = account(plant(year=year, months=bought), shipped())
        by_year[year] = (accounts.t_exact - accounts.generators[0].t_burn, accounts.obligation_t)
    assert by_year[2022][0] == by_year[2023][0] == D("57.03")
    burnt = account(plant(year=2023), shipped()).generators[0].t_burn
    assert by_year[2023][1] == burnt
    unit = account(plant(year=2026, measured=False), shipped()).generators[0]
    assert unit.t_buy == (None,) * 12


def test_unknown_grid_factor_leaves_its_candidates():
    import datetime

    assert grid_factors(shipped(), datetime.date(2024, 5, 1)) == (
        D("0.5703"),
        D("0.5568"),
        D("0.5366"),
    )
    assert fuel_default(shipped(), "柴油", datetime.date(2024, 1, 1)).value["ncv"] == D("42.652")
    assert fuel_default(shipped(), "木屑", datetime.date(2024, 1, 1)) is None


def test_figures_name_their_formula_and_inputs():
    accounts = account(plant(chp=True, year=2022), shipped())
    found = {f.code: f for f in figures(accounts)}
    reported = accounts.report.generators[0].production
    for code in ("b_power", "b_heat", "i_power", "i_heat", "lf"):
        assert found[code].value == reported[code].annual, code
    assert found["ncv.燃煤"].value == D("20.242")
    assert found["e_total"].generator == ""
    assert found["allowance.electricity"].formula == "Qe × Be × Fl × Fr × Ff"
    assert all(f.rule and f.formula for f in found.values())


def test_rounding_agrees_with_the_dated_rules():
    names = {
        "carbon_per_heat": rounding.carbon_per_heat,
        "monthly_emissions": rounding.monthly_emissions,
    }
    for key, values in shipped().by_key.items():
        if key.startswith("rounding."):
            name = key.removeprefix("rounding.")
            function = names.get(name) or getattr(rounding, name)
            sample = D("1.23456789")
            decimals = int(values[0].value["decimals"])
            assert -function(sample).as_tuple().exponent == decimals, key
    assert rounding.monthly_emissions(D("0.005")) == D("0.01")
    assert rounding.allowance(D("9.999")) == 9


def test_two_generators_add_up():
    one = plant(number="1#")
    two = replace(one.generators[0], number="2#")
    report = replace(one, generators=(one.generators[0], two))
    assert account(report, shipped()).t_exact == 2 * account(one, shipped()).t_exact
