"""Reads a guarded workbook by its layout: sheets by name, columns by header, every problem at once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from carbonwatch.imports.cells import CellFault, is_blank, plain
from carbonwatch.imports.guard import Guarded
from carbonwatch.imports.layout import MONTHS, Field, Kind, Shape, Sheet
from carbonwatch.imports.package import Unreadable, refuse
from carbonwatch.imports.problems import Problem
from carbonwatch.imports.rules import problem
from carbonwatch.imports.sheetscan import column_letters

_BRACKETS = re.compile(r"[(\[【〔（].*$")
LETTERS = tuple(column_letters(n) for n in range(1, 201))
_HEADER_SEARCH = 10


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number in the sheet and clean values in the layout's order (None = no value)."""

    number: int
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class MonthlyRow:
    """A row of a monthly sheet: key values, twelve months, the annual figure, trailing values."""

    number: int
    keys: tuple[Any, ...]
    months: tuple[Decimal | None, ...]
    annual: Decimal | None
    trailing: tuple[Any, ...]


@dataclass
class Table:
    """A sheet as read. `letters` by field name; `None` in the book's place means the sheet is not there."""

    sheet: Sheet
    letters: dict[str, str] = field(default_factory=dict)
    rows: list[Any] = field(default_factory=list)

    def cell(self, name: str, row: int) -> str:
        """Address of a field in a row, without the sheet: `H5`."""
        return f"{self.letters.get(name, 'A')}{row}"


@dataclass
class Form:
    """A form as read: values and cells by field name."""

    sheet: Sheet
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)


