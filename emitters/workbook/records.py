"""Sheets with a row per record: generators, coal tests, daily coal."""

from collections.abc import Mapping

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
    for row in table.rows:
        attributes = dict(zip(names, row.values, strict=True))
        number = attributes["number"]
        if not number:
            continue
        first = rows.setdefault(plain(number), row.number)
        if first != row.number:
            book.add(
                "generator-twice",
                sheet=table.sheet.name,
                cell=table.cell("number", row.number),
                field="机组编号",
                found=number,
                first=first,
            )
            continue
        cells = {
            n: f"{table.sheet.name}!{letter}{row.number}" for n, letter in table.letters.items()
        }
        generators.append(
            Generator(
                row=row.number, fuels=(), purchased={}, production={}, cells=cells, **attributes
            )
        )
    if not generators and book.has(layouts.GENERATORS):
        book.add("generators-none", sheet=layouts.GENERATORS.name, cell="A2")
    return generators


def read_tests(book: Book, numbers: Mapping[str, str]) -> tuple[CoalTest, ...]:
    """煤样检测."""
    table = open_table(book, layouts.TESTS)
    tests = []
    for row in table.rows:
        number, month, *rest = row.values
        known = find_generator(book, table, row.number, number, numbers) or ""
        if month is not None and not 1 <= month <= 12:
            book.add(
                "month-out-of-range",
                sheet=table.sheet.name,
                cell=table.cell("month", row.number),
                field="月份",
                found=month,
            )
        tests.append(CoalTest(row.number, known, month, *rest, table.letters))
    return tuple(tests)


def read_daily(
    book: Book, numbers: Mapping[str, str], year: int
) -> tuple[tuple[DailyCoal, ...], Mapping[str, str]]:
    """日入炉煤 with its column letters."""
    table = open_table(book, layouts.DAILY, optional=not layouts.daily_coal_expected(year))
    rows = []
    first_rows: dict[tuple[object, str], int] = {}
    for row in table.rows:
        day, number, coal, ncv, moisture = row.values
        known = numbers.get(number)
        if known is None:
            known = find_generator(book, table, row.number, number, numbers)
        if day is None or known is None:
            continue
        if day.year != year:
            book.add(
                "day-outside-year",
                sheet=table.sheet.name,
                cell=table.cell("day", row.number),
                field="日期",
                found=day,
                year=year,
            )
        first = first_rows.setdefault((day, known), row.number)
        if first != row.number:
            book.add(
                "row-twice",
                sheet=table.sheet.name,
                cell=table.cell("day", row.number),
                field="日期",
                found=f"{day} {known}",
                first=first,
            )
        rows.append(DailyCoal(row.number, day, known, coal, ncv, moisture))
    return tuple(rows), table.letters
