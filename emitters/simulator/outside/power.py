"""Grid settlement and dispatch: power delivered, power drawn, standstills."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from emitters.outside import OutsideRow
from emitters.simulator.book import Book, UnitBook, UnitMonth
from emitters.simulator.outside.rows import File, plain, reading_lead, shifted


def grid(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """By generator with generation, or one gate meter for the plant, as the plant's grid does it."""
    habits = book.plant.rng("grid")
    by_unit, lead = habits.random() < 0.6, reading_lead(habits)
    loss = habits.uniform(0.001, 0.006)
    file = File("grid", book)
    groups = [[unit] for unit in book.units] if by_unit else [book.units]
    for group in groups:
        bias = habits.gauss(1, 0.0002)
        made = shifted([_sum(group, m, "gen") * bias for m in range(12)], lead, rng)
        sent = shifted([_sum(group, m, "sup") * (1 - loss) for m in range(12)], lead, rng)
        for month in range(12):
            yield file.of_month(
                month + 1,
                generator=group[0].unit.number if by_unit else None,
                out_mwh=plain(sent[month], 3),
                buy_mwh=plain(_drawn(rng, _sum(group, month, "buy")), 3),
                gen_mwh=plain(made[month], 3),
            )


def _sum(units: list[UnitBook], month: int, name: str) -> float:
    return sum(float(getattr(u.months[month], name)) for u in units)


def _drawn(rng: Random, bought: float) -> float:
    """Now and then a start draws a little that no ledger holds."""
    return bought * rng.gauss(1, 0.004) if bought else rng.choice((0, 0, 0, rng.uniform(1, 6)))


def outage(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """Spells of standstill by generator, from the day it left the grid to the day it came back."""
    file = File("outage", book)
    for unit in book.units:
        for first, last in _spells(book, unit):
            reason = "检修" if (last - first).days > 7 else rng.choice(("临修", "备用"))
            yield file.of_unit(
                generator=unit.unit.number, begin=first, end=last + timedelta(days=1), reason=reason
            )


def _spells(book: Book, unit: UnitBook) -> Iterator[tuple[date, date]]:
    days = sorted(d for month in unit.months for d in _standing(book, month))
    while days:
        first = last = days.pop(0)
        while days and days[0] == last + timedelta(days=1):
            last = days.pop(0)
        yield first, last


def _standing(book: Book, month: UnitMonth) -> Iterator[date]:
    return (date(book.year, month.month, d) for d in month.off if month.exists)


MAKERS = {"grid": grid, "outage": outage}
