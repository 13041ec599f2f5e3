"""An honest year of a plant: it runs, burns, buys, samples; the result is its book."""

import math
from calendar import monthrange
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from emitters.simulator.book import ZERO, Book, Day, UnitBook, UnitMonth, Yard, rounded
from emitters.simulator.coal import Mine, Quality, blend, make_mine, next_shares
from emitters.simulator.events import SLIPS, conditions_of
from emitters.simulator.habits import Conditions, Habits
from emitters.simulator.laboratory import analyse, month_end, workdays_after
from emitters.simulator.machines import Unit
from emitters.simulator.plants import Plant
from emitters.simulator.running import Run, run_year
from emitters.simulator.scenario import ORDINARY, Scenario, State

Supply = tuple[tuple[Mine, float], ...]
DIESEL_NCV = Decimal("42.652")
NOTES = {
    "new_supplier": "本年度更换部分煤炭供应商，煤质有变化。",
    "retrofit": "本年度完成汽轮机通流改造，煤耗下降。",
    "long_outage": "本年度机组长期检修，停运时间较长。",
    "changed_lab": "本年度更换煤质检测机构。",
    "lost_samples": "部分月份煤样在送检途中损毁，按规定取值。",
    "new_unit": "本年度新机组投产。",
    "deep_peaking": "本年度机组参与深度调峰，负荷系数偏低。",
    "stocktake": "年中盘煤发现账实差异，已按制度调整。",
    "heat_customer": "本年度供热用户有增减，供热量变化较大。",
    "new_calorimeter": "本年度更换量热仪。",
    "emission_control": "本年度环保设施改造，厂用电率上升。",
    "worn_turbine": "汽轮机老化，煤耗上升，拟于下年大修。",
    "meter_drift": "皮带秤检定发现偏差，已校准，差额在盘煤时调整。",
    "wet_season": "汛期露天煤场进水，部分月份水分偏高。",
    "winter_reserve": "按保供要求增加煤炭储备。",
    "late_report": "一个月的检测报告超期出具，该月按规定取值。",
}


def honest_year(
    plant: Plant, year: int, state: State | None = None, scenario: Scenario = ORDINARY
) -> Book:
    """Live through a year and keep the books. Moves `state` to the year's end."""
    state = state or State.of(plant)
    rng = plant.rng(year)
    now = conditions_of(plant, year, state, scenario)
    units = [
        _run_unit(plant.rng(year, unit.number), unit, year, n, scenario, state, now)
        for n, unit in enumerate(plant.generators)
        if unit.commissioned.year <= year
    ]
    books = [book for book, _ in units]
    supply: list[Supply] = []
    if plant.mines:
        qualities, supply = _coal_months(rng, now.habits, state, scenario)
        _burn(rng, plant, year, units, qualities, now)
        for unit_book in books:
            unit_book.quality = qualities
        _sample(rng, plant, year, books, state, scenario)
    else:
        _burn_gas(rng, units)
    for unit_book, runs in units:
        _split_heat(unit_book, runs)
    yard = _keep_yard(rng, plant, books, state, scenario, now)
    note = "".join(NOTES.get(event, "") for event in sorted(scenario.events))
    book = Book(plant, year, books, yard, note, show_daily=year >= plant.daily_from, supply=supply)
    for event in sorted(scenario.events & SLIPS.keys()):
        book.before_slip = book.copy()
        SLIPS[event](rng, book)
    return book


def _run_unit(
    rng: Random,
    unit: Unit,
    year: int,
    position: int,
    scenario: Scenario,
    state: State,
    now: Conditions,
) -> tuple[UnitBook, list[Run]]:
    now = replace(now, rate=now.rate * state.rate.get(unit.number, 1.0))
    runs = run_year(rng, unit, year, position, scenario, now)
    begin = unit.commissioned
    book = UnitBook(unit, [])
    for run in runs:
        record = UnitMonth(run.month, exists=(year, run.month) >= (begin.year, begin.month))
        if record.exists:
            record.gen = rounded(run.gen, 3)
            record.sup = rounded(run.sup, 3)
            record.heat = rounded(run.heat, 2)
            record.hours = rounded(run.hours, 2)
            record.buy = rounded(run.buy, 3)
            record.diesel = rounded(run.diesel, 2)
            record.off = run.off
        book.months.append(record)
    return book, runs


