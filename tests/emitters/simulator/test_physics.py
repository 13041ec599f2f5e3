"""The model's coal and machines stay inside what nature allows (checks.md §11)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from random import Random

import pytest

from emitters.simulator import Scenario, State, make_plant, simulate
from emitters.simulator.coal import Quality

BANDS = {  # heating value GJ/t, carbon per heat tC/GJ, total moisture %
    "烟煤": ((16, 26), (D("0.0248"), D("0.0274")), (5, 18)),
    "褐煤": ((10, 16.5), (D("0.0262"), D("0.0295")), (25, 45)),
}


def test_heat_follows_composition():
    # dry: C 60, H 3.75, N 0.9, S 0.75, O 9.6 %, ash 25 % ->
    # 0.3491*60+1.1783*3.75+0.1005*0.75-0.1034*9.6-0.0151*0.9-0.0211*25 = 23.9066 GJ/t
    coal = Quality(80, 5, 1.2, 1, 32, 25, 10, 2, 0)
    assert coal.gross_dry() == pytest.approx(23.9066, abs=0.001)
    # (23.9066 - 0.206*3.75) * 0.9 - 0.023*10 = 20.5907
    assert coal.net_as_received() == pytest.approx(20.5907, abs=0.001)
    assert coal.net_as_received(moisture=12) < coal.net_as_received()
    assert coal.net_as_received(ash=27) < coal.net_as_received()


@pytest.mark.parametrize("kind", ["chp", "coal", "cfb", "lignite", "mine_mouth", "back_pressure"])
@pytest.mark.parametrize("seed", range(4))
def test_coal_stays_in_its_bands(kind, seed):
    plant = make_plant(Random(seed), 1, "210100", kind)
    facts = simulate(plant, 2024)
    for generator in facts.generators:
        coal = generator.fuels[0]
        heat, carbon, moisture = BANDS[coal.rank]
        for month in range(1, 13):
            if coal.value("fc", month):
                assert heat[0] <= coal.value("ncv", month) <= heat[1]
                assert carbon[0] <= coal.value("cc", month) <= carbon[1]
        assert all(moisture[0] <= t.mt <= moisture[1] for t in facts.tests)
        assert all(t.mad < t.mt for t in facts.tests)


@pytest.mark.parametrize("kind", ["chp", "coal", "cfb", "lignite", "back_pressure", "gas"])
@pytest.mark.parametrize("seed", range(4))
def test_machines_obey_energy_and_calendar(kind, seed):
    facts = simulate(make_plant(Random(seed), 1, "210100", kind), 2024)
    for generator in facts.generators:
        fuel, capacity = generator.fuels[0], generator.capacity_mw
        for month in range(1, 13):
            hours, gen = generator.value("hours", month), generator.value("gen", month)
            assert 0 <= hours <= 744
            assert gen <= capacity * hours
            if gen:
                burnt = fuel.value("fc", month) * fuel.value("ncv", month)
                total = (gen * D("3.6") + generator.value("heat", month)) / burnt
                assert total < D("0.90"), (kind, month)
                assert generator.is_chp or total < D("0.475")
                assert D("0.93") * gen > generator.value("sup", month) * D("0.9")
                assert generator.value("sup", month) < gen


def test_heating_season():
    facts = simulate(make_plant(Random(3), 1, "210100", "chp"), 2024)
    heat = facts.generators[0].production["heat"]
    assert heat[1] > 5 * heat[7] > 0


def test_deep_peaking_and_long_outage():
    plant = make_plant(Random(3), 1, "210100", "coal")
    usual = simulate(plant, 2024).generators[0].production
    peaking = simulate(plant, 2024, None, Scenario(frozenset({"deep_peaking"})))
    assert peaking.generators[0].production["lf"].annual < usual["lf"].annual - 15
    outage = simulate(plant, 2024, None, Scenario(frozenset({"long_outage"})))
    assert outage.generators[0].production["hours"].annual < 7200
    assert outage.basic["生产经营变化说明"]


@pytest.mark.parametrize("year", range(2019, 2026))
def test_holiday_backlog_sends_two_months_at_once_and_in_time(year):
    plant = next(
        p
        for p in (make_plant(Random(s), 1, "210100", "chp") for s in range(99))
        if p.measured_from == 2019
    )
    facts = simulate(plant, year, None, Scenario(frozenset({"holiday_backlog"})))
    first = {t.month: t.sent for t in facts.tests if t.generator == "1#"}
    assert first[1] == first[2] != first[3]
    assert all((t.issued - t.sampled).days <= 40 for t in facts.tests)


def test_lost_samples_follow_the_rule_of_the_year():
    plant = next(
        p
        for p in (make_plant(Random(s), 1, "210100", "chp") for s in range(99))
        if p.measured_from == 2019
    )
    for year, default in ((2020, D("0.03356")), (2022, None), (2024, D("0.03085"))):
        facts = simulate(plant, year, None, Scenario(frozenset({"lost_samples"})))
        coal = facts.generators[0].fuels[0]
        tested = {t.month for t in facts.tests if t.generator == "1#"}
        lost = {m for m, v in coal.series["fc"].filled() if v} - tested
        assert lost
        for month in lost:
            cc = coal.value("cc", month)
            # 2021 and 2022: the mean of the measured months stands in, far below the default.
            assert cc == default if default else D("0.025") < cc < D("0.028")


def test_new_unit_reports_from_its_month():
    plant = make_plant(Random(8), 1, "210100", "coal")
    unit = replace(plant.generators[0], commissioned=date(2024, 6, 12))
    plant = replace(plant, generators=(unit,))
    gen = simulate(plant, 2024).generators[0].production["gen"]
    assert gen.months[:5] == (None,) * 5
    assert gen[6] > 0


def test_retrofit_lasts():
    plant = make_plant(Random(3), 1, "210100", "coal")
    state = State.of(plant)
    before = simulate(plant, 2022, state).generators[0].production["b_power"].annual
    simulate(plant, 2023, state, Scenario(frozenset({"retrofit"})))
    assert simulate(plant, 2024, state).generators[0].production["b_power"].annual < before
