"""How a generating unit runs through a year: outages, load, heat supplied, the heat it takes in."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from emitters.simulator.habits import Conditions
from emitters.simulator.machines import Unit
from emitters.simulator.scenario import Scenario

# Share of the coldest month's space heating; Liaoning heats from 1 November to 31 March.
SEASON = (1.0, 0.93, 0.70, 0.12, 0, 0, 0, 0, 0, 0.14, 0.68, 0.94)
_DEMAND = (0.03, 0, 0, -0.03, -0.02, 0, 0.03, 0.03, -0.01, -0.03, 0, 0.03)


@dataclass(frozen=True, slots=True)
class Run:
    """A month of a unit. `off` days of standstill; MWh, GJ, h; `fuel` GJ of all fuels."""

    month: int
    off: frozenset[int]
    hours: float
    gen: float
    sup: float
    heat: float
    fuel: float
    heat_fuel: float
    buy: float
    diesel: float


def weather(year: int) -> float:
    """How cold the heating seasons of the year were, around 1; the same for all plants."""
    return Random(f"weather/{year}").gauss(1, 0.04)  # noqa: S311


def off_days(rng: Random, unit: Unit, year: int, position: int, scenario: Scenario) -> set[date]:
    """Days of standstill: one overhaul outside the heating season and a few short outages."""
    days: set[date] = set()
    start = date(year, 4, 12) + timedelta(days=40 * (position % 4) + rng.randint(0, 25))
    length = rng.randint(70, 130) if "long_outage" in scenario else rng.randint(12, 34)
    spells = [(start, length)]
    for _ in range(rng.choice((0, 1, 1, 2))):
        spells.append((date(year, 1, 1) + timedelta(days=rng.randint(5, 355)), rng.randint(1, 4)))
    for begin, count in spells:
        days.update(begin + timedelta(days=n) for n in range(count))
    if unit.commissioned.year == year:
        before = unit.commissioned - date(year, 1, 1)
        days.update(date(year, 1, 1) + timedelta(days=n) for n in range(before.days))
    return {d for d in days if d.year == year}


def load_curve(load: float) -> float:
    """Heat rate against load, 1 at 75 %: about 2 % for 10 points, steeper below half load."""
    return 1 + 0.2 * (0.75 - load) + max(0.0, 0.5 - load) * 0.35


def _load(rng: Random, unit: Unit, month: int, scenario: Scenario, now: Conditions) -> float:
    if unit.is_back_pressure:
        return min(0.95, 0.55 + 0.3 * SEASON[month - 1] + rng.gauss(0, 0.03))
    mean = unit.load + now.load - (0.24 if "deep_peaking" in scenario else 0)
    swing = rng.gauss(0, 0.025 * now.habits.load)
    return min(0.93, max(0.33, mean + _DEMAND[month - 1] + swing))


def _fuel(rng: Random, unit: Unit, gen: float, heat: float, load: float, now: Conditions) -> float:
    """GJ of fuel: extracted heat costs a little power, in back-pressure nothing is thrown away."""
    noise = now.rate * rng.gauss(1, now.habits.rate_noise)
    if unit.is_back_pressure:
        return (3.6 * gen + heat) / (unit.boiler_efficiency - 0.03) * noise
    lost_power = (0.05 if unit.is_gas else 0.06) * heat
    return unit.gross_rate * load_curve(load) * (gen + lost_power) * noise


def run_year(
    rng: Random, unit: Unit, year: int, position: int, scenario: Scenario, now: Conditions
) -> list[Run]:
    """Twelve months; `position` staggers the overhauls."""
    off = off_days(rng, unit, year, position, scenario)
    cold = weather(year)
    return [_month(rng, unit, year, m, off, cold, scenario, now) for m in range(1, 13)]


def _month(
    rng: Random,
    unit: Unit,
    year: int,
    month: int,
    off: set[date],
    cold: float,
    scenario: Scenario,
    now: Conditions,
) -> Run:
    length = monthrange(year, month)[1]
    still = frozenset(d.day for d in off if d.month == month)
    full = (length - len(still)) * 24.0
    hours = max(0.0, full - rng.uniform(0.3, 16)) if full else 0.0
    load = _load(rng, unit, month, scenario, now)
    capacity = float(unit.capacity_mw)
    gen = capacity * hours * load
    per_mwh = unit.heat_base + unit.heat_peak * SEASON[month - 1] * cold
    heat = capacity * hours * min(0.9, unit.load) * per_mwh * now.demand * rng.gauss(1, 0.03)
    if unit.is_back_pressure:
        heat = gen * per_mwh * rng.gauss(1, 0.02)
    fuel = _fuel(rng, unit, gen, heat, load, now)
    share = heat / unit.boiler_efficiency / fuel if fuel else 0.0
    own = unit.own_use + 0.02 * (0.75 - load) + 0.012 * share + now.own
    own += rng.gauss(0, now.habits.own_noise)
    still_days = (length * 24 - hours) / 24
    starts = 1 if still else 0
    return Run(
        month=month,
        off=still,
        hours=hours,
        gen=gen,
        sup=gen * (1 - own),
        heat=heat,
        fuel=fuel,
        heat_fuel=heat / unit.boiler_efficiency * rng.gauss(1, 0.003),
        buy=capacity * 24 * still_days * rng.uniform(0.0025, 0.005) if still_days >= 2.5 else 0.0,
        diesel=0.0 if not hours else rng.uniform(0.3, 4) + starts * rng.uniform(9, 30),
    )
