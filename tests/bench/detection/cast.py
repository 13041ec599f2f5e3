"""A province of a seed as the bench needs it: so many honest plants, every oddity, every way to
falsify at every strength, each plant with three years of reports of which the newest is judged."""

from collections import defaultdict
from dataclasses import dataclass, replace
from random import Random

from emitters.facts import ReportFacts
from emitters.simulator import ODDITIES, STRENGTHS, WAYS, Attempt, State, falsify, honest_year
from emitters.simulator.closing import close
from emitters.simulator.falsify import Truth
from emitters.simulator.names import credit_code
from emitters.simulator.plants import Plant
from emitters.simulator.province import draw_plant, suits, with_new_unit
from emitters.simulator.scenario import Scenario

YEARS = 3
AGENCY_WAYS = ("consultancy_shave",)
_TRIES = 60


@dataclass(frozen=True)
class Size:
    """How many plants of each sort a seed holds: `honest`, per oddity, per way and strength, and
    `clients` of a consultancy that falsifies for all of them."""

    honest: int = 90
    odd: int = 2
    false: int = 1
    clients: int = 6
    strengths: tuple[str, ...] = STRENGTHS


@dataclass(frozen=True)
class Life:
    """A plant's reports, oldest first; the truth is that of the newest. `since` counts the years that
    were falsified (0: none)."""

    reports: tuple[ReportFacts, ...]
    truth: Truth
    kind: str
    since: int = 0


class Cast:
    """Makes the lives of one seed. Donors of stolen reports are honest plants of the same year."""

    def __init__(self, seed: int, newest: int) -> None:
        self.rng = Random(f"detection/{seed}")
        self.years = tuple(range(newest - YEARS + 1, newest + 1))
        self.index = 0
        self.donors = defaultdict(list)

    def lives(self, size: Size) -> list[Life]:
        """Honest first: their books are what others may steal."""
        found = [self._honest() for _ in range(size.honest)]
        for event in ODDITIES:
            found += filter(None, (self._odd(event) for _ in range(size.odd)))
        for way in WAYS:
            for strength in size.strengths:
                count = size.clients if way in AGENCY_WAYS else size.false
                found += filter(None, (self._false(way, strength) for _ in range(count)))
        return found

    def _plant(self):
        self.index += 1
        return draw_plant(self.rng, self.index)

    def _honest(self) -> Life:
        plant = self._plant()
        while plant.kind == "mine_mouth":
            self.index -= 1
            plant = self._plant()
        reports = []
        state = State.of(plant)
        for year in self.years:
            book = honest_year(plant, year, state)
            if book.samples():
                self.donors[year, plant.mines[0].rank].append(book)
            reports.append(close(book))
        return Life(tuple(reports), Truth("honest", book=book.true), plant.kind)

    def _odd(self, event: str) -> Life | None:
        """The oddity happens in the newest year."""
        newest = self.years[-1]
        for _ in range(_TRIES):
            plant = self._plant()
            if not suits(plant, newest, event):
                continue
            if event == "new_unit":
                plant = with_new_unit(plant, newest)
            state = State.of(plant)
            scenes = [Scenario()] * (YEARS - 1) + [Scenario(frozenset({event}))]
            books = [
                honest_year(plant, y, state, s) for y, s in zip(self.years, scenes, strict=True)
            ]
            truth = Truth("odd", event, book=books[-1].true)
            return Life(tuple(map(close, books)), truth, plant.kind)
        return None

    def _false(self, code: str, strength: str) -> Life | None:
        """Falsified in the newest year; in a quarter of the lives also the year before, and in a
        quarter from the beginning."""
        way, since = WAYS[code], self.rng.choice((1, 1, 2, 3))
        for _ in range(_TRIES):
            plant = self._plant()
            if code in AGENCY_WAYS:
                plant = _client(plant, strength)
            if plant.kind == "mine_mouth" or not way.suits(plant, self.years[-1]):
                continue
            life = self._falsified(plant, code, strength, since)
            if life is not None:
                return life
        return None

    def _falsified(self, plant, code: str, strength: str, since: int) -> Life | None:
        state, previous, reports, truth = State.of(plant), None, [], None
        rank = plant.mines[0].rank if plant.mines else ""
        for position, year in enumerate(self.years):
            book = honest_year(plant, year, state)
            donors = self.donors[year, rank]
            donor = self.rng.choice(donors) if donors else None
            attempt = Attempt(book, strength, plant.rng("cheat", year), previous, donor)
            truth = None
            if position >= YEARS - since and WAYS[code].applies(attempt):
                report, truth = falsify(attempt, code)
            else:
                report = close(book)
            reports.append(report)
            previous = book
        return Life(tuple(reports), truth, plant.kind, since) if truth else None


def _client(plant: Plant, strength: str) -> Plant:
    """A client of the consultancy that falsifies at that strength."""
    code = credit_code(Random(f"consultancy-{strength}"), "2101")
    return replace(plant, consultant=f"样本低碳咨询{strength}有限公司", consultant_code=code)
