"""Closing the books: from the independent figures to the report as the enterprise would file it.

All dependent cells follow the rules of the guideline (regulation.md §1.2–1.5), each value rounded
before it is used again, so that a reader who recomputes the report finds the same figures.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from string import ascii_uppercase

from emitters.facts import (
    CoalTest,
    DailyCoal,
    FuelUse,
    Generator,
    ReportFacts,
    Series,
    StockLedger,
)
from emitters.simulator.book import ZERO, Book, UnitBook, UnitMonth, rounded
from emitters.simulator.ledger import FuelLedger, coal_ledger, diesel_ledger, gas_ledger

FUEL, BOUGHT, OUTPUT, STOCK = "化石燃料燃烧", "购入使用电力", "生产数据", "燃料购销存"
_FUEL_COLUMNS = tuple(ascii_uppercase[5:18])
_COLUMNS = tuple(ascii_uppercase[3:16])
GRID = {2019: "0.6101", 2020: "0.6101", 2021: "0.5810"}
GRID_LATER = "0.5703"
_STD = Decimal("29.3076")


class Sheet:
    """Hands out rows of one sheet, top down."""

    def __init__(self, name: str, columns: tuple[str, ...]) -> None:
        self.name, self.columns, self.row = name, columns, 1

    def series(
        self,
        months: list[Decimal | None],
        annual: Decimal | None,
        unit: str = "",
        method: str = "",
    ) -> Series:
        """The next row."""
        self.row += 1
        return Series(self.name, self.row, self.columns, tuple(months), annual, method, unit)


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
    production = _production(book, unit, ledgers, purchased["e_buy"], output)
    return Generator(
        number=spec.number,
        row=row,
        note=unit.note,
        fuels=uses,
        purchased=purchased,
        production=production,
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
    factor = Decimal(GRID.get(book.year, GRID_LATER))
    buy = [m.buy if m.exists else None for m in unit.months]
    emitted = [None if b is None else rounded(b * factor, 2) for b in buy]
    return {
        "buy_e": sheet.series(buy, _sum(buy), "MWh"),
        "ef": sheet.series([factor if b is not None else None for b in buy], factor, "tCO2/MWh"),
        "e_buy": sheet.series(emitted, _sum(emitted), "tCO2"),
    }


def _sum(values: list[Decimal | None]) -> Decimal:
    return sum((v for v in values if v is not None), ZERO)


def _ratio(part: Decimal, whole: Decimal, places: int) -> Decimal:
    return rounded(part / whole, places) if whole else rounded(ZERO, places)


def _production(
    book: Book, unit: UnitBook, ledgers: list[FuelLedger], bought: Series, sheet: Sheet
) -> dict[str, Series]:
    months, gas = unit.months, unit.unit.is_gas
    burnt = [
        sum((x.fuel_units(m) for x in ledgers), ZERO) if gas else
        sum((x.heat(m) for x in ledgers), ZERO) / _STD
        for m in range(12)
    ]  # fmt: skip
    emitted = [
        sum((x.months["e_fuel"][m] or ZERO for x in ledgers), ZERO) + (bought.months[m] or ZERO)
        for m in range(12)
    ]
    annual_e = sum((x.annual["e_fuel"] for x in ledgers), ZERO) + (bought.annual or ZERO)
    power = [m.sup if book.year <= 2022 else m.gen for m in months]
    heat = [m.heat for m in months]
    share = [m.ratio / 100 for m in months]
    heat_burnt = sum((s * b for s, b in zip(share, burnt, strict=True)), ZERO)
    heat_emitted = sum((s * e for s, e in zip(share, emitted, strict=True)), ZERO)
    places = 4 if gas else 3
    fuel = "万Nm3" if gas else "tce"
    capacity = Decimal(str(unit.stated.get("capacity_mw", unit.unit.capacity_mw)))

    def row(code: Callable[[int], Decimal], annual: Decimal, measure: str) -> Series:
        values = [code(m) if months[m].exists else None for m in range(12)]
        return sheet.series(values, annual, measure)

    hours = sum((m.hours for m in months), ZERO)
    gen = sum((m.gen for m in months), ZERO)
    rows = {
        "gen": row(lambda m: months[m].gen, gen, "MWh"),
        "sup": row(lambda m: months[m].sup, sum((m.sup for m in months), ZERO), "MWh"),
        "heat": row(lambda m: heat[m], sum(heat, ZERO), "GJ"),
        "heat_ratio": row(
            lambda m: months[m].ratio, _ratio(heat_burnt * 100, sum(burnt, ZERO), 2), "%"
        ),
        "b_power": row(
            lambda m: _ratio((1 - share[m]) * burnt[m], power[m], places),
            _ratio(sum(burnt, ZERO) - heat_burnt, sum(power, ZERO), places),
            f"{fuel}/MWh",
        ),
        "b_heat": row(
            lambda m: _ratio(share[m] * burnt[m], heat[m], places),
            _ratio(heat_burnt, sum(heat, ZERO), places),
            f"{fuel}/GJ",
        ),
        "hours": row(lambda m: months[m].hours, hours, "h"),
        "lf": row(
            lambda m: _load(months[m], capacity), _annual_load(months, gen, hours, capacity), "%"
        ),
        "i_power": row(
            lambda m: _ratio((1 - share[m]) * emitted[m], power[m], 4),
            _ratio(annual_e - heat_emitted, sum(power, ZERO), 4),
            "tCO2/MWh",
        ),
        "i_heat": row(
            lambda m: _ratio(share[m] * emitted[m], heat[m], 4),
            _ratio(heat_emitted, sum(heat, ZERO), 4),
            "tCO2/GJ",
        ),
        "e_unit": row(lambda m: emitted[m], annual_e, "tCO2"),
    }
    return rows


def _load(month: UnitMonth, capacity: Decimal) -> Decimal:
    if month.load_stated is not None:
        return month.load_stated
    return _ratio(month.gen * 100, capacity * month.hours, 2)


def _annual_load(
    months: list[UnitMonth], gen: Decimal, hours: Decimal, capacity: Decimal
) -> Decimal:
    stated = [m for m in months if m.load_stated is not None]
    if not stated:
        return _ratio(gen * 100, capacity * hours, 2)
    weighed = sum((_load(m, capacity) * m.hours for m in months), ZERO)
    return _ratio(weighed, hours, 2)


def _stock(book: Book) -> StockLedger:
    yard, sheet = book.yard, Sheet(STOCK, _COLUMNS)
    unit = "t" if yard.fuel == "燃煤" else "万Nm3"
    used = [sum((u.months[m].fc for u in book.units), ZERO) for m in range(12)]
    opening: list[Decimal | None] = []
    closing: list[Decimal | None] = []
    stock = yard.opening
    for m in range(12):
        opening.append(stock)
        stock += yard.buy[m] - used[m] - yard.out[m] + yard.adjust[m]
        closing.append(stock)
    bought: list[Decimal | None] = [yard.slips.get(m + 1, b) for m, b in enumerate(yard.buy)]
    rows = {
        "stk0": sheet.series(opening, yard.opening, unit),
        "buy": sheet.series(bought, _sum(bought), unit),
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
        DailyCoal(n, day, number, d.coal, d.ncv, d.mt)
        for n, (day, number, d) in enumerate(rows, 2)
    )
