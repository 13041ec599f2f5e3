"""Running one check on one made-up report."""

from carbonwatch.checks.registry import Hit, get_check
from carbonwatch.params.values import shipped
from emitters.calc.accounts import account
from emitters.facts import CheckContext, ReportFacts


def hits(code: str, report: ReportFacts, **around: object) -> list[Hit]:
    """What the check yields; `NotRun` passes through."""
    context = CheckContext(report, account(report, shipped()), shipped(), **around)
    return list(get_check(code).run(context))


def letters(code: str, report: ReportFacts, **around: object) -> list[tuple[str, tuple[int, ...]]]:
    """(letter, months) of every result."""
    return [(h.letter, h.months) for h in hits(code, report, **around)]
