"""What the power delivered to the grid says about net supply and own use (part of CON-GRID-POWER)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from carbonwatch.checks.registry import Direction, Hit
from emitters.checks.comparison import (
    Sides,
    accounts_of,
    by_generator,
    cells,
    places,
    recorded,
    reported,
    scaled_gain,
    scope,
)
from emitters.checks.physics.unit import class_row
from emitters.checks.support import HUNDRED, ZERO, annual, heat_share, make_hit, ratio, rounded
from emitters.facts import CheckContext
from emitters.outside import OutsideRow

CODE = "check.CON-GRID-POWER."


def supply_hits(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """Net supply above what the grid took, beyond losses and the own use that heat bears.

    Supply counts only the power's share of own use: W = gen − (own − heat's own) × (1 − 供热比), and
    own use is at least gen − delivered − losses.
    """
    for number, own in by_generator(ctx, rows).items():
        out = recorded(own, "out_mwh")
        gen, sup = reported(ctx, "gen", number), reported(ctx, "sup", number)
        months = sorted(set(out) & set(gen) & set(sup))
        if len(months) < ctx.p(CODE + "min_months"):
            continue
        made, supplied, delivered = (sum((x[m] for m in months), ZERO) for x in (gen, sup, out))
        heat = reported(ctx, "heat", number)
        for_heat = sum((heat.get(m, ZERO) for m in months), ZERO) * ctx.p(CODE + "heat_own_use")
        own_use = made * (1 - ctx.p(CODE + "loss_share")) - delivered
        share = _heat_share(ctx, number)
        most = made - max(ZERO, own_use - for_heat) * (1 - share)
        if supplied <= most:
            continue
        yield make_hit(
            "C",
            generator=number,
            scope=scope(number),
            cells=cells(ctx, "sup", months, number),
            direction=Direction.FAVOURABLE,
            t_allowance=_supply_gain(ctx, number, most / supplied),
            root=f"supply:{number}",
            reported=supplied,
            recorded=delivered,
            most=rounded(most, 3),
            generation=made,
            heat_share=rounded(share, 4),
            excess=rounded(supplied - most, 3),
            place=places(own),
        )


def _heat_share(ctx: CheckContext, number: str) -> Decimal:
    """供热比 of the generators as a fraction, weighted by fuel heat."""
    accounts = accounts_of(ctx, number)
    fuel = sum((a.heat_gj for a in accounts), ZERO)
    return sum((a.heat_gj * heat_share(a) for a in accounts), ZERO) / fuel if fuel else ZERO


def _supply_gain(ctx: CheckContext, number: str, factor: Decimal) -> Decimal:
    """Allowances follow net supply to 2022 only."""
    if ctx.params.get("allocation.basis", ctx.report.year) != "net_supply":
        return ZERO
    return scaled_gain(ctx, number, output=factor)


def own_use_hits(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """Where the grid gives no generation: the own use that generation less delivery leaves."""
    for number, own in by_generator(ctx, rows).items():
        if any(r["gen_mwh"] is not None for r in own):
            continue
        sides = Sides.of(reported(ctx, "gen", number), recorded(own, "out_mwh"))
        if len(sides.months) < ctx.p(CODE + "min_months") or not sides.total:
            continue
        left, most = sides.gap / sides.total, _most_own_use(ctx, number)
        if 0 <= left <= most:
            continue
        gain = ZERO if left < 0 else scaled_gain(ctx, number, output=1 - (left - most))
        yield make_hit(
            "D" if left > 0 else "E",
            generator=number,
            scope=scope(number),
            cells=cells(ctx, "gen", sides.months, number),
            direction=Direction.FAVOURABLE if left > 0 else Direction.UNFAVOURABLE,
            t_allowance=gain,
            root=f"power:{number}",
            reported=sides.total,
            recorded=sides.counted,
            left=rounded(left * HUNDRED),
            most=rounded(most * HUNDRED),
            rows=sides.lines(own),
        )


def _most_own_use(ctx: CheckContext, number: str) -> Decimal:
    """Usual own use of the class at its upper end, the heat's own use, losses and a margin."""
    found = []
    for account in accounts_of(ctx, number):
        row = class_row(ctx, account.generator)
        usual = row["own_use"][1] if row else ctx.p(CODE + "own_use_unknown")
        made, heat = annual(account.generator, "gen"), annual(account.generator, "heat") or ZERO
        per_mwh = ratio(heat, made) or ZERO
        found.append(usual / HUNDRED + per_mwh * ctx.p(CODE + "heat_own_use"))
    return max(found) + ctx.p(CODE + "loss_share") + ctx.p(CODE + "own_use_margin")
