"""A made-up province: plants of every kind and city, honest, odd and falsified years."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from emitters.facts import ReportFacts
from emitters.simulator.book import Book
from emitters.simulator.cheating import STRENGTHS, Attempt, Strength, Way, measures
from emitters.simulator.closing import close
from emitters.simulator.falsify import WAYS, Truth, falsify
from emitters.simulator.plants import CITIES, Plant, make_plant
from emitters.simulator.scenario import ODDITIES, ORDINARY, Scenario, State
from emitters.simulator.year import honest_year

YEARS = tuple(range(2019, 2026))
_KIND_WEIGHTS = {
    "chp": 38,
    "coal": 22,
    "cfb": 14,
    "lignite": 9,
    "gas": 7,
    "back_pressure": 6,
    "mine_mouth": 4,
}
_CITY_WEIGHTS = (10, 8, 6, 4, 4, 3, 5, 7, 4, 4, 4, 5, 4, 5, 2)
_COAL_EVENTS = (
    "new_supplier", "stocktake", "typing_slip", "new_calorimeter", "meter_drift", "wet_season",
    "winter_reserve",
)  # fmt: skip
_FALSIFIED_SHARE, _ODD_SHARE = 0.37, 0.6

Item = tuple[Plant, int, ReportFacts, Truth]


@dataclass(slots=True)
class Fate:
    """What a plant does in which year."""

    odd: dict[int, str] = field(default_factory=dict)
    false: dict[int, Strength] = field(default_factory=dict)
    way: str = ""


def simulate(
    plant: Plant, year: int, state: State | None = None, scenario: Scenario = ORDINARY
) -> ReportFacts:
    """The honest annual report of a plant. Moves `state` to the year's end."""
    return close(honest_year(plant, year, state, scenario))


def province(seed: int, units: int = 60, years: Sequence[int] = YEARS) -> Iterator[Item]:
    """All reports, plant by plant, years ascending; the same for the same arguments.

    Every city and Shenfu has a plant from 15 units on. More than a third of the plants falsify one
    to three of their years; six in ten of the others have an odd year or two.
    """
    donors: dict[tuple[int, str], Book] = {}
    for plant, fate in _cast(seed, units, years):
        yield from _life(plant, fate, years, donors)


def plants_of(seed: int, units: int = 60, years: Sequence[int] = YEARS) -> list[Plant]:
    """The plants of that province, without their reports."""
    return [plant for plant, _fate in _cast(seed, units, years)]


def _cast(seed: int, units: int, years: Sequence[int]) -> list[tuple[Plant, Fate]]:
    rng = Random(f"province/{seed}")  # noqa: S311
    made = _plants(rng, units)
    fates = _fates(rng, made, years)
    return [(_as_fated(p, f), f) for p, f in zip(made, fates, strict=True)]


def _as_fated(plant: Plant, fate: Fate) -> Plant:
    new = next((year for year, event in fate.odd.items() if event == "new_unit"), None)
    return plant if new is None else with_new_unit(plant, new)


def draw_plant(rng: Random, index: int) -> Plant:
    """A plant of a likely kind in a likely city."""
    city = rng.choices(list(CITIES), _CITY_WEIGHTS)[0]
    kind = rng.choices(list(_KIND_WEIGHTS), list(_KIND_WEIGHTS.values()))[0]
    return make_plant(rng, index, city, kind)


def _plants(rng: Random, count: int) -> list[Plant]:
    cities = list(CITIES)
    places = cities + rng.choices(cities, _CITY_WEIGHTS, k=count)
    kinds = list(_KIND_WEIGHTS) + rng.choices(
        list(_KIND_WEIGHTS), list(_KIND_WEIGHTS.values()), k=count
    )
    return [make_plant(rng, n + 1, places[n], kinds[n]) for n in range(count)]


