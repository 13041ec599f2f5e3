"""What happens to honest plants besides ordinary years: changed conditions, and slips of the pen.

Slips go both ways; they are made after the year was lived, in the books only.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random

from emitters.simulator.book import Book, UnitMonth, rounded
from emitters.simulator.habits import Conditions, conditions
from emitters.simulator.plants import Plant
from emitters.simulator.scenario import Scenario, State


def conditions_of(plant: Plant, year: int, state: State, scenario: Scenario) -> Conditions:
    """The year's conditions; what lasts (a retrofit, a heat customer, a new meter) moves `state`."""
    rng = plant.rng(year, "events")
    if "retrofit" in scenario:
        state.rate[plant.generators[0].number] = rng.uniform(0.95, 0.97)
    if "heat_customer" in scenario:
        state.demand *= rng.choice((rng.uniform(1.15, 1.35), rng.uniform(0.7, 0.85)))
    if "new_calorimeter" in scenario:
        state.calorimeter += rng.choice((-1, 1)) * rng.uniform(0.06, 0.13)
    if "emission_control" in scenario:
        state.own += rng.uniform(0.003, 0.007)
    now = conditions(
        plant.rng(year, "conditions"), plant.habits, plant.heat_bias + state.calorimeter
    )
    now = replace(now, demand=now.demand * state.demand, own=now.own + state.own)
    if "worn_turbine" in scenario:
        now = replace(now, rate=now.rate * rng.uniform(1.012, 1.03))
    if "meter_drift" in scenario:
        now = replace(now, scale=now.scale + rng.choice((-1, 1)) * rng.uniform(0.004, 0.009))
    return now


def _swapped(text: str) -> str:
    """Two different neighbouring digits swapped, at the thousands or below."""
    head, _, tail = text.partition(".")
    for n in range(max(0, len(head) - 4), len(head) - 1):
        if head[n] != head[n + 1] and head[n + 1] != "0":
            return f"{head[:n]}{head[n + 1]}{head[n]}{head[n + 2 :]}.{tail}"
    return text


def _busy(rng: Random, book: Book) -> UnitMonth:
    """A month with output."""
    return rng.choice([m for u in book.units for m in u.months if m.exists and m.gen])


def typing_slip(rng: Random, book: Book) -> None:
    """Two digits change places in a figure that no sum depends on."""
    samples = book.samples()
    if samples and rng.random() < 0.5:
        sample = rng.choice(samples)
        sample.vad = Decimal(_swapped(str(sample.vad)))
    else:
        month = rng.randrange(12)
        book.yard.slips[month + 1] = Decimal(_swapped(str(book.yard.buy[month])))


def swapped_digits(rng: Random, book: Book) -> None:
    """Two digits change places in a month's generation, heat or coal; the rest is worked out from
    the mistyped figure."""
    month = _busy(rng, book)
    name = rng.choice([n for n in ("gen", "heat", "fc") if getattr(month, n)])
    meant = getattr(month, name)
    setattr(month, name, Decimal(_swapped(str(meant))))
    if min(book.yard.closings(book.burnt())) < 0:
        setattr(month, name, meant)  # a yard with less than nothing in it is noticed before filing


def unit_slip(rng: Random, book: Book) -> None:
    """A month's generation or heat in another unit: 万kWh, kWh, or Gcal instead of GJ."""
    month = _busy(rng, book)
    if month.heat and rng.random() < 0.5:
        month.heat = rounded(month.heat / Decimal("4.1868"), 2)
    else:
        month.gen = rounded(month.gen * rng.choice((Decimal("0.1"), Decimal(1000))), 3)


def rounded_books(rng: Random, book: Book) -> None:
    """A plant that keeps whole numbers: MWh, GJ, h, and tonnes of the daily ledger."""
    for unit in book.units:
        for month in unit.months:
            month.gen, month.sup = rounded(month.gen, 0), rounded(month.sup, 0)
            month.heat, month.hours = rounded(month.heat, 0), rounded(month.hours, 0)
            for day in month.days:
                day.coal = rounded(day.coal, 0)
            if month.days:
                month.weigh()


SLIPS: Mapping[str, Callable[[Random, Book], None]] = {
    "typing_slip": typing_slip,
    "swapped_digits": swapped_digits,
    "unit_slip": unit_slip,
    "rounded_books": rounded_books,
}
