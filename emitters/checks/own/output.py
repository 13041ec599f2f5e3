"""The unit's own definition of output: own use of power, and fuel charged to the heat sold."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import median

import numpy as np

from emitters.checks.own.months import OwnMonth, near_years, own_months
from emitters.checks.own.robust import robust_fit, scatter, weighted_mean
from emitters.checks.own.years import WEIGHT, base_year, year_scatter
from emitters.checks.support import remembered
from emitters.facts import CheckContext

P = "own_normal.output."
_NAMES = ("reach", "min_months", "least_share", "own_use_sd", "heat_sd")
PARAMETERS = (*(P + name for name in _NAMES), WEIGHT)


@dataclass(frozen=True, slots=True)
class Step:
    """A year against a base year: `now`, `before`, `change` (in the unit of the values) with its
    standard error."""

    base_year: int
    now: float
    before: float
    change: float
    error: float


def _by_year(ctx: CheckContext, number: str) -> dict[int, list[OwnMonth]]:
    """The unit's running months of the report and the years within reach."""
    others = (r.year for r in near_years(ctx, int(ctx.p(P + "reach"))))
    return {year: own_months(ctx, year, number) for year in (ctx.report.year, *others)}


@remembered
def own_use_step(ctx: CheckContext, number: str) -> Step | None:
    """Own use (fraction of generation) of the year against the unit's other years, at the same load
    and heat share; None without net supply or another year."""
    least, now = int(ctx.p(P + "min_months")), ctx.report.year
    years = {
        year: known
        for year, months in _by_year(ctx, number).items()
        if len(known := [m for m in months if m.own_use is not None]) >= least
    }
    if now not in years or len(years) < 2:
        return None
    levels, errors = _own_use_levels(years)
    others = {y: v for y, v in levels.items() if y != now}
    base = base_year(others)
    by_year = year_scatter(ctx, list(others.values()), float(ctx.p(P + "own_use_sd")) / 100)
    error = (errors[now] ** 2 + errors[base] ** 2 + by_year**2 * (1 + 1 / len(others))) ** 0.5
    return Step(base, levels[now], levels[base], levels[now] - levels[base], error)


def _own_use_levels(
    years: dict[int, list[OwnMonth]],
) -> tuple[dict[int, float], dict[int, float]]:
    """Level of each year at the mean load and heat share, and its standard error."""
    order = sorted(years)
    months = [m for y in order for m in years[y]]
    load = np.array([m.load for m in months])
    share = np.array([m.ratio for m in months])
    columns = [np.array([float(m.year == y) for m in months]) for y in order]
    columns += [load - load.mean(), share - share.mean()]
    target = np.array([m.own_use or 0.0 for m in months])
    fit = robust_fit(np.column_stack(columns), target, [(len(order) + 1, 0.0, 0.2)])
    return (
        {y: float(fit.beta[n]) for n, y in enumerate(order)},
        {y: float(fit.covariance[n, n]) ** 0.5 for n, y in enumerate(order)},
    )


def heat_fuel_step(ctx: CheckContext, number: str) -> Step | None:
    """GJ of fuel charged to a GJ of heat sold (by 供热比), the year against the unit's other years;
    None where heat is no product. `change` and `error` are shares."""
    now = ctx.report.year
    found = {y: value for y, m in _by_year(ctx, number).items() if (value := _heat_fuel(ctx, m))}
    others = {y: value for y, (value, _error) in found.items() if y != now}
    if now not in found or not others:
        return None
    base = base_year(others)
    (here, noise), (there, other) = found[now], found[base]
    usual = float(ctx.p(P + "heat_sd")) / 100
    by_year = year_scatter(ctx, [log(v) for v in others.values()], usual)
    error = (noise**2 + other**2 + by_year**2 * (1 + 1 / len(others))) ** 0.5
    return Step(base, here, there, here / there - 1, error)


def _heat_fuel(ctx: CheckContext, months: Sequence[OwnMonth]) -> tuple[float, float] | None:
    """The year's figure with its standard error as a share."""
    sold = [m for m in months if m.heat > 0 and m.ratio > 0]
    fuel = sum(m.fuel for m in months)
    heat = sum(m.heat for m in sold)
    if len(sold) < int(ctx.p(P + "min_months")) or heat < float(ctx.p(P + "least_share")) * fuel:
        return None
    values = [m.ratio * m.fuel / m.heat for m in sold]
    year = weighted_mean(values, [m.heat for m in sold])
    return year, scatter(values) / median(values) / len(values) ** 0.5
