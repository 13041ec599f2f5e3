"""Bought power against the hours off the grid: each generator by its own months of all years."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from emitters.checks.own.months import near_years
from emitters.checks.support import ALL_MONTHS, month_days
from emitters.facts import CheckContext, Generator, ReportFacts

HOURS_PER_DAY = 24


@dataclass(frozen=True, slots=True)
class OffMonth:
    """Hours off the grid and MWh bought; `rate` MWh per MW and hour off."""

    year: int
    month: int
    off: float
    bought: float
    rate: float


def off_months(report: ReportFacts, generator: Generator, least: float) -> list[OffMonth]:
    """Months of a generator with so many hours off the grid."""
    found = []
    capacity = float(generator.capacity_mw or 0)
    for month in ALL_MONTHS:
        hours, bought = generator.value("hours", month), generator.value("buy_e", month)
        if hours is None or bought is None or not capacity:
            continue
        off = month_days(report.year, month) * HOURS_PER_DAY - float(hours)
        if off >= least:
            rate = float(bought) / (capacity * off)
            found.append(OffMonth(report.year, month, off, float(bought), rate))
    return found


@dataclass(frozen=True, slots=True)
class Habit:
    """How a generator buys when it is off: `usual` rate, and this year's months `without`."""

    usual: float
    known: int
    without: tuple[OffMonth, ...]


def habit(
    ctx: CheckContext, number: str, *, least: float, share: float, months: int
) -> Habit | None:
    """None unless nearly all months off the grid in other years show purchases."""
    others = [
        m
        for r in near_years(ctx, 3)
        if (g := r.generator(number)) is not None
        for m in off_months(r, g, least)
    ]
    bought = _buying(others)
    if len(bought) < months or len(bought) < share * len(others):
        return None
    generator = ctx.report.generator(number)
    own = off_months(ctx.report, generator, least) if generator is not None else []
    without = tuple(m for m in own if not m.bought)
    return Habit(median(m.rate for m in bought), len(bought), without) if without else None


def _buying(months: Iterable[OffMonth]) -> list[OffMonth]:
    return [m for m in months if m.bought]
