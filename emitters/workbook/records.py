"""Sheets with a row per record: generators, coal tests, daily coal."""

from collections.abc import Mapping, Sequence
from typing import Any

from carbonwatch.imports.cells import plain
from carbonwatch.imports.layout import Sheet
from carbonwatch.imports.reading import Book, Table
from emitters import layouts
from emitters.facts import CoalTest, DailyCoal, Generator


def open_table(book: Book, sheet: Sheet, *, optional: bool = False) -> Table:
    """The sheet's rows; a missing sheet is a blocker unless it is optional."""
    if book.has(sheet):
        return book.table(sheet)
    if not optional:
        book.add("sheet-missing", sheet=sheet.name)
    return Table(sheet)


def find_generator(
    book: Book, table: Table, row: int, number: str | None, numbers: Mapping[str, str]
) -> str | None:
    """The id as 机组信息 writes it; a blocker and None when that sheet lacks it."""
    if not number:
        return None
    known = numbers.get(plain(number))
    if known is None:
        book.add(
            "generator-unknown",
            sheet=table.sheet.name,
            cell=table.cell("generator", row),
            field="机组编号",
            found=number,
        )
    return known


def read_generators(book: Book) -> list[Generator]:
    """机组信息, still without fuels and production."""
    table = open_table(book, layouts.GENERATORS)
    names = [f.name for f in layouts.GENERATORS.fields]
    generators: list[Generator] = []
    rows: dict[str, int] = {}
    for row, values in table.rows:
        attributes = dict(zip(names, values, strict=True))
        number = attributes["number"]
        if not number:
            continue
        first = rows.setdefault(plain(number), row)
        if first != row:
            book.add(
                "generator-twice",
                sheet=table.sheet.name,
                cell=table.cell("number", row),
                field="机组编号",
                found=number,
                first=first,
            )
            continue
        cells = {n: f"{table.sheet.name}!{letter}{row}" for n, letter in table.letters.items()}
        generators.append(
            Generator(row=row, fuels=(), purchased={}, production={}, cells=cells, **attributes)
        )
    if not generators and book.has(layouts.GENERATORS):
        book.add("generators-none", sheet=layouts.GENERATORS.name, cell="A2")
    return generators


def read_tests(book: Book, numbers: Mapping[str, str]) -> tuple[CoalTest, ...]:
    """煤样检测."""
    table = open_table(book, layouts.TESTS)
    tests = []
    for row, (number, month, *rest) in table.rows:
        known = find_generator(book, table, row, number, numbers) or ""
        if month is not None and not 1 <= month <= 12:
            book.add(
                "month-out-of-range",
                sheet=table.sheet.name,
                cell=table.cell("month", row),
                field="月份",
                found=month,
            )
        values: Any = (row, known, month, *rest, table.letters)
        tests.append(CoalTest(*values))
    return tuple(tests)


def read_daily(
    book: Book, numbers: Mapping[str, str], year: int
) -> tuple[tuple[DailyCoal, ...], Mapping[str, str]]:
    """日入炉煤 with its column letters."""
    table = open_table(book, layouts.DAILY, optional=not layouts.daily_coal_expected(year))
    rows = []
    for row, (day, number, coal, ncv, moisture) in table.rows:
        known = numbers.get(number) or find_generator(book, table, row, number, numbers)
        if day is not None and known is not None:
            rows.append(DailyCoal(row, day, known, coal, ncv, moisture))
    _check_days(book, table, rows, year)
    return tuple(rows), table.letters


def _check_days(book: Book, table: Table, rows: Sequence[DailyCoal], year: int) -> None:
    """Days lie in the reporting year, and each generator has one row a day."""
    days = {(r.day, r.generator) for r in rows}
    if len(days) == len(rows) and {day.year for day, _number in days} <= {year}:
        return
    first_rows: dict[tuple[object, str], int] = {}
    for item in rows:
        place = {"sheet": table.sheet.name, "cell": table.cell("day", item.row), "field": "日期"}
        if item.day.year != year:
            book.add("day-outside-year", found=item.day, year=year, **place)
        first = first_rows.setdefault((item.day, item.generator), item.row)
        if first != item.row:
            book.add("row-twice", found=f"{item.day} {item.generator}", first=first, **place)
