"""Case tables of CON-HEAT-SETTLE, CON-HEAT-SEASON, ARI-HEAT-ENTHALPY and PHY-HEAT-CAPACITY."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from emitters.calc.allocation import year_value
from tests.emitters.checks_outside.records import (
    MONTHS,
    YEAR,
    hits,
    letters,
    monthly,
    output,
    plant,
    rows_of,
    scaled,
)

CHP = plant(chp=True)
HEAT = output(CHP, "heat")


def bills(factor, *, meter="用户", **more):
    """One customer's bills: the reported heat divided by a factor."""
    return monthly(
        "heat",
        customer="样本供热公司",
        heat_gj=scaled(HEAT, 1 / D(str(factor))),
        meter=meter,
        **more,
    )


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (bills(1.06), []),
        (bills(1.0999), []),
        (bills(1.11), ["A"]),
        (bills(1.26), ["B"]),
        (bills(0.99), []),
        (bills(0.97), ["C"]),
        # A gate meter has no network behind it.
        (bills(1.02, meter="厂口"), []),
        (bills(1.05, meter="厂口"), ["A"]),
        # Heat billed by floor area is nobody's measurement.
        (bills(1.3, meter="面积"), ["D"]),
        (bills(1.06, months=range(1, 10)), ["E"]),
        (bills(1.26, months=range(1, 10)), ["B", "E"]),
    ],
)
def test_settlement(records, expected):
    assert letters("CON-HEAT-SETTLE", CHP, records) == expected


def test_phantom_heat_is_weighed_by_the_heat_benchmark():
    (hit,) = hits("CON-HEAT-SETTLE", CHP, bills(1.2))
    phantom = HEAT.total * (1 - D("1.08") / D("1.2"))
    assert hit.direction == Direction.FAVOURABLE
    assert abs(hit.values["phantom"] - phantom) < 1
    assert abs(hit.t_allowance - phantom * D("0.1033")) < 2
    assert hit.values["customers"][0]["place"].startswith("部门文件.xlsx 供热结算!A2、供热结算!A3")


def test_customers_add_up():
    half = scaled(HEAT, "0.49")
    two = [
        monthly("heat", customer=c, heat_gj=half, meter="厂口") for c in ("样本甲厂", "样本乙厂")
    ]
    assert letters("CON-HEAT-SETTLE", CHP, *two) == []
    assert letters("CON-HEAT-SETTLE", CHP, two[0]) == ["B"]


@pytest.mark.parametrize(
    "records", [(), (bills(1.0, months=range(1, 3)),), (bills(1.0, year=2023),)]
)
def test_settlement_without_bills(records):
    with pytest.raises(NotRun):
        hits("CON-HEAT-SETTLE", CHP, *records)


# Degree days that the factory's heat follows: 600 GJ a degree day above a steady 15,000 GJ.
HDD = {m: (HEAT[m] - 15000) / 600 for m in (1, 2, 3, 11, 12)}
TURNED = dict(zip(HDD, reversed(HDD.values()), strict=True)) | {2: D("20")}


def weather(days=None, year=YEAR):
    return monthly("weather", months=HDD, city="沈阳市", hdd=days or HDD, year=year)


def steam(factor):
    """Bills of a steam customer with its contracted amounts: the summer's heat divided by a factor."""
    given = scaled(HEAT, 1 / D(str(factor)))
    return monthly("heat", customer="样本用汽企业", heat_gj=given, steady_gj=given)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((weather(),), []),
        ((weather(TURNED),), ["A"]),
        ((steam(1.14),), []),
        ((steam(1.16),), ["B"]),
        ((weather(), steam(1.0)), []),
        # Without contracted amounts summer heat has nothing to be held against.
        ((weather(), bills(1.2)), []),
    ],
)
def test_season(records, expected):
    assert letters("CON-HEAT-SEASON", CHP, *records) == expected


@pytest.mark.parametrize(
    ("share", "note", "expected"),
    [
        ("1", "", []),
        ("0.88", "", []),
        ("0.85", "", ["C"]),
        ("0.85", "新增供热面积80万平方米", ["D"]),
    ],
)
def test_heat_for_each_degree_day_against_last_year(share, note, expected):
    winter = {m: str(15000 + (HEAT[m] - 15000) * D(share)) for m in HDD}
    last = plant(year=2023, chp=True, months={"heat": winter})
    report = replace(CHP, basic={**CHP.basic, "生产经营变化说明": note})
    found = hits("CON-HEAT-SEASON", report, weather(), weather(year=2023), history=(last,))
    assert [h.letter for h in found] == expected


def test_heat_that_customers_paid_for_is_demand():
    winter = {m: str(15000 + (HEAT[m] - 15000) * D("0.8")) for m in HDD}
    last = plant(year=2023, chp=True, months={"heat": winter})
    records = weather(), weather(year=2023)
    assert letters("CON-HEAT-SEASON", CHP, *records, bills(1.06), history=(last,)) == ["D"]
    assert letters("CON-HEAT-SEASON", CHP, *records, bills(1.2), history=(last,)) == ["C"]


