"""PHY-CEMS-CO2."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import account
from emitters.checks.comparison import Sides, accounts_of, by_generator, places, recorded, scope
from emitters.checks.support import (
    ALL_MONTHS,
    HUNDRED,
    ZERO,
    is_measured,
    make_hit,
    outside_rows,
    rounded,
)
from emitters.facts import CheckContext
from emitters.outside import OutsideRow

CODE = "check.PHY-CEMS-CO2."


def _burnt(ctx: CheckContext, number: str) -> dict[int, Decimal]:
    """tCO2 of all fuels by month. A month of coal at the default is left out: the default is a
    penalty and no measure of carbon."""
    found: dict[int, Decimal] = {}
    for month in ALL_MONTHS:
        fuels = [
            (fuel, entry)
            for a in accounts_of(ctx, number)
            for fuel in a.fuels
            if (entry := fuel[month]) is not None and entry.fc
        ]
        default = any(f.is_coal and not is_measured(ctx, f, month) for f, _entry in fuels)
        known = [e.t_co2 for _fuel, e in fuels]
        if fuels and not default and None not in known:
            found[month] = sum((t for t in known if t is not None), ZERO)
    return found


def _ratio(sides: Sides, months: Sequence[int]) -> Decimal:
    """Reported ÷ stack."""
    stack = sum((sides.recorded[m] for m in months), ZERO)
    return sum((sides.reported[m] for m in months), ZERO) / stack if stack else ZERO


def _level(
    ctx: CheckContext, number: str, sides: Sides, rows: Sequence[OutsideRow]
) -> Iterator[Hit]:
    low = sides.gap < 0
    gap = abs(sides.gap) if low else ZERO
    wide = [
        m
        for m in sides.months
        if abs(_ratio(sides, [m]) - 1) > ctx.p(CODE + "month") and sides.recorded[m]
    ]
    year = abs(sides.share) > ctx.p(CODE + "year")
    for letter, found in (("A", year), ("B", len(wide) >= ctx.p(CODE + "months"))):
        if found:
            yield make_hit(
                letter,
                generator=number,
                scope=scope(number),
                months=sides.months if letter == "A" else wide,
                direction=Direction.FAVOURABLE if low else Direction.UNFAVOURABLE,
                t_co2=gap,
                root=f"stack:{number}",
                reported=sides.total,
                recorded=sides.counted,
                share=rounded(sides.share * HUNDRED),
                count=len(wide),
                limit=rounded(ctx.p(CODE + "month") * HUNDRED, 0),
                rows=sides.lines(rows),
            )


def _halves(
    ctx: CheckContext, number: str, sides: Sides, rows: Sequence[OutsideRow]
) -> Iterator[Hit]:
    """A ratio that moves within the year: a biased flow meter stays biased until it is adjusted."""
    least = ctx.p(CODE + "half_months")
    first = [m for m in sides.months if m <= 6]
    second = [m for m in sides.months if m > 6]
    adjusted = any(r["recalibrated"] == "是" for r in rows)
    if adjusted or min(len(first), len(second)) < least:
        return
    before, after = _ratio(sides, first), _ratio(sides, second)
    if not before or not after:
        return
    change = after / before - 1
    if abs(change) <= ctx.p(CODE + "change"):
        return
    lower = second if change < 0 else first
    emitted = sum((sides.reported[m] for m in lower), ZERO)
    higher, smaller = max(before, after), min(before, after)
    yield make_hit(
        "C",
        generator=number,
        scope=scope(number),
        months=lower,
        direction=Direction.UNKNOWN,
        t_co2=emitted * (higher / smaller - 1),
        root=f"stack:{number}",
        before=rounded(before, 3),
        after=rounded(after, 3),
        change=rounded(change * HUNDRED),
        limit=rounded(ctx.p(CODE + "change") * HUNDRED),
        rows=sides.lines(rows),
    )


def _last_year(
    ctx: CheckContext, number: str, sides: Sides, rows: Sequence[OutsideRow]
) -> Iterator[Hit]:
    """A ratio that is another than last year's, where nobody adjusted the monitor in either year."""
    year = ctx.report.year - 1
    last = next((h for h in ctx.history if h.year == year), None)
    known = ctx.outside.of_year("cems", year) if ctx.outside is not None else ()
    then = by_generator(ctx, [r for r in known if r["co2_t"] is not None]).get(number, ())
    if last is None or any(r["recalibrated"] == "是" for r in (*rows, *then)):
        return
    before = replace(ctx, report=last, accounts=account(last, ctx.params))
    old = Sides.of(_burnt(before, number), recorded(then, "co2_t"))
    if len(old.months) < ctx.p(CODE + "min_months") or not old.counted or not sides.counted:
        return
    ratios = (old.total / old.counted, sides.total / sides.counted)
    change = ratios[1] / ratios[0] - 1
    if abs(change) <= ctx.p(CODE + "change"):
        return
    lower = change < 0
    yield make_hit(
        "D",
        generator=number,
        scope=scope(number),
        months=sides.months,
        direction=Direction.FAVOURABLE if lower else Direction.UNFAVOURABLE,
        t_co2=sides.total * (ratios[0] / ratios[1] - 1),
        root=f"stack:{number}",
        before=rounded(ratios[0], 3),
        after=rounded(ratios[1], 3),
        change=rounded(change * HUNDRED),
        limit=rounded(ctx.p(CODE + "change") * HUNDRED),
        rows=sides.lines(rows),
        place=places(then),
    )


