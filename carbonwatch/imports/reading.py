"""Reads a guarded workbook by its layout: sheets by name, columns by header."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from carbonwatch.imports import cells
from carbonwatch.imports.cells import CellFault, is_blank, plain
from carbonwatch.imports.guard import Guarded
from carbonwatch.imports.layout import MONTHS, Field, Kind, Shape, Sheet, header_key
from carbonwatch.imports.package import Unreadable, refuse
from carbonwatch.imports.problems import Problem
from carbonwatch.imports.rules import problem
from carbonwatch.imports.sheetscan import column_letters

LETTERS = tuple(column_letters(n) for n in range(1, 201))
_HEADER_SEARCH = 10


# A row of a table: its number in the sheet and clean values in the layout's order.
Row = tuple[int, tuple[Any, ...]]


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
    """A sheet as read. `letters`: column letters by field name."""

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
            rows: list[list[Any]] = self._book.get_sheet_by_name(name).to_python(
                skip_empty_area=False
            )
        except BaseException as error:
            raise _unreadable(error) from error
        for row, column, fault in self._guarded.faults.get(name, ()):
            while len(rows) < row:
                rows.append([])
            line = rows[row - 1]
            line.extend([""] * (column - len(line)))
            line[column - 1] = fault
        return rows

    def form(self, sheet: Sheet) -> Form:
        """Read a form: labels in A, values in B."""
        form = Form(sheet)
        known = sheet.by_header
        for number, row in enumerate(self.grid(sheet), 1):
            label = row[0] if row else ""
            if is_blank(label):
                if len(row) > 1 and not is_blank(row[1]):
                    self.add(
                        "value-in-nameless-column",
                        sheet=sheet.name,
                        cell=f"B{number}",
                        found=row[1],
                    )
                continue
            item = known.get(header_key(label))
            if item is None:
                self.add("label-unknown", sheet=sheet.name, cell=f"A{number}", found=label)
            elif item.name in form.cells:
                self.add("label-twice", sheet=sheet.name, cell=f"A{number}", field=item.label)
            else:
                form.cells[item.name] = f"B{number}"
                value = row[1] if len(row) > 1 else ""
                form.values[item.name] = self.value(sheet, f"B{number}", item, value)
                outside = next((c for c in row[2:] if not is_blank(c)), None)
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
        known = sheet.by_header
        found: dict[str, int] = {}
        nameless = []
        for index, text in enumerate(grid[header_row]):
            if is_blank(text):
                nameless.append(index)
                continue
            item = known.get(header_key(text))
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
        known = sheet.by_header
        need = max(2, len(sheet.fields) // 2)
        for index, row in enumerate(grid[:_HEADER_SEARCH]):
            if sum(1 for c in row if type(c) is str and c and header_key(c) in known) >= need:
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
            for number, row in enumerate(grid[1:], 2):
                if index < len(row) and not is_blank(row[index]):
                    cell = f"{LETTERS[index]}{number}"
                    self.add(
                        "value-in-nameless-column", sheet=sheet.name, cell=cell, found=row[index]
                    )
                    break

    def _rows(self, sheet: Sheet, grid: list[list[Any]], places: Sequence[int | None]) -> list[Row]:
        numbers, columns = self._clean(sheet, grid, places)
        return list(zip(numbers, zip(*columns, strict=True), strict=True))

    def _monthly_rows(
        self, sheet: Sheet, grid: list[list[Any]], places: Sequence[int | None]
    ) -> list[MonthlyRow]:
        numbers, columns = self._clean(sheet, grid, places)
        first = len(sheet.fields)
        last = first + len(MONTHS)
        return [
            MonthlyRow(
                number, values[:first], values[first : last - 1], values[last - 1], values[last:]
            )
            for number, values in zip(numbers, zip(*columns, strict=True), strict=True)
        ]

    def _clean(
        self, sheet: Sheet, grid: list[list[Any]], places: Sequence[int | None]
    ) -> tuple[list[int], list[Sequence[Any]]]:
        """Numbers of the filled rows, and clean columns in the layout's order."""
        start = len(self.problems)
        width = max(map(len, grid))
        filled = [(n, row) for n, row in enumerate(grid[1:], 2) if _filled(row)]
        numbers = [n for n, _row in filled]
        even = (c if len(c) == width else [*c, *[""] * (width - len(c))] for _n, c in filled)
        raw = list(zip(*even, strict=True))
        columns: list[Sequence[Any]] = []
        for index, field_ in zip(places, sheet.columns, strict=True):
            if index is None or not raw:
                columns.append([None if field_.kind in _EMPTY_IS_NONE else ""] * len(filled))
            else:
                columns.append(self._column(sheet, LETTERS[index], field_, numbers, raw[index]))
        # Columns were read one after another; people read rows.
        self.problems[start:] = sorted(self.problems[start:], key=_row_of)
        return numbers, columns

    def _column(
        self, sheet: Sheet, letter: str, field_: Field, numbers: Sequence[int], raw: Sequence[Any]
    ) -> Sequence[Any]:
        """One clean column: at once where all cells are of the plain kind, else cell by cell."""
        clean: Sequence[Any] | None = None
        if field_.kind is Kind.NUMBER:
            clean = cells.numbers(raw)
            if clean and not field_.signed and any(v is not None and v < 0 for v in clean):
                clean = None
        elif field_.kind is Kind.DATE:
            clean = cells.dates(raw)
        elif set(map(type, raw)) == {str}:
            clean = self._texts(field_, raw)
        if clean is None:
            pairs = zip(numbers, raw, strict=True)
            clean = [self.value(sheet, f"{letter}{n}", field_, value) for n, value in pairs]
        return clean

    @staticmethod
    def _texts(field_: Field, raw: Sequence[str]) -> Sequence[Any] | None:
        """A column of text by its distinct values; None when one of them is not acceptable."""
        known: dict[str, Any] = {}
        for text in set(raw):
            try:
                value = field_.convert(text)
            except CellFault:
                return None
            if value in ("", None):
                if field_.required:
                    return None
            elif field_.choices:
                value = field_.by_plain.get(plain(value))
                if value is None:
                    return None
            known[text] = value
        return [known[text] for text in raw]


_EMPTY_IS_NONE = (Kind.NUMBER, Kind.INTEGER, Kind.DATE)


def _row_of(item: Problem) -> int:
    return int("".join(c for c in item.cell if c.isdigit()) or 0)


def _filled(row: list[Any]) -> bool:
    first = row[0] if row else ""
    if first and (type(first) is not str or not first.isspace()):
        return True
    return any(c != "" and not is_blank(c) for c in row)


def _unreadable(error: BaseException) -> Unreadable:
    """A reader's failure as a verdict. Its panics do not derive from `Exception`."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    return refuse("file-damaged", where=type(error).__name__)
