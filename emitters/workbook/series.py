"""Monthly sheets: rows by generator, fuel and parameter, units and completeness checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from carbonwatch.imports.cells import plain
from carbonwatch.imports.layout import MONTHS, Parameter
from carbonwatch.imports.reading import Book, MonthlyRow, Table
from emitters import layouts
from emitters.facts import FuelUse, Generator, Series, StockLedger
from emitters.workbook.records import find_generator, open_table

# A row without a single value says nothing; for these that is never right.
_NEVER_EMPTY = frozenset({"fc", "e_fuel", "gen", "e_unit", "e_total"})
_PERCENT = frozenset({"of", "lf"})
_UNIT_SPELLINGS = {
    "10^4nm3": "万nm3",
    "104nm3": "万nm3",
    "万立方米": "万nm3",
    "万标立方米": "万nm3",
    "mw·h": "mwh",
    "吨": "t",
    "小时": "h",
}

FuelKey = tuple[str, str, str]


@dataclass
class MonthlySheets:
    """The monthly sheets as read, by generator number."""

    fuels: dict[FuelKey, dict[str, Series]] = field(default_factory=dict)
    purchased: dict[str, dict[str, Series]] = field(default_factory=dict)
    production: dict[str, dict[str, Series]] = field(default_factory=dict)
    stocks: tuple[StockLedger, ...] = ()
    plant_total: Series | None = None

    def complete(self, generator: Generator) -> Generator:
        """The generator with its rows."""
        number = generator.number
        return replace(
            generator,
            fuels=tuple(
                FuelUse(*key, rows) for key, rows in self.fuels.items() if key[0] == number
            ),
            purchased=self.purchased.get(number, {}),
            production=self.production.get(number, {}),
        )

    @property
    def burns_coal(self) -> bool:
        """Whether any row is of coal."""
        return any(fuel == layouts.COAL for _number, fuel, _rank in self.fuels)

    @property
    def measures_coal(self) -> bool:
        """Whether carbon of coal is measured, so that tests must stand behind it."""
        return any(
            key[1] == layouts.COAL and "c_ar" in rows and rows["c_ar"].method != layouts.DEFAULT
            for key, rows in self.fuels.items()
        )


def collect(book: Book, year: int, generators: Sequence[Generator]) -> MonthlySheets:
    """Read all monthly sheets and report every problem of theirs to the book."""
    sheets = MonthlySheets()
    numbers = {plain(g.number): g.number for g in generators}
    _read_fuels(book, sheets, numbers)
    _read_purchased(book, sheets, year, generators, numbers)
    _read_production(book, sheets, year, generators, numbers)
    _read_stocks(book, sheets)
    for generator in generators:
        if not any(key[0] == generator.number for key in sheets.fuels) and book.has(layouts.FUEL):
            first = layouts.FUEL_PARAMETERS[0]
            book.add(
                "row-missing", sheet=layouts.FUEL.name, field=first.label, owner=generator.number
            )
    return sheets


def _by_label(parameters: tuple[Parameter, ...], year: int) -> Mapping[str, Parameter]:
    """Parameters by the labels that the guideline of the year uses."""
    return {plain(layouts.label_of(p, year)): p for p in parameters}


class _Rows:
    """Turns rows of one sheet into series and reports what is wrong with them."""

    def __init__(
        self, book: Book, table: Table, parameters: tuple[Parameter, ...], year: int = 0
    ) -> None:
        self.book, self.table, self.year = book, table, year
        self.parameters = parameters
        self.by_label = _by_label(parameters, year or 9999)
        self.columns = tuple(table.letters.get(m.name, "") for m in MONTHS)
        self.first_rows: dict[object, int] = {}

    def add(self, code: str, row: int, column: str, **values: object) -> None:
        """A problem in a column of a row."""
        self.book.add(
            code, sheet=self.table.sheet.name, cell=self.table.cell(column, row), **values
        )

    def parameter(self, row: MonthlyRow, label: str | None) -> Parameter | None:
        """The row's parameter by its label."""
        if not label:
            return None
        found = self.by_label.get(plain(label))
        if found is None and (other := self._of_other_version(label)):
            expected = layouts.label_of(other, self.year)
            self.add(
                "parameter-of-other-version",
                row.number,
                "parameter",
                field=label,
                found=label,
                expected=expected,
                year=self.year,
            )
        elif found is None:
            choices = "、".join(layouts.label_of(p, self.year or 9999) for p in self.parameters)
            self.add("parameter-unknown", row.number, "parameter", found=label, choices=choices)
        return found

    def _of_other_version(self, label: str) -> Parameter | None:
        tables = (_by_label(self.parameters, year) for year in (2022, 2023))
        return next((p for t in tables if (p := t.get(plain(label)))), None)

    def is_new(self, row: MonthlyRow, key: tuple[str, ...], column: str = "parameter") -> bool:
        """False, with a blocker, when the same key stood in an earlier row."""
        first = self.first_rows.setdefault(key, row.number)
        if first != row.number:
            self.add(
                "row-twice", row.number, column, found=" ".join(k for k in key if k), first=first
            )
        return first == row.number

    def series(
        self, row: MonthlyRow, parameter: Parameter, unit: str, *, gas: bool, owner: str
    ) -> Series:
        """The row as a series, after its unit, signs and scale were looked at."""
        expected = parameter.unit_for(gas=gas)
        label = layouts.label_of(parameter, self.year or 9999)
        if unit != expected:
            self._compare_unit(row, label, unit, expected)
        values = [v for v in (*row.months, row.annual) if v is not None]
        if not values:
            if parameter.code in _NEVER_EMPTY:
                self.add("row-empty", row.number, "m1", field=label, owner=owner)
        elif not parameter.signed and min(values) < 0:
            self._report_negatives(row, label)
        if parameter.code in _PERCENT and values and 0 < max(values) <= 1:
            self.add("fraction", row.number, "m1", field=label, found=max(values))
        method = row.trailing[0] if row.trailing else ""
        return Series(
            self.table.sheet.name,
            row.number,
            self.columns,
            row.months,
            row.annual,
            method or "",
            expected,
        )

    def require(self, rows: Mapping[str, Series], codes: Iterable[str], owner: str) -> None:
        """A blocker for each row that is not there."""
        for code in codes:
            if code not in rows:
                label = layouts.label_of(layouts.PARAMETERS[code], self.year or 9999)
                self.book.add("row-missing", sheet=self.table.sheet.name, field=label, owner=owner)

    def _compare_unit(self, row: MonthlyRow, label: str, unit: str, expected: str) -> None:
        if not unit:
            self.add("unit-missing", row.number, "unit", field=label, expected=expected)
        elif _spelling(unit) != _spelling(expected):
            self.add("unit-differs", row.number, "unit", field=label, found=unit, expected=expected)

    def _report_negatives(self, row: MonthlyRow, label: str) -> None:
        for item, value in zip(MONTHS, (*row.months, row.annual), strict=True):
            if value is not None and value < 0:
                self.add("negative", row.number, item.name, field=label, found=value)


