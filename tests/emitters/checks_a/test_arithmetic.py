"""The ARI checks of group A."""

from decimal import Decimal

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from tests.emitters.checks_a.running import hits, letters
from tests.emitters.factories import coal_test, plant

D = Decimal
ALL = tuple(range(1, 13))
HONEST = [
    {},
    {"chp": True},
    {"year": 2022, "chp": True},
    {"measured": False, "year": 2023},
    {"year": 2019},
]


@pytest.mark.parametrize("kind", HONEST)
@pytest.mark.parametrize(
    "code",
    ["ARI-EMISSION-RECALC", "ARI-DEFAULT-VALUES", "ARI-ANNUAL-ROLLUP", "ARI-POWER-IDENTITY", "ARI-PURCHASED-POWER"],
)  # fmt: skip
def test_honest_reports_pass(code, kind):
    assert letters(code, plant(daily=True, **kind)) == []


def _e(month, delta):
    row = plant().generators[0].fuels[0].get("e_fuel")
    return {"e_fuel": {month: str(row[month] + D(delta))}}


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        # January: 161 617 t, so 0.02 % is 32 t.
        ({"months": _e(1, "-30")}, []),
        ({"months": _e(1, "-100")}, [("A", (1,)), ("B", (1,))]),
        ({"months": _e(1, "100")}, [("A", (1,)), ("B", (1,))]),
        ({"months": {"e_unit": {2: "100000"}}}, [("B", (2,))]),
        ({"plant_total": "1500000"}, [("C", ())]),
        ({"plant_total": "1565600"}, []),
        ({"months": {"cc": {4: "0.02400"}}}, [("D", (4,))]),
        ({"months": {"e_fuel": {1: None}, "c_ar": {2: None}, "cc": {2: None}}}, [("C", ())]),
        ({"without": ["e_fuel", "cc", "e_unit"]}, []),
    ],
)
def test_emission_recalc(spoilt, expected):
    assert letters("ARI-EMISSION-RECALC", plant(**spoilt)) == expected


def test_emission_recalc_says_how_much_and_which_way():
    hit = hits("ARI-EMISSION-RECALC", plant(months=_e(1, "-100")))[0]
    assert (hit.direction, hit.t_co2) == (Direction.FAVOURABLE, D("100.00"))
    assert hit.cells == ("化石燃料燃烧!F7",)
    assert "81115.77 × 0.5434 × 99% × 44/12" in hit.values["formula"][0]


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ({}, []),
        ({"tests": {5: {"car": "0.5147"}}}, []),  # 0.0005 off: rounding
        ({"tests": {5: {"car": "0.5010"}}}, [("A", (5,)), ("C", (5,))]),
        ({"tests": {5: {"cad": None}}}, []),
        ({"months": {"c_ar": {5: "0.5000"}}}, [("C", (5,))]),
        # Total moisture 0.3 points from the daily tests passes, more does not.
        ({"daily": True, "tests": {5: {"mt": "10.84"}}}, []),
        ({"daily": True, "tests": {5: {"mt": "15.00"}}}, [("B", (5,))]),
        ({"tests": {5: None}}, []),
    ],
)
def test_c_basis(spoilt, expected):
    assert letters("ARI-C-BASIS", plant(**spoilt)) == expected


def test_invented_moisture_is_worth_what_it_hides():
    tests = {m: {"mt": "16"} for m in ALL}
    hit = next(h for h in hits("ARI-C-BASIS", plant(daily=True, tests=tests)) if h.letter == "B")
    assert hit.months == ALL
    assert hit.direction == Direction.FAVOURABLE
    assert hit.t_co2 > 70000  # about 5 points of moisture on 1.57 Mt


def test_c_basis_without_tests():
    with pytest.raises(NotRun):
        hits("ARI-C-BASIS", plant(measured=False, year=2023))


@pytest.mark.parametrize(
    ("qnetar", "expected"),
    [
        (None, []),
        ("20.30", []),  # 20.262 by the formula: 38 J/g
        ("20.40", [("A", (5,))]),
        ("23.424", [("B", (5,))]),  # gross for net
    ],
)
def test_ncv_basis(qnetar, expected):
    tests = {5: {"qnetar": qnetar}} if qnetar else {}
    assert letters("ARI-NCV-BASIS", plant(tests=tests)) == expected


def test_ncv_basis_by_hand():
    # (23.424×1000 − 206×3.95)×(100 − 10.54)/(100 − 1.35) − 23×10.54 = 20262 J/g
    assert coal_test(5).qnetar == D("20.262")


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        (
            {"measured": False, "year": 2023, "months": {"cc": {3: "0.02618"}}},
            [("A", (3,)), ("A", (3,))],
        ),
        ({"measured": False, "year": 2023, "months": {"c_ar": {3: "0.5"}}}, [("A", (3,))]),
        (
            {"measured": False, "year": 2023, "months": {"cc": {3: "0.02858"}, "c_ar": {3: None}}},
            [],
        ),
        ({"tests": {3: None}}, [("B", (3,))]),
        ({"tests": {3: {"cad": None, "car": None}}}, [("B", (3,))]),
        # A month at the default of the year counts as a default month.
        ({"tests": {3: None}, "months": {"cc": {3: "0.03085"}, "c_ar": {3: None}}}, []),
        ({"year": 2026, "measured": False}, []),  # value unknown: the candidate is accepted
    ],
)
def test_default_values(spoilt, expected):
    assert letters("ARI-DEFAULT-VALUES", plant(**spoilt)) == expected


