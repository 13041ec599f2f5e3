"""From the uploaded bytes to the facts of a report, or to everything that is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from stdnum.cn import uscc

from carbonwatch.imports.cells import plain
from carbonwatch.imports.guard import inspect
from carbonwatch.imports.package import Unreadable
from carbonwatch.imports.problems import Problem, Weight
from carbonwatch.imports.reading import Book, Form
from carbonwatch.imports.rules import in_order, problem
from emitters import layouts
from emitters.facts import ReportFacts
from emitters.workbook.records import read_daily, read_generators, read_tests
from emitters.workbook.series import MonthlySheets, collect

_CREDIT_CODES = ("credit_code", "consultancy_code")


@dataclass(frozen=True, slots=True)
class Expectation:
    """Whose report of which year is awaited; empty fields are not compared."""

    credit_code: str = ""
    year: int | None = None
    unit_name: str = ""
    generators: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Meta:
    """What the file says of itself, as far as it could be read."""

    template: str = ""
    year: int | None = None
    credit_code: str = ""
    unit_name: str = ""
    sheets: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For storing as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Reading:
    """The outcome: `facts` only when no problem is a file verdict or a blocker."""

    facts: ReportFacts | None
    problems: tuple[Problem, ...]
    meta: Meta

    @property
    def blocked(self) -> bool:
        """Whether the file cannot be taken in as it is."""
        return self.facts is None


def read_report(source: bytes, *, expect: Expectation | None = None) -> Reading:
    """Read an annual report workbook.

    Never raises for what a file may hold. Verdicts on the whole file come alone when the rest would
    mean nothing; otherwise all problems of all sheets come at once, blockers first.
    """
    guarded = inspect(source)
    if guarded.refused:
        return Reading(None, guarded.problems, Meta())
    meta = Meta(sheets=guarded.sheets)
    try:
        book = Book(guarded)
        wrong = _wrong_file(book, guarded.sheets)
        if wrong:
            return Reading(None, (wrong,), meta)
        form = _basic(book)
        meta = _meta(form, guarded.sheets)
        verdicts = _first_verdicts(form, meta, expect or Expectation())
        if verdicts:
            return Reading(None, tuple(verdicts), meta)
        facts = _facts(book, form, expect or Expectation())
    except Unreadable as error:
        return Reading(None, (error.problem,), meta)
    problems = in_order(book.problems)
    blocked = any(p.weight is not Weight.NOTICE for p in problems)
    return Reading(None if blocked else facts, problems, meta)


def _wrong_file(book: Book, sheets: Sequence[str]) -> Problem | None:
    """Not a report at all, or one of another template."""
    there = [s for s in layouts.SHEETS if book.has(s)]
    if not there:
        return problem("wrong-file", found="、".join(sheets[:6]))
    if layouts.BASIC not in there:
        return problem("wrong-template", sheet=layouts.BASIC.name, found=layouts.BASIC.name)
    return None


def _basic(book: Book) -> Form:
    """基本信息, its credit codes in capitals."""
    form = book.form(layouts.BASIC)
    for name in _CREDIT_CODES:
        form.values[name] = (form.values[name] or "").upper()
    return form


def _meta(form: Form, sheets: tuple[str, ...]) -> Meta:
    values = form.values
    return Meta(
        template=values["template"] or "",
        year=values["year"],
        credit_code=values["credit_code"],
        unit_name=values["unit_name"] or "",
        sheets=sheets,
    )


def _first_verdicts(form: Form, meta: Meta, expect: Expectation) -> list[Problem]:
    """Template, version, year and unit: with one of these wrong, the rest means nothing."""
    name = layouts.BASIC.name
    labels = {f.name: f.label for f in layouts.BASIC.fields}

    def verdict(code: str, field: str, found: object, **values: object) -> list[Problem]:
        cell = form.cells.get(field, "")
        return [problem(code, sheet=name, cell=cell, field=labels[field], found=found, **values)]

    if not meta.template:
        return verdict("wrong-template", "template", labels["template"])
    if plain(meta.template) != plain(layouts.TEMPLATE_VERSION):
        return verdict(
            "wrong-version", "template", meta.template, expected=layouts.TEMPLATE_VERSION
        )
    first, last = layouts.FIRST_YEAR, layouts.LAST_YEAR
    if meta.year is None or not first <= meta.year <= last:
        found = "" if meta.year is None else meta.year
        return verdict("year-not-covered", "year", found, first=first, last=last)
    wrong: list[Problem] = []
    if expect.credit_code and meta.credit_code and meta.credit_code != expect.credit_code:
        wrong += verdict("wrong-unit", "credit_code", meta.credit_code, expected=expect.credit_code)
    if expect.year is not None and meta.year != expect.year:
        wrong += verdict("wrong-year", "year", meta.year, expected=expect.year)
    return wrong


def _facts(book: Book, form: Form, expect: Expectation) -> ReportFacts:
    """All sheets into facts; problems are gathered in the book."""
    year = form.values["year"]
    book.note_others(layouts.SHEETS)
    _check_basic(book, form, year, expect)
    generators = read_generators(book)
    _compare_generators(book, [g.number for g in generators], expect)
    monthly = collect(book, year, generators)
    numbers = {plain(g.number): g.number for g in generators}
    tests = read_tests(book, numbers)
    daily, daily_columns = read_daily(book, numbers, year)
    _note_empty_sheets(book, year, monthly, has_tests=bool(tests), has_daily=bool(daily))
    basic = {f.label: form.values[f.name] for f in layouts.BASIC.fields}
    basic["报告年度"] = Decimal(year)
    cells = {f.label: form.cells[f.name] for f in layouts.BASIC.fields if f.name in form.cells}
    return ReportFacts(
        year=year,
        unit_name=form.values["unit_name"] or "",
        credit_code=form.values["credit_code"],
        basic=basic,
        basic_cells={label: f"{layouts.BASIC.name}!{cell}" for label, cell in cells.items()},
        generators=tuple(monthly.complete(g) for g in generators),
        plant_total=monthly.plant_total,
        stocks=monthly.stocks,
        tests=tests,
        daily=daily,
        daily_columns=daily_columns,
    )


def _check_basic(book: Book, form: Form, year: int, expect: Expectation) -> None:
    """Credit codes, altitude, name."""
    name = layouts.BASIC.name
    for field in layouts.BASIC.fields:
        code = form.values[field.name] if field.name in _CREDIT_CODES else ""
        if code and not uscc.is_valid(code):
            cell = form.cells[field.name]
            book.add("credit-code", sheet=name, cell=cell, field=field.label, found=code)
    if year >= 2026 and form.values["altitude"] is None:
        book.add(
            "altitude-missing", sheet=name, cell=form.cells.get("altitude", ""), field="海拔高度"
        )
    found = form.values["unit_name"]
    if expect.unit_name and found and plain(found) != plain(expect.unit_name):
        book.add(
            "unit-name-differs",
            sheet=name,
            cell=form.cells["unit_name"],
            field="单位名称",
            found=found,
            expected=expect.unit_name,
        )


def _compare_generators(book: Book, numbers: Sequence[str], expect: Expectation) -> None:
    if expect.generators and {plain(n) for n in numbers} != {plain(n) for n in expect.generators}:
        book.add(
            "generators-differ",
            sheet=layouts.GENERATORS.name,
            found="、".join(numbers),
            expected="、".join(expect.generators),
        )


def _note_empty_sheets(
    book: Book, year: int, monthly: MonthlySheets, *, has_tests: bool, has_daily: bool
) -> None:
    """Sheets without rows although the year and the fuels let expect some."""
    empty: Mapping[str, bool] = {
        layouts.STOCKS.name: not monthly.stocks and book.has(layouts.STOCKS),
        layouts.TESTS.name: not has_tests and monthly.measures_coal,
        layouts.DAILY.name: not has_daily
        and monthly.burns_coal
        and layouts.daily_coal_expected(year),
    }
    for sheet, lacking in empty.items():
        if lacking:
            book.add("no-data-rows", sheet=sheet)
