"""The frame of falsification: strengths, what a cheat can reach, and helpers that all ways share.

A way changes the independent figures of a book as a cheat would; closing the book again computes
every dependent cell from them. `prepare` first makes the year what it truly was (for instance: no
valid test), so that the tonnes hidden are measured against the truth.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Literal, TypeVar

from emitters.simulator.book import ZERO, Book, Sample, UnitBook, UnitMonth, rounded
from emitters.simulator.plants import Plant
from emitters.simulator.year import DIESEL_NCV

T = TypeVar("T")
Strength = Literal["weak", "medium", "gross"]
STRENGTHS: tuple[Strength, ...] = ("weak", "medium", "gross")


@dataclass(slots=True)
class Attempt:
    """A book under a cheat's hands. `previous`: the plant's book of last year; `donor`: another
    plant's book of this year."""

    book: Book
    strength: Strength
    rng: Random
    previous: Book | None = None
    donor: Book | None = None

    def level(self, weak: T, medium: T, gross: T) -> T:
        """The value of the attempt's strength."""
        return (weak, medium, gross)[STRENGTHS.index(self.strength)]

    def tested(self) -> list[UnitMonth]:
        """Running months with a laboratory test."""
        return [m for m in self.book.unit_months() if m.carbon == "test" and m.sample]

    def months(self, count: int) -> set[int]:
        """Up to `count` neighbouring months that have tests, the same for all generators."""
        found = sorted({m.month for m in self.tested()})
        start = self.rng.randint(0, max(0, len(found) - count))
        return set(found[start : start + count])


@dataclass(frozen=True, slots=True)
class Way:
    """A way to falsify: code, Chinese name, which plants and years it suits, the edit, the truth
    before it, and what the book must hold beyond that."""

    code: str
    title: str
    suits: Callable[[Plant, int], bool]
    apply: Callable[[Attempt], None]
    prepare: Callable[[Attempt], None] = lambda attempt: None
    ready: Callable[[Attempt], bool] = lambda attempt: True

    def applies(self, attempt: Attempt) -> bool:
        """Whether the way works on this book."""
        book = attempt.book
        return self.suits(book.plant, book.year) and self.ready(attempt)


def burns_coal(plant: Plant, year: int) -> bool:
    """Coal-fired plants."""
    return bool(plant.mines)


def measures(plant: Plant, year: int) -> bool:
    """Coal with measured carbon."""
    return bool(plant.mines) and year >= plant.measured_from


def unmeasured(plant: Plant, year: int) -> bool:
    """Coal with default carbon."""
    return bool(plant.mines) and year < plant.measured_from


def has_tests(attempt: Attempt) -> bool:
    """Enough measured months to falsify a year of tests."""
    return len({m.month for m in attempt.tested()}) >= 6


def untested(months: Iterable[UnitMonth]) -> None:
    """The truth of these months: no valid test, hence the default."""
    for month in months:
        month.carbon = "default"


def no_test(weak: int, medium: int, gross: int) -> Callable[[Attempt], None]:
    """The truth of so many neighbouring months, by strength: no valid test."""

    def prepare(attempt: Attempt) -> None:
        chosen = attempt.months(attempt.level(weak, medium, gross))
        untested(m for m in attempt.tested() if m.month in chosen)

    return prepare


def restore(attempt: Attempt) -> list[Sample]:
    """Report such months as measured again; returns their papers, month by month."""
    papers = []
    for month in attempt.book.unit_months():
        if month.carbon == "default" and month.sample:
            month.carbon = "test"
            papers.append(month.sample)
    return sorted(papers, key=lambda s: (s.month, s.generator))


def burnt_gj(month: UnitMonth) -> Decimal:
    """GJ in a month by the books."""
    return month.fc * month.ncv + month.diesel * DIESEL_NCV


def scale_coal(month: UnitMonth, factor: Decimal) -> Decimal:
    """Fewer tonnes in the daily ledger; the heat's share of the rest is worked out again.

    Returns the tonnes taken away.
    """
    before_gj, before_t = burnt_gj(month), month.fc
    for day in month.days:
        day.coal = rounded(day.coal * factor, 2)
    month.weigh()
    if after := burnt_gj(month):
        month.ratio = rounded(month.ratio * before_gj / after, 2)
    return before_t - month.fc


def take_coal(
    attempt: Attempt, share: str, months: Iterable[UnitMonth] | None = None
) -> list[Decimal]:
    """Tonnes taken off the ledgers, by month of the year."""
    factor = 1 - Decimal(share)
    taken = [ZERO] * 12
    for month in attempt.book.unit_months() if months is None else months:
        taken[month.month - 1] += scale_coal(month, factor)
    return taken


def hide_purchases(book: Book, taken: Sequence[Decimal]) -> None:
    """As much less bought as is burnt less, so that the yard closes as it did."""
    yard, short = book.yard, ZERO
    for month, tonnes in enumerate(taken):
        cut = min(yard.buy[month], tonnes + short)
        short += tonnes - cut
        yard.buy[month] -= cut
    yard.adjust[11] -= short


LAB_VALUES = ("mad", "aad", "vad", "stad", "had", "cad", "qgrad")


def copy_values(source: Sample, target: Sample, names: Iterable[str] = LAB_VALUES) -> None:
    """Another sample's results on one's own sheet, converted with one's own moisture."""
    for name in names:
        setattr(target, name, getattr(source, name))
    target.convert()


def own_test(unit: UnitBook, month: int) -> Sample | None:
    """The test of a generator's month."""
    return unit.months[month - 1].sample
