"""Group B, moisture: the number that converts laboratory carbon to coal as received.

Inherent moisture comes from the laboratory, total moisture from the plant's own daily tests: it is
the part of the conversion that the plant controls.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import (
    ALL_MONTHS,
    HUNDRED,
    ZERO,
    band_key,
    daily_weighted,
    is_measured,
    make_hit,
    rounded,
)
from emitters.facts import CheckContext, CoalTest

P = "check.PHY-MOISTURE."


@check(
    "PHY-MOISTURE",
    name=_("全水分不合理"),
    family=Family.PHYSICS,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.FATAL,
            "impossible",
            _("检测报告{report_no}空干基水分{mad}%大于全水分{mt}%，同一煤样不可能出现。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}{month_list}月全水分超出{rank}常见范围{low}～{high}%，且无日台账印证。"
            ),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "cross",
            _("机组{generator}{month_list}月换算所用全水分比日台账或入厂煤加权值高{gap}个百分点。"),
        ),
        "D": Outcome(
            Severity.CRITICAL,
            "cross",
            _(
                "机组{generator}换算所用全水分全年平均{mean_used}%，日台账或入厂煤加权{mean_other}%，持续偏高{gap}个百分点，使元素碳偏低。"
            ),
        ),
        "E": Outcome(
            Severity.INFO,
            "physics",
            _(
                "机组{generator}{month_list}月全水分略超{rank}常见范围{low}～{high}%（个别月份，或日台账一致）。"
            ),
        ),
    },
    basis=_(
        "收到基元素碳＝空干基元素碳×（100−全水分）÷（100−空干基水分）；全水分取每日测定值的加权平均（核查技术指南表8）"
    ),
    what=_(
        "空干基水分与全水分的大小、全水分与煤种范围、检测换算所用全水分与日入炉煤（或入厂煤）加权值逐月比较。"
    ),
    why=_("发现虚构全水分压低收到基元素碳（2022年通报案例的做法）。"),
    explain=_("雨季、露天煤场、高水分进口煤的气象和来煤资料；入厂与入炉之间的存放时间。"),
    ask=_("全水分逐日测定原始记录、制样记录、入厂验收水分、检测机构出具的水分结果。"),
    parameters=("bands", "order_margin", "few_months", "month_gap", "year_gap", "confirm_gap"),
)
def moisture(ctx: CheckContext) -> Iterator[Hit]:
    """Order, level and source of total moisture."""
    if all(t.mt is None for t in ctx.report.tests):
        raise NotRun(_("没有填写全水分的煤样检测。"))
    margin = ctx.p(P + "order_margin")
    for test in ctx.report.tests:
        if test.mt is not None and test.mad is not None and test.mad > test.mt + margin:
            yield make_hit(
                "A",
                generator=test.generator,
                months=(test.month,) if test.month else (),
                cells=[test.cell(n) for n in ("mad", "mt") if n in test.cells],
                root=f"moisture:{test.row}",
                report_no=test.report_no,
                mad=test.mad,
                mt=test.mt,
            )
    for account in ctx.accounts.generators:
        used = _used(ctx, account)
        gaps = list(_gap_hits(ctx, account, used))
        yield from gaps or _band_hits(ctx, account, used)


def _used(ctx: CheckContext, account: GeneratorAccount) -> dict[int, CoalTest]:
    """The test whose moisture converts each measured month (monthly composites first)."""
    coal = account.coal
    if coal is None:
        return {}
    chosen: dict[int, CoalTest] = {}
    for month in ALL_MONTHS:
        tests = [t for t in ctx.report.tests_of(account.number, month) if t.mt is not None]
        tests = [t for t in tests if t.kind != "入厂"]
        composites = [t for t in tests if t.kind == "月缩分"] or tests
        if len(composites) == 1 and is_measured(ctx, coal, month):
            chosen[month] = composites[0]
    return chosen


def _other_source(ctx: CheckContext, number: str, month: int) -> Decimal | None:
    """Moisture by the daily ledger (own, else plant-wide), else the mean of receipts' tests."""
    daily = daily_weighted(ctx, number, month, "mt")
    if daily is None:
        daily = daily_weighted(ctx, "", month, "mt")
    if daily is not None:
        return daily
    receipts = [
        t.mt for t in ctx.report.tests_of(number, month) if t.kind == "入厂" and t.mt is not None
    ]
    return sum(receipts, ZERO) / len(receipts) if receipts else None