def test_a_winter_of_standstill_is_no_base_for_comparison():
    winter = {m: str(HEAT[m] / 2) for m in HDD}
    hours = dict.fromkeys(HDD, "360")
    last = plant(year=2023, chp=True, months={"heat": winter, "hours": hours})
    assert letters("CON-HEAT-SEASON", CHP, weather(), weather(year=2023), history=(last,)) == []


@pytest.mark.parametrize("report", [plant(), CHP])
def test_season_without_heat_or_records(report):
    with pytest.raises(NotRun):
        hits("CON-HEAT-SEASON", report, *([weather()] if report is not CHP else []))


def steam_bills(heat="28000", steam_t="10000", enthalpy="2883.74", **more):
    """Twelve bills: 10,000 t at 2,883.74 kJ/kg are 28,000 GJ."""
    number = {"heat_gj": D(heat), "steam_t": D(steam_t)}
    number["enthalpy"] = None if enthalpy is None else D(enthalpy)
    return monthly("heat", customer="样本用汽企业", **number, **more)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (steam_bills(), []),
        (steam_bills(heat="28800"), []),
        (steam_bills(heat="28900"), ["B"]),
        (steam_bills(heat="27100"), ["B"]),
        (steam_bills(heat="33960", enthalpy=None), []),  # 3,479.74 kJ/kg
        (steam_bills(heat="34000", enthalpy=None), ["A"]),
        (steam_bills(heat="25000", enthalpy=None), ["A"]),
        # Heat and enthalpy agree with each other and with no steam on sale.
        (steam_bills(heat="36000", enthalpy="3683.74"), ["A"]),
    ],
)
def test_enthalpy(records, expected):
    assert letters("ARI-HEAT-ENTHALPY", CHP, records) == expected


@pytest.mark.parametrize(
    ("net", "returned", "expected"),
    [
        ("1", "0.2", []),  # reported what was settled
        ("0.8", "0.2", ["C"]),  # reported with the returned heat left in
        ("0.8", "0.1", []),  # the gap is another one: CON-HEAT-SETTLE asks
        ("0.98", "0.02", []),
    ],
)
def test_returned_water(net, returned, expected):
    rows = monthly(
        "heat", customer="样本供热公司", heat_gj=scaled(HEAT, net), return_gj=scaled(HEAT, returned)
    )
    found = hits("ARI-HEAT-ENTHALPY", CHP, rows)
    assert [h.letter for h in found] == expected
    if found:
        assert abs(found[0].t_allowance - HEAT.total * D("0.2") * D("0.1033")) < 2


def test_enthalpy_needs_steam_or_returned_water():
    with pytest.raises(NotRun):
        hits("ARI-HEAT-ENTHALPY", CHP, bills(1.0))


def permit(capacity, *, generator="1#", kind="机组", **more):
    number = None if capacity is None else D(capacity)
    return rows_of(
        "permit",
        [
            {
                "facility": "MF0001",
                "generator": generator,
                "kind": kind,
                "heat_capacity_gjh": number,
            }
            | more
        ],
    )


# February: 500,844.66 GJ in 672.38 hours are the year's most.
MOST = max(HEAT[m] / output(CHP, "hours")[m] for m in MONTHS)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (permit("800"), []),
        (permit(str(MOST / D("1.049"))), []),
        (permit(str(MOST / D("1.051"))), ["A"]),
        (permit(str(MOST / D("1.21"))), ["B"]),
        # A heating boiler without a generator shares the load: the calendar counts for the plant.
        (permit("400") + permit("400", generator=None, kind="供热锅炉", facility="MF0002"), []),
        # Not yet in force, or out of service.
        (permit("590", valid_from=date(2025, 1, 1)) + permit("800", facility="MF0002"), []),
    ],
)
def test_heat_capacity(records, expected):
    assert letters("PHY-HEAT-CAPACITY", CHP, records) == expected


def test_heat_above_capacity_is_weighed():
    (hit,) = hits("PHY-HEAT-CAPACITY", CHP, permit("590"))
    over = sum(max(D(0), HEAT[m] - 590 * output(CHP, "hours")[m]) for m in hit.months)
    assert abs(hit.t_allowance - over * D("0.1033")) < 2
    assert hit.values["place"] == "部门文件.xlsx 排污许可设施!A2"


def test_heat_for_each_mwh_has_a_limit_by_kind_of_turbine():
    made = year_value(output(CHP, "gen"))
    heat = {m: str(made / 12 * D("5.6")) for m in MONTHS}
    report = plant(chp=True, months={"heat": heat})
    (hit,) = hits("PHY-HEAT-CAPACITY", report)
    assert (hit.letter, hit.values["limit"]) == ("C", D("5.5"))
    back = plant(chp=True, months={"heat": heat}, attributes={"cooling": "背压"})
    with pytest.raises(NotRun):
        hits("PHY-HEAT-CAPACITY", back)


@pytest.mark.parametrize(
    ("report", "records"), [(CHP, ()), (plant(), permit("590")), (CHP, permit(None))]
)
def test_heat_capacity_without_inputs(report, records):
    with pytest.raises(NotRun):
        hits("PHY-HEAT-CAPACITY", report, records)