def test_mean_of_measured_months_may_stand_for_missing_ones_in_2022():
    report = plant(year=2022)
    cc = report.generators[0].fuels[0].get("cc")
    rest = [v for m, v in cc.filled() if m != 3]
    mean = (sum(rest) / len(rest)).quantize(D("0.00001"))
    spoilt = {"tests": {3: None}, "months": {"cc": {3: str(mean)}}}
    assert letters("ARI-DEFAULT-VALUES", plant(year=2022, **spoilt)) == []
    assert letters("ARI-DEFAULT-VALUES", plant(year=2024, **spoilt)) == [("B", (3,))]


@pytest.mark.parametrize(
    ("annual", "expected"),
    [
        ({}, []),
        ({"c_ar": "0.5211"}, ["B"]),  # 0.5215 weighted: 0.08 %
        ({"c_ar": "0.5200"}, ["A"]),
        ({"ncv": "20.0"}, ["B"]),  # carbon is measured: no effect on emissions
        ({"fc": "800000"}, ["A"]),
        ({"hours": "7000"}, ["B"]),
        ({"c_ar": None, "ncv": None}, []),
    ],
)
def test_annual_rollup(annual, expected):
    assert [h.letter for h in hits("ARI-ANNUAL-ROLLUP", plant(annual=annual))] == expected


def test_rollup_counts_defaults_of_heat_as_emissions():
    report = plant(measured=False, year=2023, annual={"ncv": "20.0"})
    assert [h.letter for h in hits("ARI-ANNUAL-ROLLUP", report)] == ["A"]


def _lf(delta):
    return {"lf": {3: str(plant().generators[0].production["lf"][3] + D(delta))}}


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (_lf("0.4"), []),
        (_lf("0.6"), [("C", (3,))]),
        (_lf("-1.5"), [("D", (3,))]),
        ({"sup": {3: "170000"}}, [("A", (3,))]),
        ({"sup": {3: "300000"}}, [("B", (3,))]),
        ({"hours": {3: None}}, []),
    ],
)
def test_power_identity(months, expected):
    gen = plant().generators[0].production["gen"][3]
    for rows in months.values():
        if rows.get(3) == "170000":
            rows[3] = str(gen * D("1.005"))
    assert letters("ARI-POWER-IDENTITY", plant(months=months)) == expected


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ({"year": 2022}, []),
        ({"year": 2024}, []),
        ({"year": 2022, "months": {"heat_ratio": {1: "25"}}}, [("B", (1,))]),
        ({"year": 2024, "months": {"heat_ratio": {1: "25"}}}, [("E", (1,))]),
        ({"year": 2022, "months": {"b_power": {2: "0.400"}}}, [("B", (2,))]),
        ({"year": 2024, "without": ["heat_ratio", "b_heat", "b_power", "i_power", "i_heat"]}, []),
    ],
)
def test_heat_split(spoilt, expected):
    found = letters("ARI-HEAT-SPLIT", plant(chp=True, **spoilt))
    assert found == expected


def test_heat_split_without_heat():
    with pytest.raises(NotRun):
        hits("ARI-HEAT-SPLIT", plant())


def test_heat_grows_but_the_ratio_stands_still():
    before = plant(year=2021, chp=True)
    heat = before.generators[0].production["heat"]
    grown = {"heat": {m: str(v * D("1.08")) for m, v in heat.filled()}}
    report = plant(year=2022, chp=True, months=grown)
    assert "C" in [h.letter for h in hits("ARI-HEAT-SPLIT", report, history=(before,))]


@pytest.mark.parametrize(
    ("year", "months", "expected"),
    [
        (2022, {"buy_e": {7: "136.993"}, "e_buy": {7: "78.13"}}, []),
        (2022, {"buy_e": {7: "136.993"}, "e_buy": {7: "78.00"}}, [("A", (7,))]),
        (2021, {"buy_e": {7: "100"}, "e_buy": {7: "60"}, "ef": {7: "0.6"}}, [("D", (7,))]),
        # The factor of 2024 is not known: any published one is accepted, another one is only noted.
        (2024, {"buy_e": {7: "100"}, "e_buy": {7: "53.66"}, "ef": {7: "0.5366"}}, []),
        (2024, {"buy_e": {7: "100"}, "e_buy": {7: "40"}, "ef": {7: "0.4"}}, [("E", (7,))]),
        # Without a daily ledger the hours tell the outage.
        (2024, {"hours": {7: "100"}}, [("B", (7,))]),
        (2024, {"hours": {7: "640"}}, []),
        (2024, {"hours": {7: "100"}, "buy_e": {7: "1"}, "e_buy": {7: "0.57"}}, [("C", (7,))]),
        (2024, {"hours": {7: "100"}, "buy_e": {7: "90"}, "e_buy": {7: "51.33"}}, []),
        (2024, {"buy_e": {7: None}, "hours": {7: "100"}}, []),
    ],
)
def test_purchased_power(year, months, expected):
    assert letters("ARI-PURCHASED-POWER", plant(year=year, months=months)) == expected


def test_purchased_power_not_reported():
    with pytest.raises(NotRun):
        hits("ARI-PURCHASED-POWER", plant(year=2026))
