"""What leaves the boiler besides heat: carbon dioxide, sulphur, ash; and the emission permit."""

from collections.abc import Iterator
from datetime import date
from random import Random

from emitters.outside import OutsideRow
from emitters.simulator.book import Book, UnitBook, UnitMonth
from emitters.simulator.coal import Quality
from emitters.simulator.outside.rows import File, plain

_CO2_PER_C, _SO2_PER_S, _GYPSUM_PER_SO2 = 44 / 12, 2.0, 172 / 64
_BURNT, _OIL_CO2 = 0.985, 3.1
_CFB = "循环流化床"


def _carbon(unit: UnitBook, month: UnitMonth) -> float:
    """Carbon burnt in a month, t: by nature, whatever its papers say."""
    if unit.unit.is_gas:
        return float(month.fc * month.c_ar)
    coal = unit.quality[month.month - 1]
    return sum(float(d.coal) * coal.carbon * _pure(d.ash, float(d.mt)) for d in month.days) / 100


def _pure(ash: float, moisture: float) -> float:
    return (1 - ash / 100) * (1 - moisture / 100)


def _sulphur(coal: Quality, month: UnitMonth) -> float:
    return sum(float(d.coal) * coal.sulphur * _pure(d.ash, float(d.mt)) for d in month.days) / 100


def _ash(month: UnitMonth) -> float:
    return sum(float(d.coal) * d.ash * (1 - float(d.mt) / 100) for d in month.days) / 100


def cems(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """A stack each: flow meters are off by some percent for years, until somebody adjusts them."""
    file = File("cems", book)
    for unit in book.units:
        habits = book.plant.rng("stack", unit.unit.number)
        level = max(0.91, min(1.09, habits.gauss(1, 0.04)))
        caught = habits.uniform(0.45, 0.6) if unit.unit.boiler == _CFB else habits.gauss(0.9, 0.05)
        adjusted = rng.randint(3, 10) if rng.random() < 0.06 else 0
        for month in unit.months:
            if not month.exists:
                continue
            if month.month == adjusted:
                level *= rng.choice((0.93, 1.07))
            carbon = _carbon(unit, month) * _BURNT * _CO2_PER_C + float(month.diesel) * _OIL_CO2
            sulphur = 0.0 if unit.unit.is_gas else _sulphur(unit.quality[month.month - 1], month)
            yield file.of_month(
                month.month,
                generator=unit.unit.number,
                hours=plain(max(0.0, float(month.hours) * rng.gauss(1, 0.002)), 1),
                co2_t=plain(carbon * level * rng.gauss(1, 0.025), 1),
                so2_t=plain(sulphur * _SO2_PER_S * caught * rng.gauss(1, 0.04), 1),
                recalibrated="是" if month.month == adjusted else "否",
            )


def byproduct(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """Ash and gypsum that left the plant."""
    if not book.plant.mines:
        return
    habits = book.plant.rng("ash")
    level, bound = habits.gauss(1.02, 0.035), habits.uniform(0.82, 0.92)
    file = File("byproduct", book)
    for n in range(12):
        months = [u.months[n] for u in book.units if u.months[n].exists]
        ash = sum(_ash(m) for m in months)
        sulphur = sum(_sulphur(u.quality[n], u.months[n]) for u in book.units)
        yield file.of_month(
            n + 1,
            ash_t=plain(ash * level * rng.gauss(1, 0.06), 1),
            gypsum_t=plain(sulphur * _SO2_PER_S * bound * _GYPSUM_PER_SO2 * rng.gauss(1, 0.06), 1),
        )


def permit(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """Every generator of the plant, those not yet commissioned too, and its starting boiler."""
    plant = book.plant
    file = File("permit", book)
    for unit in plant.generators:
        peak = float(unit.capacity_mw) * (unit.heat_base + unit.heat_peak) * 1.3
        yield file.of_unit(
            facility=f"MF{unit.number.removesuffix('#'):0>4}",
            generator=unit.number,
            kind="机组",
            boiler=unit.boiler,
            capacity_mw=unit.capacity_mw,
            cooling=unit.cooling,
            fuel="煤矸石、煤泥" if unit.category == "非常规燃煤" else unit.fuel,
            heat_capacity_gjh=plain(peak, 0) if unit.is_chp else None,
            valid_from=max(date(2019, 6, 1), unit.commissioned),
        )
    if plant.mines and plant.rng("starting boiler").random() < 0.5:
        yield file.of_unit(
            facility="MF0090",
            kind="启动锅炉",
            boiler="其他",
            fuel="柴油",
            valid_from=date(2019, 6, 1),
        )


MAKERS = {"cems": cems, "byproduct": byproduct, "permit": permit}
