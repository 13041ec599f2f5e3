"""When a generator certainly stood still, by dispatch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from emitters.checks.comparison import days_within, places
from emitters.outside import OutsideRow


@dataclass(frozen=True, slots=True)
class Spell:
    """Days without an hour on the grid, first to last, and the records that say so."""

    first: date
    last: date
    rows: tuple[OutsideRow, ...]


@dataclass(frozen=True, slots=True)
class Standstill:
    """A generator's spells, seen from one year. The days on which it left and rejoined the grid are not
    among them; records that overlap are one spell."""

    year: int
    spells: tuple[Spell, ...]

    @classmethod
    def of(cls, year: int, rows: Sequence[OutsideRow]) -> "Standstill":
        """From the generator's rows of kind `outage`, of any year."""
        found: list[Spell] = []
        for row in sorted(rows, key=lambda r: (r["begin"], r["end"])):
            first, last = row["begin"] + timedelta(days=1), row["end"] - timedelta(days=1)
            if found and row["begin"] <= found[-1].last:
                before = found.pop()
                found.append(Spell(before.first, max(before.last, last), (*before.rows, row)))
            elif first <= last:
                found.append(Spell(first, last, (row,)))
        return cls(year, tuple(s for s in found if s.first.year <= year <= s.last.year))

    def days(self, month: int) -> int:
        """Whole days off in a month of the year."""
        return sum(days_within(s.first, s.last, self.year, month) for s in self.spells)

    def place(self, month: int) -> str:
        """Where the records of a month's days stand."""
        return places(
            r for s in self.spells if days_within(s.first, s.last, self.year, month) for r in s.rows
        )

    def spell(self, day: date) -> Spell | None:
        """The spell that a day belongs to."""
        return next((s for s in self.spells if s.first <= day <= s.last), None)
