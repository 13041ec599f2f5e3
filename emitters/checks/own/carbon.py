"""The unit's own coal, year by year: carbon per heat, and what kind of coal it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from statistics import median

from emitters.checks.own.composition import FORMULAS, NITROGEN, Composition, fired_coals, heat_gap
from emitters.checks.own.months import OwnMonth, near_years, own_months
from emitters.checks.own.robust import scatter, weighted_mean
from emitters.checks.own.years import WEIGHT, base_year, year_scatter
from emitters.checks.support import remembered
from emitters.facts import CheckContext

P = "own_normal.carbon."
PARAMETERS = (
    *(P + n for n in ("reach", "min_months", "year_sd", "least_scatter", "kind_limits")),
    NITROGEN,
    FORMULAS,
    WEIGHT,
)
# What a laboratory result says of the kind of coal; carbon itself and total moisture are not in it.
_CHARACTER: dict[str, Callable[[Composition], float | None]] = {
    "volatile_daf": lambda c: c.daf("volatile"),
    "hydrogen_daf": lambda c: c.daf("hydrogen"),
    "sulphur_daf": lambda c: c.daf("sulphur"),
    "mad": lambda c: float(c.test.mad) if c.test.mad is not None else None,
}


@dataclass(frozen=True, slots=True)
class CoalYear:
    """Measured months of the main fuel. `mean` tC/GJ weighted by heat, `scatter` of the months as a
    share of it. Medians of the tests, None without enough: `carbon_daf` %, `moisture` (total, %),
    `heat_gap` (tested heat above what the composition yields, %), `character` by name."""

    year: int
    months: tuple[OwnMonth, ...]
    mean: float
    scatter: float
    carbon_daf: float | None
    moisture: float | None
    heat_gap: float | None
    character: dict[str, float]

    @property
    def error(self) -> float:
        """Standard error of the mean, as a share of it."""
        return self.scatter / len(self.months) ** 0.5


@remembered
def coal_year(ctx: CheckContext, year: int, number: str) -> CoalYear | None:
    """A generator's year; None with too few measured months."""
    months = [m for m in own_months(ctx, year, number) if m.cc]
    least = int(ctx.p(P + "min_months"))
    if len(months) < least:
        return None
    values = [m.cc or 0.0 for m in months]
    mean = weighted_mean(values, [m.coal_heat for m in months])
    floor = float(ctx.p(P + "least_scatter")) / 100
    coals = fired_coals(ctx, year, number)
    return CoalYear(
        year=year,
        months=tuple(months),
        mean=mean,
        scatter=max(scatter(values) / mean, floor),
        carbon_daf=_middle([c.daf("carbon") for c in coals], least),
        moisture=_middle([float(c.test.mt) for c in coals if c.test.mt is not None], least),
        heat_gap=_middle([heat_gap(ctx, c) for c in coals], least),
        character=character_of(coals, least),
    )


def character_of(coals: Sequence[Composition], least: int) -> dict[str, float]:
    """Medians of what tells the kind of coal, by name, where at least so many tests have it."""
    found = {name: _middle([of(c) for c in coals], least) for name, of in _CHARACTER.items()}
    return {name: value for name, value in found.items() if value is not None}


def _middle(values: Sequence[float | None], least: int) -> float | None:
    known = [v for v in values if v is not None]
    return median(known) if len(known) >= least else None


def other_coal_years(ctx: CheckContext, number: str) -> list[CoalYear]:
    """The generator's other years within reach that have measured carbon."""
    years = [r.year for r in near_years(ctx, int(ctx.p(P + "reach")))]
    return [found for y in years if (found := coal_year(ctx, y, number)) is not None]


@dataclass(frozen=True, slots=True)
class Change:
    """A year against a base year: `carbon_per_heat` share (negative: lower) with its `error`,
    `carbon_daf`, `moisture` and `heat_gap` in points (None when unknown), `kind` changes of the
    coal's character by name."""

    base: CoalYear
    carbon_per_heat: float
    error: float
    carbon_daf: float | None
    moisture: float | None
    heat_gap: float | None
    kind: dict[str, float]


def change(ctx: CheckContext, now: CoalYear, others: Sequence[CoalYear]) -> Change:
    """Against the base year of the others (at least one)."""
    chosen = base_year({y.year: y.mean for y in others})
    base = next(y for y in others if y.year == chosen)
    usual = float(ctx.p(P + "year_sd")) / 100
    by_year = year_scatter(ctx, [log(y.mean) for y in others], usual)
    return Change(
        base=base,
        carbon_per_heat=now.mean / base.mean - 1,
        error=(now.error**2 + base.error**2 + by_year**2 * (1 + 1 / len(others))) ** 0.5,
        carbon_daf=_gap(now.carbon_daf, base.carbon_daf),
        moisture=_gap(now.moisture, base.moisture),
        heat_gap=_gap(now.heat_gap, base.heat_gap),
        kind={
            name: value - base.character[name]
            for name, value in now.character.items()
            if name in base.character
        },
    )


def _gap(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def other_coal(ctx: CheckContext, kind: dict[str, float]) -> bool:
    """Whether laboratory results other than carbon say that it is another coal."""
    limits = ctx.p(P + "kind_limits")
    return any(abs(v) > float(limits[n]) for n, v in kind.items())
