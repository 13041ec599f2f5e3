"""The purchase-use-stock ledger: what was bought is burnt, stored or accounted for."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.support import ALL_MONTHS, ZERO, make_hit, month_days, rounded
from emitters.facts import CheckContext, StockLedger

STOCK = "check.CON-STOCK-BALANCE."


@check(
    "CON-STOCK-BALANCE",
    name=_("购销存不平衡"),
    family=Family.CONSISTENCY,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.FATAL,
            "impossible",
            _("{fuel}{month_list}月期初库存与上月期末库存不相等，或库存为负。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "cross",
            _(
                "{fuel}{month_list}月购销存不平：期初＋购入－消耗－其他出库＋盘点调整与期末相差超过允许值（最大{largest}）。"
            ),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "cross",
            _(
                "{fuel}全年盘点调整与不平衡量合计使{plug}的燃料未计入消耗，占消耗量{share}%，超过允许值{limit}%。"
            ),
        ),
        "D": Outcome(
            Severity.CRITICAL,
            "cross",
            _("{fuel}{month_list}月其他出库（损耗、外售、调出）{out}，超过当月可用量的{limit}%。"),
        ),
        "E": Outcome(
            Severity.INFO,
            "statistics",
            _("{fuel}本年1月期初库存与上年12月期末库存相差{gap}。"),
        ),
    },
    basis=_(
        "核查技术指南：入炉煤量与购销存（采购－销售±库存）交叉核对；校核目录 CON-STOCK-BALANCE"
    ),
    what=_(
        "逐月滚动：期初＋购入－消耗－其他出库＋盘点调整＝期末；全年盘点调整与不平衡量合计与消耗量比较。"
    ),
    why=_("发现烧了未报、用盘点调整或损耗填平的燃料。"),
    explain=_("盘煤报告（体积、密度）、水分差调整依据、外售或调拨合同与过磅单、死库存认定。"),
    ask=_("每次盘煤的原始记录与审批、过磅单、煤炭发票与运单、皮带秤校验记录。"),
    parameters=(
        "opening_t",
        "residual_share",
        "residual_t",
        "plug_share",
        "days_burn",
        "loss_share",
    ),
)
def stock_balance(ctx: CheckContext) -> Iterator[Hit]:
    """Rolling ledger per fuel with the plug that balances it."""
    seen = False
    for ledger in ctx.report.stocks:
        months = [m for m in ALL_MONTHS if _residual(ctx, ledger, m) is not None]
        if not months:
            continue
        seen = True
        yield from _opening_hits(ctx, ledger)
        yield from _residual_hits(ctx, ledger, months)
        yield from _plug_hits(ctx, ledger, months)
        yield from _loss_hits(ctx, ledger, months)
        yield from _last_year_hits(ctx, ledger)
    if not seen:
        raise NotRun(_("没有填写燃料购销存。"))


def _burnt(ctx: CheckContext, fuel: str, month: int) -> Decimal | None:
    """What all generators report as burnt; None when none reports that fuel for the month."""
    values = [
        use.value("fc", month)
        for generator in ctx.report.generators
        for use in generator.fuels
        if use.fuel == fuel
    ]
    known = [v for v in values if v is not None]
    return sum(known, ZERO) if known else None


def _used(ctx: CheckContext, ledger: StockLedger, month: int) -> Decimal | None:
    """Burnt as the generators report it; the ledger's own figure when they report none."""
    burnt, booked = _burnt(ctx, ledger.fuel, month), ledger.value("used", month)
    return booked if burnt is None else burnt


def _residual(ctx: CheckContext, ledger: StockLedger, month: int) -> Decimal | None:
    """Fuel that vanished (> 0) or appeared (< 0) in the month; None when the row is incomplete."""
    opening, bought = ledger.value("stk0", month), ledger.value("buy", month)
    closing, used = ledger.value("stk1", month), _used(ctx, ledger, month)
    if opening is None or bought is None or closing is None or used is None:
        return None
    out, adjusted = ledger.value("out", month) or ZERO, ledger.value("adj", month) or ZERO
    return opening + bought - used - out + adjusted - closing


def _row(ctx: CheckContext, ledger: StockLedger, month: int) -> dict[str, Any]:
    names = ("stk0", "buy", "used", "out", "adj", "stk1")
    row: dict[str, Any] = {"month": month, **{n: ledger.value(n, month) for n in names}}
    return row | {
        "burnt": _burnt(ctx, ledger.fuel, month),
        "residual": _residual(ctx, ledger, month),
    }


def _cells(ledger: StockLedger, code: str, months: list[int]) -> list[str]:
    series = ledger.series.get(code)
    return [series.cell(m) for m in months] if series else []


def _per_tonne(ctx: CheckContext, fuel: str) -> Decimal:
    """tCO2 per unit of the fuel over all generators."""
    found = [f for a in ctx.accounts.generators for f in a.fuels if f.use.fuel == fuel]
    amount = sum((f.fc for f in found), ZERO)
    return sum((f.t_co2 for f in found), ZERO) / amount if amount else ZERO


