"""CON-BELT-VS-STOCKTAKE: coal over the belt scale against what left the yard, by quarter.

All informs: whatever is too much here is too much in CON-STOCK-BALANCE.C, whose limit for the whole year
is the lower one, and one cause is one question."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.support import HUNDRED, ZERO, make_hit, month_days, rounded
from emitters.facts import COAL, CheckContext, ReportFacts, StockLedger

P = "check.CON-BELT-VS-STOCKTAKE."
_QUARTERS = (range(1, 4), range(4, 7), range(7, 10), range(10, 13))


@dataclass(frozen=True, slots=True)
class Quarter:
    """Tonnes of a quarter: `belt` burnt by the generators, `yard` opening + bought − other outgoings −
    closing."""

    year: int
    number: int
    belt: Decimal
    yard: Decimal
    adjusted: Decimal

    @property
    def share(self) -> Decimal:
        """What left the yard above what the belt weighed, % of the latter."""
        return HUNDRED * (self.yard - self.belt) / self.belt

    def line(self) -> dict[str, Any]:
        return {
            "year": self.year,
            "quarter": self.number,
            "belt": self.belt,
            "yard_use": self.yard,
            "adj": self.adjusted,
            "share": rounded(self.share),
        }


@check(
    "CON-BELT-VS-STOCKTAKE",
    name=_("皮带秤计量与盘煤不符"),
    family=Family.CONSISTENCY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "cross",
            _("第{quarter_list}季度煤场减少量比入炉计量多{share}%（盘煤误差范围内，用于排序）。"),
        ),
        "B": Outcome(
            Severity.INFO,
            "cross",
            _("第{quarter_list}季度煤场减少量比入炉计量多{share}%，超过允许值{limit}%。"),
        ),
        "C": Outcome(
            Severity.INFO,
            "cross",
            _("连续{count}个季度煤场减少量均多于入炉计量，合计多{share}%，超过允许值{limit}%。"),
        ),
    },
    basis=_("核查技术指南：入炉煤量与购销存（盘煤）交叉核对；校核目录 CON-BELT-VS-STOCKTAKE"),
    what=_(
        "按季度比较：期初库存＋购入－其他出库－期末库存（盘点后）与各机组入炉煤量之和；单季允许两天用煤的盘煤误差，"
        "多个季度同向的看合计。全年的差额由 CON-STOCK-BALANCE 提出疑点，本规则指出在哪些季度、是否跨年同向，不重复提出。"
    ),
    why=_("发现皮带秤调低、以盘点亏损冲销已烧煤量。"),
    explain=_("盘煤报告（体积、密度、盘点日期）、雨季水分差、存损依据、皮带秤实物校验记录。"),
    ask=_("皮带秤校验与零点记录、历次盘煤原始记录、汽车衡和轨道衡检定证书。"),
    parameters=("notice", "limit", "days_burn", "same_sign", "same_limit", "same_least"),
)
def belt_against_stocktake(ctx: CheckContext) -> Iterator[Hit]:
    """Quarters of the report; earlier years only lengthen a row of the same sign."""
    quarters = _quarters(ctx.report)
    if not quarters:
        raise NotRun(_("没有可按季度比较的燃煤购销存与入炉煤量。"))
    yield from _single_hits(ctx, quarters)
    yield from _same_sign_hits(ctx, quarters)


def _quarters(report: ReportFacts) -> list[Quarter]:
    ledger = report.stock(COAL)
    if ledger is None:
        return []
    found = (_quarter(report, ledger, n, months) for n, months in enumerate(_QUARTERS, 1))
    return [q for q in found if q is not None]


def _quarter(
    report: ReportFacts, ledger: StockLedger, number: int, months: range
) -> Quarter | None:
    opening, closing = ledger.value("stk0", months[0]), ledger.value("stk1", months[-1])
    bought = [ledger.value("buy", m) for m in months]
    burnt = [
        use.value("fc", m) or ZERO
        for g in report.generators
        for use in g.fuels
        if use.fuel == COAL
        for m in months
    ]
    belt = sum(burnt, ZERO)
    if opening is None or closing is None or None in bought or not belt:
        return None
    out, adjusted = (
        sum((ledger.value(c, m) or ZERO for m in months), ZERO) for c in ("out", "adj")
    )
    yard = opening + sum((b or ZERO for b in bought), ZERO) - out - closing
    return Quarter(report.year, number, belt, yard, adjusted)


def _single_hits(ctx: CheckContext, quarters: list[Quarter]) -> Iterator[Hit]:
    days = {q.number: sum(month_days(q.year, m) for m in _QUARTERS[q.number - 1]) for q in quarters}
    burn = ctx.p(P + "days_burn")
    limits = {n: max(ctx.p(P + "limit"), HUNDRED * burn / d) for n, d in days.items()}
    wide = [q for q in quarters if q.share > limits[q.number]]
    near = [q for q in quarters if q not in wide and q.share > ctx.p(P + "notice")]
    for letter, chosen in (("B", wide), ("A", near)):
        if chosen:
            limit = max(limits[q.number] for q in chosen)
            yield _hit(ctx, letter, chosen, limit=rounded(limit))


def _same_sign_hits(ctx: CheckContext, quarters: list[Quarter]) -> Iterator[Hit]:
    """Storage losses always point this way, so the row has to add up to more than they do."""
    years = {r.year: r for r in ctx.history if r.year < ctx.report.year}
    row, year = list(quarters), ctx.report.year - 1
    while year in years and (earlier := _quarters(years[year])):
        row, year = [*earlier, *row], year - 1
    least = ctx.p(P + "same_least")
    run: list[Quarter] = []
    for quarter in reversed(row):
        if quarter.share <= least:
            break
        run.insert(0, quarter)
    own = [q for q in run if q.year == ctx.report.year]
    belt = sum((q.belt for q in own), ZERO)
    if len(run) < ctx.p(P + "same_sign") or not belt:
        return
    share = HUNDRED * sum((q.yard - q.belt for q in own), ZERO) / belt
    if share > ctx.p(P + "same_limit"):
        yield _hit(ctx, "C", own, count=len(run), limit=ctx.p(P + "same_limit"), row=run)


def _hit(
    ctx: CheckContext,
    letter: str,
    chosen: list[Quarter],
    *,
    limit: Decimal,
    count: int = 0,
    row: list[Quarter] | None = None,
) -> Hit:
    ledger = ctx.report.stock(COAL)
    series = ledger.series.get("stk1") if ledger else None
    months = [m for q in chosen for m in _QUARTERS[q.number - 1]]
    gap, belt = (
        sum((q.yard - q.belt for q in chosen), ZERO),
        sum((q.belt for q in chosen), ZERO),
    )
    coals = [a.coal for a in ctx.accounts.generators if a.coal]
    tonnes = sum((c.t_co2 for c in coals), ZERO)
    burnt = sum((c.fc for c in coals), ZERO)
    return make_hit(
        letter,
        months=months,
        cells=[series.cell(q.number * 3) for q in chosen] if series else [],
        direction=Direction.FAVOURABLE,
        t_co2=gap * tonnes / burnt if burnt else ZERO,
        root=f"stock:{COAL}",
        quarter_list="、".join(str(q.number) for q in chosen),
        share=rounded(HUNDRED * gap / belt),
        limit=limit,
        count=count or len(chosen),
        rows=[q.line() for q in row or chosen],
    )
