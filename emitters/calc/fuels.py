"""Emissions of fuels and of purchased power (guideline formulas F1, F2, F5)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from carbonwatch.params.values import Parameters, Value
from emitters.calc import rounding
from emitters.calc.records import FuelAccount, FuelMonth
from emitters.facts import FuelUse, Generator

ZERO = Decimal(0)


def fuel_default(params: Parameters, name: str, on: date) -> Value | None:
    """A fuel of the table of common fossil fuels by its Chinese name (`ncv`, `cc`, `of`, `state`)."""
    code = params.get("fuel.names", on).get(name)
    return None if code is None else params.find(f"fuel.{code}", on)


def combustion(fc: Decimal, c_ar: Decimal, of: Decimal) -> Decimal:
    """F1: fc × C_ar × OF × 44/12 with OF in %; tCO2, rounded to 2 decimals."""
    return rounding.monthly_emissions(fc * c_ar * of * 44 / 1200)


def _month(use: FuelUse, index: int) -> FuelMonth | None:
    def cell(code: str) -> Decimal | None:
        row = use.series.get(code)
        return row.months[index] if row else None

    fc = cell("fc")
    if fc is None:
        return None
    ncv, c_ar, cc, of = cell("ncv"), cell("c_ar"), cell("cc"), cell("of")
    if c_ar is None and ncv is not None and cc is not None:
        c_ar = rounding.carbon_as_received(ncv * cc)  # F2
    if ncv and c_ar is not None:
        cc = rounding.carbon_per_heat(c_ar / ncv) if cc is None else cc
    t_co2 = ZERO if not fc else None
    if fc and c_ar is not None and of is not None:
        t_co2 = combustion(fc, c_ar, of)
    heat = ZERO if not fc else (fc * ncv if ncv is not None else None)
    return FuelMonth(fc, ncv, c_ar, cc, of, t_co2, heat)


def weighted(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Mean of (weight, value) pairs; None without weight."""
    total = sum((w for w, _ in pairs), ZERO)
    return sum((w * v for w, v in pairs), ZERO) / total if total else None


def fuel_account(use: FuelUse) -> FuelAccount:
    """The year of one fuel: annual means weighted by monthly consumption, totals as sums of months."""
    months = tuple(_month(use, i) for i in range(12))
    burnt = [m for m in months if m is not None and m.fc]
    ncv = weighted([(m.fc, m.ncv) for m in burnt if m.ncv is not None])
    c_ar = weighted([(m.fc, m.c_ar) for m in burnt if m.c_ar is not None])
    cc = c_ar / ncv if c_ar is not None and ncv else None
    return FuelAccount(
        use=use,
        months=months,
        fc=sum((m.fc for m in burnt), ZERO),
        ncv=None if ncv is None else rounding.ncv(ncv),
        c_ar=None if c_ar is None else rounding.carbon_as_received(c_ar),
        cc=None if cc is None else rounding.carbon_per_heat(cc),
        t_co2=sum((m.t_co2 for m in burnt if m.t_co2 is not None), ZERO),
        heat_gj=sum((m.heat_gj for m in burnt if m.heat_gj is not None), ZERO),
    )


def grid_factors(params: Parameters, on: date) -> tuple[Decimal, ...]:
    """The grid factors that may be used: the one in force, or all candidates while it is unknown."""
    in_force = params.maybe("grid.factor", on)
    candidates = tuple(params.maybe("grid.factor.candidates", on) or ())
    return (
        (in_force, *(c for c in candidates if c != in_force))
        if in_force is not None
        else candidates
    )


def grid_factor(generator: Generator, month: int, allowed: Sequence[Decimal]) -> Decimal | None:
    """The factor to recompute with: the reported one when it is allowed, else the first allowed."""
    reported = generator.value("ef", month)
    return reported if reported in allowed else next(iter(allowed), None)


def purchased(generator: Generator, params: Parameters, year: int) -> tuple[Decimal | None, ...]:
    """F5: purchased MWh × grid factor by month, tCO2 (None: not reported, or not accounted: from V04)."""
    amounts = generator.purchased.get("buy_e")
    if amounts is None:
        return (None,) * 12
    totals: list[Decimal | None] = []
    for month, amount in enumerate(amounts.months, 1):
        day = date(year, month, 1)
        factor = grid_factor(generator, month, grid_factors(params, day))
        counted = amount is not None and params.get("guideline.purchased_power", day)
        if not counted or amount is None or (factor is None and amount):
            totals.append(None)
        else:
            totals.append(rounding.monthly_emissions(amount * (factor or ZERO)))
    return tuple(totals)
