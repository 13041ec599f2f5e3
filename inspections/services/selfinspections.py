"""Answers saved as people type, submission with the problems declared, review by the authority."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.ledger import record
from carbonwatch.refusals import Forbidden, Invalid, Refused, WrongState
from carbonwatch.workflow.moves import move
from inspections.models import (
    Declaration,
    FindingSource,
    Gravity,
    QuestionnaireItem,
    SelfAnswer,
    SelfInspection,
)
from inspections.services.campaign_moves import campaign_unit_advance
from inspections.services.findings import finding_register

LIMITS = {"value": 1000, "note": 4000, "correction": 4000, "evidence": 600}


class AnswerMoved(Refused):
    """Somebody else, or another window, has saved the answer meanwhile (409): both are shown."""

    status = 409
    kind = "answer-moved"

    def __init__(self, answer: SelfAnswer) -> None:
        super().__init__(_("该题已在别处保存，请对照后选定。"))
        self.answer = answer


@transaction.atomic
def self_answer_save(
    *,
    inspection_id: int,
    question_id: int,
    base: int,
    content: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> SelfAnswer:
    """Keep one answer. `base` is the revision that was on the screen (0 = none).

    The same content again changes nothing, so a repeated request has one effect. Raises
    `AnswerMoved` when another window saved something else since `base`; nothing is overwritten.
    """
    if not actor.may(Perm.SELF_ANSWER):
        raise Forbidden()
    inspection: SelfInspection = SelfInspection.objects.visible_to(actor).locked(inspection_id)
    if inspection.organisation_id != actor.organisation.pk:
        raise Forbidden()
    if not inspection.writable:
        raise WrongState(_("自查结果已提交，不能再改。需要更正的，请联系审核人退回。"))
    item = inspection.questionnaire.questions.filter(pk=question_id).first()
    if item is None:
        raise Invalid(_("该题不在本问卷中，请刷新页面。"))
    wanted = _clean(item, content)
    last = inspection.answers.filter(question=item).order_by("-revision").first()
    if last is not None and last.content() == wanted:
        return last
    if (last.revision if last else 0) != base and last is not None:
        raise AnswerMoved(last)
    answer = SelfAnswer.objects.create(
        inspection=inspection,
        question=item,
        revision=last.revision + 1 if last else 1,
        saved_by=actor.user,
        saved_at=now,
        **wanted,
    )
    record("self-inspection.save", inspection, actor, now, number=item.number,
           revision=answer.revision)  # fmt: skip
    return answer


def _clean(item: QuestionnaireItem, content: Mapping[str, Any]) -> dict[str, Any]:
    clean: dict[str, Any] = {
        n: str(content.get(n) or "").replace("\r\n", "\n").replace("\x00", "").strip()
        for n in LIMITS
    }
    for name, limit in LIMITS.items():
        if len(clean[name]) > limit:
            text = _("第%(number)s题的文字超过 %(limit)s 字，请缩短。")
            raise Invalid(text % {"number": item.number, "limit": limit})
    if item.options and clean["value"] and clean["value"] not in item.options:
        raise Invalid(_("第%(number)s题没有这个选项。") % {"number": item.number})
    clean["problem"] = bool(content.get("problem")) or clean["value"] in item.problem_when
    return clean


@transaction.atomic
def self_inspection_submit(inspection_id: int, *, actor: Actor, now: datetime) -> SelfInspection:
    """Hand it in; every problem declared by a unit becomes a finding of its own (source: self)."""
    inspection: SelfInspection = SelfInspection.objects.visible_to(actor).locked(inspection_id)
    inspection.submitted_by, inspection.submitted_at = actor.user, now
    inspection.reviewed_by = inspection.reviewed_at = None
    declared = [a for a in inspection.latest().values() if a.problem]
    move("submit", inspection, actor, now, problems=len(declared))
    for answer in declared:
        _declare(inspection, answer, actor, now)
    campaign_unit_advance(
        inspection.campaign_unit_id, because="self.submitted", actor=actor, now=now
    )
    return inspection


def _declare(inspection: SelfInspection, answer: SelfAnswer, actor: Actor, now: datetime) -> None:
    item = answer.question
    if inspection.declarations.filter(question=item).exists():
        return
    finding = None
    if inspection.unit_id is not None:
        finding = finding_register(
            unit_id=inspection.unit_id,
            year=inspection.questionnaire.year,
            title=item.text[:120],
            description=answer.note,
            finding_class=item.finding_class,
            severity=Gravity.GENERAL,
            source=FindingSource.SELF,
            source_label=f"{inspection.questionnaire.code}-{item.number}",
            clause=item.clause,
            actor=actor,
            now=now,
        )
    Declaration.objects.create(
        inspection=inspection,
        question=item,
        finding=finding,
        note=answer.note,
        correction=answer.correction,
        evidence=answer.evidence,
        declared_at=now,
    )


@transaction.atomic
def self_inspection_accept(
    inspection_id: int, *, note: str = "", actor: Actor, now: datetime
) -> SelfInspection:
    """The authority has looked through the answers."""
    return _review("accept", inspection_id, note, actor, now)


@transaction.atomic
def self_inspection_return(
    inspection_id: int, *, note: str, actor: Actor, now: datetime
) -> SelfInspection:
    """Back to the organisation with the reason."""
    return _review("return", inspection_id, note, actor, now)


def _review(
    step: str, inspection_id: int, note: str, actor: Actor, now: datetime
) -> SelfInspection:
    inspection: SelfInspection = SelfInspection.objects.visible_to(actor).locked(inspection_id)
    inspection.reviewed_by, inspection.reviewed_at = actor.user, now
    inspection.review_note = note
    move(step, inspection, actor, now, note=note)
    campaign_unit_advance(
        inspection.campaign_unit_id, because=f"self.{inspection.status}", actor=actor, now=now
    )
    return inspection
