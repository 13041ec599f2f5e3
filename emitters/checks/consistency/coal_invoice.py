"""CON-COAL-INVOICE."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.comparison import per_tonne
from emitters.checks.consistency.coal_trade import Trade, coal_ledgers, purchases, trade
from emitters.checks.support import ALL_MONTHS, HUNDRED, ZERO, make_hit, rounded
from emitters.facts import COAL, CheckContext

CODE = "check.CON-COAL-INVOICE."


def _sources(ctx: CheckContext) -> list[Trade]:
    transit = ctx.p(CODE + "transit")
    given = (trade(ctx, kind, transit[kind]) for kind in ("invoice", "rail", "receipt"))
    least = ctx.p(CODE + "min_months")
    return [t for t in given if t is not None and len(t.sides.months) >= least]


def _letter(ctx: CheckContext, found: Trade, others: list[Trade]) -> str:
    """Letter of a source; a year that another whole record confirms is asked about, not refused."""
    share, gross = ctx.p(CODE + "share"), ctx.p(CODE + "gross_share")
    confirmed = any(t.kind == "receipt" and abs(t.excess) <= share for t in others)
    if found.excess > gross:
        return "A" if confirmed else "B"
    if found.excess > share:
        return "A"
    if found.kind != "rail" and -found.excess > gross:
        return "C"
    return ""


def _year_hit(ctx: CheckContext, found: Trade, letter: str) -> Hit:
    over = letter != "C"
    hidden = -found.sides.gap
    use = _use(ctx)
    return make_hit(
        letter,
        cells=_cells(ctx, found.sides.months),
        direction=Direction.FAVOURABLE if over else Direction.UNKNOWN,
        t_co2=hidden * per_tonne(ctx, COAL) if over else ZERO,
        root="coal-purchases",
        source=found.title,
        reported=found.sides.total,
        recorded=rounded(found.sides.counted),
        gap=rounded(hidden),
        share=rounded(found.excess * HUNDRED),
        use=use,
        implied_use=None if use is None else rounded(use + hidden),
        suppliers=found.by_supplier(),
        rows=[
            {"month": m, "reported": found.sides.reported[m], "recorded": rounded(v)}
            for m, v in found.sides.recorded.items()
        ],
    )


def _cells(ctx: CheckContext, months: tuple[int, ...]) -> list[str]:
    rows = [s.series["buy"] for s in coal_ledgers(ctx) if "buy" in s.series]
    return [row.cell(m) for row in rows for m in months]


def _use(ctx: CheckContext) -> Decimal | None:
    """Coal burnt in the year by the ledgers; with the records' purchases it would be more by the gap."""
    values = [s.value("used", m) for s in coal_ledgers(ctx) for m in ALL_MONTHS]
    known = [v for v in values if v is not None]
    return sum(known, ZERO) if known else None


def _windows(ctx: CheckContext, found: Trade) -> Iterator[Hit]:
    """A run of months that the year's total hides."""
    if not found.dated:
        return
    over = [
        (run, excess)
        for run, excess in found.windows(int(ctx.p(CODE + "window")))
        if excess > ctx.p(CODE + "window_share")
    ]
    if not over:
        return
    run, excess = max(over, key=lambda pair: pair[1])
    bought = sum((found.sides.reported[m] for m in run), ZERO)
    yield make_hit(
        "D",
        months=run,
        cells=_cells(ctx, run),
        direction=Direction.FAVOURABLE,
        t_co2=max(ZERO, -found.sides.gap) * per_tonne(ctx, COAL),
        root="coal-purchases",
        source=found.title,
        reported=bought,
        recorded=rounded(bought * (1 + excess)),
        gap=rounded(bought * excess),
        share=rounded(excess * HUNDRED),
        suppliers=found.by_supplier(),
    )


@check(
    "CON-COAL-INVOICE",
    name=_("煤炭发票与运单比对"),
    family=Family.CONSISTENCY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL, "cross",
            _("{source}合计{recorded} t，购入量填报{reported} t，多{gap} t（{share}%）；按此推算消耗量为{implied_use} t，填报{use} t。"),
        ),
        "B": Outcome(
            Severity.FATAL, "source",
            _("{source}合计{recorded} t，购入量填报{reported} t，多{gap} t（{share}%），须更正或提供依据；按此推算消耗量为{implied_use} t，填报{use} t。"),
        ),
        "C": Outcome(
            Severity.INFO, "cross",
            _("{source}合计{recorded} t，少于购入量填报{reported} t（{share}%），可能有集团统购、开票滞后或记录不全。"),
        ),
        "D": Outcome(
            Severity.CRITICAL, "cross",
            _("{month_list}月{source}合计{recorded} t，购入量填报{reported} t，多{gap} t（{share}%）。"),
        ),
    },
    basis=_("核查技术指南表7：消耗量以购销存和结算凭证交叉核对，消耗量 = 期初 + 购入 − 其他出库 + 盘点调整 − 期末；校核目录 CON-COAL-INVOICE。"),
    what=_("按验收或到达日期归月（没有时取开票当月或上月中较接近者），扣除途耗后与购入量比较：偏差 = 记录 ÷ 填报 − 1，全年和连续三个月；推算消耗量 = 填报消耗量 + 购入差额。"),
    why=_("发现少报购入、同时少报消耗的燃煤。"),
    explain=_("提供集团统购分配单、代购代储协议、途耗与水分扣减依据、开票滞后清单。"),
    ask=_("调取发票、结算单、铁路运单、汽车衡过磅单，逐供应商编制差额表。"),
    parameters=("share", "gross_share", "transit", "window", "window_share", "unlike", "min_months"),
)  # fmt: skip
def coal_invoice(ctx: CheckContext) -> Iterator[Hit]:
    """Invoices, waybills and batches against purchases and, through stock, consumption."""
    if not purchases(ctx):
        raise NotRun(_("没有填写燃煤购入量。"))
    sources = _sources(ctx)
    if not sources:
        raise NotRun(_("没有部门数据：%(kind)s。") % {"kind": _("煤炭发票")})
    for found in sources:
        others = [t for t in sources if t is not found]
        letter = _letter(ctx, found, others)
        if letter:
            yield _year_hit(ctx, found, letter)
        else:
            yield from _windows(ctx, found)
