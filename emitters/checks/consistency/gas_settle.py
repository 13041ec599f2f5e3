"""CON-GAS-SETTLE."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.comparison import Sides, nearest_zero, per_tonne, recorded
from emitters.checks.support import HUNDRED, ZERO, make_hit, outside_rows, rounded
from emitters.facts import CheckContext, FuelUse
from emitters.outside import OutsideRow

CODE = "check.CON-GAS-SETTLE."
NATURAL_GAS = "天然气"


def _uses(ctx: CheckContext, fuel: str) -> list[FuelUse]:
    return [
        use
        for generator in ctx.report.generators
        for use in generator.fuels
        if use.fuel == fuel and use.get("fc")
    ]


def _burnt(uses: Sequence[FuelUse]) -> dict[int, Decimal]:
    """万Nm3 by month over the generators."""
    found: dict[int, Decimal] = {}
    for use in uses:
        for month, value in use.series["fc"].filled():
            found[month] = found.get(month, ZERO) + value
    return found


def _compare(ctx: CheckContext, fuel: str, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    uses = _uses(ctx, fuel)
    sides = Sides.of(_burnt(uses), recorded(rows, "volume"))
    if len(sides.months) < ctx.p(CODE + "min_months"):
        return
    share = nearest_zero(sides.share, sides.steady_share(ctx.p(CODE + "reading_days")))
    if abs(share) <= ctx.p(CODE + "share"):
        return
    hidden = -sides.gap
    low = share < 0
    letter = ("B" if -share > ctx.p(CODE + "gross_share") else "A") if low else "C"
    yield make_hit(
        letter,
        cells=[use.series["fc"].cell(m) for use in uses for m in sides.months],
        direction=Direction.FAVOURABLE if low else Direction.UNFAVOURABLE,
        t_co2=hidden * per_tonne(ctx, fuel) if low else ZERO,
        root=f"gas:{fuel}",
        fuel=fuel,
        reported=sides.total,
        recorded=sides.counted,
        gap=abs(sides.gap),
        share=rounded(share * HUNDRED),
        rows=sides.lines(rows),
    )


@check(
    "CON-GAS-SETTLE",
    name=_("燃气结算比对"),
    family=Family.CONSISTENCY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL, "cross",
            _("{fuel}消耗量填报{reported} 万Nm3，燃气结算{recorded} 万Nm3，少{gap} 万Nm3（{share}%）。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "source",
            _("{fuel}消耗量填报{reported} 万Nm3，燃气结算{recorded} 万Nm3，少{gap} 万Nm3（{share}%），须更正或提供依据。"),
        ),
        "C": Outcome(
            Severity.INFO, "cross",
            _("{fuel}消耗量填报{reported} 万Nm3，大于燃气结算{recorded} 万Nm3（{share}%），可能有其他供气单位或记录不全。"),
        ),
    },
    basis=_("核查技术指南表10：燃气消耗量以供气结算单交叉核对；校核目录 CON-COAL-INVOICE。"),
    what=_("双方都有数据的月份：填报消耗量合计 ÷ 供气结算合计 − 1；抄表日早于月末的按最小二乘分离，取较小者。"),
    why=_("发现少报燃气消耗。"),
    explain=_("提供供气结算单、门站与机组流量计关系、核算边界外用气的独立计量。"),
    ask=_("向供气单位调取逐月结算单和流量计标定记录，核对标准状态换算。"),
    parameters=("share", "gross_share", "reading_days", "min_months"),
)  # fmt: skip
def gas_settle(ctx: CheckContext) -> Iterator[Hit]:
    """Gas burnt against what the gas company settled."""
    rows = outside_rows(ctx, "gas")
    fuels = {str(r["fuel"] or NATURAL_GAS) for r in rows}
    if not any(_uses(ctx, fuel) for fuel in fuels):
        raise NotRun(_("报告没有燃气消耗量。"))
    for fuel in sorted(fuels):
        yield from _compare(ctx, fuel, [r for r in rows if (r["fuel"] or NATURAL_GAS) == fuel])
