"""PRC-VERSION-DIFF: what a correction changed of a report that was handed in before."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.support import HUNDRED, ZERO, make_hit, rounded
from emitters.facts import CheckContext

P = "check.PRC-VERSION-DIFF."


class Step(NamedTuple):
    """From one version to the next. `gain`: tonnes by which emissions fell and allowances rose, `share`
    of the earlier emissions in %."""

    before: Decimal
    after: Decimal
    allowances: Decimal
    gain: Decimal
    share: Decimal
    number: int


@check(
    "PRC-VERSION-DIFF",
    name=_("更正使履约缺口减少"),
    family=Family.PROCESS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "与上一次提交（第{number}版）相比，排放量由{before}变为{after}tCO2，配额变化{allowances}t，合计有利{gain}t，占{share}%，超过{limit}%。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "history",
            _("已有{count}次更正有利于企业，合计{gain}t。"),
        ),
        "C": Outcome(
            Severity.INFO,
            "history",
            _(
                "与上一次提交（第{number}版）相比，排放量由{before}变为{after}tCO2，配额变化{allowances}t（方向不利或在{limit}%之内）。"
            ),
        ),
    },
    basis=_("数据修改须留痕并说明依据；校核目录 PRC-VERSION-DIFF"),
    what=_("本版与此前各次已提交版本的复算排放量、核定配额逐次比较；未提交的草稿不计。"),
    why=_("发现提交以后逐次向有利方向调整的数据。"),
    explain=_("每处更正的原始记录和更正原因；按核查意见更正的，注明意见编号。"),
    ask=_("各版本差异清单、更正前后的原始台账、修改人和修改时间。"),
    parameters=("share", "several"),
)
def version_diff(ctx: CheckContext) -> Iterator[Hit]:
    """The last correction, and all of them together."""
    steps = _steps(ctx)
    if not steps:
        raise NotRun(_("没有更早的已提交版本。"))
    limit = ctx.p(P + "share")
    last = steps[-1]
    if last.gain:
        yield _last_hit("A" if last.share > limit else "C", last, limit)
    favourable = [s for s in steps if s.gain > 0]
    if last.gain > 0 and len(favourable) >= ctx.p(P + "several"):
        yield make_hit(
            "B",
            direction=Direction.FAVOURABLE,
            t_co2=sum((max(s.before - s.after, ZERO) for s in favourable), ZERO),
            root="revisions",
            count=len(favourable),
            gain=rounded(sum((s.gain for s in favourable), ZERO), 0),
            rows=[_line(s) for s in steps],
        )


def _steps(ctx: CheckContext) -> list[Step]:
    accounts = ctx.accounts
    figures = [(r.number, r.t_co2, r.allowance_t) for r in ctx.revisions]
    figures.append((0, accounts.t_co2, accounts.allowance_t))
    return [_step(*a, *b[1:]) for a, b in pairwise(figures)]


def _step(
    number: int,
    before: Decimal,
    allowed: Decimal | None,
    after: Decimal,
    allowed_now: Decimal | None,
) -> Step:
    more = ZERO if allowed is None or allowed_now is None else allowed_now - allowed
    gain = before - after + more
    share = HUNDRED * gain / before if before else ZERO
    return Step(before, after, more, gain, share, number)


def _line(step: Step) -> dict[str, Any]:
    return {
        "number": step.number,
        "before": rounded(step.before, 0),
        "after": rounded(step.after, 0),
        "t_allowance": rounded(step.allowances, 0),
    }


def _last_hit(letter: str, step: Step, limit: Decimal) -> Hit:
    return make_hit(
        letter,
        direction=Direction.FAVOURABLE if step.gain > 0 else Direction.UNFAVOURABLE,
        t_co2=step.before - step.after if letter == "A" else ZERO,
        t_allowance=step.allowances if letter == "A" else ZERO,
        root="revisions",
        limit=limit,
        gain=rounded(step.gain, 0),
        share=rounded(step.share),
        allowances=rounded(step.allowances, 0),
        number=step.number,
        before=rounded(step.before, 0),
        after=rounded(step.after, 0),
    )
