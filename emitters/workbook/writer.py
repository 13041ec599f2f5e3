"""From facts to a workbook, by the layout that reads it back.

XlsxWriter with every automatic conversion off: text stays text, whatever it begins with.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from carbonwatch.imports.layout import MONTHS, Field, Kind, Parameter, Shape, Sheet
from emitters import layouts
from emitters.facts import Generator, ReportFacts, Series

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_FONT = {"font_name": "等线", "font_size": 10, "valign": "vcenter"}
_LINE = {"border": 1, "border_color": "#C9D3DC"}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "header": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F5F8B", "align": "center",
               "text_wrap": True},
    "label": {"bg_color": "#EAF1F6", "bold": True},
    "key": {"bg_color": "#EAF1F6", "num_format": "@"},
    "auxiliary": {"bg_color": "#F7F7F2", "font_color": "#7A7A6A", "num_format": "@"},
    "text": {"num_format": "@", "locked": False},
    "date": {"num_format": "yyyy-mm-dd", "locked": False, "align": "center"},
    "integer": {"num_format": "0", "locked": False},
    "general": {"num_format": "General", "locked": False},
}  # fmt: skip
_SPARE_ROWS = 40  # rows below the data that get drop-downs and formats too


@dataclass(frozen=True, slots=True)
class MonthlyLine:
    """A row to write on a monthly sheet; `series` None leaves the months empty."""

    keys: tuple[str, ...]
    parameter: Parameter
    series: Series | None
    method: str = ""
    auxiliary: bool = False


class Workbook:
    """The file in the making: sheets in the layout's order, styles made once."""

    def __init__(self, *, guide: bool) -> None:
        self._buffer = BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, _OPTIONS)
        self._guide = guide
        self._styles: dict[str, Format] = {}

    def bytes(self) -> bytes:
        """Close and return the file."""
        self._book.close()
        return self._buffer.getvalue()

    def style(self, name: str) -> Format:
        """A named style, or `n2` for a number with two decimals, `a2` on an auxiliary row."""
        if name not in self._styles:
            made = _STYLES.get(name)
            if made is None:
                digits = int(name[1:])
                made = {"num_format": "0." + "0" * digits if digits else "0", "locked": False}
                if name[0] == "a":
                    made = {**made, "bg_color": "#F7F7F2"}
            self._styles[name] = self._book.add_format({**_FONT, **_LINE, **made})
        return self._styles[name]

    def form(self, sheet: Sheet, values: Mapping[str, Any]) -> None:
        """Labels in A, values in B."""
        page = self._book.add_worksheet(sheet.name)
        page.set_column(0, 0, 22)
        page.set_column(1, 1, 44)
        page.freeze_panes(0, 1)
        for row, field in enumerate(sheet.fields):
            page.write_string(row, 0, field.label, self.style("label"))
            self._cell(page, row, 1, field, values.get(field.label))
            self._drop_down(page, field.choices, row, 1, row)
            self._comment(page, row, 0, field)

    def table(self, sheet: Sheet, rows: Iterable[Sequence[Any]]) -> None:
        """A row per record."""
        page = self._start(sheet)
        row = 0
        writers = [self._writer(page, field) for field in sheet.fields]
        for row, values in enumerate(rows, 1):
            for column, (write, value) in enumerate(zip(writers, values, strict=True)):
                write(row, column, value)
        last = row + _SPARE_ROWS
        for column, field in enumerate(sheet.fields):
            self._drop_down(page, field.choices, 1, column, last)
            if self._guide:
                page.set_column(column, column, field.width, self.style(_style_of(field)))

    def monthly(self, sheet: Sheet, lines: Iterable[MonthlyLine]) -> None:
        """A row per key and parameter."""
        page = self._start(sheet)
        for row, line in enumerate(lines, 1):
            self._line(page, sheet, row, line)

    def _line(self, page: Worksheet, sheet: Sheet, row: int, line: MonthlyLine) -> None:
        key_style = self.style("auxiliary" if line.auxiliary else "key")
        for column, text in enumerate(line.keys):
            _text(page, row, column, text, key_style)
        first = len(sheet.fields)
        prefix = "a" if line.auxiliary else "n"
        digits = line.parameter.decimals
        annual_digits = line.parameter.annual_decimals
        style = self.style(f"{prefix}{digits}")
        year_style = self.style(f"{prefix}{digits if annual_digits is None else annual_digits}")
        months = line.series.months if line.series else (None,) * 12
        for column, value in enumerate(months, first):
            _number(page, row, column, value, style)
        _number(page, row, first + 12, line.series.annual if line.series else None, year_style)
        if sheet.trailing:
            column = first + len(MONTHS)
            _text(page, row, column, line.method, self.style("text"))
            self._drop_down(page, line.parameter.choices, row, column, row)
        if self._guide and (line.parameter.hint or line.auxiliary):
            hint = str(line.parameter.hint)
            note = "本年度指南不要求，可选填。" if line.auxiliary else ""
            page.write_comment(
                row, first - 2, (hint + "\n" + note).strip(), {"x_scale": 1.2, "y_scale": 0.6}
            )

    def _start(self, sheet: Sheet) -> Worksheet:
        page = self._book.add_worksheet(sheet.name)
        page.set_row(0, 28)
        # Key columns stay in sight while the months scroll.
        page.freeze_panes(1, len(sheet.fields) if sheet.shape is Shape.MONTHLY else 1)
        for column, field in enumerate(sheet.columns):
            page.set_column(column, column, field.width)
            page.write_string(0, column, field.label, self.style("header"))
            self._comment(page, 0, column, field)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        return page

    def _comment(self, page: Worksheet, row: int, column: int, field: Field) -> None:
        if not self._guide:
            return
        lines = [f"单位：{field.unit}" if field.unit else "", str(field.hint)]
        if field.kind is Kind.DATE:
            lines.append("日期，如 2024-01-31")
        if field.required:
            lines.append("必填")
        text = "\n".join(line for line in lines if line)
        if text:
            page.write_comment(row, column, text, {"x_scale": 1.1, "y_scale": 0.7})

    def _drop_down(
        self, page: Worksheet, choices: Sequence[str], row: int, column: int, last: int
    ) -> None:
        # A list in the cell's own rule holds 255 characters; longer ones are checked on reading.
        if choices and len(",".join(choices)) <= 255:
            page.data_validation(
                row, column, last, column, {"validate": "list", "source": list(choices)}
            )

    def _cell(self, page: Worksheet, row: int, column: int, field: Field, value: Any) -> None:
        self._writer(page, field)(row, column, value)

    def _writer(self, page: Worksheet, field: Field) -> Callable[[int, int, Any], None]:
        style = self.style(_style_of(field))

        def write(row: int, column: int, value: Any) -> None:
            if value is None or value == "":
                page.write_blank(row, column, None, style)
            elif isinstance(value, date):
                page.write_datetime(row, column, value, style)
            elif isinstance(value, Decimal | int):
                page.write_number(row, column, float(value), style)
            else:
                page.write_string(row, column, str(value), style)

        return write