def _spelling(unit: str) -> str:
    folded = plain(unit).replace("₂", "2").replace("³", "3")
    head, slash, tail = folded.partition("/")
    return _UNIT_SPELLINGS.get(head, head) + slash + _UNIT_SPELLINGS.get(tail, tail)


def _read_fuels(book: Book, sheets: MonthlySheets, numbers: Mapping[str, str]) -> None:
    table = open_table(book, layouts.FUEL)
    rows = _Rows(book, table, layouts.FUEL_PARAMETERS)
    for row in table.rows:
        number, fuel, rank, label, unit = row.keys
        known = find_generator(book, table, row.number, number, numbers)
        parameter = rows.parameter(row, label)
        if parameter is None or known is None or not fuel or rank is None:
            continue
        _check_rank(rows, row, fuel, rank)
        _check_method(rows, row, parameter)
        if rows.is_new(row, (known, fuel, rank, parameter.label)):
            owner = f"{known} {fuel}"
            series = rows.series(row, parameter, unit, gas=layouts.is_gas_fuel(fuel), owner=owner)
            sheets.fuels.setdefault((known, fuel, rank), {})[parameter.code] = series
    for (known, fuel, _rank), found in sheets.fuels.items():
        rows.require(found, (p.code for p in layouts.FUEL_PARAMETERS), f"{known} {fuel}")


