"""ARI-EMISSION-RECALC."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, Outcome, Severity, check
from emitters.calc.accounts import FuelAccount, GeneratorAccount
from emitters.checks.support import make_hit
from emitters.facts import MONTHS, CheckContext, Series

CODE = "check.ARI-EMISSION-RECALC."
ZERO = Decimal(0)
Pair = tuple[Decimal, Decimal]  # reported, recomputed


def _direction(gap: Decimal) -> Direction:
    """A report below the recomputation helps the enterprise."""
    return Direction.FAVOURABLE if gap > 0 else Direction.UNFAVOURABLE


def _off(ctx: CheckContext, reported: Decimal, computed: Decimal, share: str) -> bool:
    limit = max(ctx.p(CODE + "floor_t"), ctx.p(CODE + share) * computed)
    return abs(computed - reported) > limit


def _example(fuel: FuelAccount, month: int) -> str:
    m = fuel[month]
    return f"{m.fc} × {m.c_ar} × {m.of}% × 44/12 = {m.t_co2}" if m else ""


def _hit(letter: str, number: str, row: Series, off: dict[int, Pair], **values: Any) -> Hit:
    gap = sum((computed - reported for reported, computed in off.values()), ZERO)
    return make_hit(
        letter,
        generator=number,
        months=off,
        cells=[row.cell(m) for m in off],
        direction=_direction(gap),
        t_co2=abs(gap),
        root="emission",
        reported=[pair[0] for pair in off.values()],
        computed=[pair[1] for pair in off.values()],
        gap=gap,
        **values,
    )


def _fuel(ctx: CheckContext, number: str, fuel: FuelAccount) -> Iterator[Hit]:
    row = fuel.use.get("e_fuel")
    off: dict[int, Pair] = {}
    for month in MONTHS if row else ():
        entry, reported = fuel[month], row[month] if row else None
        if reported is None or entry is None or entry.t_co2 is None:
            continue
        if _off(ctx, reported, entry.t_co2, "month_share"):
            off[month] = (reported, entry.t_co2)
    if row and off:
        yield _hit(
            "A", number, row, off, fuel=fuel.use.fuel, formula=[_example(fuel, m) for m in off]
        )


def _unit(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    """The generator's total against its reported parts, so that one slip is told once."""
    row = account.generator.production.get("e_unit")
    off: dict[int, Pair] = {}
    for month in MONTHS if row else ():
        reported = row[month] if row else None
        parts = [f.use.value("e_fuel", month) for f in account.fuels]
        if reported is None or any(p is None for p in parts):
            continue
        computed = sum((p for p in parts if p is not None), ZERO)
        if ctx.p("guideline.purchased_power", month):
            computed += account.generator.value("e_buy", month) or ZERO
        if _off(ctx, reported, computed, "month_share"):
            off[month] = (reported, computed)
    if row and off:
        yield _hit("B", account.number, row, off)


def _plant(ctx: CheckContext) -> Iterator[Hit]:
    row, reported = ctx.report.plant_total, ctx.accounts.t_reported
    if row is None or reported is None:
        return
    if _off(ctx, reported, ctx.accounts.t_exact, "year_share"):
        gap = ctx.accounts.t_exact - reported
        yield make_hit(
            "C",
            cells=[row.cell()],
            direction=_direction(gap),
            t_co2=abs(gap),
            root="emission",
            reported=reported,
            computed=ctx.accounts.t_co2,
            gap=gap,
        )


def _carbon_per_heat(number: str, fuel: FuelAccount) -> Iterator[Hit]:
    """cc must be c_ar / ncv within what the shown digits allow."""
    row = fuel.use.get("cc")
    if row is None or "缺省值" in (row.method, fuel.use.method("c_ar")):
        return
    off: dict[int, Pair] = {}
    for month, shown in row.filled():
        ncv, c_ar = fuel.use.value("ncv", month), fuel.use.value("c_ar", month)
        if not ncv or c_ar is None or not fuel.use.value("fc", month):
            continue
        # Half of the last digit of each: c_ar 4, ncv 3, cc 5 decimals.
        slack = Decimal("0.00005") / ncv + shown / ncv * Decimal("0.0005") + Decimal("0.000005")
        if abs(c_ar / ncv - shown) > slack * 2:
            off[month] = (shown, (c_ar / ncv).quantize(Decimal("0.00001")))
    if off:
        yield make_hit(
            "D",
            generator=number,
            months=off,
            cells=[row.cell(m) for m in off],
            root="emission",
            fuel=fuel.use.fuel,
            reported=[p[0] for p in off.values()],
            computed=[p[1] for p in off.values()],
        )


@check(
    "ARI-EMISSION-RECALC",
    name=_("排放量复算"),
    family=Family.ARITHMETIC,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.FATAL, "impossible",
            _("{generator}机组{fuel}{period}排放量填报{reported} tCO2，复算{formula}，少报{gap} tCO2（负数为多报）。"),
        ),
        "B": Outcome(
            Severity.FATAL, "impossible",
            _("{generator}机组{period}机组排放量填报{reported} tCO2，与各燃料及购入电力排放量之和{computed} tCO2相差{gap} tCO2。"),
        ),
        "C": Outcome(
            Severity.FATAL, "impossible",
            _("全部机组年度排放量填报{reported} tCO2，复算{computed} tCO2，相差{gap} tCO2。"),
        ),
        "D": Outcome(
            Severity.CRITICAL, "impossible",
            _("{generator}机组{fuel}{period}单位热值含碳量填报{reported} tC/GJ，按元素碳含量÷低位发热量为{computed} tC/GJ。"),
        ),
    },
    basis=_("核算指南燃烧排放公式：E = Σ FC × C_ar × OF × 44/12。"),
    what=_("逐燃料逐月复算排放量，逐级核对机组月度和全部机组年度排放量；允许偏差取1 t、月度0.02%、年度0.01%中的较大者。"),
    why=_("发现计算错误、错误系数和被改写的结果。"),
    explain=_("说明计算过程并更正。"),
    ask=_("调取计算表格原件及其修改记录。"),
    parameters=("floor_t", "month_share", "year_share"),
)  # fmt: skip
def emission_recalc(ctx: CheckContext) -> Iterator[Hit]:
    """Recompute every emission figure from its parts."""
    for account in ctx.accounts.generators:
        for fuel in account.fuels:
            yield from _fuel(ctx, account.number, fuel)
            yield from _carbon_per_heat(account.number, fuel)
        yield from _unit(ctx, account)
    yield from _plant(ctx)
