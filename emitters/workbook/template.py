"""The blank workbook of a unit and year: every row laid out, only values left to fill."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from emitters import layouts
from emitters.facts import FuelUse, Generator, ReportFacts, Series, StockLedger
from emitters.workbook.writer import write_report

_EMPTY = Series("", 0, (), (None,) * 12, None)


def write_template(
    *,
    year: int,
    basic: Mapping[str, object],
    generators: Sequence[Mapping[str, object]],
    fuels: Mapping[str, Sequence[tuple[str, str]]],
) -> bytes:
    """The blank template, prefilled.

    `basic`: label of 基本信息 -> value (template version and year are set here); `generators`:
    attributes as in `Generator` (number, category, product, capacity_mw, …), missing ones
    stay empty;
    `fuels`: generator number -> (fuel, rank) pairs.
    """
    filled = {**basic, "模板版本": layouts.TEMPLATE_VERSION, "报告年度": year}
    units = tuple(_generator(year, attributes, fuels) for attributes in generators)
    burnt = dict.fromkeys(use.fuel for unit in units for use in unit.fuels)
    stocks = tuple(
        StockLedger(fuel, {p.code: _EMPTY for p in layouts.STOCK_PARAMETERS}) for fuel in burnt
    )
    facts = ReportFacts(
        year=year,
        unit_name=str(basic.get("单位名称", "")),
        credit_code=str(basic.get("统一社会信用代码", "")),
        basic=filled,
        basic_cells={},
        generators=units,
        plant_total=_EMPTY,
        stocks=stocks,
        tests=(),
        daily=(),
    )
    return write_report(facts, blank=True, guide=True)


def _generator(
    year: int, attributes: Mapping[str, object], fuels: Mapping[str, Sequence[tuple[str, str]]]
) -> Generator:
    number = str(attributes["number"])
    text: Any = {
        name: str(attributes.get(name) or "")
        for name in ("category", "product", "boiler", "pressure", "cooling", "main_fuel", "note")
    }
    capacity = attributes.get("capacity_mw")
    commissioned = attributes.get("commissioned")
    purchased = layouts.PURCHASED_PARAMETERS if layouts.purchased_power_reported(year) else ()
    return Generator(
        number=number,
        row=0,
        capacity_mw=capacity if isinstance(capacity, Decimal) else None,
        commissioned=commissioned if isinstance(commissioned, date) else None,
        fuels=tuple(_fuel_use(number, fuel, rank) for fuel, rank in fuels.get(number, ())),
        purchased={p.code: _EMPTY for p in purchased},
        production=_rows(p.code for p in layouts.PRODUCTION_PARAMETERS),
        **text,
    )


def _rows(codes: Iterable[str]) -> dict[str, Series]:
    return dict.fromkeys(codes, _EMPTY)


def _fuel_use(number: str, fuel: str, rank: str) -> FuelUse:
    """All six rows; a way of determination that has no alternative is filled in."""
    rows = {}
    for parameter in layouts.FUEL_PARAMETERS:
        method = parameter.choices[0] if len(parameter.choices) == 1 else ""
        rows[parameter.code] = Series("", 0, (), (None,) * 12, None, method)
    return FuelUse(number, fuel, rank, rows)
