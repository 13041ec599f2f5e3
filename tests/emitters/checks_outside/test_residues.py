"""Case tables of PHY-SULPHUR-BALANCE, PHY-ASH-BALANCE and PHY-CEMS-CO2."""

from decimal import Decimal as D

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from tests.emitters.checks_outside.records import MONTHS, hits, letters, monthly, output, plant

REPORT = plant()
FC = REPORT.generators[0].fuels[0].series["fc"]


def content(name):
    """Tonnes of a dry-air value that each month's coal carried by its test."""
    found = {}
    for test in REPORT.tests:
        dry = (100 - test.mt) / (100 - test.mad)
        found[test.month] = FC[test.month] * getattr(test, name) * dry / 100
    return found


SULPHUR, ASH = content("stad"), content("aad")


def so2(factor=1, months=MONTHS, **own):
    """Sulphur dioxide of the coal's sulphur; `own` gives a month (`m5`) a factor of its own."""
    values = {m: SULPHUR[m] * 2 * D(str(factor)) * D(str(own.get(f"m{m}", 1))) for m in MONTHS}
    return monthly("cems", so2_t=values, months=months)


# Above 25 % and what a test's repeatability moves at 0.81 % of sulphur: 0.12 / 0.81.
THIRD = {f"m{m}": "1.42" for m in (7, 8, 9)}
# Sulphur that the stack saw in the opposite order of the tests' months.
TURNED = {f"m{m}": SULPHUR[13 - m] * FC[m] / FC[13 - m] / SULPHUR[m] for m in MONTHS}


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (so2(), []),
        (so2("0.76"), []),
        (so2("0.74"), ["A"]),
        (so2("1.26"), ["A"]),
        (so2(m7="1.38", m8="1.38", m9="1.38"), []),
        (so2(**THIRD), ["B"]),
        (so2(**TURNED), ["B", "C"]),
        # Too few months to say whether they go together.
        (so2(months=range(1, 7), **TURNED), []),
    ],
)
def test_sulphur(records, expected):
    assert letters("PHY-SULPHUR-BALANCE", REPORT, records) == expected


def test_a_quarter_with_more_sulphur_than_its_coal_is_weighed():
    (hit,) = hits("PHY-SULPHUR-BALANCE", REPORT, so2(**THIRD))
    burnt = sum(output(REPORT, "e_unit")[m] for m in (7, 8, 9))
    assert hit.months == (7, 8, 9)
    assert abs(hit.t_co2 - burnt * D("0.42")) < 1
    assert hit.values["rows"][6]["place"] == "部门文件.xlsx 在线监测月报!A8"


def test_sulphur_needs_measured_coal_and_no_limestone_in_the_furnace():
    for report in (plant(measured=False), plant(attributes={"boiler": "循环流化床"})):
        with pytest.raises(NotRun):
            hits("PHY-SULPHUR-BALANCE", report, so2())
    with pytest.raises(NotRun):
        hits("PHY-SULPHUR-BALANCE", REPORT)
    with pytest.raises(NotRun):
        hits("PHY-SULPHUR-BALANCE", REPORT, monthly("cems", co2_t=D(1000)))


def ash(factor, months=MONTHS):
    return monthly(
        "byproduct", ash_t={m: v * D(str(factor)) for m, v in ASH.items()}, months=months
    )


CFB = plant(attributes={"boiler": "循环流化床"})


@pytest.mark.parametrize(
    ("report", "records", "expected"),
    [
        (REPORT, ash(1), []),
        (REPORT, ash("1.149"), []),
        (REPORT, ash("1.16"), ["A"]),
        (REPORT, ash("1.31"), ["B"]),
        (REPORT, ash("0.84"), ["A"]),
        (REPORT, ash("0.69"), ["B"]),
        # Limestone becomes ash.
        (CFB, ash("1.39"), []),
        (CFB, ash("1.56"), ["B"]),
        (plant(tests={4: None}), ash(1), []),
    ],
)
def test_ash(report, records, expected):
    assert letters("PHY-ASH-BALANCE", report, records) == expected


def test_ash_of_more_coal_than_was_reported_is_weighed():
    (hit,) = hits("PHY-ASH-BALANCE", REPORT, ash("1.43"))
    assert hit.direction == Direction.FAVOURABLE
    # Above the 1.30 that uncertainty explains: 10 % more coal.
    assert abs(hit.t_co2 - output(REPORT, "e_unit").total * D("0.1")) < 1
    assert len(hit.cells) == 12


@pytest.mark.parametrize("records", [(), (ash(1, range(1, 6)),)])
def test_ash_without_enough_months(records):
    with pytest.raises(NotRun):
        hits("PHY-ASH-BALANCE", REPORT, *records)


def co2(factors, **more):
    """The stack's carbon dioxide: the reported emissions times a factor, by month or for all."""
    emitted = output(REPORT, "e_unit")
    values = {
        m: emitted[m] * D(str(factors.get(m, 1) if isinstance(factors, dict) else factors))
        for m in MONTHS
    }
    return monthly("cems", co2_t=values, **more)


SECOND_HALF = dict.fromkeys(range(7, 13), "1.065")


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (co2(1), []),
        (co2("1.10"), []),
        (co2("1.13"), ["A"]),  # reported is 11.5 % lower
        (co2("1.16"), ["A", "B"]),
        (co2({3: "1.2", 9: "1.2"}), []),
        (co2({3: "1.2", 9: "1.2", 4: "0.8"}), ["B"]),
        (co2(dict.fromkeys(range(7, 13), "1.055")), []),
        (co2(SECOND_HALF), ["C"]),
        # Somebody adjusted the meter: the two halves cannot be compared.
        (co2(SECOND_HALF, recalibrated={7: "是"}), []),
        (co2(SECOND_HALF, months=range(4, 11)), []),
    ],
)
def test_stack(records, expected):
    assert letters("PHY-CEMS-CO2", REPORT, records) == expected


def test_a_ratio_that_moves_is_weighed_by_the_half_that_is_low():
    (hit,) = hits("PHY-CEMS-CO2", REPORT, co2(SECOND_HALF))
    low = sum(output(REPORT, "e_unit")[m] for m in range(7, 13))
    assert hit.months == tuple(range(7, 13))
    assert abs(hit.t_co2 - low * D("0.065")) < 1


def test_months_at_the_default_say_nothing_about_carbon():
    with pytest.raises(NotRun):
        hits("PHY-CEMS-CO2", plant(measured=False), co2(1))
    with pytest.raises(NotRun):
        hits("PHY-CEMS-CO2", REPORT)


LAST = plant(year=2023)


@pytest.mark.parametrize(
    ("then", "now", "adjusted", "expected"),
    [
        ("1.05", "1.05", None, []),
        ("1.00", "1.055", None, []),
        ("1.00", "1.07", None, ["D"]),
        ("1.07", "1.00", None, ["D"]),
        ("1.00", "1.07", {9: "是"}, []),
    ],
)
def test_a_monitor_keeps_its_bias_from_year_to_year(then, now, adjusted, expected):
    records = co2(then, year=2023, recalibrated=adjusted), co2(now)
    assert letters("PHY-CEMS-CO2", REPORT, *records, history=(LAST,)) == expected


def test_a_year_that_fell_against_its_stack_is_weighed():
    (hit,) = hits("PHY-CEMS-CO2", REPORT, co2(1, year=2023), co2("1.08"), history=(LAST,))
    assert hit.direction == Direction.FAVOURABLE
    assert abs(hit.t_co2 - output(REPORT, "e_unit").total * D("0.08")) < 2
    assert hit.values["place"].startswith("部门文件.xlsx 在线监测月报!A2")
