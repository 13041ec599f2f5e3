"""What the plant declared of its year (生产经营变化说明), by what it can explain."""

from collections.abc import Mapping, Sequence

from emitters.checks.support import declared_change
from emitters.facts import CheckContext, ReportFacts

TOPICS = "own_normal.topics"


def declares(ctx: CheckContext, report: ReportFacts, topic: str) -> bool:
    """Whether the report declares a change that can explain `topic` (`heat_rate` | `coal` | `output`).

    A text that names no known subject may mean anything and explains every topic.
    """
    text = declared_change(report)
    if not text:
        return False
    words: Mapping[str, Sequence[str]] = ctx.p(TOPICS)
    named = {t for t, found in words.items() if any(word in text for word in found)}
    return not named or topic in named


def years_with(ctx: CheckContext, topic: str) -> set[int]:
    """Years of the report and its history that declare a change of that topic."""
    return {r.year for r in (ctx.report, *ctx.history) if declares(ctx, r, topic)}
