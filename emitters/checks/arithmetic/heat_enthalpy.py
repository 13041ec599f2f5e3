"""ARI-HEAT-ENTHALPY."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.comparison import Sides, cells, places, recorded, reported, scaled_gain
from emitters.checks.consistency.heat_settle import bills
from emitters.checks.support import HUNDRED, ZERO, make_hit, rounded
from emitters.facts import CheckContext
from emitters.outside import OutsideRow

CODE = "check.ARI-HEAT-ENTHALPY."


def _steam(rows: Sequence[OutsideRow]) -> dict[str, list[OutsideRow]]:
    """Bills with heat and steam, by customer: each has a header of its own."""
    found: dict[str, list[OutsideRow]] = {}
    for row in rows:
        if row["steam_t"] and row["heat_gj"]:
            found.setdefault(row["customer"], []).append(row)
    return found


def _implied(ctx: CheckContext, row: OutsideRow) -> Decimal:
    """kJ/kg that a bill's heat and steam amount to: Q = D × (h − 83.74) / 1000."""
    return row["heat_gj"] * 1000 / row["steam_t"] + ctx.p(CODE + "water_20")


def _line(ctx: CheckContext, row: OutsideRow) -> dict[str, Any]:
    return {
        "month": row["month"],
        "heat": row["heat_gj"],
        "steam": row["steam_t"],
        "enthalpy": row["enthalpy"],
        "implied": rounded(_implied(ctx, row), 1),
        "place": row.place,
    }


def _impossible(ctx: CheckContext, customer: str, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """Enthalpy that no steam on sale has."""
    low, high = ctx.p(CODE + "reality")
    bad = [r for r in rows if not low <= _implied(ctx, r) <= high]
    if not bad:
        return
    over = [r for r in bad if _implied(ctx, r) > high]
    water = ctx.p(CODE + "water_20")
    extra = sum((r["heat_gj"] - r["steam_t"] * (high - water) / 1000 for r in over), ZERO)
    yield make_hit(
        "A",
        months=[int(r["month"]) for r in bad],
        direction=Direction.FAVOURABLE if over else Direction.UNFAVOURABLE,
        t_allowance=_gain(ctx, extra),
        root="heat-enthalpy",
        customer=customer,
        low=low,
        high=high,
        implied=[rounded(_implied(ctx, r), 1) for r in bad],
        rows=[_line(ctx, r) for r in bad],
    )


def _mismatch(ctx: CheckContext, customer: str, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """Billed heat against steam times enthalpy over the year."""
    known = [r for r in rows if r["enthalpy"]]
    if not known:
        return
    water = ctx.p(CODE + "water_20")
    billed = sum((r["heat_gj"] for r in known), ZERO)
    due = sum((r["steam_t"] * (r["enthalpy"] - water) / 1000 for r in known), ZERO)
    if due > 0 and abs(billed / due - 1) > ctx.p(CODE + "share"):
        yield make_hit(
            "B",
            months=[int(r["month"]) for r in known],
            direction=Direction.FAVOURABLE if billed > due else Direction.UNFAVOURABLE,
            t_allowance=_gain(ctx, billed - due),
            root="heat-enthalpy",
            customer=customer,
            billed=billed,
            due=rounded(due),
            share=rounded((billed / due - 1) * HUNDRED),
            rows=[_line(ctx, r) for r in known],
        )


def _gain(ctx: CheckContext, extra: Decimal) -> Decimal:
    """Allowances for so much heat; nothing for heat that the report does not hold."""
    whole = sum(reported(ctx, "heat").values(), ZERO)
    return scaled_gain(ctx, "", heat=1 - extra / whole) if 0 < extra < whole else ZERO


def _returned(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """Reported heat that meets the bills only when the returned water's heat is left in."""
    sides = Sides.of(reported(ctx, "heat"), recorded(rows, "heat_gj"))
    back = recorded(rows, "return_gj")
    returned = sum((v for m, v in back.items() if m in sides.reported), ZERO)
    if returned <= ctx.p(CODE + "return_share") * sides.counted:
        return
    gross, match = sides.counted + returned, ctx.p(CODE + "match")
    if abs(sides.total / gross - 1) <= match and sides.share > match:
        yield make_hit(
            "C",
            cells=cells(ctx, "heat", sides.months),
            direction=Direction.FAVOURABLE,
            t_allowance=_gain(ctx, sides.gap),
            root="heat",
            reported=sides.total,
            recorded=sides.counted,
            returned=returned,
            place=places([r for r in rows if r["return_gj"]]),
        )


@check(
    "ARI-HEAT-ENTHALPY",
    name=_("供热量折算"),
    family=Family.ARITHMETIC,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL, "physics",
            _("{customer}{month_list}月结算热量与蒸汽量折合焓值{implied} kJ/kg，超出{low}～{high} kJ/kg。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "cross",
            _("{customer}结算热量{billed} GJ，按蒸汽量与焓值计算为{due} GJ，相差{share}%。"),
        ),
        "C": Outcome(
            Severity.CRITICAL, "cross",
            _("供热量填报{reported} GJ，结算{recorded} GJ，与结算加回水热量{returned} GJ相符：回水热量似未扣除。"),
        ),
    },
    basis=_("核算指南供热量公式：Q = 蒸汽量 ×（焓值 − 83.74）÷ 1000，回水热量应扣除；核查技术指南表15。"),
    what=_("逐月由结算热量和蒸汽量反算焓值；按用户全年比较结算热量与公式值；填报供热量分别与扣除和未扣除回水的结算热量比较。"),
    why=_("发现以焓值或回水放大供热量。"),
    explain=_("提供各母管压力、温度记录和焓值取值，回水流量与温度记录。"),
    ask=_("调取厂口流量、压力、温度逐日记录，按水蒸气表复算；调取回水计量记录。"),
    parameters=("reality", "water_20", "share", "return_share", "match"),
)  # fmt: skip
def heat_enthalpy(ctx: CheckContext) -> Iterator[Hit]:
    """Billed heat against steam, enthalpy and returned water."""
    rows = bills(ctx)
    steam = _steam(rows)
    if not steam and not any(r["return_gj"] for r in rows):
        raise NotRun(_("供热结算没有蒸汽量或回水热量。"))
    for customer, own in steam.items():
        yield from _impossible(ctx, customer, own)
        yield from _mismatch(ctx, customer, own)
    yield from _returned(ctx, rows)