def _coal_months(
    rng: Random, own: Habits, state: State, scenario: Scenario
) -> tuple[list[Quality], list[Supply]]:
    """The coal of each month: shares wander, mines drift a little, summer coal is wetter."""
    steady = own.coal * (0.5 if len(state.mines) == 1 else 1.0)
    arrival = rng.randint(3, 8) if "new_supplier" in scenario else 0
    found, supply = [], []
    for month in range(1, 13):
        if month == arrival:
            _change_supplier(rng, state)
        state.shares = next_shares(rng, state.shares, own.shares)
        supply.append(tuple(zip(state.mines, state.shares, strict=True)))
        mix = blend(state.mines, state.shares)
        wet = 0.8 * math.cos((month - 7.5) / 6 * math.pi) + rng.gauss(0, 0.35)
        if "wet_season" in scenario and month in (7, 8):
            wet += rng.uniform(2.5, 4.5)
        found.append(
            replace(
                mix,
                ash=mix.ash + steady * rng.gauss(0, 0.9),
                moisture=mix.moisture + wet,
                carbon=mix.carbon + steady * rng.gauss(0, 0.2),
                hydrogen=mix.hydrogen + steady * rng.gauss(0, 0.05),
                heat_shift=mix.heat_shift + steady * rng.gauss(0, 0.002),
                sulphur=mix.sulphur * math.exp(steady * rng.gauss(0, 0.2)),
            )
        )
    return found, supply


def _change_supplier(rng: Random, state: State) -> None:
    rank = "褐煤" if state.mines[0].rank == "褐煤" else "烟煤"
    if state.mines[0].ash > 30:
        rank = "低质烟煤"
    newcomer: Mine = make_mine(rng, rank, len(state.mines) + 2)
    state.mines = (newcomer, *state.mines[1:])


def _burn(
    rng: Random,
    plant: Plant,
    year: int,
    units: list[tuple[UnitBook, list[Run]]],
    qualities: list[Quality],
    now: Conditions,
) -> None:
    """The daily ledgers: one conveyor feeds all units, each with its own scale and calorimeter."""
    steady = now.habits.coal * (0.5 if len(plant.mines) == 1 else 1.0)
    for month, quality in enumerate(qualities, 1):
        length = monthrange(year, month)[1]
        ash = [quality.ash + steady * rng.gauss(0, 1.3) for _ in range(length)]
        wet = [max(1.0, quality.moisture + rng.gauss(0, 0.8)) for _ in range(length)]
        for book, runs in units:
            record, run = book.months[month - 1], runs[month - 1]
            if record.exists and run.hours > 0:
                record.days = _ledger(rng, year, run, quality, ash, wet, now)
                record.weigh()


def _ledger(
    rng: Random,
    year: int,
    run: Run,
    quality: Quality,
    ash: list[float],
    wet: list[float],
    now: Conditions,
) -> list[Day]:
    running = [d for d in range(1, len(ash) + 1) if d not in run.off]
    weights = [rng.gauss(1, 0.07) for _ in running]
    own = now.habits
    scale = run.fuel * (1 + now.scale) * rng.gauss(1, own.scale_noise) / sum(weights)
    days = []
    for d, weight in zip(running, weights, strict=True):
        true = quality.net_as_received(ash=ash[d - 1], moisture=wet[d - 1])
        days.append(
            Day(
                day=date(year, run.month, d),
                coal=rounded(scale * weight / true, own.places),
                ncv=rounded(true + now.calorimeter + rng.gauss(0, own.heat_noise), 3),
                mt=rounded(wet[d - 1] + rng.gauss(0, own.wet_noise), 1),
                ash=ash[d - 1],
            )
        )
    return days


