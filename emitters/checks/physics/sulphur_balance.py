"""PHY-SULPHUR-BALANCE."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import StatisticsError, correlation, mean, pstdev

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.comparison import by_generator, recorded, scope
from emitters.checks.physics.residues import Balance, balance_of, burns_cfb, burnt_t, test_cells
from emitters.checks.support import HUNDRED, ZERO, make_hit, outside_rows, rounded
from emitters.facts import CheckContext
from emitters.outside import OutsideRow

CODE = "check.PHY-SULPHUR-BALANCE."
SULPHUR_IN_SO2 = Decimal("0.5")


def _quarters(balance: Balance) -> dict[int, list[int]]:
    """Quarters with at least two months."""
    found: dict[int, list[int]] = {}
    for month in balance.carried:
        found.setdefault((month - 1) // 3 + 1, []).append(month)
    return {q: months for q, months in found.items() if len(months) > 1}


def _level(ctx: CheckContext, number: str, b: Balance, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    low, high = ctx.p(CODE + "year")
    ratio = b.ratio()
    if not low <= ratio <= high:
        yield make_hit(
            "A",
            generator=number,
            scope=scope(number),
            months=b.carried,
            root=f"sulphur:{number}",
            ratio=rounded(ratio),
            low=low,
            high=high,
            rows=b.lines(rows),
        )


def _shift(ctx: CheckContext, number: str, b: Balance, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """A ratio that moves between quarters: the level may be a biased meter, a jump is not."""
    quarters = _quarters(b)
    ratios = {q: b.ratio(months) for q, months in quarters.items()}
    if len(ratios) < 2 or not min(ratios.values()):
        return
    shift = max(ratios.values()) / min(ratios.values()) - 1
    limit = ctx.p(CODE + "quarter_shift") + _test_noise(ctx, b)
    if shift <= limit:
        return
    top = max(ratios, key=lambda q: ratios[q])
    months = quarters[top]
    usual = sorted(ratios.values())[(len(ratios) - 1) // 2]
    yield make_hit(
        "B",
        generator=number,
        scope=scope(number),
        months=months,
        cells=test_cells(ctx, number, months, "stad"),
        t_co2=burnt_t(ctx, number, months) * (ratios[top] / usual - 1),
        root=f"sulphur:{number}",
        quarters={f"第{q}季度": rounded(r) for q, r in ratios.items()},
        shift=rounded(shift * HUNDRED),
        limit=rounded(limit * HUNDRED),
        rows=b.lines(rows),
    )


def _test_noise(ctx: CheckContext, b: Balance) -> Decimal:
    """How far one test a month may move a quarter's ratio: the repeatability of the test, in points,
    weighs more the less sulphur the coal holds."""
    content = sum(b.carried.values(), ZERO) / sum(b.coal.values(), ZERO) * HUNDRED
    return ctx.p(CODE + "test_points") / content if content else ZERO


def _follows(
    ctx: CheckContext, number: str, b: Balance, rows: Sequence[OutsideRow]
) -> Iterator[Hit]:
    """Sulphur of the tests that does not rise and fall with what the stack measured."""
    if len(b.carried) < ctx.p(CODE + "min_months"):
        return
    tested = [float(b.carried[m] / b.coal[m]) for m in b.carried]
    behind = [float(b.measured[m] / b.coal[m]) for m in b.carried]
    if not mean(behind) or pstdev(behind) < float(ctx.p(CODE + "spread")) * mean(behind):
        return
    try:
        r = Decimal(repr(correlation(tested, behind)))
    except StatisticsError:  # every test shows the same sulphur
        r = ZERO
    if r < ctx.p(CODE + "correlation"):
        yield make_hit(
            "C",
            generator=number,
            scope=scope(number),
            months=b.carried,
            cells=test_cells(ctx, number, list(b.carried), "stad"),
            root=f"sulphur:{number}",
            correlation=rounded(r),
            limit=ctx.p(CODE + "correlation"),
            rows=b.lines(rows),
        )


@check(
    "PHY-SULPHUR-BALANCE",
    name=_("硫平衡"),
    family=Family.PHYSICS,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.INFO, "physics",
            _("（{scope}）脱硫入口硫量为煤中硫量的{ratio}倍，超出{low}～{high}。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "physics",
            _("（{scope}）脱硫入口硫量与煤中硫量之比在季度间变化{shift}%，超过{limit}%：{quarters}。"),
        ),
        "C": Outcome(
            Severity.CRITICAL, "physics",
            _("（{scope}）逐月检测硫分与在线监测硫量的相关系数为{correlation}，低于{limit}。"),
        ),
    },
    basis=_("燃煤硫分绝大部分进入烟气；校核目录 PHY-SULPHUR-BALANCE。"),
    what=_("煤中硫量 = 消耗量 × Stad ×（100−Mar）÷（100−Mad）；脱硫入口硫量 = 二氧化硫 ÷ 2。比较全年比值、季度间比值变化、逐月吨煤硫量的相关系数；循环流化床炉内脱硫，不参加。"),
    why=_("发现少报燃煤、样品不是本厂入炉煤、编造检测结果。"),
    explain=_("提供在线监测校准记录、炉内脱硫剂用量、配煤和换煤记录。"),
    ask=_("调取脱硫入口浓度与流量小时值、石灰石和石膏台账，对留样复测硫分。"),
    parameters=("year", "quarter_shift", "test_points", "min_months", "spread", "correlation"),
)  # fmt: skip
def sulphur_balance(ctx: CheckContext) -> Iterator[Hit]:
    """Sulphur of the coal tests against the stack."""
    rows = [r for r in outside_rows(ctx, "cems") if r["so2_t"] is not None]
    seen = False
    groups = by_generator(ctx, rows)
    for number, own in groups.items():
        if burns_cfb(ctx, number):
            continue
        so2 = {m: v * SULPHUR_IN_SO2 for m, v in recorded(own, "so2_t").items()}
        balance = balance_of(ctx, number, "stad", so2)
        if len(_quarters(balance)) < 1:
            continue
        seen = True
        yield from _level(ctx, number, balance, own)
        yield from _shift(ctx, number, balance, own)
        yield from _follows(ctx, number, balance, own)
    if not seen:
        raise NotRun(_("没有脱硫入口二氧化硫，或缺少可对应的煤样硫分。"))
