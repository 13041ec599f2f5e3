"""From facts to accounts: `account` is the one door to the accounting."""

from decimal import Decimal

from carbonwatch.params.values import MissingParameter, Parameters, Value
from emitters.calc import allocation, rounding
from emitters.calc.fuels import fuel_account, purchased
from emitters.calc.records import (
    Accounts,
    AllowancePart,
    AllowanceStep,
    FuelAccount,
    FuelMonth,
    GeneratorAccount,
)
from emitters.facts import Generator, ReportFacts

__all__ = [
    "Accounts",
    "AllowancePart",
    "AllowanceStep",
    "FuelAccount",
    "FuelMonth",
    "GeneratorAccount",
    "account",
]
ZERO = Decimal(0)


def _sum_or_none(values: list[Decimal | None]) -> Decimal | None:
    known = [v for v in values if v is not None]
    return sum(known, ZERO) if known else None


def _generator(generator: Generator, params: Parameters, year: int) -> GeneratorAccount:
    fuels = tuple(fuel_account(use) for use in generator.fuels)
    bought = purchased(generator, params, year)
    burnt = [
        _sum_or_none([month.t_co2 for f in fuels if (month := f.months[i]) is not None])
        for i in range(12)
    ]
    totals = tuple(_sum_or_none([burnt[i], bought[i]]) for i in range(12))
    heat = tuple(
        sum(
            (m.heat_gj for f in fuels if (m := f.months[i]) is not None and m.heat_gj is not None),
            ZERO,
        )
        for i in range(12)
    )
    given = allocation.drivers(generator, fuels, params, year)
    allowance_t, parts = allocation.allowance(generator, given, params, year)
    heat_gj = sum(heat, ZERO)
    return GeneratorAccount(
        generator=generator,
        fuels=fuels,
        t_buy=bought,
        t_month=totals,
        t_burn=sum((v for v in burnt if v is not None), ZERO),
        t_co2=sum((v for v in totals if v is not None), ZERO),
        heat_gj_month=heat,
        heat_gj=heat_gj,
        tce=heat_gj / params.get("constant.tce_gj", year),
        class_code=given.code,
        allowance_t=allowance_t,
        allowance_parts=parts,
    )


def _price(params: Parameters, year: int) -> Value | None:
    try:
        return params.find("price.cea", year)
    except MissingParameter:
        return None  # no market price is on record for the year: tonnes are shown without money


def account(report: ReportFacts, params: Parameters) -> Accounts:
    """Recompute a report: emissions by fuel, generator and plant, heat, and the free allocation.

    `MissingParameter` when the law of the year is not on record.
    """
    generators = tuple(_generator(g, params, report.year) for g in report.generators)
    exact = sum((g.t_co2 for g in generators), ZERO)
    indirect = params.get("allocation.indirect_in_obligation", report.year)
    units = [
        (g.class_code, g.allowance_t, g.t_co2 if indirect else g.t_burn)
        for g in generators
        if g.allowance_t is not None
    ]
    approved, obligation, steps = allocation.plant_rules(units, params, report.year)
    return Accounts(
        report=report,
        generators=generators,
        t_co2=rounding.annual_total(exact),
        t_exact=exact,
        t_reported=report.plant_total.annual if report.plant_total else None,
        allowance_t=approved if units else None,
        allowance_steps=steps,
        obligation_t=obligation,
        price=_price(params, report.year),
        params=params,
    )
