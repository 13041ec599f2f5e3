"""Case tables of CON-GRID-POWER and CON-OUTAGE."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from tests.emitters.checks_outside.records import (
    MONTHS,
    hits,
    letters,
    monthly,
    output,
    plant,
    rows_of,
    scaled,
)

GRID = "CON-GRID-POWER"


def grid(report, gen=1, out=0.992, buy=None, **more):
    """Generation and delivery as the plant's own meters show them, times a factor."""
    made = None if gen is None else scaled(output(report, "gen"), gen)
    sent = scaled(output(report, "sup"), out)
    return monthly("grid", out_mwh=sent, gen_mwh=made, buy_mwh=buy, **more)


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ({}, []),
        ({"gen": 0.9991}, []),
        ({"gen": 0.9985}, ["A"]),
        ({"gen": 1.002}, ["A"]),
        ({"gen": 0.99}, ["B"]),
        ({"gen": 1.02}, ["B"]),
        # The grid's share of the year is compared when some months are not there yet.
        ({"gen": 0.99, "months": range(1, 9)}, ["B"]),
        ({"gen": 0.99, "months": range(1, 5)}, []),
        # 供电量 above what the grid took and 1 % of losses.
        ({"out": 0.985}, ["C"]),
        # Without generation by the grid the own use that is left has to be usual: 7 % + 2 %.
        ({"gen": None}, []),
        ({"gen": None, "out": 0.95}, ["C", "D"]),
        ({"gen": None, "out": 1.07}, ["E"]),
    ],
)
def test_grid(recorded, expected):
    report = plant()
    assert letters("CON-GRID-POWER", report, grid(report, **recorded)) == expected


def test_overstated_power_is_weighed_in_allowances():
    made = output(plant(capacity="300"), "gen")
    report = plant(
        capacity="300", months={"gen": {m: str(v * D("1.02")) for m, v in made.filled()}}
    )
    (hit,) = hits(GRID, report, grid(plant()))
    assert (hit.letter, hit.direction) == ("B", Direction.FAVOURABLE)
    assert hit.values["share"] == D("2.00")
    # 2 % of the generation at 0.8049 (class II, 2024); no peak-shaving factor above 65 % of load.
    assert abs(hit.t_allowance - output(plant(), "gen").total * D("0.02") * D("0.8049")) < 2
    assert hit.values["rows"][0]["place"] == "部门文件.xlsx 电网结算!A2"
    assert "生产数据!D2" in hit.cells


@pytest.mark.parametrize(("lead", "expected"), [(0, []), (1, []), (6, []), (20, ["B"])])
def test_a_meter_read_before_the_end_of_the_month_is_no_deviation(lead, expected):
    report = plant()
    made = [output(report, "gen")[m] for m in MONTHS]
    before = [made[11] * D("0.9"), *made[:11]]  # last year's December was another one
    share = D(lead) / 30
    shown = [v * (1 - share) + b * share for v, b in zip(made, before, strict=True)]
    rows = monthly("grid", gen_mwh=shown, out_mwh=scaled(output(report, "sup"), 0.992))
    assert letters(GRID, report, rows) == expected


def test_power_that_costs_the_peak_shaving_factor_is_not_in_the_plants_favour():
    # By the grid the load is below 65 %, where the factor is worth more than 2 % of power.
    made = output(plant(), "gen")
    report = plant(months={"gen": {m: str(v * D("1.02")) for m, v in made.filled()}})
    (hit,) = hits(GRID, report, grid(plant()))
    assert (hit.letter, hit.direction, hit.t_allowance) == ("B", Direction.UNFAVOURABLE, 0)


def test_an_early_reading_does_not_hide_a_steady_surplus():
    report = plant()
    true = [output(report, "gen")[m] / D("1.01") for m in MONTHS]
    before = [true[11], *true[:11]]
    shown = [v * D("0.8") + b * D("0.2") for v, b in zip(true, before, strict=True)]
    rows = monthly("grid", gen_mwh=shown, out_mwh=scaled(output(report, "sup"), 0.992))
    (hit,) = hits(GRID, report, rows)
    assert hit.letter == "B"
    assert D("0.9") < hit.values["share"] < D("1.1")


def test_net_supply_of_cogeneration_bears_only_its_share_of_own_use():
    report = plant(chp=True, year=2022)
    assert letters(GRID, report, grid(report, out=0.975, year=2022)) == []
    (hit,) = hits(GRID, report, grid(report, out=0.93, year=2022))
    assert hit.letter == "C"
    assert hit.t_allowance > 1000


BUY = [
    (None, []),
    ({5: "0"}, []),
    ({5: "40"}, []),
    ({5: "400", 6: "300"}, ["F"]),
]


