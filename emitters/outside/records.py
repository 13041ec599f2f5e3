"""Rows of outside records as checks see them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from emitters.outside.kinds import KINDS

# A place in a stored file as results name it.
_PLACE = re.compile(r'[^\s"；、，\d]{0,14}第\d+号文件(?: [^\s"；、]{1,31}![A-Z]{1,3}\d+)?')


def source_of(provider: str, number: int) -> str:
    """How results name a stored file: provider and number, short enough for a list of places."""
    return f"{''.join(provider.split())[:14]}第{number}号文件"


def without_places(text: str) -> str:
    """A text in which no place of a stored file is named: where a fact stands is not what it says."""
    return _PLACE.sub("", text)


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """One record. `values` by field name (`str`, `Decimal`, `int`, `date` or None); `source` the file
    and its provider, `cell` the place of the row in it (`电网结算!A5`)."""

    kind: str
    values: Mapping[str, Any]
    source: str = ""
    cell: str = ""

    def __getitem__(self, name: str) -> Any:
        """A value; None when the file has no such column or the cell is empty."""
        return self.values.get(name)

    @property
    def place(self) -> str:
        """Where a person finds the row: file and cell."""
        return f"{self.source} {self.cell}".strip()


@dataclass(frozen=True)
class OutsideRecords:
    """The outside records that concern one report: of its unit and year, of the laboratories and
    suppliers that it names, of its city. Rows in order of file and place."""

    rows: tuple[OutsideRow, ...] = ()

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[OutsideRow, ...]]:
        """Rows by kind."""
        grouped: dict[str, list[OutsideRow]] = {}
        for row in self.rows:
            grouped.setdefault(row.kind, []).append(row)
        return {kind: tuple(rows) for kind, rows in grouped.items()}

    def of(self, kind: str) -> tuple[OutsideRow, ...]:
        """The rows of a kind (KeyError for a kind that is not declared)."""
        return self.by_kind.get(KINDS[kind].code, ())

    def of_year(self, kind: str, year: int) -> tuple[OutsideRow, ...]:
        """The rows of a kind that belong to a year, by `year` or by `day`."""
        return tuple(r for r in self.of(kind) if _year(r) == year)


def _year(row: OutsideRow) -> int | None:
    day = row["day"]
    if isinstance(day, date):
        return day.year
    return None if row["year"] is None else int(row["year"])