def _gap_hits(
    ctx: CheckContext, account: GeneratorAccount, used: dict[int, CoalTest]
) -> Iterator[Hit]:
    pairs: list[tuple[int, Decimal, Decimal]] = []
    for month, test in used.items():
        other = _other_source(ctx, account.number, month)
        if other is not None and test.mt is not None:
            pairs.append((month, test.mt, other))
    if not pairs:
        return
    mean_used = sum((u for _m, u, _o in pairs), ZERO) / len(pairs)
    mean_other = sum((o for _m, _u, o in pairs), ZERO) / len(pairs)
    if mean_used - mean_other > ctx.p(P + "year_gap") and len(pairs) >= ctx.p(P + "few_months"):
        yield _gap_hit(ctx, account, used, "D", pairs, mean_used, mean_other)
        return
    wide = [p for p in pairs if p[1] - p[2] > ctx.p(P + "month_gap")]
    if wide:
        yield _gap_hit(ctx, account, used, "C", wide, mean_used, mean_other)


def _gap_hit(
    ctx: CheckContext,
    account: GeneratorAccount,
    used: dict[int, CoalTest],
    letter: str,
    pairs: Sequence[tuple[int, Decimal, Decimal]],
    mean_used: Decimal,
    mean_other: Decimal,
) -> Hit:
    coal = account.coal
    hidden = ZERO
    for month, mt, other in pairs:
        entry = coal[month] if coal else None
        if entry is not None and entry.t_co2:
            hidden += entry.t_co2 * ((HUNDRED - other) / (HUNDRED - mt) - 1)
    months = [m for m, _u, _o in pairs]
    evidence: list[dict[str, Any]] = [
        {"month": m, "used": u, "other": rounded(o), "gap": rounded(u - o)} for m, u, o in pairs
    ]
    return make_hit(
        letter,
        generator=account.number,
        months=months,
        cells=[used[m].cell("mt") for m in months if "mt" in used[m].cells],
        direction=Direction.FAVOURABLE,
        t_co2=hidden,
        root="moisture",
        gap=rounded(sum((u - o for _m, u, o in pairs), ZERO) / len(pairs)),
        mean_used=rounded(mean_used),
        mean_other=rounded(mean_other),
        readings=evidence,
    )


def _band_hits(
    ctx: CheckContext, account: GeneratorAccount, used: dict[int, CoalTest]
) -> Iterator[Hit]:
    coal = account.coal
    band = ctx.p(P + "bands").get(band_key(account.generator, coal)) if coal else None
    if band is None or coal is None:
        return
    outside = [m for m, t in used.items() if t.mt is not None and not band[0] <= t.mt <= band[1]]
    limit = ctx.p(P + "confirm_gap")
    others = {m: _other_source(ctx, account.number, m) for m in outside}
    doubtful = [
        m for m in outside if (o := others[m]) is None or abs(o - (used[m].mt or ZERO)) > limit
    ]
    letter = "B" if len(doubtful) >= ctx.p(P + "few_months") else "E"
    months = doubtful if letter == "B" else outside
    if months:
        above = all((used[m].mt or ZERO) > band[1] for m in months)
        yield make_hit(
            letter,
            generator=account.number,
            months=months,
            cells=[used[m].cell("mt") for m in months if "mt" in used[m].cells],
            direction=Direction.FAVOURABLE if above else Direction.UNKNOWN,
            root="moisture",
            rank=coal.use.rank,
            low=band[0],
            high=band[1],
            readings=[{"month": m, "used": used[m].mt, "other": others[m]} for m in months],
        )
