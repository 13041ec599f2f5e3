"""PHY-ASH-BALANCE."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.comparison import recorded
from emitters.checks.physics.residues import balance_of, burns_cfb, burnt_t, test_cells
from emitters.checks.support import ZERO, make_hit, outside_rows, rounded
from emitters.facts import CheckContext

CODE = "check.PHY-ASH-BALANCE."


def _letter(ctx: CheckContext, ratio: Decimal) -> str:
    """Limestone adds to the ash of a fluidised bed: its upper limits are wider."""
    extra = ctx.p(CODE + "cfb_extra") if burns_cfb(ctx, "") else ZERO
    for letter, name in (("B", "gross"), ("A", "usual")):
        low, high = ctx.p(CODE + name)
        if not low <= ratio <= high + extra:
            return letter
    return ""


@check(
    "PHY-ASH-BALANCE",
    name=_("灰渣平衡"),
    family=Family.PHYSICS,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.INFO, "physics",
            _("灰渣量为煤中灰量的{ratio}倍，超出常见范围{low}～{high}。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "physics",
            _("灰渣量{measured} t为煤中灰量{carried} t的{ratio}倍，超出{low}～{high}。"),
        ),
    },
    basis=_("煤中灰分除少量逸散外全部进入灰渣；校核目录 PHY-ASH-BALANCE。"),
    what=_("煤中灰量 = Σ 消耗量 × Aad ×（100−Mar）÷（100−Mad）；比值 = 灰渣量（干）÷ 煤中灰量，取有检测的月份合计。"),
    why=_("发现少报燃煤、编造灰分。"),
    explain=_("提供灰渣含水率、灰库和灰场库存变化、石膏和脱硫剂混入情况。"),
    ask=_("调取灰渣外运过磅单、销售合同和灰场台账。"),
    parameters=("usual", "gross", "cfb_extra", "min_months"),
)  # fmt: skip
def ash_balance(ctx: CheckContext) -> Iterator[Hit]:
    """Ash of the coal tests against the ash that left the plant, over the year."""
    rows = outside_rows(ctx, "byproduct")
    balance = balance_of(ctx, "", "aad", recorded(rows, "ash_t"))
    if len(balance.carried) < ctx.p(CODE + "min_months"):
        raise NotRun(_("灰渣台账与煤样灰分没有足够的共同月份。"))
    ratio = balance.ratio()
    letter = _letter(ctx, ratio)
    if not letter:
        return
    low, high = ctx.p(CODE + ("gross" if letter == "B" else "usual"))
    months = list(balance.carried)
    hidden = burnt_t(ctx, "", months) * (ratio / high - 1) if ratio > high else ZERO
    yield make_hit(
        letter,
        months=months,
        cells=test_cells(ctx, "", months, "aad"),
        direction=Direction.FAVOURABLE if ratio > high else Direction.UNKNOWN,
        t_co2=hidden,
        root="ash",
        ratio=rounded(ratio),
        low=low,
        high=high,
        carried=rounded(sum(balance.carried.values(), ZERO), 1),
        measured=rounded(sum(balance.measured.values(), ZERO), 1),
        rows=balance.lines(rows),
    )
