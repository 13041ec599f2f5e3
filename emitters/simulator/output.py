"""The rows of 生产数据 for one generator: output, rates, intensities, load, emissions."""

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Split:
    """Fuel (tce; gas 万Nm3) and tCO2 of the months, parted between power and heat by 供热比.

    `power` is the output that carries the power part: net supply to 2022, generation from 2023.
    """

    power: list[Decimal]
    heat: list[Decimal]
    share: list[Decimal]
    burnt: list[Decimal]
    emitted: list[Decimal]

    def rate(self, amounts: list[Decimal], month: int, places: int, *, to_heat: bool) -> Decimal:
        """Amount per MWh, or per GJ of heat, in a month (0..11)."""
        part = self.share[month] if to_heat else 1 - self.share[month]
        output = self.heat if to_heat else self.power
        return _ratio(part * amounts[month], output[month], places)

    def annual_rate(self, amounts: list[Decimal], places: int, *, to_heat: bool) -> Decimal:
        """The year's rate: parts and outputs summed before they are divided."""
        parts = (s if to_heat else 1 - s for s in self.share)
        amount = sum((p * a for p, a in zip(parts, amounts, strict=True)), ZERO)
        return _ratio(amount, sum(self.heat if to_heat else self.power, ZERO), places)

    def annual_share(self) -> Decimal:
        """供热比 of the year in %, weighted by fuel."""
        heat = sum((s * b for s, b in zip(self.share, self.burnt, strict=True)), ZERO)
        return _ratio(heat * 100, sum(self.burnt, ZERO), 2)


def _split(book: Book, unit: UnitBook, ledgers: list[FuelLedger], bought: Series) -> _Split:
    gas = unit.unit.is_gas

    def fuel(month: int) -> Decimal:
        if gas:
            return sum((x.fuel_units(month) for x in ledgers), ZERO)
        return sum((x.heat(month) for x in ledgers), ZERO) / _STD

    def carbon_dioxide(month: int) -> Decimal:
        fuels = sum((x.months["e_fuel"][month] or ZERO for x in ledgers), ZERO)
        return fuels + (bought.months[month] or ZERO)

    return _Split(
        power=[m.sup if book.year <= 2022 else m.gen for m in unit.months],
        heat=[m.heat for m in unit.months],
        share=[m.ratio / 100 for m in unit.months],
        burnt=[fuel(m) for m in range(12)],
        emitted=[carbon_dioxide(m) for m in range(12)],
    )


def production(
    book: Book, unit: UnitBook, ledgers: list[FuelLedger], bought: Series, sheet: Sheet
) -> dict[str, Series]:
    """The rows of 生产数据 by code, in the order of the template."""
    split = _split(book, unit, ledgers, bought)
    months = unit.months
    capacity = Decimal(str(unit.stated.get("capacity_mw", unit.unit.capacity_mw)))
    gen = sum((m.gen for m in months), ZERO)
    hours = sum((m.hours for m in months), ZERO)
    places, fuel = (4, "万Nm3") if unit.unit.is_gas else (3, "tce")

    def row(value: Callable[[int], Decimal], annual: Decimal, measure: str) -> Series:
        values = [value(m) if months[m].exists else None for m in range(12)]
        return sheet.series(values, annual, measure)

    def plain(name: str, measure: str) -> Series:
        values = [getattr(m, name) for m in months]
        return row(lambda m: values[m], sum(values, ZERO), measure)

    def rate(amounts: list[Decimal], measure: str, digits: int, *, to_heat: bool) -> Series:
        annual = split.annual_rate(amounts, digits, to_heat=to_heat)
        return row(lambda m: split.rate(amounts, m, digits, to_heat=to_heat), annual, measure)

    return {
        "gen": plain("gen", "MWh"),
        "sup": plain("sup", "MWh"),
        "heat": plain("heat", "GJ"),
        "heat_ratio": row(lambda m: months[m].ratio, split.annual_share(), "%"),
        "b_power": rate(split.burnt, f"{fuel}/MWh", places, to_heat=False),
        "b_heat": rate(split.burnt, f"{fuel}/GJ", places, to_heat=True),
        "hours": plain("hours", "h"),
        "lf": row(
            lambda m: _load(months[m], capacity), _annual_load(months, gen, hours, capacity), "%"
        ),
        "i_power": rate(split.emitted, "tCO2/MWh", 4, to_heat=False),
        "i_heat": rate(split.emitted, "tCO2/GJ", 4, to_heat=True),
        "e_unit": row(
            lambda m: split.emitted[m],
            sum((x.annual["e_fuel"] for x in ledgers), ZERO) + (bought.annual or ZERO),
            "tCO2",
        ),
    }


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
