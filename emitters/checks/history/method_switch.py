"""HIS-METHOD-SWITCH: the step from default to measured carbon."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from statistics import fmean
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.history.monthly import Point, default_months, measured_carbon
from emitters.checks.support import UNCONVENTIONAL, ZERO, make_hit
from emitters.facts import CheckContext, ReportFacts

P = "check.HIS-METHOD-SWITCH."


@check(
    "HIS-METHOD-SWITCH",
    name=_("缺省值改实测后降幅过大"),
    family=Family.HISTORY,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}改为实测后单位热值含碳量{now}tC/GJ，较缺省值下降{drop}%，比{rank}通常降幅{expected}%多{excess}个百分点。"
            ),
        ),
        "B": Outcome(
            Severity.INFO,
            "history",
            _("机组{generator}首批实测单位热值含碳量{now}tC/GJ，较其后月份平均{later}低{fall}%。"),
        ),
    },
    basis=_(
        "各煤种单位热值含碳量参考值（烟煤0.02618、褐煤0.02797、无烟煤0.02749tC/GJ）与当年缺省值之差即通常降幅；"
        "校核目录 HIS-METHOD-SWITCH"
    ),
    what=_(
        "缺省值月份之后首批（至多六个月）实测值的平均降幅，与该煤种通常降幅比较；并与其后实测月份比较。"
    ),
    why=_("发现为摆脱缺省值而编造或挑选的首批检测。"),
    explain=_("煤种、矿点检测资料；首批煤样采制样与检测的完整记录。"),
    ask=_("首批检测报告原件与原始记录、留存样复测、分矿点煤质资料。"),
    parameters=("first", "least", "excess", "later"),
)
def method_switch(ctx: CheckContext) -> Iterator[Hit]:
    """Generators whose first measured months lie in this report, after months at the default."""
    reference = ctx.params.maybe("coal.reference_cc", date(ctx.report.year, 1, 1)) or {}
    seen = False
    for account in ctx.accounts.generators:
        first, default = _first_measured(ctx, account)
        if len(first) < ctx.p(P + "least") or default is None or account.coal is None:
            continue
        rank = account.coal.use.rank
        if rank in reference and account.generator.category != UNCONVENTIONAL:
            seen = True
            yield from _drop(ctx, account, first, default, float(reference[rank]), rank)
        yield from _too_good(ctx, account, first)
    if not seen:
        raise NotRun(_("没有由缺省值改为实测的机组。"))


def _first_measured(
    ctx: CheckContext, account: GeneratorAccount
) -> tuple[list[Point], float | None]:
    """The first measured months, if they are this report's, and the default that was left."""
    number = account.number
    past = [h for h in ctx.history if h.year < ctx.report.year]
    if any(True for h in past for _p in measured_carbon(ctx, h, number)):
        return [], None
    own = list(measured_carbon(ctx, ctx.report, number))
    early = default_months(ctx, ctx.report, number)
    after = [p for p in own if not early or p.month > min(early)]
    if not after or not (early or _at_default(ctx, past, number)):
        return [], None
    on = date(ctx.report.year, after[0].month, 1)
    default = ctx.params.maybe("coal.default_cc", on)
    return after[: int(ctx.p(P + "first"))], float(default) if default else None


def _at_default(ctx: CheckContext, past: list[ReportFacts], number: str) -> bool:
    return bool(past) and bool(default_months(ctx, past[-1], number))


def _drop(
    ctx: CheckContext,
    account: GeneratorAccount,
    first: list[Point],
    default: float,
    reference: float,
    rank: str,
) -> Iterator[Hit]:
    now = fmean(p.value for p in first)
    drop, expected = 100 * (1 - now / default), 100 * (1 - reference / default)
    if drop - expected > ctx.p(P + "excess"):
        burnt = sum((account.t_month[p.month - 1] or ZERO for p in first), ZERO)
        hidden = burnt * Decimal((drop - expected) / (100 - drop))
        yield _hit(
            account, "A", first, hidden, rank=rank, drop=f"{drop:.2f}",
            expected=f"{expected:.2f}", excess=f"{drop - expected:.2f}",
        )  # fmt: skip


def _too_good(ctx: CheckContext, account: GeneratorAccount, first: list[Point]) -> Iterator[Hit]:
    """Later years, or else the rest of this one, that are higher: only time tells."""
    later_years = (h for h in ctx.history if h.year > ctx.report.year)
    later = [p.value for h in later_years for p in measured_carbon(ctx, h, account.number)]
    if not later:
        rest = measured_carbon(ctx, ctx.report, account.number)
        later = [p.value for p in rest if p.month > first[-1].month]
    if len(later) < ctx.p(P + "first"):
        return
    usual, now = fmean(later), fmean(p.value for p in first)
    fall = 100 * (1 - now / usual)
    if fall > ctx.p(P + "later"):
        yield _hit(account, "B", first, ZERO, later=f"{usual:.5f}", fall=f"{fall:.2f}")


def _hit(
    account: GeneratorAccount, letter: str, first: list[Point], hidden: Decimal, **values: Any
) -> Hit:
    coal = account.coal
    row = coal.use.get("c_ar") if coal else None
    return make_hit(
        letter,
        generator=account.number,
        months=[p.month for p in first],
        cells=[row.cell(p.month) for p in first] if row else (),
        direction=Direction.FAVOURABLE,
        t_co2=hidden,
        root="carbon",
        now=f"{fmean(p.value for p in first):.5f}",
        measured={str(p.month): f"{p.value:.5f}" for p in first},
        **values,
    )
