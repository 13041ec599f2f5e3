"""What a reported figure is worth in allowances, by the allocation rule of the year."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from emitters.calc import allocation
from emitters.calc.accounts import GeneratorAccount
from emitters.facts import CheckContext

ZERO = Decimal(0)


def allowances_gained(ctx: CheckContext, account: GeneratorAccount, **true: Any) -> Decimal:
    """Tonnes by which the generator's allowance exceeds what it would be with other drivers (fields of
    `allocation.Drivers`); zero when it does not, or when the allocation cannot be computed."""
    generator, year = account.generator, ctx.report.year
    stated = allocation.drivers(generator, account.fuels, ctx.params, year)
    before, _parts = allocation.allowance(generator, stated, ctx.params, year)
    after, _parts = allocation.allowance(generator, replace(stated, **true), ctx.params, year)
    return ZERO if before is None or after is None else max(before - after, ZERO)


def net_supply_counts(ctx: CheckContext) -> bool:
    """Whether net supply, not generation, earns the allowances of the year."""
    return bool(ctx.params.maybe("allocation.basis", ctx.report.year) == "net_supply")
