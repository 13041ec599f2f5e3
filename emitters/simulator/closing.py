"""Closing the books: from the independent figures to the report as the enterprise would file it.

All dependent cells follow the rules of the guideline (regulation.md §1.2–1.5), each value rounded
before it is used again, so that a reader who recomputes the report finds the same figures.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from string import ascii_uppercase

from carbonwatch.params.values import shipped
from emitters.calc.fuels import grid_factors
from emitters.facts import (
    CoalTest,
    DailyCoal,
    FuelUse,
    Generator,
    ReportFacts,
    Series,
    StockLedger,
)
from emitters.simulator.book import ZERO, Book, UnitBook, rounded
from emitters.simulator.ledger import FuelLedger, coal_ledger, diesel_ledger, gas_ledger, total
from emitters.simulator.output import Sheet, production

FUEL, BOUGHT, OUTPUT, STOCK = "化石燃料燃烧", "购入使用电力", "生产数据", "燃料购销存"
_FUEL_COLUMNS = tuple(ascii_uppercase[5:18])
_COLUMNS = tuple(ascii_uppercase[3:16])


def close(book: Book) -> ReportFacts:
    """The annual report of a book, with addresses as the template's writer lays them out."""
    fuel, bought = Sheet(FUEL, _FUEL_COLUMNS), Sheet(BOUGHT, _COLUMNS)
    output = Sheet(OUTPUT, _COLUMNS)
    generators = tuple(
        _generator(book, unit, n, fuel, bought, output) for n, unit in enumerate(book.units, 2)
    )
    totals = [g.production["e_unit"] for g in generators]
    months = [sum((t.months[m] or ZERO for t in totals), ZERO) for m in range(12)]
    annual = rounded(sum((t.annual or ZERO for t in totals), ZERO), 0)
    return ReportFacts(
        year=book.year,
        unit_name=book.plant.name,
        credit_code=book.plant.credit_code,
        basic=(basic := _basic(book)),
        basic_cells={label: f"基本信息!B{n}" for n, label in enumerate(basic, 1)},
        generators=generators,
        plant_total=output.series(list(months), annual, "tCO2"),
        stocks=(_stock(book),),
        tests=_tests(book),
        daily=_daily(book),
        daily_columns=dict(zip(("day", "generator", "coal_t", "ncv", "mt"), "ABCDE", strict=True)),
    )


def _basic(book: Book) -> Mapping[str, object]:
    plant = book.plant
    return {
        "模板版本": "CW-1",
        "报告年度": Decimal(book.year),
        "单位名称": plant.name,
        "统一社会信用代码": plant.credit_code,
        "排污许可证编号": plant.permit,
        "所在市": plant.city,
        "单位性质": plant.ownership,
        "行业代码": plant.industry,
        "法定代表人": plant.legal_person,
        "联系人": plant.contact,
        "联系电话": plant.phone,
        "经度": Decimal(repr(plant.longitude)),
        "纬度": Decimal(repr(plant.latitude)),
        "海拔高度": Decimal(plant.altitude),
        "纳入首个履约周期": "是",
        "报告编制咨询机构": plant.consultant,
        "咨询机构信用代码": plant.consultant_code,
        "填报人": plant.filler,
        "复核人": plant.checker,
        "批准人": plant.approver,
        "填报日期": date(book.year + 1, 3, 20),
        "生产经营变化说明": book.change_note,
    }


_CELLS = dict(
    zip(
        (
            "number", "category", "product", "capacity_mw", "boiler", "pressure", "cooling",
            "main_fuel", "commissioned", "note",
        ),
        ascii_uppercase,
        strict=False,
    )
)  # fmt: skip