@pytest.mark.parametrize(("drawn", "expected"), BUY)
def test_power_drawn(drawn, expected):
    report = plant()
    buy = None if drawn is None else {m: D(drawn.get(m, "0")) for m in MONTHS}
    found = hits(GRID, report, grid(report, buy=buy))
    assert [h.letter for h in found] == expected
    if found:
        # 700 MWh at 0.5703
        assert (found[0].t_co2, found[0].months) == (D("399.21"), (5, 6))


def test_plant_figures_and_those_by_generator_are_not_added_up():
    report = plant()
    by_unit = grid(report, generator="1号机组", source="电网.xlsx")
    whole = grid(report, source="调度.xlsx")
    assert letters(GRID, report, by_unit, whole) == []
    assert letters(GRID, report, by_unit, grid(report, gen=0.99, source="调度.xlsx")) == ["B"]


def test_without_settlement_the_check_does_not_run():
    with pytest.raises(NotRun):
        hits(GRID, plant())
    with pytest.raises(NotRun):
        hits(GRID, plant(), grid(plant(), year=2023))


def off(begin, end, generator="1#"):
    return rows_of(
        "outage", [{"generator": generator, "begin": begin, "end": end, "reason": "检修"}]
    )


def still(month, **values):
    """A report whose month stands still but for the given values."""
    empty = {c: {month: "0"} for c in ("gen", "sup", "hours", "fc", "e_fuel", "e_unit")}
    return plant(months=empty | {c: {month: v} for c, v in values.items()})


WHOLE_JUNE = off(date(2024, 5, 31), date(2024, 7, 1))


@pytest.mark.parametrize(
    ("report", "records", "expected"),
    [
        (still(6), WHOLE_JUNE, []),
        (still(6, gen="5000"), WHOLE_JUNE, ["A"]),
        # A day at full load takes 350 × 24 × 9.5 = 79,800 GJ; 3,000 t hold about 67,000 GJ.
        (still(6, fc="3000"), WHOLE_JUNE, []),
        (still(6, fc="5000"), WHOLE_JUNE, ["B"]),
        # Off from the 10th, back on the 20th: nine whole days, 21 × 24 = 504 hours are left.
        (plant(months={"hours": {6: "504"}}), off(date(2024, 6, 10), date(2024, 6, 20)), []),
        (plant(months={"hours": {6: "510"}}), off(date(2024, 6, 10), date(2024, 6, 20)), []),
        (plant(months={"hours": {6: "511"}}), off(date(2024, 6, 10), date(2024, 6, 20)), ["D"]),
        # A trip of some hours leaves no whole day.
        (plant(), off(date(2024, 6, 10), date(2024, 6, 11)), []),
        (plant(), off(date(2024, 6, 10), date(2024, 6, 20), "2#"), []),
        (plant(), off(date(2023, 6, 10), date(2023, 6, 20)), []),
    ],
)
def test_outage(report, records, expected):
    assert letters("CON-OUTAGE", report, records) == expected


def test_standby_counted_as_running_is_weighed_by_the_load_factor():
    # Load 64.5 % with the standby in it; 68 % without: the peak-shaving factor is lost.
    report = plant(capacity="410")
    records = off(date(2024, 5, 31), date(2024, 6, 15))
    (hit,) = hits("CON-OUTAGE", report, records)
    assert (hit.letter, hit.months) == ("D", (6,))
    assert hit.values["rows"][0]["most"] == D(16 * 24)
    assert hit.t_allowance >= 0


def test_coal_on_days_off():
    report = plant(daily=True, months={"hours": {6: "500"}})
    (hit,) = hits("CON-OUTAGE", report, off(date(2024, 6, 10), date(2024, 6, 20)))
    assert (hit.letter, hit.values["days"], hit.values["first"]) == ("E", 9, date(2024, 6, 11))
    assert hit.values["rows"][0]["place"] == "部门文件.xlsx 调度停运记录!A2"


def test_touching_records_may_leave_an_hour_on_the_grid_overlapping_ones_do_not():
    touching = off(date(2024, 6, 1), date(2024, 6, 10)) + off(date(2024, 6, 10), date(2024, 6, 20))
    overlapping = off(date(2024, 6, 1), date(2024, 6, 12)) + off(
        date(2024, 6, 10), date(2024, 6, 20)
    )
    # 17 whole days leave 312 hours, 18 whole days 288.
    report = plant(months={"hours": {6: "310"}})
    assert letters("CON-OUTAGE", report, touching) == []
    assert letters("CON-OUTAGE", report, overlapping) == ["D"]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [({}, []), ({4: "0"}, ["C"])],
)
def test_silent_stack(hours, expected):
    report = plant()
    seen = {m: D(hours.get(m, "650")) for m in MONTHS}
    assert letters("CON-OUTAGE", report, monthly("cems", hours=seen)) == expected


def test_no_dispatch_and_no_stack():
    with pytest.raises(NotRun):
        hits("CON-OUTAGE", replace(plant(), stocks=()))
