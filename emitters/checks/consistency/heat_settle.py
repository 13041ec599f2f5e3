"""CON-HEAT-SETTLE."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.comparison import (
    Sides,
    cells,
    places,
    recorded,
    reported,
    scaled_gain,
)
from emitters.checks.support import HUNDRED, ZERO, make_hit, outside_rows, rounded
from emitters.facts import CheckContext
from emitters.outside import OutsideRow

CODE = "check.CON-HEAT-SETTLE."
GATE, AREA = "厂口", "面积"


def bills(ctx: CheckContext) -> tuple[OutsideRow, ...]:
    """The year's heat bills, each customer's from the last file that speaks of the month."""
    return outside_rows(ctx, "heat")


def _usual_ratio(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Decimal:
    """Reported ÷ billed that metering alone explains: losses of the network lie between a gate meter
    and the customers' meters."""
    at_gate = all(r["meter"] == GATE for r in rows)
    return ctx.p(CODE + ("gate_ratio" if at_gate else "usual_ratio"))


def _by_area(rows: Sequence[OutsideRow]) -> Decimal:
    """Share of the billed heat that nobody metered."""
    whole = sum((r["heat_gj"] for r in rows), ZERO)
    area = sum((r["heat_gj"] for r in rows if r["meter"] == AREA), ZERO)
    return area / whole if whole else ZERO


def _judged(ctx: CheckContext, sides: Sides, rows: Sequence[OutsideRow]) -> str:
    """The letter of the year's ratio; empty when it is usual."""
    at_gate = all(r["meter"] == GATE for r in rows)
    limits = ctx.p(CODE + ("gate_limits" if at_gate else "limits"))
    ratio = sides.share + 1
    if ratio < 1 - ctx.p(CODE + "under"):
        return "C"
    if ratio <= limits[0]:
        return ""
    if _by_area(rows) > ctx.p(CODE + "area_share"):
        return "D"
    return "B" if ratio > limits[1] else "A"


def _settled(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    sides = Sides.of(reported(ctx, "heat"), recorded(rows, "heat_gj"))
    if len(sides.months) < ctx.p(CODE + "min_months"):
        raise NotRun(_("供热结算与填报供热量没有足够的共同月份。"))
    letter = _judged(ctx, sides, rows)
    if not letter:
        return
    over = letter != "C"
    usual = _usual_ratio(ctx, rows)
    phantom = max(ZERO, sides.total - sides.counted * usual)
    gain = scaled_gain(ctx, "", heat=1 - phantom / sides.total) if phantom else ZERO
    yield make_hit(
        letter,
        cells=cells(ctx, "heat", sides.months),
        direction=Direction.FAVOURABLE if over else Direction.UNFAVOURABLE,
        t_allowance=gain,
        root="heat",
        reported=sides.total,
        recorded=sides.counted,
        ratio=rounded(sides.share + 1, 3),
        usual=usual,
        phantom=rounded(phantom),
        customers=_customers(rows),
        rows=sides.lines(rows),
    )


def _customers(rows: Sequence[OutsideRow]) -> list[dict[str, object]]:
    """Each customer's heat and where its bills stand."""
    names = dict.fromkeys(r["customer"] for r in rows)
    own = {n: [r for r in rows if r["customer"] == n] for n in names}
    return [
        {
            "customer": name,
            "heat": sum((r["heat_gj"] for r in found), ZERO),
            "meter": found[0]["meter"] or "",
            "place": places(found),
        }
        for name, found in own.items()
    ]


def _unbilled(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """Months with heat and without a bill: records that lack, or heat that nobody bought."""
    heat, billed = reported(ctx, "heat"), recorded(rows, "heat_gj")
    months = [m for m, v in heat.items() if v and not billed.get(m)]
    amount, whole = sum((heat[m] for m in months), ZERO), sum(heat.values(), ZERO)
    if months and amount > ctx.p(CODE + "unbilled_share") * whole:
        yield make_hit(
            "E",
            months=months,
            cells=cells(ctx, "heat", months),
            direction=Direction.FAVOURABLE,
            t_allowance=scaled_gain(ctx, "", heat=1 - amount / whole),
            root="heat",
            unbilled=amount,
            share=rounded(amount / whole * HUNDRED),
        )


@check(
    "CON-HEAT-SETTLE",
    name=_("供热结算比对"),
    family=Family.CONSISTENCY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL, "cross",
            _("供热量填报{reported} GJ，供热结算{recorded} GJ，为结算的{ratio}倍，超过计量位置可解释的{usual}倍，多{phantom} GJ。"),
        ),
        "B": Outcome(
            Severity.FATAL, "source",
            _("供热量填报{reported} GJ，供热结算{recorded} GJ，为结算的{ratio}倍，多{phantom} GJ，须更正或提供依据。"),
        ),
        "C": Outcome(
            Severity.INFO, "cross",
            _("供热结算{recorded} GJ大于填报供热量{reported} GJ（填报为结算的{ratio}倍）。"),
        ),
        "D": Outcome(
            Severity.INFO, "cross",
            _("供热量填报{reported} GJ为结算{recorded} GJ的{ratio}倍；结算以面积计费为主，不足以判断，宜取厂口表计。"),
        ),
        "E": Outcome(
            Severity.INFO, "cross",
            _("{month_list}月填报供热量{unbilled} GJ（占全年{share}%）没有对应的供热结算。"),
        ),
    },
    basis=_("核查技术指南表15：供热量以计量数据为准，用户侧数据不得按管损放大，烟气余热不计入；校核目录 CON-HEAT-SETTLE。"),
    what=_("双方都有数据的月份：填报供热量合计 ÷ 各用热单位结算热量合计；厂口计量与用户侧计量分别取限值，面积计费只作提示。"),
    why=_("发现虚报或放大供热量。"),
    explain=_("提供厂口热量表记录、管网热损失报告、新增用户合同和未结算热量清单。"),
    ask=_("向用热单位调取结算单和热量表底数，查看厂口流量、压力、温度记录。"),
    parameters=(
        "limits", "gate_limits", "usual_ratio", "gate_ratio", "under", "area_share",
        "unbilled_share", "min_months",
    ),
)  # fmt: skip
def heat_settle(ctx: CheckContext) -> Iterator[Hit]:
    """Reported heat against what the customers settled."""
    rows = bills(ctx)
    yield from _settled(ctx, rows)
    yield from _unbilled(ctx, rows)
