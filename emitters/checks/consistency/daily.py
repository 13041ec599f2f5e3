"""The daily furnace-entry ledger: a month is the sum of its days."""

from collections.abc import Iterator
from decimal import Decimal
from math import ceil
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import FuelAccount, GeneratorAccount
from emitters.checks.support import (
    ALL_MONTHS,
    DEFAULT,
    ZERO,
    daily_weighted,
    make_hit,
    rounded,
)
from emitters.facts import COAL, CheckContext, DailyCoal

DAILY = "check.CON-DAILY-SUM."
HOURS_PER_DAY = 24


@check(
    "CON-DAILY-SUM",
    name=_("月消耗量与日台账不符"),
    family=Family.CONSISTENCY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.FATAL,
            "cross",
            _("机组{generator}{month_list}月燃煤消耗量与日入炉煤合计不符（全年合计相差{gap}t）。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "cross",
            _("机组{generator}{month_list}月运行期间缺少日入炉煤记录，共缺{missing}天。"),
        ),
        "C": Outcome(
            Severity.INFO,
            "cross",
            _("机组{generator}{month_list}月与日入炉煤合计的差异在相邻月份间抵消，属跨月班次。"),
        ),
        "D": Outcome(
            Severity.CRITICAL,
            "cross",
            _("机组{generator}{month_list}月低位发热量与日入炉煤加权平均值相差超过{limit}GJ/t。"),
        ),
    },
    basis=_(
        "入炉煤量与热值按日（班）计量加权（核查技术指南表9）；实测值不得人为平衡（2023年2月9日生态环境部答疑）"
    ),
    what=_(
        "月消耗量与日入炉煤合计比较（0.1%）；按运行小时推算的运行天数与有记录天数比较；月热值与日热值加权值比较。"
    ),
    why=_("发现人为平衡、倒推或事后改动的台账。"),
    explain=_("夜班跨月、皮带秤故障期间替代计量的审批、机组停运记录。"),
    ask=_("皮带秤原始记录、班次交接记录、日热值化验原始记录。"),
    parameters=("share", "missing_days", "ncv_gap"),
)
def daily_sum(ctx: CheckContext) -> Iterator[Hit]:
    """Monthly tonnes and heat against the daily ledger."""
    if not ctx.report.daily:
        raise NotRun(_("没有填写日入炉煤。"))
    seen = False
    for account in ctx.accounts.generators:
        coal = account.coal
        months = _ledger_months(ctx, account, coal)
        if coal is None or not months:
            continue
        seen = True
        yield from _tonne_hits(ctx, coal, months)
        yield from _missing_hits(ctx, account, coal)
        yield from _daily_ncv_hits(ctx, coal, months)
    if not seen:
        raise NotRun(_("日入炉煤没有可与机组逐月比较的记录，或消耗量按入厂煤确定。"))


def _rows(ctx: CheckContext, number: str, month: int) -> tuple[DailyCoal, ...]:
    return ctx.report.daily_by_month.get((number, month), ())


def _ledger_months(
    ctx: CheckContext, account: GeneratorAccount, coal: FuelAccount | None
) -> list[int]:
    """Months with daily rows of the generator, when its tonnes come from the as-fired meter."""
    coals = [f for f in account.fuels if f.is_coal]
    if coal is None or len(coals) != 1 or coal.use.method("fc") not in ("", "入炉"):
        return []
    return [m for m in ALL_MONTHS if _rows(ctx, account.number, m) and coal[m] is not None]


def _tonne_hits(ctx: CheckContext, coal: FuelAccount, months: list[int]) -> Iterator[Hit]:
    share = ctx.p(DAILY + "share")
    number = coal.use.generator
    gaps: dict[int, Decimal] = {}
    for month in months:
        total = sum((r.coal_t or ZERO for r in _rows(ctx, number, month)), ZERO)
        reported = coal.use.value("fc", month) or ZERO
        if abs(reported - total) > share * max(reported, total):
            gaps[month] = reported - total
    shifted = _shifts(coal, gaps, share)
    for letter, chosen in (("A", [m for m in gaps if m not in shifted]), ("C", shifted)):
        if not chosen:
            continue
        net = sum((gaps[m] for m in chosen), ZERO)
        yield make_hit(
            letter,
            generator=number,
            months=chosen,
            cells=[coal.use.series["fc"].cell(m) for m in chosen],
            direction=Direction.FAVOURABLE if net < 0 else Direction.UNFAVOURABLE,
            t_co2=-net * coal.t_co2 / coal.fc if coal.fc else ZERO,
            root=f"coal:{number}",
            gap=net,
            readings=[
                {
                    "month": m,
                    "reported": coal.use.value("fc", m),
                    "daily": (coal.use.value("fc", m) or ZERO) - gaps[m],
                }
                for m in chosen
            ],
        )


def _shifts(coal: FuelAccount, gaps: dict[int, Decimal], share: Decimal) -> list[int]:
    """Adjacent months whose differences cancel: a night shift booked across midnight."""
    found: list[int] = []
    for month in sorted(gaps):
        if month in found or month + 1 not in gaps:
            continue
        pair = (coal.use.value("fc", month) or ZERO) + (coal.use.value("fc", month + 1) or ZERO)
        if abs(gaps[month] + gaps[month + 1]) <= share * pair:
            found += [month, month + 1]
    return found


def _missing_hits(ctx: CheckContext, account: GeneratorAccount, coal: FuelAccount) -> Iterator[Hit]:
    """Running hours cannot fit into fewer days than hours / 24."""
    slack = ctx.p(DAILY + "missing_days")
    short: dict[int, int] = {}
    for month in ALL_MONTHS:
        hours = account.generator.value("hours", month)
        if not hours or not coal.use.value("fc", month):
            continue
        needed = ceil(hours / HOURS_PER_DAY)
        recorded = sum(1 for r in _rows(ctx, account.number, month) if r.coal_t)
        if needed - recorded > slack:
            short[month] = needed - recorded
    if short:
        yield make_hit(
            "B",
            generator=account.number,
            months=short,
            cells=[coal.use.series["fc"].cell(m) for m in short],
            root=f"coal:{account.number}",
            missing=sum(short.values()),
            readings=[
                {"month": m, "missing": d, "hours": account.generator.value("hours", m)}
                for m, d in short.items()
            ],
        )


def _daily_ncv_hits(ctx: CheckContext, coal: FuelAccount, months: list[int]) -> Iterator[Hit]:
    if DEFAULT in coal.use.method("ncv") or coal.use.method("ncv") == "外检":
        return
    limit = ctx.p(DAILY + "ncv_gap")
    number = coal.use.generator
    wide: list[dict[str, Any]] = []
    for month in months:
        reported, daily = coal.use.value("ncv", month), daily_weighted(ctx, number, month, "ncv")
        if reported and daily is not None and abs(reported - daily) > limit:
            wide.append({"month": month, "reported": reported, "daily": rounded(daily, 3)})
    if wide:
        chosen = [w["month"] for w in wide]
        yield make_hit(
            "D",
            generator=number,
            months=chosen,
            cells=[coal.use.series["ncv"].cell(m) for m in chosen],
            root=f"ncv:{COAL}",
            limit=limit,
            readings=wide,
        )
