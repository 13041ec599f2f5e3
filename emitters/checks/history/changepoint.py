"""HIS-CHANGEPOINT: a lasting step in the unit's own monthly carbon per heat."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from math import sqrt
from statistics import fmean, median
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.history.monthly import Point, measured_carbon, pure, years
from emitters.checks.own.events import TOPICS, declares
from emitters.checks.support import ZERO, make_hit
from emitters.facts import CheckContext

P = "check.HIS-CHANGEPOINT."
CONSULTANT = "报告编制咨询机构"
MAD = 1.4826  # median absolute deviation × this = standard deviation of a bell curve


class Step(NamedTuple):
    """Before and after a month: levels (medians), the fall in percent, and how many standard errors
    it is worth."""

    at: int
    before: float
    after: float
    fall: float
    z: float


@check(
    "HIS-CHANGEPOINT",
    name=_("单位热值含碳量阶跃下降"),
    family=Family.HISTORY,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "history",
            _(
                "机组{generator}单位热值含碳量自{since}起由{before}降至{after}tC/GJ（{fall}%），此后持续。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}单位热值含碳量自{since}起由{before}降至{after}tC/GJ（{fall}%），同时{changed}，未申报煤种变化。"
            ),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}单位热值含碳量自{since}起由{before}降至{after}tC/GJ（{fall}%），挥发分未变，未申报煤种变化。"
            ),
        ),
    },
    basis=_(
        "同一煤源的单位热值含碳量逐月围绕同一水平波动；校核目录 HIS-CHANGEPOINT（累积和、PELT）"
    ),
    what=_(
        "本机组历年逐月实测单位热值含碳量：每个分割点前后中位数之差除以其标准误（由逐月残差的中位绝对偏差和自相关估计），取最大者；"
        "干燥无灰基碳同时下降而挥发分未变的，前后两月内更换检测机构或咨询机构且降幅超过1.5%、或降幅超过2%为严重。"
        "已申报事项的不作询问。"
    ),
    why=_("发现更换检测机构或咨询机构之后出现的新数值。"),
    explain=_("供应商或矿点变更合同、煤质资料；检测机构之间的比对结果。"),
    ask=_("更换前后检测报告原件与原始记录、留存样由原机构复测、咨询合同。"),
    parameters=(
        "months",
        "side",
        "z",
        "fall",
        "fall_pure",
        "fall_changed",
        "fall_alone",
        "volatiles",
        "near",
        TOPICS,
    ),
)
def change_point(ctx: CheckContext) -> Iterator[Hit]:
    """The strongest step in each generator's series, if it lies in this report's year."""
    seen = False
    for account in ctx.accounts.generators:
        series = [p for r in years(ctx) for p in measured_carbon(ctx, r, account.number)]
        if len(series) < ctx.p(P + "months") or series[-1].year != ctx.report.year:
            continue
        seen = True
        step = _strongest(series, int(ctx.p(P + "side")))
        if step is None or step.at // 12 < ctx.report.year - 1:
            continue
        first = next(p for p in series if p.at == step.at)
        strong = step.z >= ctx.p(P + "z") and step.fall >= ctx.p(P + "fall")
        if strong and first.year == ctx.report.year:
            yield _hit(ctx, account, series, step)
    if not seen:
        raise NotRun(_("实测元素碳的月份不足以判断突变。"))


def _strongest(series: Sequence[Point], side: int) -> Step | None:
    """The split whose levels differ most for their scatter; both sides hold enough months."""
    values = [p.value for p in series]
    steps = [
        _step(series[k].at, values[:k], values[k:]) for k in range(side, len(values) - side + 1)
    ]
    return max(steps, key=lambda s: abs(s.z), default=None)


def _step(at: int, before: list[float], after: list[float]) -> Step:
    low, high = median(before), median(after)
    rest = [v - low for v in before] + [v - high for v in after]
    spread = max(MAD * median(abs(r) for r in rest), 1e-6 * low)
    square = sum(r * r for r in rest)
    next_to = sum(a * b for a, b in pairwise(rest))
    memory = min(max(next_to / square if square else 0.0, 0.0), 0.7)
    # A median's error is 1.25 times a mean's; months that remember the last one tell less.
    error = 1.25 * spread * sqrt(1 / len(before) + 1 / len(after))
    error *= sqrt((1 + memory) / (1 - memory))
    return Step(at, low, high, 100 * (1 - high / low), (low - high) / error)


def _hit(ctx: CheckContext, account: GeneratorAccount, series: list[Point], step: Step) -> Hit:
    changes = _changes(ctx, series, step)
    letter = "A"
    if not declares(ctx, ctx.report, "coal") and _same_coal_poorer(ctx, account.number, step):
        if changes and step.fall >= ctx.p(P + "fall_changed"):
            letter = "B"
        elif step.fall >= ctx.p(P + "fall_alone"):
            letter = "C"
    months = [p.month for p in series if p.at >= step.at]
    burnt = sum((account.t_month[m - 1] or ZERO for m in months), ZERO)
    row = account.coal.use.get("c_ar") if account.coal else None
    return make_hit(
        letter,
        generator=account.number,
        months=months,
        cells=[row.cell(m) for m in months] if row else (),
        direction=Direction.FAVOURABLE,
        t_co2=burnt * Decimal(step.fall / (100 - step.fall)),
        root="carbon",
        since=f"{(step.at - 1) // 12}-{(step.at - 1) % 12 + 1:02d}",
        before=f"{step.before:.5f}",
        after=f"{step.after:.5f}",
        fall=f"{step.fall:.2f}",
        z=f"{step.z:.1f}",
        changed=changes,
        series=[{"year": p.year, "month": p.month, "cc": f"{p.value:.5f}"} for p in series],
    )


def _changes(ctx: CheckContext, series: Sequence[Point], step: Step) -> dict[str, str]:
    """What else changed within two months of the step, from what to what."""
    near = int(ctx.p(P + "near"))
    found = {}
    for last, point in pairwise(series):
        other = last.laboratory and point.laboratory and last.laboratory != point.laboratory
        if other and abs(point.at - step.at) <= near:
            found[str(_("更换检测机构"))] = f"{last.laboratory}→{point.laboratory}"
    consultants = [str(r.basic.get(CONSULTANT) or "").strip() for r in years(ctx)[-2:]]
    january = ctx.report.year * 12 + 1
    if len(set(consultants)) > 1 and consultants[-1] and abs(step.at - january) <= near:
        found[str(_("更换咨询机构"))] = f"{consultants[0]}→{consultants[-1]}"
    return found


def _same_coal_poorer(ctx: CheckContext, number: str, step: Step) -> bool:
    """Whether the laboratory's pure carbon fell too, while volatiles say that the coal is the same."""
    carbon = _levels(ctx, number, step, "cad")
    volatiles = _levels(ctx, number, step, "vad")
    if volatiles and abs(volatiles[1] - volatiles[0]) > ctx.p(P + "volatiles"):
        return False
    return not carbon or 100 * (1 - carbon[1] / carbon[0]) >= ctx.p(P + "fall_pure")


def _levels(ctx: CheckContext, number: str, step: Step, name: str) -> tuple[float, float] | None:
    """Means before and after the step, % dry ash-free; None where a side has no tests."""
    points = [p for r in years(ctx) for p in pure(r, number, name)]
    before = [p.value for p in points if p.at < step.at]
    after = [p.value for p in points if p.at >= step.at]
    return (fmean(before), fmean(after)) if before and after else None
