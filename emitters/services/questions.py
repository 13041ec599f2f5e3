"""Questions: explained by the unit with evidence, decided by somebody else."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from carbonwatch.documents.service import attach
from carbonwatch.refusals import Invalid
from carbonwatch.workflow.moves import move
from emitters.closing import CONFIRMED, REFUTED, Closing
from emitters.events import question_upheld
from emitters.models import AnnualReport, Question
from emitters.services.scores import rescore
from emitters.services.summaries import summarised


@transaction.atomic
def question_explain(
    question_id: int,
    *,
    explanation: str,
    files: Sequence[UploadedFile] = (),
    actor: Actor,
    now: datetime,
) -> Question:
    """Answer a question in words, with files as evidence. Raises `Refused` kinds."""
    question = Question.objects.visible_to(actor).locked(question_id)
    question.explanation, question.explained_by, question.explained_at = (
        explanation,
        actor.user,
        now,
    )
    move("explain", question, actor, now, explanation=explanation, files=[f.name for f in files])
    for file in files:
        attach(question, file, actor=actor, now=now)
    return question


def _decide(
    step: str,
    question_id: int,
    note: str,
    actor: Actor,
    now: datetime,
    *,
    closing: str = "",
    among: Collection[str] = ("",),
) -> Question:
    """Take a step of the decision; when it clears the result, the score of the report follows."""
    if closing not in among:
        raise Invalid(
            _("请选择认定结果。"), fields={"closing": [_("该结果不适用于此项认定，请重新选择。")]}
        )
    seen = Question.objects.visible_to(actor).one(pk=question_id)
    report = AnnualReport.objects.visible_to(actor).locked(seen.report_id)
    question = Question.objects.visible_to(actor).locked(question_id)
    with summarised(report):
        question.decision_note, question.decided_by, question.decided_at = note, actor.user, now
        question.closing = closing
        move(step, question, actor, now, note=note, closing=closing)
        if closing in REFUTED:
            rescore(report, actor=actor, now=now, because=f"question.{step}")
    return question


@transaction.atomic
def question_accept(
    question_id: int,
    *,
    closing: str = Closing.EXPLAINED,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Question:
    """The data hold: explained, or the check was wrong. The result counts nothing any more."""
    return _decide("accept", question_id, note, actor, now, closing=closing, among=REFUTED)


@transaction.atomic
def question_uphold(
    question_id: int, *, closing: str, note: str, actor: Actor, now: datetime
) -> Question:
    """The explanation does not hold: the report has to be corrected, a finding may follow. `closing`
    says what was confirmed: a falsification, or an error and its direction."""
    question = _decide("uphold", question_id, note, actor, now, closing=closing, among=CONFIRMED)
    question_upheld.send(sender=Question, question=question, actor=actor, now=now)
    return question


@transaction.atomic
def question_reopen(question_id: int, *, note: str, actor: Actor, now: datetime) -> Question:
    """Ask for more: back to the unit."""
    return _decide("reopen", question_id, note, actor, now)
