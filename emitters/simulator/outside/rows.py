"""Rows of a made-up file, and what the makers of records share."""

from decimal import Decimal
from random import Random
from typing import Any

from emitters.outside import KINDS, OutsideRow
from emitters.simulator.book import Book, rounded


class File:
    """Hands out the rows of one kind's file, top down, each with its place."""

    def __init__(self, kind: str, book: Book) -> None:
        self.kind, self.year = kind, book.year
        self.code = book.plant.credit_code
        self.sheet = KINDS[kind].sheet.name
        self.number = 1

    def row(self, **values: Any) -> OutsideRow:
        """The next row."""
        self.number += 1
        return OutsideRow(
            self.kind, values, f"样本{self.sheet}{self.year}.xlsx", f"{self.sheet}!A{self.number}"
        )

    def of_unit(self, **values: Any) -> OutsideRow:
        """The next row, about the plant."""
        return self.row(credit_code=self.code, **values)

    def of_month(self, month: int, **values: Any) -> OutsideRow:
        """The next row, about the plant in a month of the book's year."""
        return self.of_unit(year=self.year, month=month, **values)


def shifted(values: list[float], days: float, rng: Random) -> list[float]:
    """Months as a meter shows them that is read so many days before the end of the month.

    The first days of January were last December's: close to this December's level.
    """
    before = [values[11] * rng.gauss(1, 0.08), *values[:11]]
    share = days / 30
    return [v * (1 - share) + b * share for v, b in zip(values, before, strict=True)]


def reading_lead(rng: Random) -> float:
    """Days before the end of the month at which a meter is read: mostly none."""
    return rng.choice((0, 0, 0, 0, 0, 1, 5, 6))


def plain(value: float, places: int = 2) -> Decimal:
    """Half up."""
    return rounded(value, places)