@check(
    "PHY-CEMS-CO2",
    name=_("烟气二氧化碳比对"),
    family=Family.PHYSICS,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.INFO, "physics",
            _("（{scope}）燃料法排放{reported} t，在线监测{recorded} t，全年相差{share}%。"),
        ),
        "B": Outcome(
            Severity.INFO, "physics",
            _("（{scope}）有{count}个月（{month_list}月）燃料法与在线监测相差超过{limit}%。"),
        ),
        "C": Outcome(
            Severity.CRITICAL, "physics",
            _("（{scope}）燃料法与在线监测之比上半年{before}、下半年{after}，变化{change}%，超过{limit}%，其间没有校准记录。"),
        ),
        "D": Outcome(
            Severity.CRITICAL, "history",
            _("（{scope}）燃料法与在线监测之比上年{before}、本年{after}，变化{change}%，超过{limit}%，两年都没有校准记录。"),
        ),
    },
    basis=_("燃料法与烟气法相互独立，年偏差约11%以内（公开文献）；校核目录 PHY-CEMS-CO2。"),
    what=_("逐月 燃料法排放 ÷ 在线监测二氧化碳；采用缺省值的月份不参加。比较全年、逐月、上下半年和上年比值；有校准的不比较上下半年和上年。"),
    why=_("发现少报燃煤或元素碳，也发现在线监测数据失真。"),
    explain=_("提供流量计校准、CEMS 更换、旁路和停运记录。"),
    ask=_("调取在线监测小时值、比对监测报告、质控记录。"),
    parameters=("year", "month", "months", "change", "half_months", "min_months"),
)  # fmt: skip
def stack_carbon(ctx: CheckContext) -> Iterator[Hit]:
    """Emissions by fuel against carbon dioxide in the stack."""
    rows = [r for r in outside_rows(ctx, "cems") if r["co2_t"] is not None]
    seen = False
    for number, own in by_generator(ctx, rows).items():
        sides = Sides.of(_burnt(ctx, number), recorded(own, "co2_t"))
        if len(sides.months) < ctx.p(CODE + "min_months"):
            continue
        seen = True
        yield from _level(ctx, number, sides, own)
        yield from _halves(ctx, number, sides, own)
        yield from _last_year(ctx, number, sides, own)
    if not seen:
        raise NotRun(_("没有在线监测二氧化碳，或没有采用实测值的共同月份。"))
