"""STA-WEAK-SIGNALS: deviations too small to ask about that point the same way, added up to rank."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.consistency.heat_rate import explained
from emitters.checks.own import carbon, heat_rate, output
from emitters.checks.own.events import TOPICS, declares
from emitters.checks.own.robust import shown
from emitters.checks.support import HUNDRED, make_hit
from emitters.facts import CheckContext

P = "check.STA-WEAK-SIGNALS."
Measure = Callable[[CheckContext, str], float | None]


@check(
    "STA-WEAK-SIGNALS",
    name=_("多项微弱偏差同向"),
    family=Family.STATISTICS,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "model",
            _("各项偏差均在允许范围内，合计偏向有利一侧{total}倍标准误（{signs}），仅用于排序。"),
        ),
    },
    basis=_("独立偏差合并（Stouffer法）；校核目录 STA-ONE-DIRECTION、§12"),
    what=_(
        "热耗、供热对燃料的斜率、供热单位燃料、单位热值含碳量较本机组其他年度的变化，"
        "各除以自身标准误后限幅相加，除以项数的平方根；已申报事项可以解释的不计。"
    ),
    why=_("使每项都不足以询问、合起来偏向一方的单位排在前面；不构成疑点。"),
    explain=_("本项不要求说明。"),
    ask=_("抽查时优先核对所列各项的原始记录。"),
    parameters=(
        "least", "clip", "alike", "share",
        *carbon.PARAMETERS, *heat_rate.PARAMETERS, *output.PARAMETERS, TOPICS,
    ),
)  # fmt: skip
def weak_signals(ctx: CheckContext) -> Iterator[Hit]:
    """One figure for each kind of signal, over all generators."""
    low, high = (float(v) for v in ctx.p(P + "clip"))
    found: dict[str, tuple[Any, float]] = {}
    for name, (title, measure) in SIGNALS.items():
        own = [z for a in ctx.accounts.generators if (z := measure(ctx, a.number)) is not None]
        if own:
            found[name] = title, min(max(_together(ctx, own), low), high)
    if not found:
        raise NotRun(_("没有可合并的偏差。"))
    total = sum(z for _title, z in found.values()) / len(found) ** 0.5
    if total <= float(ctx.p(P + "least")):
        return
    share = ctx.p(P + "share") * shown(total, 3) / HUNDRED
    yield make_hit(
        "A",
        direction=Direction.FAVOURABLE,
        t_co2=ctx.accounts.t_exact * share,
        root="weak-signals",
        total=shown(total, 2),
        count=len(found),
        signs={str(title): shown(z, 2) for title, z in found.values()},
    )


def _together(ctx: CheckContext, values: Sequence[float]) -> float:
    """Neighbours share belt, calorimeter and coal, so their deviations are partly the same one."""
    count, alike = len(values), float(ctx.p(P + "alike"))
    return sum(values) / float(count + count * (count - 1) * alike) ** 0.5


def _heat_rate(ctx: CheckContext, number: str) -> float | None:
    model = heat_rate.heat_rate_of(ctx, number)
    shift = heat_rate.year_shift(ctx, model) if model is not None else None
    if shift is None or explained(ctx, shift):
        return None
    return -shift.change / shift.error


def _heat_slope(ctx: CheckContext, number: str) -> float | None:
    if declares(ctx, ctx.report, "heat_rate") or declares(ctx, ctx.report, "output"):
        return None
    found = heat_rate.heat_slope(ctx, number)
    return None if found is None else -found[0] / found[1]


def _heat_fuel(ctx: CheckContext, number: str) -> float | None:
    step = output.heat_fuel_step(ctx, number)
    if step is None or declares(ctx, ctx.report, "output"):
        return None
    return -step.change / step.error


def _carbon(ctx: CheckContext, number: str) -> float | None:
    now = carbon.coal_year(ctx, ctx.report.year, number)
    others = carbon.other_coal_years(ctx, number) if now is not None else []
    if now is None or not others or declares(ctx, ctx.report, "coal"):
        return None
    seen = carbon.change(ctx, now, others)
    if carbon.other_coal(ctx, seen.kind):
        return None
    return -seen.carbon_per_heat / seen.error


SIGNALS: dict[str, tuple[Any, Measure]] = {
    "heat_rate": (_("热耗"), _heat_rate),
    "heat_slope": (_("供热斜率"), _heat_slope),
    "heat_fuel": (_("供热煤耗"), _heat_fuel),
    "carbon": (_("碳热比"), _carbon),
}
