"""CON-OUTAGE."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.comparison import (
    allowance_gain,
    by_generator,
    cells,
    each,
    of_generator,
    places,
    recorded,
    reported,
    scope,
)
from emitters.checks.consistency.standstill import Standstill
from emitters.checks.support import (
    ALL_MONTHS,
    HUNDRED,
    ZERO,
    annual,
    make_hit,
    month_days,
    outside_rows,
    rounded,
)
from emitters.facts import CheckContext, DailyCoal, Generator

CODE = "check.CON-OUTAGE."
HOURS_PER_DAY = 24


def _whole_months(ctx: CheckContext, generator: Generator, still: Standstill) -> Iterator[Hit]:
    """Months without a day on the grid: no power, and no fuel beyond what a start takes."""
    off = [m for m in ALL_MONTHS if still.days(m) >= month_days(ctx.report.year, m)]
    made = {m: v for m in off if (v := generator.value("gen", m))}
    if made:
        yield make_hit(
            "A",
            generator=generator.number,
            months=made,
            cells=cells(ctx, "gen", made, generator.number),
            direction=Direction.FAVOURABLE,
            root=f"hours:{generator.number}",
            generation=sum(made.values(), ZERO),
            rows=[{"month": m, "generation": v, "place": still.place(m)} for m, v in made.items()],
        )
    yield from _burnt_at_rest(ctx, generator, still, off)


def _burnt_at_rest(
    ctx: CheckContext, generator: Generator, still: Standstill, off: Sequence[int]
) -> Iterator[Hit]:
    account = ctx.accounts.of(generator.number)
    burnt = {m: account.heat_gj_month[m - 1] for m in off} if account else {}
    most = _full_day(ctx, generator) * ctx.p(CODE + "start_days")
    over = {m: v for m, v in burnt.items() if most and v > most and not generator.value("gen", m)}
    if over:
        yield make_hit(
            "B",
            generator=generator.number,
            months=over,
            cells=[
                row.cell(m)
                for use in generator.fuels
                for m in over
                if (row := use.get("fc")) and use.value("fc", m)
            ],
            direction=Direction.UNKNOWN,
            root=f"hours:{generator.number}",
            heat=rounded(sum(over.values(), ZERO)),
            most=rounded(most),
            rows=[
                {"month": m, "heat": rounded(v), "place": still.place(m)} for m, v in over.items()
            ],
        )


def _full_day(ctx: CheckContext, generator: Generator) -> Decimal:
    """GJ of fuel that a day at full load takes."""
    return (generator.capacity_mw or ZERO) * HOURS_PER_DAY * ctx.p(CODE + "full_load_rate")


def _hours(ctx: CheckContext, account: GeneratorAccount, still: Standstill) -> Iterator[Hit]:
    """Running hours above what the standstills leave of the calendar."""
    generator = account.generator
    found: list[dict[str, Any]] = []
    for month in ALL_MONTHS:
        hours, off = generator.value("hours", month), still.days(month)
        most = Decimal((month_days(ctx.report.year, month) - off) * HOURS_PER_DAY)
        if off and hours is not None and hours > most + ctx.p(CODE + "hours"):
            found.append(
                {"month": month, "hours": hours, "most": most, "place": still.place(month)}
            )
    if not found:
        return
    months = [line["month"] for line in found]
    extra = sum((line["hours"] - line["most"] for line in found), ZERO)
    gain = _hours_gain(ctx, account, extra)
    yield make_hit(
        "D",
        generator=account.number,
        months=months,
        cells=cells(ctx, "hours", months, account.number),
        direction=Direction.FAVOURABLE if gain > 0 else Direction.UNKNOWN,
        t_allowance=gain,
        root=f"hours:{account.number}",
        extra=extra,
        rows=found,
    )


def _hours_gain(ctx: CheckContext, account: GeneratorAccount, extra: Decimal) -> Decimal:
    """Allowances that a load factor with these hours in it brings."""
    generator = account.generator
    made, hours = annual(generator, "gen"), annual(generator, "hours")
    if not made or hours is None or hours <= extra or not generator.capacity_mw:
        return ZERO
    load = rounded(made / (generator.capacity_mw * (hours - extra)) * HUNDRED)
    return allowance_gain(ctx, account, load=load)


def _ledger(ctx: CheckContext, generator: Generator, still: Standstill) -> Iterator[Hit]:
    """Coal on the daily ledger of a day on which dispatch has the generator off."""
    least = ctx.p(CODE + "ledger_t")
    rows = [
        row
        for month in ALL_MONTHS
        for row in ctx.report.daily_by_month.get((generator.number, month), ())
        if (row.coal_t or ZERO) > least and still.spell(row.day)
    ]
    if len(rows) > ctx.p(CODE + "ledger_days"):
        yield make_hit(
            "E",
            generator=generator.number,
            months={r.day.month for r in rows},
            cells=[ctx.report.daily_cell(r, "coal_t") for r in rows],
            direction=Direction.UNKNOWN,
            root=f"hours:{generator.number}",
            days=len(rows),
            coal=sum((r.coal_t or ZERO for r in rows), ZERO),
            first=min(r.day for r in rows),
            rows=[_ledger_line(r, still) for r in rows],
        )


def _ledger_line(row: DailyCoal, still: Standstill) -> dict[str, Any]:
    spell = still.spell(row.day)
    return {"day": row.day, "coal": row.coal_t, "place": places(spell.rows) if spell else ""}


def _dispatch(ctx: CheckContext) -> Iterator[Hit]:
    rows = outside_rows(ctx, "outage", any_year=True)
    for account in ctx.accounts.generators:
        still = Standstill.of(ctx.report.year, of_generator(rows, account.number))
        if still.spells:
            yield from _whole_months(ctx, account.generator, still)
            yield from _hours(ctx, account, still)
            yield from _ledger(ctx, account.generator, still)


def _stack(ctx: CheckContext) -> Iterator[Hit]:
    """Running reported while every stack monitor stood still."""
    rows = outside_rows(ctx, "cems")
    for number, own in by_generator(ctx, rows).items():
        seen: Mapping[int, Decimal] = recorded(own, "hours")
        hours = reported(ctx, "hours", number)
        limit = ctx.p(CODE + "stack_hours")
        silent = [m for m in seen if not seen[m] and hours.get(m, ZERO) > limit]
        if silent:
            yield make_hit(
                "C",
                generator=number,
                scope=scope(number),
                months=silent,
                cells=cells(ctx, "hours", silent, number),
                direction=Direction.UNKNOWN,
                root=f"hours:{number}",
                hours=sum((hours[m] for m in silent), ZERO),
                rows=[{"month": m, "hours": hours[m], "place": places(own, m)} for m in silent],
            )


@check(
    "CON-OUTAGE",
    name=_("停机一致性"),
    family=Family.CONSISTENCY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.FATAL, "source",
            _("{generator}机组{month_list}月调度记录全月停运，填报发电量{generation} MWh。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "cross",
            _("{generator}机组{month_list}月调度记录全月停运且没有发电量，燃料热量{heat} GJ超过启动所需{most} GJ。"),
        ),
        "C": Outcome(
            Severity.CRITICAL, "cross",
            _("（{scope}）{month_list}月在线监测没有运行小时，填报运行{hours} h。"),
        ),
        "D": Outcome(
            Severity.CRITICAL, "source",
            _("{generator}机组{month_list}月运行小时数比扣除调度停运日后的日历小时多{extra} h。"),
        ),
        "E": Outcome(
            Severity.CRITICAL, "cross",
            _("{generator}机组调度停运期间有{days}天（{first}起）日入炉煤共{coal} t。"),
        ),
    },
    basis=_("核查技术指南表16、17：运行小时数以运行日志和调度记录核对，备用时间不计入；校核目录 CON-OUTAGE。"),
    what=_("停运期取停运次日至并网前一日；月内日历小时 − 停运天数×24 为运行小时数上限；全月停运不应有发电量和超过启动所需的燃料；停运日不应有入炉煤。"),
    why=_("发现虚增运行小时、发电量，以备用充运行压低负荷系数，编造台账。"),
    explain=_("提供调度令、并网解列记录、辅助锅炉用煤和调试记录。"),
    ask=_("调取调度机构并解列时刻、运行日志、在线监测停运标记。"),
    parameters=(
        "hours", "start_days", "full_load_rate", "ledger_t", "ledger_days", "stack_hours",
    ),
)  # fmt: skip
def outage(ctx: CheckContext) -> Iterator[Hit]:
    """Running hours, power, fuel and ledger against dispatch and stack monitors."""
    yield from each(partial(_dispatch, ctx), partial(_stack, ctx))
