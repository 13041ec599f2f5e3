"""Group D, comparison: the plant's own heating value against the outside laboratory's."""

from collections.abc import Iterator
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.laboratory.dates import COMPOSITE, test_cells
from emitters.checks.support import (
    HUNDRED,
    ZERO,
    burning_months,
    daily_weighted,
    make_hit,
    rounded,
)
from emitters.facts import CheckContext, CoalTest

P = "check.LAB-INHOUSE-GAP."
# Heat that one percent point of moisture takes when it evaporates, MJ/kg (GB/T 213).
EVAPORATION = Decimal("0.023")


@check(
    "LAB-INHOUSE-GAP",
    name=_("自测与外检热值差异"),
    family=Family.LABORATORY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "cross",
            _(
                "机组{generator}{month_list}月自测与外检低位发热量相差超过{limit}MJ/kg（收到基和干基均超过）。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "cross",
            _(
                "机组{generator}自测与外检低位发热量有{count}个月偏向同一方向，平均相差{mean}MJ/kg。"
            ),
        ),
        "C": Outcome(
            Severity.INFO,
            "cross",
            _(
                "机组{generator}{month_list}月自测与外检低位发热量相差超过{limit}MJ/kg，其余月份正常。"
            ),
        ),
    },
    basis=_("GB/T 213 再现性约0.30MJ/kg；外检热值不得替代月度热值，只作交叉核对"),
    what=_(
        "月加权自测热值－月缩分样外检热值；送检途中失水按干基比较，取两者较小差；"
        "超限还须超过本机组其余月份差值的正常离散，仅一个月超限且不超过1.0MJ/kg的作提示。"
    ),
    why=_("发现外检煤样并非该月入炉煤，或自测系统偏差。"),
    explain=_("量热仪校准记录、送检途中水分损失、留存样复测。"),
    ask=_("量热仪检定证书与标煤反标记录、日热值原始记录、留存样。"),
    parameters=("month", "single", "scatter", "usual", "bias", "bias_months", "bias_share"),
)
def inhouse_gap(ctx: CheckContext) -> Iterator[Hit]:
    """Own heating value of the month minus that of the outside composite."""
    seen = False
    for account in ctx.accounts.generators:
        gaps = list(_gaps(ctx, account))
        seen = seen or bool(gaps)
        yield from _gap_hits(ctx, account, gaps)
    if not seen:
        raise NotRun(_("没有同时具有自测热值和外检热值的月份。"))


def _gaps(
    ctx: CheckContext, account: GeneratorAccount
) -> Iterator[tuple[int, CoalTest, dict[str, Any]]]:
    coal = account.coal
    if coal is None or coal.use.method("ncv") not in ("", "自测"):
        return
    for month, entry in burning_months(coal):
        tests = [
            t
            for t in ctx.report.tests_of(account.number, month)
            if t.kind == COMPOSITE and t.qnetar is not None
        ]
        if len(tests) != 1 or not entry.ncv:
            continue
        outside = tests[0].qnetar
        received = entry.ncv - outside  # type: ignore[operator]
        dry = _dry_gap(ctx, account.number, month, entry.ncv, tests[0])
        gap = received if dry is None or abs(received) <= abs(dry) else dry
        values = {"month": month, "own": entry.ncv, "outside": outside, "dry_gap": dry, "gap": gap}
        yield month, tests[0], values


def _dry(net: Decimal, moisture: Decimal) -> Decimal:
    """Net heat as received → dry: (Q + 0.023·M) · 100 / (100 − M)."""
    return (net + EVAPORATION * moisture) * HUNDRED / (HUNDRED - moisture)


def _dry_gap(
    ctx: CheckContext, number: str, month: int, own: Decimal, test: CoalTest
) -> Decimal | None:
    own_moisture = daily_weighted(ctx, number, month, "mt")
    if own_moisture is None or test.mt is None or test.qnetar is None:
        return None
    return rounded(_dry(own, own_moisture) - _dry(test.qnetar, test.mt), 3)


def _gap_hits(
    ctx: CheckContext,
    account: GeneratorAccount,
    gaps: list[tuple[int, CoalTest, dict[str, Any]]],
) -> Iterator[Hit]:
    wide, letter = _wide(ctx, gaps)
    if wide:
        yield make_hit(
            letter,
            generator=account.number,
            months=[m for m, _t, _v in wide],
            cells=test_cells([t for _m, t, _v in wide], "qnetar"),
            root="inhouse-ncv",
            limit=ctx.p(P + "month"),
            readings=[v for _m, _t, v in wide],
        )
        return
    if len(gaps) < ctx.p(P + "bias_months"):
        return
    mean = sum((v["gap"] for _m, _t, v in gaps), ZERO) / len(gaps)
    same = [g for g in gaps if g[2]["gap"] * mean > 0]
    if abs(mean) > ctx.p(P + "bias") and len(same) >= ctx.p(P + "bias_share") * len(gaps):
        yield make_hit(
            "B",
            generator=account.number,
            months=[m for m, _t, _v in same],
            cells=test_cells([t for _m, t, _v in same], "qnetar"),
            root="inhouse-ncv",
            count=len(same),
            mean=rounded(mean, 3),
            readings=[v for _m, _t, v in gaps],
        )


def _wide(
    ctx: CheckContext, gaps: list[tuple[int, CoalTest, dict[str, Any]]]
) -> tuple[list[tuple[int, CoalTest, dict[str, Any]]], str]:
    """The months whose gap is too wide, and the letter of the outcome.

    Wide is beyond the limit and beyond what the plant's other months scatter, unless most months are
    off, which is no scatter. A single month is only told while its gap stays below the limit of one.
    """
    sizes = [abs(v["gap"]) for _m, _t, v in gaps]
    if not sizes:
        return [], ""
    usual = median(sizes)  # of honest months about 0.67 standard deviations
    limit = ctx.p(P + "month")
    if usual <= ctx.p(P + "usual"):
        limit = max(limit, ctx.p(P + "scatter") * usual / Decimal("0.6745"))
    wide = [g for g in gaps if abs(g[2]["gap"]) > limit]
    several = len(wide) > 1 or max(sizes) > ctx.p(P + "single")
    return wide, "A" if several else "C"