def _check_rank(rows: _Rows, row: MonthlyRow, fuel: str, rank: str) -> None:
    if rank and fuel != layouts.COAL:
        rows.add("rank-without-coal", row.number, "rank", field="煤种", found=fuel)
    if not rank and fuel == layouts.COAL:
        rows.add("rank-missing", row.number, "rank", field="煤种")


def _check_method(rows: _Rows, row: MonthlyRow, parameter: Parameter) -> None:
    method = row.trailing[0]
    if method == "":
        rows.add("value-missing", row.number, "method", field="确定方式")
    elif method is not None and method not in parameter.choices:
        rows.add(
            "not-a-choice",
            row.number,
            "method",
            field="确定方式",
            found=method,
            choices="、".join(parameter.choices),
        )


def _read_purchased(
    book: Book,
    sheets: MonthlySheets,
    year: int,
    generators: Sequence[Generator],
    numbers: Mapping[str, str],
) -> None:
    expected = layouts.purchased_power_reported(year)
    table = open_table(book, layouts.PURCHASED, optional=not expected)
    rows = _Rows(book, table, layouts.PURCHASED_PARAMETERS)
    for row in table.rows:
        number, label, unit = row.keys
        known = _owner(rows, row, number, numbers)
        parameter = rows.parameter(row, label)
        if parameter and known and rows.is_new(row, (known, parameter.label)):
            series = rows.series(row, parameter, unit, gas=False, owner=known)
            sheets.purchased.setdefault(known, {})[parameter.code] = series
    if expected and book.has(layouts.PURCHASED):
        for generator in generators:
            found = sheets.purchased.get(generator.number, {})
            rows.require(found, (p.code for p in layouts.PURCHASED_PARAMETERS), generator.number)


def _read_production(
    book: Book,
    sheets: MonthlySheets,
    year: int,
    generators: Sequence[Generator],
    numbers: Mapping[str, str],
) -> None:
    table = open_table(book, layouts.PRODUCTION)
    rows = _Rows(book, table, (*layouts.PRODUCTION_PARAMETERS, layouts.PLANT_TOTAL), year)
    gas = {g.number: g.category == layouts.GAS_CATEGORY for g in generators}
    for row in table.rows:
        number, label, unit = row.keys
        parameter = rows.parameter(row, label)
        if parameter is layouts.PLANT_TOTAL:
            if rows.is_new(row, (parameter.label,)):
                sheets.plant_total = rows.series(row, parameter, unit, gas=False, owner="")
            continue
        known = _owner(rows, row, number, numbers)
        if parameter and known and rows.is_new(row, (known, parameter.label)):
            series = rows.series(row, parameter, unit, gas=gas[known], owner=known)
            sheets.production.setdefault(known, {})[parameter.code] = series
    if not book.has(layouts.PRODUCTION):
        return
    for generator in generators:
        codes = layouts.required_production(year, chp=generator.is_chp)
        ordered = [p.code for p in layouts.PRODUCTION_PARAMETERS if p.code in codes]
        rows.require(sheets.production.get(generator.number, {}), ordered, generator.number)
    rows.require({"e_total": sheets.plant_total} if sheets.plant_total else {}, ("e_total",), "")


def _owner(
    rows: _Rows, row: MonthlyRow, number: str | None, numbers: Mapping[str, str]
) -> str | None:
    if number == "":
        rows.add("value-missing", row.number, "generator", field="机组编号")
    return find_generator(rows.book, rows.table, row.number, number, numbers)


def _read_stocks(book: Book, sheets: MonthlySheets) -> None:
    table = open_table(book, layouts.STOCKS)
    rows = _Rows(book, table, layouts.STOCK_PARAMETERS)
    ledgers: dict[str, dict[str, Series]] = {}
    for row in table.rows:
        fuel, label, unit = row.keys
        parameter = rows.parameter(row, label)
        if parameter and fuel and rows.is_new(row, (fuel, parameter.label)):
            series = rows.series(row, parameter, unit, gas=layouts.is_gas_fuel(fuel), owner=fuel)
            ledgers.setdefault(fuel, {})[parameter.code] = series
    for fuel, found in ledgers.items():
        rows.require(found, (p.code for p in layouts.STOCK_PARAMETERS), fuel)
    sheets.stocks = tuple(StockLedger(fuel, found) for fuel, found in ledgers.items())