def _style_of(field: Field) -> str:
    if field.kind is Kind.DATE:
        return "date"
    if field.kind is Kind.INTEGER:
        return "integer"
    if field.kind is Kind.NUMBER:
        return "general" if field.decimals is None else f"n{field.decimals}"
    return "text"


def _text(page: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    if text:
        page.write_string(row, column, text, style)
    else:
        page.write_blank(row, column, None, style)


def _number(page: Worksheet, row: int, column: int, value: Decimal | None, style: Format) -> None:
    if value is None:
        page.write_blank(row, column, None, style)
    else:
        page.write_number(row, column, float(value), style)


def write_report(facts: ReportFacts, *, blank: bool = False, guide: bool = False) -> bytes:
    """The workbook that says exactly these facts.

    `blank`: rows and keys only, no values. `guide`: comments and spare formatted rows for people
    who fill it in. Cell addresses in the facts are not used: rows are laid out anew.
    """
    book = Workbook(guide=guide)
    book.form(layouts.BASIC, facts.basic)
    book.table(layouts.GENERATORS, (_attributes(layouts.GENERATORS, g) for g in facts.generators))
    book.monthly(layouts.FUEL, _fuel_lines(facts, blank=blank))
    book.monthly(layouts.PURCHASED, _purchased_lines(facts, blank=blank))
    book.monthly(layouts.PRODUCTION, _production_lines(facts, blank=blank))
    book.monthly(layouts.STOCKS, _stock_lines(facts, blank=blank))
    book.table(layouts.TESTS, () if blank else (_attributes(layouts.TESTS, t) for t in facts.tests))
    book.table(layouts.DAILY, () if blank else (_attributes(layouts.DAILY, d) for d in facts.daily))
    return book.bytes()


def _attributes(sheet: Sheet, record: object) -> list[Any]:
    return [getattr(record, field.name) for field in sheet.fields]


def _fuel_lines(facts: ReportFacts, *, blank: bool) -> Iterable[MonthlyLine]:
    for generator in facts.generators:
        for use in generator.fuels:
            gas = layouts.is_gas_fuel(use.fuel)
            for parameter in layouts.FUEL_PARAMETERS:
                series = use.get(parameter.code)
                if series:
                    keys = (
                        generator.number,
                        use.fuel,
                        use.rank,
                        parameter.label,
                        parameter.unit_for(gas=gas),
                    )
                    yield MonthlyLine(keys, parameter, None if blank else series, series.method)


def _purchased_lines(facts: ReportFacts, *, blank: bool) -> Iterable[MonthlyLine]:
    for generator in facts.generators:
        for parameter in layouts.PURCHASED_PARAMETERS:
            series = generator.purchased.get(parameter.code)
            if series:
                keys = (generator.number, parameter.label, parameter.unit)
                yield MonthlyLine(keys, parameter, None if blank else series)


def _production_lines(facts: ReportFacts, *, blank: bool) -> Iterable[MonthlyLine]:
    for generator in facts.generators:
        yield from _generator_lines(facts.year, generator, blank=blank)
    if facts.plant_total:
        total = layouts.PLANT_TOTAL
        yield MonthlyLine(
            ("", total.label, total.unit), total, None if blank else facts.plant_total
        )


def _generator_lines(year: int, generator: Generator, *, blank: bool) -> Iterable[MonthlyLine]:
    required = layouts.required_production(year, chp=generator.is_chp)
    for parameter in layouts.PRODUCTION_PARAMETERS:
        series = generator.production.get(parameter.code)
        if series:
            unit = parameter.unit_for(gas=generator.is_gas)
            keys = (generator.number, layouts.label_of(parameter, year), unit)
            yield MonthlyLine(
                keys, parameter, None if blank else series, auxiliary=parameter.code not in required
            )


def _stock_lines(facts: ReportFacts, *, blank: bool) -> Iterable[MonthlyLine]:
    for ledger in facts.stocks:
        gas = layouts.is_gas_fuel(ledger.fuel)
        for parameter in layouts.STOCK_PARAMETERS:
            series = ledger.series.get(parameter.code)
            if series:
                keys = (ledger.fuel, parameter.label, parameter.unit_for(gas=gas))
                yield MonthlyLine(keys, parameter, None if blank else series)
