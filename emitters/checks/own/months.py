"""The running months of a unit as plain numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from emitters.checks.support import DEFAULT, remembered
from emitters.facts import COAL, CheckContext, FuelUse, Generator, ReportFacts, Series

_DEFAULT_KEYS = ("coal.default_cc", "coal.default_cc_unconventional")


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """A month with coal or gas burnt and power made. `hours` h, `gen` MWh, `heat` GJ, `load` fraction
    of capacity while running, `fuel` GJ of all fuels, `coal` t | 万Nm3 and `coal_heat` GJ of the main
    fuel, `cc` tC/GJ of it (None unless measured), `ratio` 供热比 as a fraction, `own_use` fraction of
    generation (None when net supply is not reported)."""

    year: int
    month: int
    hours: float
    gen: float
    heat: float
    load: float
    fuel: float
    coal: float
    coal_heat: float
    cc: float | None
    ratio: float
    own_use: float | None

    @property
    def rate(self) -> float:
        """Fuel per generation, GJ/MWh."""
        return self.fuel / self.gen

    @property
    def heat_per_power(self) -> float:
        """Heat sold per generation, GJ/MWh."""
        return self.heat / self.gen


def main_fuel(generator: Generator) -> FuelUse | None:
    """Coal, else natural gas: what the unit runs on."""
    names = {f.fuel: f for f in reversed(generator.fuels)}
    return names.get(COAL) or names.get("天然气")


def _defaults(ctx: CheckContext, year: int) -> set[Decimal]:
    on = date(year, 1, 1)
    found = (ctx.params.maybe(key, on) for key in _DEFAULT_KEYS)
    return {v for v in found if v is not None}


_NOTHING: tuple[Decimal | None, ...] = (None,) * 12


def _row(series: Series | None) -> tuple[float, ...]:
    """Twelve months as floats, zero where nothing is reported."""
    return tuple(
        float(v) if v is not None else 0.0 for v in (series.months if series else _NOTHING)
    )


def _all_fuel(generator: Generator) -> list[float]:
    """GJ of all fuels by month."""
    total = [0.0] * 12
    for use in generator.fuels:
        for n, (burnt, ncv) in enumerate(
            zip(_row(use.get("fc")), _row(use.get("ncv")), strict=True)
        ):
            total[n] += burnt * ncv
    return total


def _carbon(ctx: CheckContext, year: int, use: FuelUse) -> tuple[float, ...]:
    """Carbon per fuel unit by month, zero in months that are not measured."""
    if DEFAULT in (use.method("c_ar"), use.method("cc")):
        return (0.0,) * 12
    defaults, reported = _defaults(ctx, year), use.get("cc")
    shown = reported.months if reported else _NOTHING
    values = zip(_row(use.get("c_ar")), shown, strict=True)
    return tuple(0.0 if cc in defaults else carbon for carbon, cc in values)


@remembered
def own_months(ctx: CheckContext, year: int, number: str) -> list[OwnMonth]:
    """The running months of a generator in the report or another year of the plant, in order; empty
    where it has no capacity or main fuel."""
    report = next((r for r in (ctx.report, *ctx.history) if r.year == year), None)
    generator = report.generator(number) if report is not None else None
    return _own_months(ctx, year, generator) if generator is not None else []


def _own_months(ctx: CheckContext, year: int, generator: Generator) -> list[OwnMonth]:
    use = main_fuel(generator)
    if use is None or not generator.capacity_mw:
        return []
    rows = generator.production
    gen, sup, heat, hours, ratio = (
        _row(rows.get(c)) for c in ("gen", "sup", "heat", "hours", "heat_ratio")
    )
    burnt, ncv, carbon = _row(use.get("fc")), _row(use.get("ncv")), _carbon(ctx, year, use)
    fuel, capacity = _all_fuel(generator), float(generator.capacity_mw)
    return [
        OwnMonth(
            year=year,
            month=n + 1,
            hours=hours[n],
            gen=gen[n],
            heat=heat[n],
            load=gen[n] / (capacity * hours[n]),
            fuel=fuel[n],
            coal=burnt[n],
            coal_heat=burnt[n] * ncv[n],
            cc=carbon[n] / ncv[n] if carbon[n] else None,
            ratio=ratio[n] / 100,
            own_use=1 - sup[n] / gen[n] if sup[n] else None,
        )
        for n in range(12)
        if gen[n] > 0 and hours[n] > 0 and burnt[n] > 0 and ncv[n] > 0
    ]


def near_years(ctx: CheckContext, reach: int) -> Iterator[ReportFacts]:
    """Other years of the plant not farther than `reach` years from the report, oldest first."""
    return (
        r
        for r in ctx.history
        if r.year != ctx.report.year and abs(r.year - ctx.report.year) <= reach
    )
