"""The rows of 生产数据 for one generator: output, rates, intensities, load, emissions."""

from collections.abc import Callable
from decimal import Decimal

from emitters.facts import Series
from emitters.simulator.book import ZERO, Book, UnitBook, UnitMonth, rounded
from emitters.simulator.ledger import FuelLedger

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


def _ratio(part: Decimal, whole: Decimal, places: int) -> Decimal:
    return rounded(part / whole, places) if whole else rounded(ZERO, places)


def production(
    book: Book, unit: UnitBook, ledgers: list[FuelLedger], bought: Series, sheet: Sheet
) -> dict[str, Series]:
    """The rows of 生产数据 by code; output is net supply to 2022, generation from 2023."""
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
