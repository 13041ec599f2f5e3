"""Ways that touch output and attributes: what allowances are worked out from, and bought power."""

from calendar import monthrange
from decimal import Decimal

from emitters.simulator.book import UnitMonth, rounded
from emitters.simulator.cheating import Attempt, Way
from emitters.simulator.plants import Plant


def _running(attempt: Attempt) -> list[tuple[UnitMonth, Decimal]]:
    """Months with output, with the generator's capacity."""
    return [
        (m, u.unit.capacity_mw) for u in attempt.book.units for m in u.months if m.exists and m.gen
    ]


def _calendar(attempt: Attempt, month: UnitMonth) -> Decimal:
    return Decimal(monthrange(attempt.book.year, month.month)[1] * 24)


def heat_overstated(attempt: Attempt) -> None:
    """More heat sold than metered; the heat's share of the fuel stays, as fuel is fuel."""
    factor = Decimal(attempt.level("1.05", "1.10", "1.18"))
    for month, _ in _running(attempt):
        month.heat = rounded(month.heat * factor, 2)


def power_overstated(attempt: Attempt) -> None:
    """More power than the meter says, hours stretched where there is room."""
    factor = Decimal(attempt.level("1.01", "1.025", "1.05"))
    for month, capacity in _running(attempt):
        month.gen = rounded(month.gen * factor, 3)
        month.sup = rounded(month.sup * factor, 3)
        needed = max(month.hours, month.gen / capacity * Decimal("1.02"))
        month.hours = min(_calendar(attempt, month), rounded(needed, 2))


def own_use_understated(attempt: Attempt) -> None:
    """Less own use, more net supply (which decides allowances to 2022)."""
    extra = Decimal(attempt.level("0.005", "0.012", "0.03"))
    for month, _ in _running(attempt):
        month.sup = rounded(month.sup + month.gen * extra, 3)


def load_doctored(attempt: Attempt) -> None:
    """A load factor lower than generation, capacity and hours give."""
    factor = Decimal(attempt.level("0.97", "0.92", "0.85"))
    for month, capacity in _running(attempt):
        true = month.gen * 100 / (capacity * month.hours)
        month.load_stated = rounded(true * factor, 2)


def standby_counted(attempt: Attempt) -> None:
    """Standby counted as running: more hours, hence a lower load factor."""
    share = Decimal(attempt.level("0.4", "0.7", "1"))
    for month, _ in _running(attempt):
        month.hours = rounded(month.hours + (_calendar(attempt, month) - month.hours) * share, 2)


def class_false(attempt: Attempt) -> None:
    """A better class: air cooling (to 2022), 非常规燃煤, a boiler of another type."""
    for unit in attempt.book.units:
        if attempt.strength == "weak" and attempt.book.year <= 2022:
            unit.stated["cooling"] = "空冷"
        else:
            unit.stated["category"] = "非常规燃煤"
        if attempt.strength == "gross":
            unit.stated["boiler"] = "循环流化床"


def purchased_concealed(attempt: Attempt) -> None:
    """No bought power in an outage: in the longest one, or in all."""
    months = sorted(
        (m for u in attempt.book.units for m in u.months if m.buy),
        key=lambda m: m.buy,
        reverse=True,
    )
    for month in months[: attempt.level(1, 2, len(months))]:
        month.buy = Decimal(0)


def cooling_false(attempt: Attempt) -> None:
    """Air cooling on paper, which earned more allowances to 2022."""
    units = attempt.book.units
    for unit in units[: attempt.level(1, len(units), len(units))]:
        unit.stated["cooling"] = "空冷"


def _water_cooled(plant: Plant, year: int) -> bool:
    return year <= 2022 and all(u.cooling == "水冷" and not u.is_gas for u in plant.generators)


def capacity_overstated(attempt: Attempt) -> None:
    """More capacity than the nameplate, hence a lower load factor."""
    factor = Decimal(attempt.level("1.03", "1.08", "1.2"))
    for unit in attempt.book.units:
        unit.stated["capacity_mw"] = rounded(unit.unit.capacity_mw * factor, 0)


def heat_ratio_lowered(attempt: Attempt) -> None:
    """A heat share below what the heat takes, which kept more power allowances to 2022."""
    factor = Decimal(attempt.level("0.93", "0.85", "0.7"))
    for month, _ in _running(attempt):
        month.ratio = rounded(month.ratio * factor, 2)


def _ratio_counts(plant: Plant, year: int) -> bool:
    return _sells_heat(plant, year) and _net_supply_counts(plant, year)


def heat_and_ratio(attempt: Attempt) -> None:
    """More heat sold and a heat share to match: the coal rate of heat stays what it was."""
    factor = Decimal(attempt.level("1.05", "1.10", "1.18"))
    for month, _ in _running(attempt):
        raised = min(rounded(month.ratio * factor, 2), Decimal("96"))
        month.heat = rounded(month.heat * raised / month.ratio, 2) if month.ratio else month.heat
        month.ratio = raised


def _any_plant(plant: Plant, year: int) -> bool:
    return True


def _net_supply_counts(plant: Plant, year: int) -> bool:
    return year <= 2022


def _sells_heat(plant: Plant, year: int) -> bool:
    return plant.generators[0].is_chp


def _conventional(plant: Plant, year: int) -> bool:
    return all(unit.category == "常规燃煤" for unit in plant.generators)


def _had_outage(attempt: Attempt) -> bool:
    return any(m.buy for u in attempt.book.units for m in u.months)


WAYS = (
    Way("heat_overstated", "虚报供热量", _sells_heat, heat_overstated),
    Way("power_overstated", "虚报发电量", _any_plant, power_overstated),
    Way("own_use_understated", "少报厂用电", _net_supply_counts, own_use_understated),
    Way("load_doctored", "调低负荷系数", _conventional, load_doctored),
    Way("standby_counted", "备用时间计入运行", _conventional, standby_counted),
    Way("class_false", "虚报机组类别", _conventional, class_false),
    Way(
        "purchased_concealed", "隐瞒购入使用电量", _any_plant, purchased_concealed,
        ready=_had_outage,
    ),
    Way("cooling_false", "虚报冷却方式", _water_cooled, cooling_false),
    Way("capacity_overstated", "虚报装机容量", _conventional, capacity_overstated),
    Way("heat_ratio_lowered", "调低供热比", _ratio_counts, heat_ratio_lowered),
    Way("heat_and_ratio", "供热量与供热比同步虚报", _sells_heat, heat_and_ratio),
)  # fmt: skip