class Book:
    """An open workbook: grids by sheet name, and the problems met so far."""

    def __init__(self, guarded: Guarded) -> None:
        self.problems: list[Problem] = list(guarded.problems)
        self._guarded = guarded
        self._names = {plain(name): name for name in guarded.sheets}
        try:
            self._book = CalamineWorkbook.from_filelike(BytesIO(guarded.source))
        except BaseException as error:
            raise _unreadable(error) from error

    def add(self, code: str, **values: Any) -> None:
        """Note a problem."""
        self.problems.append(problem(code, **values))

    def has(self, sheet: Sheet) -> bool:
        """Whether the sheet is there."""
        return plain(sheet.name) in self._names

    def note_others(self, layout: Iterable[Sheet]) -> None:
        """Notices: sheets that the layout does not know, and known ones that are hidden."""
        known = {plain(s.name) for s in layout}
        for name in self._guarded.sheets:
            if plain(name) not in known:
                self.add("sheet-unknown", sheet=name)
            elif name in self._guarded.hidden:
                self.add("sheet-hidden", sheet=name)

    def grid(self, sheet: Sheet) -> list[list[Any]]:
        """All cells of a sheet, row 1 and column A first, with `Fault` where a value is lacking."""
        name = self._names[plain(sheet.name)]
        try:
            rows = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except BaseException as error:
            raise _unreadable(error) from error
        for row, column, fault in self._guarded.faults.get(name, ()):
            while len(rows) < row:
                rows.append([])
            cells = rows[row - 1]
            cells.extend([""] * (column - len(cells)))
            cells[column - 1] = fault
        return rows

    def form(self, sheet: Sheet) -> Form:
        """Read a form: labels in A, values in B."""
        form = Form(sheet)
        known = _names(sheet.fields)
        for number, cells in enumerate(self.grid(sheet), 1):
            label = cells[0] if cells else ""
            if is_blank(label):
                if len(cells) > 1 and not is_blank(cells[1]):
                    self.add(
                        "value-in-nameless-column",
                        sheet=sheet.name,
                        cell=f"B{number}",
                        found=cells[1],
                    )
                continue
            item = known.get(_header(label))
            if item is None:
                self.add("label-unknown", sheet=sheet.name, cell=f"A{number}", found=label)
            elif item.name in form.cells:
                self.add("label-twice", sheet=sheet.name, cell=f"A{number}", field=item.label)
            else:
                form.cells[item.name] = f"B{number}"
                value = cells[1] if len(cells) > 1 else ""
                form.values[item.name] = self.value(sheet, f"B{number}", item, value)
                outside = next((c for c in cells[2:] if not is_blank(c)), None)
                if outside is not None:
                    self.add(
                        "value-outside-form", sheet=sheet.name, cell=f"C{number}", found=outside
                    )
        for item in sheet.fields:
            if item.name not in form.cells:
                form.values[item.name] = None if item.kind in _EMPTY_IS_NONE else ""
                if item.needed:
                    self.add("label-missing", sheet=sheet.name, field=item.label)
        return form

    def table(self, sheet: Sheet) -> Table:
        """Read a table or monthly sheet; empty rows are passed over."""
        table = Table(sheet)
        grid = self.grid(sheet)
        places = self._columns(sheet, grid, table)
        if places is None:
            return table
        read = self._monthly_rows if sheet.shape is Shape.MONTHLY else self._rows
        table.rows = read(sheet, grid, places)
        return table

    def value(self, sheet: Sheet, cell: str, item: Field, value: Any) -> Any:
        """One clean value; a problem and None when it is not what the field needs."""
        try:
            result = item.convert(value)
        except CellFault as fault:
            self.add(fault.rule, sheet=sheet.name, cell=cell, field=item.label, found=fault.found)
            return None
        if result is None or result == "":
            if item.required:
                self.add("value-missing", sheet=sheet.name, cell=cell, field=item.label)
            return result
        if item.choices:
            choice = item.by_plain.get(plain(result))
            if choice is None:
                self.add(
                    "not-a-choice",
                    sheet=sheet.name,
                    cell=cell,
                    field=item.label,
                    found=result,
                    choices="、".join(item.choices),
                )
            return choice
        if not item.signed and item.kind is Kind.NUMBER and result < 0:
            self.add("negative", sheet=sheet.name, cell=cell, field=item.label, found=value)
        return result

    def _columns(
        self, sheet: Sheet, grid: list[list[Any]], table: Table
    ) -> list[int | None] | None:
        """Index of each column of the layout; None when the header cannot be used."""
        header_row = self._header_row(sheet, grid)
        if header_row is None:
            return None
        known = _names(sheet.columns)
        found: dict[str, int] = {}
        nameless = []
        for index, text in enumerate(grid[header_row]):
            if is_blank(text):
                nameless.append(index)
                continue
            item = known.get(_header(text))
            if item is None:
                self.add("column-unknown", sheet=sheet.name, cell=f"{LETTERS[index]}1", found=text)
            elif item.name in found:
                self.add(
                    "column-twice", sheet=sheet.name, cell=f"{LETTERS[index]}1", field=item.label
                )
            else:
                found[item.name] = index
                table.letters[item.name] = LETTERS[index]
        self._require_named(sheet, grid, nameless)
        missing = [c for c in sheet.columns if c.name not in found]
        for item in missing:
            if item.needed:
                self.add("column-missing", sheet=sheet.name, field=item.label)
        return [found.get(c.name) for c in sheet.columns]

    def _header_row(self, sheet: Sheet, grid: list[list[Any]]) -> int | None:
        """0 when the header stands in row 1; a problem and None when it does not."""
        known = _names(sheet.columns)
        need = max(2, len(sheet.fields) // 2)
        for index, cells in enumerate(grid[:_HEADER_SEARCH]):
            if sum(1 for c in cells if type(c) is str and c and _header(c) in known) >= need:
                if index == 0:
                    return 0
                self.add("header-not-first", sheet=sheet.name, cell=f"A{index + 1}", row=index + 1)
                return None
        for item in sheet.columns:
            if item.needed:
                self.add("column-missing", sheet=sheet.name, cell="A1", field=item.label)
        return None

    def _require_named(self, sheet: Sheet, grid: list[list[Any]], nameless: list[int]) -> None:
        """Values under an empty header would be lost without a word."""
        for index in nameless:
            for number, cells in enumerate(grid[1:], 2):
                if index < len(cells) and not is_blank(cells[index]):
                    cell = f"{LETTERS[index]}{number}"
                    self.add(
                        "value-in-nameless-column", sheet=sheet.name, cell=cell, found=cells[index]
                    )
                    break

    def _rows(self, sheet: Sheet, grid: list[list[Any]], places: Sequence[int | None]) -> list[Row]:
        plan = _plan(sheet, places)
        return [
            Row(number, self._cells(sheet, number, cells, plan))
            for number, cells in enumerate(grid[1:], 2)
            if _filled(cells)
        ]

    def _monthly_rows(
        self, sheet: Sheet, grid: list[list[Any]], places: Sequence[int | None]
    ) -> list[MonthlyRow]:
        plan = _plan(sheet, places)
        first = len(sheet.fields)
        rows = []
        for number, cells in enumerate(grid[1:], 2):
            if _filled(cells):
                values = self._cells(sheet, number, cells, plan)
                last = first + len(MONTHS)
                rows.append(
                    MonthlyRow(
                        number,
                        values[:first],
                        values[first : last - 1],
                        values[last - 1],
                        values[last:],
                    )
                )
        return rows

    def _cells(
        self, sheet: Sheet, number: int, cells: list[Any], plan: list[Any]
    ) -> tuple[Any, ...]:
        """Clean values of one row; the usual cell costs one call."""
        values = []
        width = len(cells)
        for index, item, convert, careful, unsigned in plan:
            if index is None:
                values.append(None if item.kind in _EMPTY_IS_NONE else "")
                continue
            raw = cells[index] if index < width else ""
            try:
                result = convert(raw)
            except CellFault:
                result = self.value(sheet, f"{LETTERS[index]}{number}", item, raw)
            else:
                if careful or (unsigned and result is not None and result < 0):
                    result = self.value(sheet, f"{LETTERS[index]}{number}", item, raw)
            values.append(result)
        return tuple(values)


_EMPTY_IS_NONE = (Kind.NUMBER, Kind.INTEGER, Kind.DATE)


def _plan(sheet: Sheet, places: Sequence[int | None]) -> list[Any]:
    """Per column: index, field, converter, whether it has a list or must be filled, whether it is ≥ 0."""
    return [
        (i, c, c.convert, bool(c.choices) or c.required, c.kind is Kind.NUMBER and not c.signed)
        for i, c in zip(places, sheet.columns, strict=True)
    ]


def _filled(cells: list[Any]) -> bool:
    return any(c != "" and not is_blank(c) for c in cells)


def _names(fields: Iterable[Field]) -> dict[str, Field]:
    return {_header(text): f for f in fields for text in (f.label, *f.aliases)}


def _header(text: object) -> str:
    """A header folded for comparing, without a unit in brackets behind it."""
    folded = plain(str(text))
    return _BRACKETS.sub("", folded) or folded


def _unreadable(error: BaseException) -> Unreadable:
    """A reader's failure as a verdict. Its panics do not derive from `Exception`."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    return refuse("file-damaged", where=type(error).__name__)
