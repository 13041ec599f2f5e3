"""CON-HEAT-SEASON."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from statistics import StatisticsError, correlation

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.comparison import cells, each, places, recorded, reported, scaled_gain
from emitters.checks.consistency.heat_settle import bills
from emitters.checks.support import HUNDRED, ZERO, has_event, make_hit, outside_rows, rounded
from emitters.facts import CheckContext, ReportFacts
from emitters.outside import OutsideRow

CODE = "check.CON-HEAT-SEASON."
DegreeDays = Mapping[int, Decimal]


def _weather(ctx: CheckContext, year: int) -> list[OutsideRow]:
    """Records of the full heating months of a year."""
    season = set(ctx.p(CODE + "season"))
    rows = outside_rows(ctx, "weather", any_year=True)
    return [r for r in rows if r["year"] == year and r["month"] in season]


def _degree_days(ctx: CheckContext, year: int) -> DegreeDays:
    """Heating degree days of the heating months; months without a record are left out."""
    return {int(r["month"]): r["hdd"] for r in _weather(ctx, year)}


def _heat(report: ReportFacts) -> dict[int, Decimal]:
    """Heat of the plant by month."""
    found: dict[int, Decimal] = {}
    for generator in report.generators:
        row = generator.production.get("heat")
        for month, value in row.filled() if row else ():
            found[month] = found.get(month, ZERO) + value
    return found


def _steady(ctx: CheckContext, heat: Mapping[int, Decimal]) -> Decimal | None:
    """Heat of a month that has nothing to do with the weather: the median of the summer months."""
    summer = sorted(heat[m] for m in ctx.p(CODE + "summer") if m in heat)
    return summer[len(summer) // 2] if summer else None


def _space(
    ctx: CheckContext, report: ReportFacts, days: DegreeDays
) -> tuple[dict[int, Decimal], Decimal] | None:
    """Space heating by heating month and the degree days of those months; None when the plant does
    not heat rooms or the months are too few."""
    heat = _heat(report)
    base = _steady(ctx, heat)
    months = [m for m in days if m in heat]
    if base is None or len(months) < ctx.p(CODE + "min_months"):
        return None
    space = {m: heat[m] - base for m in months}
    whole = sum((heat[m] for m in months), ZERO)
    if not whole or sum(space.values(), ZERO) < ctx.p(CODE + "space_share") * whole:
        return None
    return space, sum((days[m] for m in months), ZERO)


def _follows(ctx: CheckContext, days: DegreeDays) -> Iterator[Hit]:
    """Space heating that does not rise and fall with the cold."""
    found = _space(ctx, ctx.report, days)
    if found is None:
        return
    space, _total = found
    try:
        r = correlation([float(days[m]) for m in space], [float(v) for v in space.values()])
    except StatisticsError:  # no month differs from the others
        r = 0.0
    if Decimal(repr(r)) < ctx.p(CODE + "correlation"):
        yield make_hit(
            "A",
            months=space,
            cells=cells(ctx, "heat", space),
            root="heat-season",
            correlation=rounded(Decimal(repr(r))),
            limit=ctx.p(CODE + "correlation"),
            rows=[{"month": m, "heat": v, "degree_days": days[m]} for m, v in space.items()],
            place=places(_weather(ctx, ctx.report.year)),
        )


def _contracted(rows: tuple[OutsideRow, ...]) -> Decimal:
    """Contracted steam, and what was billed to customers without a contracted amount."""
    return sum((max(r["steady_gj"] or ZERO, r["heat_gj"] or ZERO) for r in rows), ZERO)


def _summer(ctx: CheckContext) -> Iterator[Hit]:
    """Heat outside the heating season above what customers contracted or were billed."""
    rows = [r for r in bills(ctx) if r["month"] in ctx.p(CODE + "summer")]
    heat = reported(ctx, "heat")
    months = sorted({int(r["month"]) for r in rows} & set(heat))
    chosen = tuple(r for r in rows if r["month"] in months)
    if not any(r["steady_gj"] is not None for r in chosen):
        return
    amount, due = sum((heat[m] for m in months), ZERO), _contracted(chosen)
    if amount <= due * (1 + ctx.p(CODE + "slack")):
        return
    whole = sum(heat.values(), ZERO)
    yield make_hit(
        "B",
        months=months,
        cells=cells(ctx, "heat", months),
        direction=Direction.FAVOURABLE,
        t_allowance=scaled_gain(ctx, "", heat=1 - (amount - due) / whole),
        root="heat",
        reported=amount,
        recorded=due,
        excess=amount - due,
        rows=[{"month": m, "reported": heat[m], "place": places(chosen, m)} for m in months],
    )


def _ran_alike(ctx: CheckContext, last: ReportFacts, months: set[int]) -> bool:
    """Whether the generators are the same and stood still about as long in those months."""
    hours = [
        {g.number: sum((g.value("hours", m) or ZERO for m in months), ZERO) for g in r.generators}
        for r in (ctx.report, last)
    ]
    if set(hours[0]) != set(hours[1]):
        return False
    slack = ctx.p(CODE + "hours_share")
    return all(abs(v - hours[1][n]) <= slack * max(v, hours[1][n]) for n, v in hours[0].items())


def _settled(ctx: CheckContext, months: set[int]) -> bool:
    """Whether customers paid for the heat of those months: then demand rose, not the figure."""
    try:
        paid = recorded(bills(ctx), "heat_gj")
    except NotRun:
        return False
    heat = reported(ctx, "heat")
    amount = sum((paid.get(m, ZERO) for m in months), ZERO)
    return amount * (1 + ctx.p(CODE + "slack")) >= sum((heat[m] for m in months), ZERO)


def _against_last_year(ctx: CheckContext, days: DegreeDays) -> Iterator[Hit]:
    """Heat for each degree day against the year before."""
    last = next((h for h in ctx.history if h.year == ctx.report.year - 1), None)
    now = _space(ctx, ctx.report, days)
    then = _space(ctx, last, _degree_days(ctx, last.year)) if last else None
    if now is None or then is None or last is None:
        return
    if set(now[0]) != set(then[0]) or not _ran_alike(ctx, last, set(now[0])):
        return
    rates = [sum(space.values(), ZERO) / total for space, total in (now, then)]
    rise = rates[0] / rates[1] - 1
    if rise <= ctx.p(CODE + "rise"):
        return
    whole = sum(reported(ctx, "heat").values(), ZERO)
    extra = sum(now[0].values(), ZERO) * (1 - rates[1] / rates[0])
    yield make_hit(
        "D" if has_event(ctx) or _settled(ctx, set(now[0])) else "C",
        months=now[0],
        cells=cells(ctx, "heat", now[0]),
        direction=Direction.FAVOURABLE,
        t_allowance=scaled_gain(ctx, "", heat=1 - extra / whole),
        root="heat",
        rate=rounded(rates[0], 1),
        last_rate=rounded(rates[1], 1),
        rise=rounded(rise * HUNDRED),
        extra=rounded(extra),
        place=places([r for y in (last.year, ctx.report.year) for r in _weather(ctx, y)]),
    )


@check(
    "CON-HEAT-SEASON",
    name=_("供热量与气候不符"),
    family=Family.CONSISTENCY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.INFO, "statistics",
            _("采暖月份供热量与采暖度日数的相关系数为{correlation}，低于{limit}。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "cross",
            _("非采暖月份（{month_list}月）供热量填报{reported} GJ，合同工业用汽与结算合计{recorded} GJ，多{excess} GJ。"),
        ),
        "C": Outcome(
            Severity.CRITICAL, "history",
            _("单位度日采暖供热量{rate} GJ，上年{last_rate} GJ，上升{rise}%，没有说明供热面积增加。"),
        ),
        "D": Outcome(
            Severity.INFO, "history",
            _("单位度日采暖供热量{rate} GJ，上年{last_rate} GJ，上升{rise}%；供热结算与填报相符，或报告说明了生产经营变化。"),
        ),
    },
    basis=_("采暖供热量随气温变化，工业用汽按合同供应；校核目录 CON-HEAT-SEASON。"),
    what=_("采暖月份供热量减去夏季中位数为采暖部分，与采暖度日数求相关系数，并按（采暖部分÷度日数）与上年比较；夏季供热量与合同工业用汽比较。"),
    why=_("发现虚增或移动月份的供热量。"),
    explain=_("提供新增供热面积、新增用汽合同和投用日期。"),
    ask=_("调取供热面积清单、用汽合同、厂口热量表逐日记录。"),
    parameters=(
        "season", "summer", "min_months", "space_share", "correlation", "slack", "rise",
        "hours_share",
    ),
)  # fmt: skip
def heat_season(ctx: CheckContext) -> Iterator[Hit]:
    """Heat against degree days and contracted steam."""
    if not any(reported(ctx, "heat").values()):
        raise NotRun(_("没有供热量。"))
    yield from each(partial(_by_weather, ctx), partial(_summer, ctx))


def _by_weather(ctx: CheckContext) -> Iterator[Hit]:
    days = _degree_days(ctx, ctx.report.year)
    yield from _follows(ctx, days)
    yield from _against_last_year(ctx, days)
