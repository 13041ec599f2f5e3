"""Reads a guarded workbook by its layout: sheets by name, columns by header."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from carbonwatch.imports.cells import is_blank, plain
from carbonwatch.imports.guard import Guarded
from carbonwatch.imports.layout import MONTHS, Shape, Sheet, header_key
from carbonwatch.imports.package import Unreadable, refuse
from carbonwatch.imports.tables import EMPTY_IS_NONE, LETTERS, Cleaner

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


class Book(Cleaner):
    """An open workbook: grids by sheet name, and the problems met so far."""

    def __init__(self, guarded: Guarded) -> None:
        super().__init__(guarded.problems)
        self._guarded = guarded
        self._names = {plain(name): name for name in guarded.sheets}
        try:
            self._book = CalamineWorkbook.from_filelike(BytesIO(guarded.source))
        except BaseException as error:
            raise _unreadable(error) from error

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
                form.values[item.name] = None if item.kind in EMPTY_IS_NONE else ""
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
        self.require_named(sheet, grid, nameless)
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

    def _rows(self, sheet: Sheet, grid: list[list[Any]], places: Sequence[int | None]) -> list[Row]:
        numbers, columns = self.clean(sheet, grid, places)
        return list(zip(numbers, zip(*columns, strict=True), strict=True))

    def _monthly_rows(
        self, sheet: Sheet, grid: list[list[Any]], places: Sequence[int | None]
    ) -> list[MonthlyRow]:
        numbers, columns = self.clean(sheet, grid, places)
        first = len(sheet.fields)
        last = first + len(MONTHS)
        return [
            MonthlyRow(
                number, values[:first], values[first : last - 1], values[last - 1], values[last:]
            )
            for number, values in zip(numbers, zip(*columns, strict=True), strict=True)
        ]


def _unreadable(error: BaseException) -> Unreadable:
    """A reader's failure as a verdict. Its panics do not derive from `Exception`."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    return refuse("file-damaged", where=type(error).__name__)
