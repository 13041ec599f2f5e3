"""STA-BACKSOLVED: fuel that was worked out from the figure that it should lead to."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import ZERO, annual, make_hit
from emitters.facts import MONTHS, CheckContext

P = "check.STA-BACKSOLVED."
NAMES = {"gen": _("发电"), "sup": _("供电")}


class Rate(NamedTuple):
    """Coal rate of a month, g/kWh (standard coal), and what rounding of the report may change in it."""

    month: int
    value: float
    error: float


@check(
    "STA-BACKSOLVED",
    name=_("燃料消耗量疑由目标反推"),
    family=Family.STATISTICS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "statistics",
            _(
                "机组{generator}{month_list}月由燃料消耗量算得的{kind}煤耗均为{rate}g/kWh，误差不超过修约。"
            ),
        ),
        "B": Outcome(
            Severity.INFO,
            "statistics",
            _("全厂核定配额比排放量多{surplus}%，恰好略有盈余。"),
        ),
    },
    basis=_(
        "燃料消耗量应为计量值；逐月煤耗随负荷、煤质、季节变化，不会在五位有效数字上相同；校核目录 STA-BACKSOLVED"
    ),
    what=_(
        "（各燃料热量－供热分摊）÷29.3076÷发电量（供电量），按实际燃料消耗量计算到千分之一克；"
        "四个以上月份在修约误差内为同一数值的为严重；配额盈余0～0.5%仅提示。"
    ),
    why=_("发现由计划煤耗、基准值倒推的燃料消耗量。"),
    explain=_("燃料消耗量的计量原理说明；按规定由热量反算燃料量的审批。"),
    ask=_("皮带秤累计读数、日台账与抄表记录、月度煤耗计算表。"),
    parameters=("months", "accuracy", "surplus"),
)
def back_solved(ctx: CheckContext) -> Iterator[Hit]:
    """Months of one generator with one and the same coal rate."""
    seen = False
    for account in ctx.accounts.generators:
        for kind in NAMES:
            rates = _rates(ctx, account, kind)
            seen = seen or bool(rates)
            same = _same(rates)
            if len(same) >= ctx.p(P + "months"):
                yield _hit(account, kind, same)
                break
    if not seen:
        raise NotRun(_("没有可计算煤耗的月份。"))
    yield from _hugging(ctx)


def _rates(ctx: CheckContext, account: GeneratorAccount, kind: str) -> list[Rate]:
    """Rates of the months with output. The heat share is reported to 0.01 %, fuel to 0.01 t."""
    found = []
    accuracy = float(ctx.p(P + "accuracy"))
    for month in MONTHS:
        power = account.generator.value(kind, month)
        heat = account.heat_gj_month[month - 1]
        if not power or not heat:
            continue
        share = float(account.generator.value("heat_ratio", month) or ZERO) / 100
        whole = float(heat) / 29.3076 / float(power) * 1000
        found.append(
            Rate(month, whole * (1 - share), whole * (accuracy + (0.00005 if share else 0)))
        )
    return found


def _same(rates: list[Rate]) -> list[Rate]:
    """The most months that one rate within their errors may stand for."""
    best: list[Rate] = []
    for middle in rates:
        alike = [r for r in rates if abs(r.value - middle.value) <= r.error + middle.error]
        if len(alike) > len(best):
            best = alike
    return best


def _hit(account: GeneratorAccount, kind: str, same: list[Rate]) -> Hit:
    fuels = [use for use in account.generator.fuels if (row := use.get("fc")) and any(row.months)]
    cells = [use.series["fc"].cell(r.month) for use in fuels[:1] for r in same]
    middle = sorted(r.value for r in same)[len(same) // 2]
    return make_hit(
        "A",
        generator=account.number,
        months=[r.month for r in same],
        cells=cells,
        direction=Direction.UNKNOWN,
        root="heat-rate",
        kind=str(NAMES[kind]),
        rate=f"{middle:.2f}",
        rates={str(r.month): f"{r.value:.4f} ± {r.error:.4f}" for r in same},
        output={str(r.month): account.generator.value(kind, r.month) for r in same},
        year_output=annual(account.generator, kind),
    )


def _hugging(ctx: CheckContext) -> Iterator[Hit]:
    """Allowances just above emissions: many plants are near that line in all honesty."""
    allowed, emitted = ctx.accounts.allowance_t, ctx.accounts.obligation_t
    if not allowed or not emitted:
        return
    surplus = 100 * (allowed - emitted) / emitted
    if ZERO <= surplus <= ctx.p(P + "surplus"):
        yield make_hit(
            "B",
            direction=Direction.UNKNOWN,
            root="target",
            surplus=f"{surplus:.2f}",
            allowance=allowed,
            emissions=Decimal(emitted),
        )
