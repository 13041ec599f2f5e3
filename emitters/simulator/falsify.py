"""All the ways to falsify, and what a falsified year hides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from carbonwatch.params.values import shipped
from emitters.calc.accounts import account
from emitters.facts import ReportFacts
from emitters.simulator import (
    cheats_books,
    cheats_fuel,
    cheats_lab,
    cheats_output,
    cheats_results,
)
from emitters.simulator.book import Book
from emitters.simulator.cheating import Attempt, Way
from emitters.simulator.closing import close

WAYS: Mapping[str, Way] = {
    way.code: way
    for part in (cheats_fuel, cheats_lab, cheats_output, cheats_books, cheats_results)
    for way in part.WAYS
}


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a report. `label` honest, odd or falsified; `way` the kind of oddity or
    falsification; `hidden_t` tCO2 (true − reported), `allowances_t` allowances gained (None where
    the year has no allocation). `book` is the year as it truly was: what others recorded follows
    from it (`outside_of`)."""

    label: str
    way: str = ""
    strength: str = ""
    hidden_t: Decimal = Decimal(0)
    allowances_t: Decimal | None = Decimal(0)
    book: Book | None = field(default=None, compare=False, repr=False)


def falsify(attempt: Attempt, code: str) -> tuple[ReportFacts, Truth]:
    """The report that the cheat would file, and the truth about it. Changes the attempt's book.

    Raises ValueError where the way does not fit the plant or the year.
    """
    way = WAYS[code]
    if not way.applies(attempt):
        raise ValueError(f"{code} does not fit {attempt.book.plant.name} {attempt.book.year}")
    way.prepare(attempt)
    true, true_book = close(attempt.book), attempt.book.copy()
    way.apply(attempt)
    reported = close(attempt.book)
    return reported, Truth(
        "falsified",
        code,
        attempt.strength,
        hidden_t=_total(true) - _total(reported),
        allowances_t=_gained(true, reported),
        book=true_book,
    )


def _total(report: ReportFacts) -> Decimal:
    return (report.plant_total and report.plant_total.annual) or Decimal(0)


def _gained(true: ReportFacts, reported: ReportFacts) -> Decimal | None:
    before = account(true, shipped()).allowance_t
    after = account(reported, shipped()).allowance_t
    return None if before is None or after is None else after - before
