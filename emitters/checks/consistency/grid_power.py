"""CON-GRID-POWER."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, Outcome, Severity, check
from emitters.calc.fuels import grid_factors
from emitters.checks.comparison import (
    Sides,
    by_generator,
    cells,
    nearest_zero,
    of_plant,
    recorded,
    reported,
    scaled_gain,
    scope,
)
from emitters.checks.consistency.grid_supply import own_use_hits, supply_hits
from emitters.checks.support import HUNDRED, ZERO, make_hit, outside_rows, rounded
from emitters.facts import CheckContext
from emitters.outside import OutsideRow

CODE = "check.CON-GRID-POWER."
METERED = {"gen": ("gen_mwh", "发电量"), "grid_out": ("out_mwh", "上网电量")}


def _metered(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """What both the plant and the grid meter: generation and power delivered."""
    for code, (name, title) in METERED.items():
        groups = by_generator(ctx, [r for r in rows if r[name] is not None])
        for number, own in groups.items():
            sides = Sides.of(reported(ctx, code, number), recorded(own, name))
            if len(sides.months) < ctx.p(CODE + "min_months"):
                continue
            share = nearest_zero(sides.share, sides.steady_share(ctx.p(CODE + "reading_days")))
            if abs(share) > ctx.p(CODE + "share"):
                yield _metered_hit(ctx, number, (code, title), sides, share, own)


def _metered_hit(
    ctx: CheckContext,
    number: str,
    item: tuple[str, str],
    sides: Sides,
    share: Decimal,
    rows: Sequence[OutsideRow],
) -> Hit:
    code, title = item
    gain = scaled_gain(ctx, number, output=1 / (1 + share)) if share > -1 else ZERO
    favourable = gain > 0 or (gain == 0 and share > 0)
    return make_hit(
        "B" if abs(share) > ctx.p(CODE + "gross_share") else "A",
        generator=number,
        scope=scope(number),
        cells=cells(ctx, code, sides.months, number),
        direction=Direction.FAVOURABLE if favourable else Direction.UNFAVOURABLE,
        t_allowance=gain,
        root=f"power:{number}",
        item=title,
        reported=sides.total,
        recorded=sides.counted,
        gap=sides.gap,
        share=rounded(share * HUNDRED),
        months_compared=len(sides.months),
        rows=sides.lines(rows),
    )


def _drawn(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """Power that the grid sold to the plant and the report does not hold."""
    own = of_plant(ctx, [r for r in rows if r["buy_mwh"] is not None])
    sides = Sides.of(reported(ctx, "buy_e"), recorded(own, "buy_mwh"))
    hidden = -sides.gap
    least = max(ctx.p(CODE + "buy_mwh"), ctx.p(CODE + "buy_share") * sides.counted)
    if not sides.months or hidden <= least:
        return
    short = [m for m in sides.months if sides.recorded[m] > sides.reported[m]]
    yield make_hit(
        "F",
        months=short,
        cells=cells(ctx, "buy_e", short),
        direction=Direction.FAVOURABLE,
        t_co2=hidden * _factor(ctx),
        root="purchased",
        reported=sides.total,
        recorded=sides.counted,
        gap=hidden,
        rows=[line for line in sides.lines(own) if line["month"] in short],
    )


def _factor(ctx: CheckContext) -> Decimal:
    """tCO2/MWh of the year; zero where purchased power is not accounted any more."""
    if not ctx.params.get("guideline.purchased_power", ctx.report.year):
        return ZERO
    return next(iter(grid_factors(ctx.params, date(ctx.report.year, 1, 1))), ZERO)


@check(
    "CON-GRID-POWER",
    name=_("电网结算比对"),
    family=Family.CONSISTENCY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL, "cross",
            _("（{scope}）{item}填报{reported} MWh，电网记录{recorded} MWh，相差{gap} MWh；扣除抄表日错期后相差{share}%，需要说明。"),
        ),
        "B": Outcome(
            Severity.FATAL, "source",
            _("（{scope}）{item}填报{reported} MWh，电网记录{recorded} MWh，相差{gap} MWh；扣除抄表日错期后相差{share}%，须更正或提供依据。"),
        ),
        "C": Outcome(
            Severity.CRITICAL, "cross",
            _("（{scope}）供电量{reported} MWh，按电网上网电量{recorded} MWh推算最多为{most} MWh，多{excess} MWh。"),
        ),
        "D": Outcome(
            Severity.CRITICAL, "cross",
            _("（{scope}）发电量{reported} MWh与电网上网电量{recorded} MWh之差占发电量{left}%，高于同类机组厂用电与线变损的上限{most}%。"),
        ),
        "E": Outcome(
            Severity.FATAL, "source",
            _("（{scope}）发电量{reported} MWh小于电网上网电量{recorded} MWh。"),
        ),
        "F": Outcome(
            Severity.CRITICAL, "source",
            _("电网售电记录{recorded} MWh，购入使用电量填报{reported} MWh，少{gap} MWh（{month_list}月）。"),
        ),
    },
    basis=_("核查技术指南：发电量、购入使用电量以电能表和电网结算单交叉核对；校核目录 CON-GRID-POWER。"),
    what=_("逐月对照填报与电网结算，按年（或双方都有数据的月份）比较：偏差 = 填报 ÷ 电网 − 1；抄表日早于月末的，按“偏差 = a×当月电量 + 错期×（当月−上月）”最小二乘分离，取较小者。供电量上限 = 发电量 − （发电量×（1−线变损率） − 上网电量 − 供热厂用电）×（1−供热比）。"),
    why=_("发现多报发电量、供电量，少报厂用电，隐瞒购入电力。"),
    explain=_("提供电能表底码、关口表与机端表关系、抄表日约定、调试电量和直供电量证明。"),
    ask=_("调取电网企业逐月结算单（上网、下网）、关口表冻结电量和机端电能表台账。"),
    parameters=(
        "share", "gross_share", "reading_days", "min_months", "loss_share", "heat_own_use",
        "own_use_unknown", "own_use_margin", "buy_mwh", "buy_share",
    ),
)  # fmt: skip
def grid_power(ctx: CheckContext) -> Iterator[Hit]:
    """Generation, delivery, supply and purchases against the grid's settlement."""
    rows = outside_rows(ctx, "grid")
    yield from _metered(ctx, rows)
    yield from supply_hits(ctx, rows)
    yield from own_use_hits(ctx, rows)
    yield from _drawn(ctx, rows)
