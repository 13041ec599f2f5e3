"""Heat customers' bills and the weather of the city."""

from collections.abc import Iterator
from random import Random

from emitters.outside import OutsideRow
from emitters.simulator.book import Book
from emitters.simulator.names import credit_code
from emitters.simulator.outside.rows import File, plain, reading_lead, shifted
from emitters.simulator.running import SEASON
from emitters.simulator.running import weather as coldness

# Heating degree days (18 °C) of a usual year in central Liaoning; spring and autumn have some
# without heating.
_HDD = (900, 715, 530, 245, 70, 5, 0, 0, 60, 265, 545, 815)
_WATER_AT_20 = 83.74


def weather(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """Degree days of the plant's city."""
    file = File("weather", book)
    cold = coldness(book.year)
    for month, usual in enumerate(_HDD, 1):
        yield file.row(
            city=book.plant.city,
            year=book.year,
            month=month,
            hdd=plain(max(0.0, usual * cold * rng.gauss(1, 0.03)), 1),
        )


def heat(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """Steam to a factory, hot water to a heating company: at the gate, at the customer, or by area."""
    if not any(m.heat for u in book.units for m in u.months):
        return
    habits = book.plant.rng("heat customers")
    meter = habits.choices(("厂口", "用户", "面积"), (50, 42, 8))[0]
    lead = reading_lead(habits)
    loss = habits.uniform(0.0, 0.008) if meter == "厂口" else habits.uniform(0.01, 0.06)
    steam, space = _parts(book)
    name = book.plant.name.removesuffix("有限公司")
    file = File("heat", book)
    billed = shifted([v * (1 - loss) for v in steam], lead, rng)
    for month, value in enumerate(billed, 1):
        enthalpy = habits.uniform(2890, 3040)
        yield file.of_month(
            month,
            customer=f"{name}用汽企业",
            customer_code=credit_code(book.plant.rng("steam customer"), "2101"),
            heat_gj=plain(value),
            steam_t=plain(value * 1000 / (enthalpy - _WATER_AT_20)),
            enthalpy=plain(enthalpy, 1),
            steady_gj=plain(value * rng.uniform(1.0, 1.1)),
            meter="厂口" if meter == "面积" else meter,
        )
    for month, value in enumerate(shifted(space, lead, rng), 1):
        if value:
            rate = rng.gauss(1, 0.1) if meter == "面积" else 1 - loss
            yield file.of_month(
                month,
                customer=f"{name}供暖公司",
                customer_code=credit_code(book.plant.rng("heating customer"), "2101"),
                heat_gj=plain(value * rate),
                meter=meter,
            )


def _parts(book: Book) -> tuple[list[float], list[float]]:
    """Heat of each month as steam and as space heating, GJ, by what the machines were made for."""
    steam, space = [0.0] * 12, [0.0] * 12
    for unit in book.units:
        spec = unit.unit
        for n, month in enumerate(unit.months):
            peak = spec.heat_peak * SEASON[n] * coldness(book.year)
            total = float(month.heat)
            steady = total * spec.heat_base / (spec.heat_base + peak) if total else 0.0
            steam[n] += steady
            space[n] += total - steady
    return steam, space


MAKERS = {"heat": heat, "weather": weather}