def _generator(
    book: Book, unit: UnitBook, row: int, fuel: Sheet, bought: Sheet, output: Sheet
) -> Generator:
    ledgers = [gas_ledger(unit)] if unit.unit.is_gas else [coal_ledger(book, unit)]
    if not unit.unit.is_gas:
        ledgers.append(diesel_ledger(unit))
    uses = tuple(_fuel_use(unit, ledger, fuel) for ledger in ledgers)
    purchased = _purchased(book, unit, bought)
    spec = unit.unit
    stated: dict[str, object] = {
        "category": spec.category,
        "product": spec.product,
        "capacity_mw": spec.capacity_mw,
        "boiler": spec.boiler,
        "pressure": spec.pressure,
        "cooling": spec.cooling,
        "main_fuel": spec.fuel,
        "commissioned": spec.commissioned,
    } | unit.stated
    rows = production(book, unit, ledgers, purchased["e_buy"], output)
    return Generator(
        number=spec.number,
        row=row,
        note=unit.note,
        fuels=uses,
        purchased=purchased,
        production=rows,
        cells={name: f"机组信息!{letter}{row}" for name, letter in _CELLS.items()},
        **stated,  # type: ignore[arg-type]
    )


def _fuel_use(unit: UnitBook, ledger: FuelLedger, sheet: Sheet) -> FuelUse:
    rows = {
        code: sheet.series(ledger.months[code], ledger.annual[code], ledger.units[code], method)
        for code, method in ledger.methods.items()
    }
    return FuelUse(unit.unit.number, ledger.fuel, ledger.rank, rows)


def _purchased(book: Book, unit: UnitBook, sheet: Sheet) -> dict[str, Series]:
    factor = grid_factors(shipped(), date(book.year, 1, 1))[0]
    buy = [m.buy if m.exists else None for m in unit.months]
    emitted = [None if b is None else rounded(b * factor, 2) for b in buy]
    return {
        "buy_e": sheet.series(buy, total(buy), "MWh"),
        "ef": sheet.series([factor if b is not None else None for b in buy], factor, "tCO2/MWh"),
        "e_buy": sheet.series(emitted, total(emitted), "tCO2"),
    }


def _stock(book: Book) -> StockLedger:
    yard, sheet = book.yard, Sheet(STOCK, _COLUMNS)
    unit = "t" if yard.fuel == "燃煤" else "万Nm3"
    used = book.burnt()
    closing: list[Decimal | None] = [*yard.closings(used)]
    opening: list[Decimal | None] = [yard.opening, *closing[:-1]]
    bought: list[Decimal | None] = [yard.slips.get(m + 1, b) for m, b in enumerate(yard.buy)]
    rows = {
        "stk0": sheet.series(opening, yard.opening, unit),
        "buy": sheet.series(bought, total(bought), unit),
        "used": sheet.series(list(used), sum(used, ZERO), unit),
        "out": sheet.series(list(yard.out), sum(yard.out, ZERO), unit),
        "adj": sheet.series(list(yard.adjust), sum(yard.adjust, ZERO), unit),
        "stk1": sheet.series(closing, closing[-1], unit),
    }
    return StockLedger(yard.fuel, rows)


_TEST_FIELDS = (
    "generator", "month", "kind", "sample_no", "sampled", "sent", "received", "tested", "issued",
    "report_no", "laboratory", "certificate", "mt", "mad", "aad", "vad", "stad", "had", "cad",
    "qgrad", "qnetar", "car", "tester", "reviewer",
)  # fmt: skip
_TEST_CELLS = dict(zip(_TEST_FIELDS, ascii_uppercase, strict=False))


def _tests(book: Book) -> tuple[CoalTest, ...]:
    return tuple(
        CoalTest(row=row, cells=_TEST_CELLS, **{name: getattr(s, name) for name in _TEST_FIELDS})
        for row, s in enumerate(book.samples(), 2)
    )


def _daily(book: Book) -> tuple[DailyCoal, ...]:
    if not book.show_daily:
        return ()
    rows = [
        (d.day, u.unit.number, d) for u in book.units for m in u.months if m.exists for d in m.days
    ]
    rows.sort(key=lambda r: (r[1], r[0]))
    return tuple(
        DailyCoal(n, day, number, d.coal, d.ncv, d.mt) for n, (day, number, d) in enumerate(rows, 2)
    )
