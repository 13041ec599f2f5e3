"""Comparing a year with the unit's other years: which year is the base, how much years differ."""

from collections.abc import Mapping, Sequence

from emitters.facts import CheckContext

WEIGHT = "own_normal.year_weight"


def base_year(levels: Mapping[int, float]) -> int:
    """Of the other years the highest of two, the second highest of more (at least one): what a
    neighbour year hides itself must not excuse the report."""
    ranked = sorted(levels, key=lambda year: levels[year], reverse=True)
    return ranked[1] if len(ranked) > 2 else ranked[0]


def year_scatter(ctx: CheckContext, levels: Sequence[float], usual: float) -> float:
    """Standard deviation of a year's level: what is usual, moved towards what the unit's other years
    show. A year that hides something must not widen it, so deviations count up to twice the usual."""
    weight = float(ctx.p(WEIGHT))
    mean = sum(levels) / len(levels)
    shown = sum(min(abs(v - mean), 2 * usual) ** 2 for v in levels)
    return float(((weight * usual**2 + shown) / (weight + len(levels) - 1)) ** 0.5)
