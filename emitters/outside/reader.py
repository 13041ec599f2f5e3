"""From the bytes of a file to its records, or to everything that is wrong with them.

Workbooks go through the guard, text files are decoded; the table may stand below title rows, in a
sheet of any name, with columns in any order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import emitters.outside.rules  # noqa: F401 -- registers the texts
from carbonwatch.imports.cells import is_blank, plain
from carbonwatch.imports.guard import Guarded, inspect
from carbonwatch.imports.layout import Field, Kind, Sheet
from carbonwatch.imports.package import Unreadable
from carbonwatch.imports.problems import Problem, Weight
from carbonwatch.imports.reading import Book
from carbonwatch.imports.rules import in_order
from carbonwatch.imports.tables import LETTERS, Cleaner, Grid, row_of
from carbonwatch.imports.textfile import read_text
from carbonwatch.imports.units import factor, in_brackets, is_unit, stated
from emitters.outside.headers import (
    SEARCHED,
    Chosen,
    Header,
    find_header,
    headers_of,
    undecided,
)
from emitters.outside.kinds import RecordKind
from emitters.outside.rows import Bounds, Parsed, RowRules

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NAMES = (".xlsx", ".xlsm", ".xls")
_ANYTHING = Bounds()


@dataclass(frozen=True)
class OutsideReading:
    """What a file holds. `asks`: a person must say what its columns are, nothing was read; `rows` are
    empty when a problem is a file verdict or a blocker. `header` is the row of the header (1-based)."""

    kind: RecordKind
    problems: tuple[Problem, ...]
    sheet: str = ""
    header: int = 0
    headers: tuple[Header, ...] = ()
    rows: tuple[Parsed, ...] = field(default=(), repr=False)
    asks: bool = False

    @property
    def blocked(self) -> bool:
        """Whether the file cannot be taken in as it is."""
        return any(p.weight is not Weight.NOTICE for p in self.problems)


def read_outside(
    source: bytes,
    file_name: str,
    kind: RecordKind,
    *,
    chosen: Chosen | None = None,
    header: int | None = None,
    ask: bool = False,
    bounds: Bounds = _ANYTHING,
) -> OutsideReading:
    """Read one file as one kind of record. Never raises for what a file may hold.

    `chosen`: what a person said of columns; `header`: the row (1-based) that a person named as the
    header; `ask`: ask again what the columns are, whatever is known of them.
    """
    chosen = chosen or {}
    try:
        cleaner, sheet, grid = open_table(source, file_name, kind, chosen)
    except Unreadable as error:
        return OutsideReading(kind, (error.problem,))
    row = find_header(grid, kind, chosen) if header is None else header - 1
    if row is None or row >= len(grid):
        cleaner.add("header-not-found", sheet=sheet, rows=SEARCHED)
        return OutsideReading(kind, in_order(cleaner.problems), sheet)
    headers = headers_of(grid, row, kind, chosen)
    if ask or undecided(headers, kind):
        return OutsideReading(kind, (), sheet, row + 1, headers, asks=True)
    table = _Table(cleaner, kind, replace(kind.sheet, name=sheet), grid, row, headers)
    rows = table.read(bounds)
    problems = in_order(cleaner.problems)
    reading = OutsideReading(kind, problems, sheet, row + 1, headers, rows)
    return replace(reading, rows=()) if reading.blocked else reading


def open_table(
    source: bytes, file_name: str, kind: RecordKind, chosen: Chosen
) -> tuple[Cleaner, str, Grid]:
    """The cells of the sheet that holds the records, and its name. Raises `Unreadable`."""
    if not source.startswith(WORKBOOKS) and not file_name.lower().endswith(_NAMES):
        return Cleaner(), kind.sheet.name, read_text(source)
    guarded = inspect(source)
    if guarded.refused:
        raise Unreadable(guarded.problems[0])
    book = Book(guarded)
    name = _sheet_of(book, guarded, kind, chosen)
    sheet = replace(kind.sheet, name=name)
    book.note_others([sheet])
    return book, name, book.grid(sheet)


def _sheet_of(book: Book, guarded: Guarded, kind: RecordKind, chosen: Chosen) -> str:
    """The sheet of the kind's name; else the one whose header is known best; else the first filled."""
    named = next((n for n in guarded.sheets if plain(n) == plain(kind.sheet.name)), None)
    if named is not None:
        return named
    best, most = guarded.sheets[0], -1
    for name in guarded.sheets:
        grid = book.grid(replace(kind.sheet, name=name))
        row = find_header(grid, kind, chosen)
        if row is None:
            continue
        known = sum(1 for h in headers_of(grid, row, kind, chosen) if h.choice)
        if known > most:
            best, most = name, known
    return best


