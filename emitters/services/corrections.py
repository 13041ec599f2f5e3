"""Questions that a corrected version no longer shows: cleared, with the code that the change tells."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import F

from carbonwatch.workflow.moves import Shift
from emitters.closing import Closing, closing_of_correction
from emitters.models import CheckResult, Question, ReportVersion


def corrected(
    questions: Sequence[Question], version: ReportVersion, results: Iterable[CheckResult]
) -> list[Shift]:
    """The clearing of questions of earlier versions that `version` no longer shows.

    A code that a person gave stays. Otherwise the change of emissions and allowance decides, unless
    the check still finds something in the same place: then the data moved and nothing was settled.
    """
    if not questions:
        return []
    found = {place for r in results for place in _places(r)}
    earlier = CheckResult.objects.filter(
        question__in=questions, version=F("question__version")
    ).order_by("pk")
    moved = {r.question_id for r in earlier if not found.isdisjoint(_places(r))}
    for question in questions:
        if not question.closing:
            question.closing = (
                Closing.NOT_EXAMINED
                if question.pk in moved
                else closing_of_correction(*_change(question.version, version))
            )
    return [
        Shift(q, "cleared", {"version": version.number, "closing": q.closing}) for q in questions
    ]


def _places(result: CheckResult) -> list[tuple[str, str, str, int]]:
    """Where a result lies: check, letter, generator, and each month (0: the whole year)."""
    place = (result.check_code, result.letter, result.generator)
    return [(*place, month) for month in result.months or [0]]


def _change(older: ReportVersion, newer: ReportVersion) -> tuple[Decimal, Decimal]:
    """By how much emissions (reported, else recomputed) and allowance of a report changed, in t."""
    emissions = _difference(older.t_reported, newer.t_reported) or _difference(
        older.t_recomputed, newer.t_recomputed
    )
    return emissions, _difference(older.t_allowance, newer.t_allowance)


def _difference(older: Decimal | None, newer: Decimal | None) -> Decimal:
    return Decimal(0) if older is None or newer is None else newer - older