def _fates(rng: Random, plants: Sequence[Plant], years: Sequence[int]) -> list[Fate]:
    """Every way and every oddity in turn, each given to a plant that it suits."""
    fates = [Fate() for _ in plants]
    free = rng.sample(range(len(plants)), len(plants))
    for number in range(max(1, round(len(plants) * _FALSIFIED_SHARE))):
        way = list(WAYS.values())[number % len(WAYS)]
        for index in free:
            if fate := _cheat(rng, plants[index], way, years):
                fates[index] = fate
                free.remove(index)
                break
    events = [e for e in ODDITIES if e != "mine_mouth"]  # that is a kind of plant
    for n in range(round(len(free) * _ODD_SHARE)):
        event = events[n % len(events)]
        for index in free:
            if fit := [y for y in years if suits(plants[index], y, event)]:
                free.remove(index)
                count = 1 if event == "new_unit" else min(len(fit), rng.choice((1, 2)))
                fates[index].odd = dict.fromkeys(rng.sample(fit, count), event)
                break
    return fates


def _cheat(rng: Random, plant: Plant, way: Way, years: Sequence[int]) -> Fate | None:
    """One to three neighbouring years that suit the way, rarely the first: cheating starts once."""
    fit = [y for y in years if way.suits(plant, y) and (y > years[0] or len(years) == 1)]
    if not fit:
        return None
    length = min(len(fit), rng.choice((1, 2, 2, 3)))
    start = rng.randint(0, len(fit) - length)
    strength = rng.choices(STRENGTHS, (3, 4, 3))[0]
    return Fate(false=dict.fromkeys(fit[start : start + length], strength), way=way.code)


def suits(plant: Plant, year: int, event: str) -> bool:
    """Whether an oddity can happen to a plant in a year."""
    if event == "new_unit":
        return len(plant.generators) > 1
    if event == "deep_peaking":
        return plant.kind in ("coal", "mine_mouth", "chp")
    if event in ("holiday_backlog", "changed_lab", "lost_samples", "late_report"):
        # The default of 非常规燃煤 is not settled (regulation.md §2.1): no lost samples there.
        without = event in ("lost_samples", "late_report") and plant.kind == "cfb"
        soon = event == "late_report" and year < 2022  # there was no time limit
        return measures(plant, year) and not without and not soon
    if event in _COAL_EVENTS:
        return bool(plant.mines)
    if event == "heat_customer":
        return plant.generators[0].is_chp
    if event == "mine_mouth":
        return plant.kind == "mine_mouth"
    return event not in ("retrofit", "worn_turbine") or plant.kind != "back_pressure"


def with_new_unit(plant: Plant, year: int) -> Plant:
    """The same plant with its last generator commissioned in the middle of a year."""
    rng = plant.rng("new unit")
    start = date(year, rng.randint(5, 8), rng.randint(2, 27))
    last = replace(plant.generators[-1], commissioned=start)
    return replace(plant, generators=(*plant.generators[:-1], last))


def _life(
    plant: Plant, fate: Fate, years: Sequence[int], donors: dict[tuple[int, str], Book]
) -> Iterator[Item]:
    state = State.of(plant)
    rank = plant.mines[0].rank if plant.mines else ""
    previous: Book | None = None
    for year in years:
        event = fate.odd.get(year, "")
        scenario = Scenario(frozenset({event} if event else ()))
        book = honest_year(plant, year, state, scenario)
        if year in fate.false:
            attempt = Attempt(
                book, fate.false[year], plant.rng("cheat", year), previous, donors.get((year, rank))
            )
            facts, truth = falsify(attempt, _way(attempt, fate))
        else:
            facts, truth = close(book), _honest(plant, event, book)
            if book.samples():
                donors[year, rank] = book
        yield plant, year, facts, truth
        previous = book


def _honest(plant: Plant, event: str, book: Book) -> Truth:
    event = event or ("mine_mouth" if plant.kind == "mine_mouth" else "")
    return Truth("odd", event, book=book.true) if event else Truth("honest", book=book)


def _way(attempt: Attempt, fate: Fate) -> str:
    """The plant's way, or the next of the list that works on this year's book."""
    codes = list(WAYS)
    start = codes.index(fate.way)
    turned = codes[start:] + codes[:start]
    return next(code for code in turned if WAYS[code].applies(attempt))
