"""Tables of raw cells made clean: by column where all cells are plain, else cell by cell.

Whatever brought the cells (a workbook, a text file) and wherever the header stands.
"""

from collections.abc import Sequence
from typing import Any

from carbonwatch.imports import cells
from carbonwatch.imports.cells import CellFault, is_blank, plain
from carbonwatch.imports.layout import Field, Kind, Sheet
from carbonwatch.imports.problems import Problem
from carbonwatch.imports.rules import problem
from carbonwatch.imports.sheetscan import column_letters

LETTERS = tuple(column_letters(n) for n in range(1, 201))
EMPTY_IS_NONE = (Kind.NUMBER, Kind.INTEGER, Kind.DATE)
Grid = list[list[Any]]


class Cleaner:
    """Collects the problems of what it reads."""

    def __init__(self, problems: Sequence[Problem] = ()) -> None:
        self.problems: list[Problem] = list(problems)

    def add(self, code: str, **values: Any) -> None:
        """Note a problem."""
        self.problems.append(problem(code, **values))

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

    def require_named(
        self, sheet: Sheet, grid: Grid, nameless: Sequence[int], *, header: int = 0
    ) -> None:
        """Values under an empty header would be lost without a word."""
        for index in nameless:
            for number, row in enumerate(grid[header + 1 :], header + 2):
                if index < len(row) and not is_blank(row[index]):
                    cell = f"{LETTERS[index]}{number}"
                    self.add(
                        "value-in-nameless-column", sheet=sheet.name, cell=cell, found=row[index]
                    )
                    break

    def clean(
        self, sheet: Sheet, grid: Grid, places: Sequence[int | None], *, header: int = 0
    ) -> tuple[list[int], list[Sequence[Any]]]:
        """Numbers of the filled rows below the header, and clean columns in the layout's order.

        `places`: index of each column of the layout, None where there is none; `header`: index of
        the header's row.
        """
        start = len(self.problems)
        width = max(map(len, grid))
        filled = [(n, row) for n, row in enumerate(grid[header + 1 :], header + 2) if _filled(row)]
        numbers = [n for n, _row in filled]
        even = (c if len(c) == width else [*c, *[""] * (width - len(c))] for _n, c in filled)
        raw = list(zip(*even, strict=True))
        columns: list[Sequence[Any]] = []
        for index, field_ in zip(places, sheet.columns, strict=True):
            if index is None or not raw:
                columns.append([None if field_.kind in EMPTY_IS_NONE else ""] * len(filled))
            else:
                columns.append(self._column(sheet, LETTERS[index], field_, numbers, raw[index]))
        # Columns were read one after another; people read rows.
        self.problems[start:] = sorted(self.problems[start:], key=row_of)
        return numbers, columns

    def _column(
        self, sheet: Sheet, letter: str, field_: Field, numbers: Sequence[int], raw: Sequence[Any]
    ) -> Sequence[Any]:
        """One clean column: at once where all cells are of the plain kind, else cell by cell."""
        clean: Sequence[Any] | None = None
        if field_.kind is Kind.NUMBER:
            clean = cells.numbers(raw, signed=field_.signed)
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


def row_of(item: Problem) -> int:
    """Number of the row that a problem stands in; 0 for one of a column or a whole sheet."""
    return int("".join(c for c in item.cell if c.isdigit()) or 0)


def _filled(row: list[Any]) -> bool:
    first = row[0] if row else ""
    if first and (type(first) is not str or not first.isspace()):
        return True
    return any(c != "" and not is_blank(c) for c in row)
