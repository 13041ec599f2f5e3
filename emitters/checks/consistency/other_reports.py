"""CON-OTHER-REPORTS."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.comparison import cells, per_tonne, reported, scaled_gain
from emitters.checks.support import HUNDRED, ZERO, make_hit, outside_rows, rounded
from emitters.facts import COAL, CheckContext
from emitters.outside import OutsideRow

CODE = "check.CON-OTHER-REPORTS."
COAL_USE = "燃煤消耗量"
_PRODUCTION = {"发电量": "gen", "供热量": "heat"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the report as a year's amount; `cells` where it stands."""

    amount: Decimal
    cells: tuple[str, ...]


def _coal(ctx: CheckContext) -> Fact | None:
    """Coal in every form: other offices do not tell gangue and slime from coal."""
    uses = [
        use
        for generator in ctx.report.generators
        for use in generator.fuels
        if "煤" in use.fuel and "气" not in use.fuel
    ]
    rows = [row for use in uses if (row := use.get("fc"))]
    if not rows:
        return None
    return Fact(sum((row.total for row in rows), ZERO), tuple(row.cell() for row in rows))


def _fact(ctx: CheckContext, item: str) -> Fact | None:
    if item == COAL_USE:
        return _coal(ctx)
    months = reported(ctx, _PRODUCTION[item])
    if not months:
        return None
    return Fact(sum(months.values(), ZERO), tuple(cells(ctx, _PRODUCTION[item], months)))


def _stake(ctx: CheckContext, item: str, mine: Decimal, theirs: Decimal) -> dict[str, Any]:
    """Direction and tonnes: less coal, or more output, than elsewhere helps the enterprise."""
    if item == COAL_USE:
        hidden = theirs - mine
        return {
            "direction": Direction.FAVOURABLE if hidden > 0 else Direction.UNFAVOURABLE,
            "t_co2": hidden * per_tonne(ctx, COAL),
        }
    factor = theirs / mine
    gain = scaled_gain(ctx, "", **{"output" if item == "发电量" else "heat": factor})
    return {
        "direction": Direction.FAVOURABLE if gain > 0 else Direction.UNFAVOURABLE,
        "t_allowance": gain,
    }


def _compare(
    ctx: CheckContext, item: str, agency: str, rows: Sequence[OutsideRow]
) -> Iterator[Hit]:
    fact, theirs = _fact(ctx, item), sum((r["amount"] for r in rows), ZERO)
    if fact is None or not fact.amount or not theirs:
        return
    share = fact.amount / theirs - 1
    if abs(share) <= ctx.p(CODE + "share"):
        return
    yield make_hit(
        "B" if abs(share) > ctx.p(CODE + "gross_share") else "A",
        cells=fact.cells,
        root=f"other:{item}",
        item=item,
        agency=agency,
        reported=fact.amount,
        recorded=theirs,
        share=rounded(share * HUNDRED),
        place="；".join(r.place for r in rows),
        **_stake(ctx, item, fact.amount, theirs),
    )


@check(
    "CON-OTHER-REPORTS",
    name=_("多部门口径比对"),
    family=Family.CONSISTENCY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.INFO, "cross",
            _("{item}填报{reported}，向{agency}填报{recorded}，相差{share}%。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "cross",
            _("{item}填报{reported}，向{agency}填报{recorded}，相差{share}%，需要说明口径。"),
        ),
    },
    basis=_("核查技术指南：与能源统计报表（205-1表）等交叉核对；校核目录 CON-OTHER-REPORTS。"),
    what=_("同一年度燃煤消耗量、发电量、供热量与统计、税务、排污许可等报表比较：填报 ÷ 其他报表 − 1。"),
    why=_("发现对不同部门报不同的数。"),
    explain=_("提供口径差异对照表：核算边界、非发电用煤、外供与自用、统计截止日。"),
    ask=_("调取能源统计表、排污许可执行报告、环境保护税申报表原件。"),
    parameters=("share", "gross_share"),
)  # fmt: skip
def other_reports(ctx: CheckContext) -> Iterator[Hit]:
    """The year's coal, power and heat against forms filed with other offices."""
    rows = outside_rows(ctx, "statistics")
    if not any(_fact(ctx, r["item"]) for r in rows):
        raise NotRun(_("报告没有可与其他部门报表比对的指标。"))
    for agency, item in dict.fromkeys((r["agency"], r["item"]) for r in rows):
        own = [r for r in rows if (r["agency"], r["item"]) == (agency, item)]
        yield from _compare(ctx, item, agency, own)