class _Table:
    """The columns of a table as its headers name them, made into records."""

    def __init__(
        self,
        cleaner: Cleaner,
        kind: RecordKind,
        sheet: Sheet,
        grid: Grid,
        row: int,
        headers: Sequence[Header],
    ) -> None:
        self._cleaner, self._kind, self._sheet = cleaner, kind, sheet
        self._grid, self._row, self._headers = grid, row, headers
        self._by_field: dict[str, Header] = {}

    def read(self, bounds: Bounds) -> tuple[Parsed, ...]:
        """The records; what is wrong is noted in the cleaner."""
        self._place()
        places = [self._index(f) for f in self._sheet.fields]
        factors = [self._factor(f) for f in self._sheet.fields]
        self._complete()
        start = len(self._cleaner.problems)
        numbers, columns = self._cleaner.clean(self._sheet, self._grid, places, header=self._row)
        if not numbers:
            self._cleaner.add("outside-no-rows", sheet=self._sheet.name)
        letters = {name: h.letter for name, h in self._by_field.items()}
        rules = RowRules(self._cleaner, self._kind, self._sheet, letters, bounds)
        lines = zip(numbers, zip(*columns, strict=True), strict=True)
        parsed = [rules.parse(number, self._values(line, factors)) for number, line in lines]
        problems = self._cleaner.problems
        problems[start:] = sorted(problems[start:], key=row_of)
        return tuple(p for p in parsed if p is not None)

    def _place(self) -> None:
        """Which header is which field."""
        for header in self._headers:
            cell = f"{header.letter}{self._row + 1}"
            name = header.choice.field if header.choice else ""
            if not name:
                if header.choice is None:
                    self._cleaner.add(
                        "column-unknown", sheet=self._sheet.name, cell=cell, found=header.text
                    )
            elif name in self._by_field:
                label = next(f.label for f in self._sheet.fields if f.name == name)
                self._cleaner.add("column-twice", sheet=self._sheet.name, cell=cell, field=label)
            else:
                self._by_field[name] = header

    def _complete(self) -> None:
        """Missing columns, and values under no header."""
        for item in self._sheet.fields:
            if item.needed and item.name not in self._by_field:
                self._cleaner.add("column-missing", sheet=self._sheet.name, field=item.label)
        named = {h.index for h in self._headers}
        width = max(map(len, self._grid), default=0)
        nameless = [i for i in range(width) if i not in named]
        self._cleaner.require_named(self._sheet, self._grid, nameless, header=self._row)

    def _index(self, item: Field) -> int | None:
        header = self._by_field.get(item.name)
        return header.index if header else None

    def _factor(self, item: Field) -> Decimal | None:
        """What the numbers of a column are multiplied by; None to leave them."""
        header = self._by_field.get(item.name)
        if header is None or item.kind is not Kind.NUMBER:
            return None
        found = self._unit(header, item)
        if not found or plain(found) in map(plain, item.unit.split("|")):
            return None
        times = factor(found, item.unit)
        if times != 1:
            rule = "column-unit" if is_unit(found) else "column-remark"
            self._cleaner.add(
                rule if times is None else "column-converted",
                sheet=self._sheet.name,
                cell=f"{header.letter}{self._row + 1}",
                field=item.label,
                found=found,
                expected=item.unit.replace("|", "、"),
                factor="" if times is None else f"{times.normalize():f}",
            )
        return None if times == 1 else times

    def _unit(self, header: Header, item: Field) -> str:
        """The unit that a person, the header or a line above the table gives."""
        if header.choice and header.choice.unit:
            return header.choice.unit
        # Some brackets belong to the name: 灰渣量（干）.
        named = plain(header.text) in map(plain, (item.label, *item.aliases))
        bracket = "" if named else in_brackets(header.text)
        if bracket:
            return bracket
        above = [unit for row in self._grid[: self._row] for unit in stated(row)]
        return next((unit for unit in above if factor(unit, item.unit)), "")

    def _values(self, line: Sequence[Any], factors: Sequence[Decimal | None]) -> dict[str, Any]:
        """Values by field, converted; empty ones left out."""
        return {
            item.name: value if times is None else value * times
            for item, value, times in zip(self._sheet.fields, line, factors, strict=True)
            if not is_blank(value)
        }


def letters_of(reading: OutsideReading) -> dict[str, str]:
    """Column letter of every field that a reading found."""
    return {
        h.choice.field: LETTERS[h.index] for h in reading.headers if h.choice and h.choice.field
    }
