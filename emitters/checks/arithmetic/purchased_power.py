"""ARI-PURCHASED-POWER."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc import rounding
from emitters.calc.fuels import grid_factors
from emitters.checks.own.purchases import habit
from emitters.checks.support import make_hit
from emitters.facts import MONTHS, CheckContext, Generator

CODE = "check.ARI-PURCHASED-POWER."
ZERO = Decimal(0)


def _sure(ctx: CheckContext) -> bool:
    """Whether the factor of the year is on record without doubt."""
    value = ctx.params.find("grid.factor", ctx.report.year)
    return value.value is not None and value.confidence != "UNSURE"


def _factors(ctx: CheckContext, generator: Generator) -> Iterator[Hit]:
    """Emissions from purchased power, and the factor that was used."""
    wrong: dict[int, tuple[Decimal, str]] = {}
    foreign: dict[int, Decimal] = {}
    for month in MONTHS:
        allowed = grid_factors(ctx.params, date(ctx.report.year, month, 1))
        amount, factor, shown = (generator.value(c, month) for c in ("buy_e", "ef", "e_buy"))
        if amount is None or not amount:
            continue
        if factor is not None and factor not in allowed:
            foreign[month] = factor
        used = factor if factor is not None else next(iter(allowed), None)
        if shown is None or used is None:
            continue
        # Shown digits: purchased power 3, emissions 2 decimals.
        slack = used * Decimal("0.0005") + Decimal("0.005")
        if abs(shown - amount * used) > slack:
            computed = rounding.monthly_emissions(amount * used)
            wrong[month] = (shown - computed, f"{amount} × {used} = {computed}，{shown}")
    if wrong:
        gap = -sum((g for g, _line in wrong.values()), ZERO)
        row = generator.purchased["e_buy"]
        yield make_hit(
            "A",
            generator=generator.number,
            months=wrong,
            cells=[row.cell(m) for m in wrong],
            direction=Direction.FAVOURABLE if gap > 0 else Direction.UNFAVOURABLE,
            t_co2=abs(gap),
            root="purchased",
            lines=[line for _gap, line in wrong.values()],
        )
    if foreign:
        yield from _foreign_factor(ctx, generator, foreign)


def _foreign_factor(
    ctx: CheckContext, generator: Generator, foreign: dict[int, Decimal]
) -> Iterator[Hit]:
    allowed = grid_factors(ctx.params, date(ctx.report.year, 1, 1))
    gap = sum(
        (
            ((allowed[0] if allowed else ZERO) - f) * (generator.value("buy_e", m) or ZERO)
            for m, f in foreign.items()
        ),
        ZERO,
    )
    row = generator.purchased["ef"]
    yield make_hit(
        "D" if _sure(ctx) else "E",
        generator=generator.number,
        months=foreign,
        cells=[row.cell(m) for m in foreign],
        direction=Direction.FAVOURABLE if gap > 0 else Direction.UNFAVOURABLE,
        t_co2=abs(gap),
        root="purchased",
        reported=sorted(set(foreign.values())),
        allowed=list(allowed),
    )


def _off_days(ctx: CheckContext, month: int) -> Decimal:
    """Days on which the whole plant stood still: days without coal on any generator, or for a single
    generator without a daily ledger the calendar less its running hours. Zero when unknown or short.

    Hours that are missing here and there add up to days; only many of them are a standstill.
    """
    days = monthrange(ctx.report.year, month)[1]
    numbers = [g.number for g in ctx.report.generators]
    rows = ctx.report.daily_by_month
    if any((n, m) in rows for n in numbers for m in MONTHS):
        burning = {r.day for n in numbers for r in rows.get((n, month), ()) if r.coal_t}
        off, least = Decimal(days - len(burning)), ctx.p(CODE + "off_days")
    elif len(numbers) == 1:
        hours = ctx.report.generators[0].value("hours", month)
        off = ZERO if hours is None else (days * 24 - hours) / 24
        least = ctx.p(CODE + "off_days_by_hours")
    else:
        return ZERO
    return off if off >= least else ZERO


def _outages(ctx: CheckContext) -> Iterator[Hit]:
    found: dict[str, dict[int, tuple[Decimal, Decimal, Decimal]]] = {}
    capacity = sum((g.capacity_mw or ZERO for g in ctx.report.generators), ZERO)
    rows = [g.purchased["buy_e"] for g in ctx.report.generators if "buy_e" in g.purchased]
    for month in MONTHS if rows else ():
        days = _off_days(ctx, month)
        amounts = [r[month] for r in rows if r[month] is not None]
        bought = sum((a for a in amounts if a is not None), ZERO)
        if not days or not amounts:
            continue
        least = days * 24 * capacity * ctx.p(CODE + "own_use_share")
        if not bought:
            found.setdefault("B", {})[month] = (days, bought, least)
        elif bought < least:
            found.setdefault("C", {})[month] = (days, bought, least)
    factor = next(iter(grid_factors(ctx.params, date(ctx.report.year, 1, 1))), ZERO)
    for letter, months in found.items():
        short = sum((least - bought for _d, bought, least in months.values()), ZERO)
        yield make_hit(
            letter,
            months=months,
            cells=[r.cell(m) for r in rows for m in months],
            direction=Direction.FAVOURABLE,
            t_co2=short * factor,
            root="purchased-outage",
            days=[d.quantize(Decimal("0.1")) for d, _b, _l in months.values()],
            bought=[b for _d, b, _l in months.values()],
            least=[rounding.electricity(x) for _d, _b, x in months.values()],
        )


def _own_habit(ctx: CheckContext, generator: Generator) -> Iterator[Hit]:
    """Months off the grid without purchases, of a generator that always bought in such months."""
    found = habit(
        ctx,
        generator.number,
        least=float(ctx.p(CODE + "own_off_hours")),
        share=float(ctx.p(CODE + "own_share")),
        months=int(ctx.p(CODE + "own_months")),
    )
    if found is None:
        return
    capacity, row = float(generator.capacity_mw or 0), generator.purchased["buy_e"]
    hidden = sum(m.off for m in found.without) * capacity * found.usual
    factors = grid_factors(ctx.params, date(ctx.report.year, 1, 1))
    yield make_hit(
        "F",
        generator=generator.number,
        months=[m.month for m in found.without],
        cells=[row.cell(m.month) for m in found.without],
        direction=Direction.FAVOURABLE,
        t_co2=Decimal(f"{hidden:.3f}") * (factors[0] if factors else ZERO),
        root="purchased-habit",
        off=Decimal(f"{sum(m.off for m in found.without):.1f}"),
        count=found.known,
    )


@check(
    "ARI-PURCHASED-POWER",
    name=_("外购电"),
    family=Family.ARITHMETIC,
    level="L0",
    outcomes={
        "A": Outcome(Severity.FATAL, "impossible", _("{generator}机组{month_list}月购入电力排放量与电量×因子不符：{lines} tCO2。")),
        "B": Outcome(Severity.CRITICAL, "cross", _("{month_list}月全厂停运{days}天，购入使用电量却填报为0。")),
        "C": Outcome(Severity.CRITICAL, "cross", _("{month_list}月全厂停运{days}天，购入使用电量{bought} MWh低于停运期间最低用电{least} MWh。")),
        "D": Outcome(Severity.FATAL, "impossible", _("{generator}机组{month_list}月电网排放因子填报{reported}，当年因子为{allowed} tCO2/MWh。")),
        "E": Outcome(Severity.INFO, "impossible", _("{generator}机组{month_list}月电网排放因子填报{reported}，不在已公布的候选值{allowed}之内；当年适用因子待核实。")),
        "F": Outcome(Severity.INFO, "history", _("{generator}机组{month_list}月停运{off}小时而未购入电量；往年停运月份（{count}个）都有购入，仅用于排序。")),
    },
    basis=_("核算指南：购入使用电力排放量 = 购入使用电量 × 电网排放因子（2025年度止）。"),
    what=_("逐月复算购入电力排放量；全厂连续停运期间应有购入电量，停运5天以上为0或低于装机容量×停运小时×最低比例的须说明。"),
    why=_("发现隐瞒购入电力。"),
    explain=_("提供电网结算单；由相邻机组或电厂供电的，提供证明。"),
    ask=_("调取电网企业购电结算单和停运记录。"),
    parameters=(
        "off_days", "off_days_by_hours", "own_use_share", "own_off_hours", "own_share", "own_months",
    ),
    last_year=2025,
)  # fmt: skip
def purchased_power(ctx: CheckContext) -> Iterator[Hit]:
    """Purchased power, its factor, and outages without any."""
    if not any(g.purchased for g in ctx.report.generators):
        raise NotRun(_("没有购入使用电力数据"))
    for generator in ctx.report.generators:
        yield from _factors(ctx, generator)
    yield from _outages(ctx)
    for generator in ctx.report.generators:
        yield from _own_habit(ctx, generator)