def _opening_hits(ctx: CheckContext, ledger: StockLedger) -> Iterator[Hit]:
    limit = ctx.p(STOCK + "opening_t")
    bad = []
    for month in ALL_MONTHS:
        opening, closing = ledger.value("stk0", month), ledger.value("stk1", month)
        before = ledger.value("stk1", month - 1) if month > 1 else None
        broken = None not in (opening, before) and abs(opening - before) > limit  # type: ignore[operator]
        if broken or (opening or ZERO) < 0 or (closing or ZERO) < 0:
            bad.append(month)
    if bad:
        yield make_hit(
            "A",
            months=bad,
            cells=_cells(ledger, "stk0", bad),
            root=f"stock:{ledger.fuel}",
            fuel=ledger.fuel,
            rows=[
                _row(ctx, ledger, m)
                | {"last_closing": ledger.value("stk1", m - 1) if m > 1 else None}
                for m in bad
            ],
        )


def _out_of_balance(ctx: CheckContext, ledger: StockLedger, month: int) -> bool:
    allowed = ctx.p(STOCK + "residual_share") * (_used(ctx, ledger, month) or ZERO)
    residual = _residual(ctx, ledger, month) or ZERO
    return abs(residual) > max(allowed, ctx.p(STOCK + "residual_t"))


def _residual_hits(ctx: CheckContext, ledger: StockLedger, months: list[int]) -> Iterator[Hit]:
    bad, hidden, largest = [], ZERO, ZERO
    for month in months:
        if _out_of_balance(ctx, ledger, month):
            residual = _residual(ctx, ledger, month) or ZERO
            bad.append(month)
            hidden += residual
            largest = max(largest, residual, key=abs)
    if bad:
        yield make_hit(
            "B",
            months=bad,
            cells=_cells(ledger, "stk1", bad),
            direction=Direction.FAVOURABLE if hidden > 0 else Direction.UNFAVOURABLE,
            t_co2=hidden * _per_tonne(ctx, ledger.fuel),
            root=f"stock:{ledger.fuel}",
            fuel=ledger.fuel,
            largest=largest,
            rows=[_row(ctx, ledger, m) for m in bad],
        )


def _plug_hits(ctx: CheckContext, ledger: StockLedger, months: list[int]) -> Iterator[Hit]:
    """Coal that left the books unburnt over the year; a stocktake may be two days of burn off.

    A month that is out of balance has its own result: one slip of a key is not a year of plugs.
    """
    used = sum((_used(ctx, ledger, m) or ZERO for m in months), ZERO)
    small = [m for m in months if not _out_of_balance(ctx, ledger, m)]
    plug = sum((_residual(ctx, ledger, m) or ZERO for m in small), ZERO)
    plug -= sum((ledger.value("adj", m) or ZERO for m in small), ZERO)
    days = sum(month_days(ctx.report.year, m) for m in months)
    limit = max(ctx.p(STOCK + "plug_share"), ctx.p(STOCK + "days_burn") / days)
    if used > 0 and plug > limit * used:
        adjusted = [m for m in months if ledger.value("adj", m)]
        yield make_hit(
            "C",
            months=adjusted or months,
            cells=_cells(ledger, "adj", adjusted or months),
            direction=Direction.FAVOURABLE,
            t_co2=plug * _per_tonne(ctx, ledger.fuel),
            root=f"stock:{ledger.fuel}",
            fuel=ledger.fuel,
            plug=plug,
            share=rounded(100 * plug / used),
            limit=rounded(100 * limit),
            used=used,
            rows=[_row(ctx, ledger, m) for m in months],
        )


def _loss_hits(ctx: CheckContext, ledger: StockLedger, months: list[int]) -> Iterator[Hit]:
    limit = ctx.p(STOCK + "loss_share")
    bad = []
    for month in months:
        out = ledger.value("out", month) or ZERO
        at_hand = (ledger.value("stk0", month) or ZERO) + (ledger.value("buy", month) or ZERO)
        if out > limit * at_hand:
            bad.append(month)
    if bad:
        out = sum((ledger.value("out", m) or ZERO for m in bad), ZERO)
        yield make_hit(
            "D",
            months=bad,
            cells=_cells(ledger, "out", bad),
            direction=Direction.FAVOURABLE,
            t_co2=out * _per_tonne(ctx, ledger.fuel),
            root=f"stock:{ledger.fuel}",
            fuel=ledger.fuel,
            out=out,
            limit=rounded(100 * limit),
            rows=[_row(ctx, ledger, m) for m in bad],
        )


def _last_year_hits(ctx: CheckContext, ledger: StockLedger) -> Iterator[Hit]:
    """Between two reports stocks are re-surveyed and boundaries redrawn: told, not held against."""
    before = next((h for h in ctx.history if h.year == ctx.report.year - 1), None)
    last = before.stock(ledger.fuel) if before else None
    closing = last.value("stk1", 12) if last else None
    opening = ledger.value("stk0", 1)
    if closing is None or opening is None or abs(opening - closing) <= ctx.p(STOCK + "opening_t"):
        return
    yield make_hit(
        "E",
        months=(1,),
        cells=_cells(ledger, "stk0", [1]),
        direction=Direction.FAVOURABLE if opening < closing else Direction.UNKNOWN,
        t_co2=(closing - opening) * _per_tonne(ctx, ledger.fuel),
        root=f"stock-year:{ledger.fuel}",
        fuel=ledger.fuel,
        opening=opening,
        last_closing=closing,
        gap=opening - closing,
    )
