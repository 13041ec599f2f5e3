"""The unit's own heat rate: fuel per generation against load and heat sold, with a level per year.

ln(fuel/gen) = level(year) + b·ln(load) + c·q + d·q², q = heat sold per generation in GJ/MWh. The load
slope is held near what steam cycles show (catalogue §11.2), so that a year at another load can be
compared although the unit's own months vary little.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from emitters.checks.own.events import years_with
from emitters.checks.own.months import OwnMonth, near_years, own_months
from emitters.checks.own.robust import Fit, robust_fit
from emitters.checks.own.years import WEIGHT, base_year, year_scatter
from emitters.checks.support import remembered
from emitters.facts import CheckContext, Generator

P = "own_normal.heat_rate."
_NAMES = (
    "reach", "min_hours", "load", "min_months", "spare_months", "heat_spread", "load_slope", "most_scatter",
    "year_sd",
)  # fmt: skip
MOST_SCATTER = P + "most_scatter"
PARAMETERS = (*(P + name for name in _NAMES), WEIGHT)


@dataclass(frozen=True, slots=True)
class Level:
    """A year's ln(GJ/MWh) at the mean load and heat of all months, and its standard error."""

    value: float
    error: float


@dataclass(frozen=True, slots=True)
class HeatRate:
    """The fitted model. `residual` of every month (share of the heat rate, negative: less fuel than
    normal), `sigma` their scatter, `load_slope` b, `levels` by year."""

    months: tuple[OwnMonth, ...]
    residual: tuple[float, ...]
    sigma: float
    load_slope: float
    levels: dict[int, Level]

    def of_year(self, year: int) -> list[tuple[OwnMonth, float]]:
        """A year's months with their residuals."""
        pairs = zip(self.months, self.residual, strict=True)
        return [(m, r) for m, r in pairs if m.year == year]


@dataclass(frozen=True, slots=True)
class Shift:
    """The report year's level against another year's: `change` (ln, negative: less fuel for the same
    output) with its standard error, which holds the months' scatter and what years differ by
    themselves. `parted`: the base year declared a change itself, so that it is a mixture."""

    base_year: int
    change: float
    error: float
    parted: bool


@remembered
def heat_rate_of(ctx: CheckContext, number: str) -> HeatRate | None:
    """The model of a generator over the report and the years within reach; None with too few
    months."""
    least = int(ctx.p(P + "min_months"))
    months = _usable(ctx, own_months(ctx, ctx.report.year, number))
    if len(months) < least:
        return None
    for report in near_years(ctx, int(ctx.p(P + "reach"))):
        other = report.generator(number)
        if other is not None and _settled(other, report.year):
            found = _usable(ctx, own_months(ctx, report.year, number))
            months += found if len(found) >= least else []
    return _fitted(ctx, months)


def _usable(ctx: CheckContext, months: Iterable[OwnMonth]) -> list[OwnMonth]:
    """Months that ran long enough, at a load that a unit can have."""
    least, (low, high) = float(ctx.p(P + "min_hours")), (float(v) for v in ctx.p(P + "load"))
    return [m for m in months if m.hours >= least and low <= m.load <= high]


def _settled(generator: Generator, year: int) -> bool:
    """Not in the year of its first firing: trial running burns more than later years do."""
    return generator.commissioned is None or generator.commissioned.year < year


def _fitted(ctx: CheckContext, months: Sequence[OwnMonth]) -> HeatRate | None:
    years = sorted({m.year for m in months})
    columns = [np.array([float(m.year == y) for m in months]) for y in years]
    load = np.array([log(m.load) for m in months])
    columns.append(load - load.mean())
    heat = np.array([m.heat_per_power for m in months])
    if float(heat.max() - heat.min()) > float(ctx.p(P + "heat_spread")):
        heat -= heat.mean()
        columns += [heat, heat**2 - (heat**2).mean()]
    if len(months) < len(columns) + int(ctx.p(P + "spare_months")):
        return None
    slope, sd = (float(v) for v in ctx.p(P + "load_slope"))
    target = np.array([log(m.rate) for m in months])
    most = float(ctx.p(MOST_SCATTER)) / 100
    fit = robust_fit(np.column_stack(columns), target, [(len(years), slope, sd)], most)
    return HeatRate(
        months=tuple(months),
        residual=tuple(fit.residual.tolist()),
        sigma=fit.sigma,
        load_slope=float(fit.beta[len(years)]),
        levels=_levels(fit, years),
    )


def _levels(fit: Fit, years: Sequence[int]) -> dict[int, Level]:
    return {
        year: Level(float(fit.beta[n]), float(fit.covariance[n, n]) ** 0.5)
        for n, year in enumerate(years)
    }


def year_shift(ctx: CheckContext, model: HeatRate) -> Shift | None:
    """The report year against the other years that no declared change parts from it; None without.

    A year that declares a change is used only for want of others.
    """
    now, events = ctx.report.year, years_with(ctx, "heat_rate")
    open_years = [
        y
        for y in model.levels
        if y != now and not any(min(y, now) < e < max(y, now) + (y > now) for e in events)
    ]
    pure = [y for y in open_years if y not in events]
    levels = {y: model.levels[y].value for y in pure or open_years}
    if not levels:
        return None
    base = base_year(levels)
    here, there = model.levels[now], model.levels[base]
    by_year = year_scatter(ctx, list(levels.values()), float(ctx.p(P + "year_sd")) / 100)
    error = (here.error**2 + there.error**2 + by_year**2 * (1 + 1 / len(levels))) ** 0.5
    return Shift(base, here.value - there.value, error, parted=not pure)


@remembered
def heat_slope(ctx: CheckContext, number: str) -> tuple[float, float] | None:
    """By how much a GJ sold takes less fuel (ln per GJ/MWh, negative: less) than in the unit's other
    years, with its standard error; None without heat of different months in several years.

    Heat that was never sold makes the fuel rise less from summer to winter than it used to, whatever
    the level of the year is; the year's own scatter does not blur this.
    """
    model = heat_rate_of(ctx, number)
    if model is None or len(model.levels) < 2:
        return None
    years, now = sorted(model.levels), ctx.report.year
    heat = np.array([m.heat_per_power for m in model.months])
    own = np.array([m.year == now for m in model.months])
    spread = float(ctx.p(P + "heat_spread"))
    if min(float(np.ptp(heat[own])), float(np.ptp(heat[~own]))) <= spread:
        return None
    load = np.array([log(m.load) for m in model.months])
    columns = [np.array([float(m.year == y) for m in model.months]) for y in years]
    columns += [load - load.mean(), heat - heat.mean(), (heat - heat.mean()) ** 2]
    columns.append(np.where(own, heat - heat[own].mean(), 0.0))
    slope, sd = (float(v) for v in ctx.p(P + "load_slope"))
    target = np.array([log(m.rate) for m in model.months])
    most = float(ctx.p(MOST_SCATTER)) / 100
    fit = robust_fit(np.column_stack(columns), target, [(len(years), slope, sd)], most)
    return float(fit.beta[-1]), float(fit.covariance[-1, -1]) ** 0.5