def _burn_gas(rng: Random, units: list[tuple[UnitBook, list[Run]]]) -> None:
    for month in range(1, 13):
        ncv = rounded(rng.gauss(348, 1.8), 3)
        c_ar = rounded(float(ncv) * rng.gauss(0.01530, 0.00004), 4)
        for book, runs in units:
            record, run = book.months[month - 1], runs[month - 1]
            record.diesel = ZERO
            if record.exists and run.hours > 0:
                record.fc = rounded(run.fuel * rng.gauss(1, 0.002) / float(ncv), 2)
                record.ncv, record.c_ar, record.carbon = ncv, c_ar, "stated"


def _split_heat(book: UnitBook, runs: list[Run]) -> None:
    """供热比 by the heat method, from what the books say was burnt."""
    for record, run in zip(book.months, runs, strict=True):
        burnt = record.fc * record.ncv + record.diesel * DIESEL_NCV
        if record.heat and burnt:
            record.ratio = rounded(Decimal(repr(run.heat_fuel)) / burnt * 100, 2)


def _sample(
    rng: Random, plant: Plant, year: int, books: list[UnitBook], state: State, scenario: Scenario
) -> None:
    """A composite per running month and unit, or the default where carbon is not measured."""
    lost = (
        set(rng.sample(range(2, 12), rng.choice((1, 1, 2)))) if "lost_samples" in scenario else ()
    )
    change = rng.randint(3, 9) if "changed_lab" in scenario else 0
    late = rng.randint(2, 11) if "late_report" in scenario else 0
    for month in range(1, 13):
        if month == change:
            state.laboratory += rng.randint(1, 10)
        sent = None
        if "holiday_backlog" in scenario and month in (1, 2):
            sent = workdays_after(month_end(year, 2), 1)
        for position, book in enumerate(books):
            record = book.months[month - 1]
            if not record.fc:
                continue
            if year < plant.measured_from:
                record.carbon = "default"
                continue
            if month in lost:
                record.carbon = "mean" if year in (2021, 2022) else "default"
                continue
            if month == late:
                record.carbon = "mean" if year in (2021, 2022) else "default"
                sent = workdays_after(month_end(year, month), 35)
            record.sample = analyse(
                rng, plant, position, year, record, book.quality[month - 1],
                state.laboratory, sent=sent,
            )  # fmt: skip
            record.sample.late = month == late


def _keep_yard(
    rng: Random,
    plant: Plant,
    books: list[UnitBook],
    state: State,
    scenario: Scenario,
    now: Conditions,
) -> Yard:
    """Purchases are weighed on a bridge; what the belt scale missed shows at the stocktakes."""
    used = [sum((b.months[m].fc for b in books), ZERO) for m in range(12)]
    none = [ZERO] * 12
    if not plant.mines:
        return Yard("天然气", ZERO, list(used), list(none), list(none))
    year_use = float(sum(used))
    target = year_use / 365 * 22
    if state.stock is None:
        state.stock = rounded(target * rng.uniform(0.85, 1.15), 2)
    yard = Yard("燃煤", state.stock, [], list(none), list(none))
    stock = state.stock
    for month in range(12):
        if "winter_reserve" in scenario and month == 8:
            target *= 1.7
        want = float(used[month]) + 0.4 * (target - float(stock))
        buy = rounded(max(0.0, want + rng.gauss(0, 0.05) * year_use / 12), 2)
        if month in (5, 11):
            found = rng.gauss(0, 0.0009) * year_use / 2
            missed = now.scale * float(sum(used[month - 5 : month + 1]))
            yard.adjust[month] = rounded(found + missed, 2)
        if month == 5 and "stocktake" in scenario:
            yard.adjust[month] = rounded(rng.uniform(0.0055, 0.008) * year_use, 2)
        yard.buy.append(buy)
        stock += buy - used[month] + yard.adjust[month]
    state.stock = stock
    return yard
