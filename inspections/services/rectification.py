"""The unit's answer to an order, its review by another person, and closing (销号)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.documents.service import attach
from carbonwatch.refusals import Invalid
from carbonwatch.workflow.moves import move
from inspections.flows import FINDING_FLOW
from inspections.models import Answer, Finding
from inspections.services.findings import deadline


@transaction.atomic
def finding_answer(
    finding_id: int, *, text: str, files: Sequence[UploadedFile], actor: Actor, now: datetime
) -> Finding:
    """Hand in what was done, with proof. Raises `Invalid` without a file."""
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    FINDING_FLOW.require("answer", finding, actor)
    if not files:
        missing = _("请附证明材料：整改须有据可查。")
        raise Invalid(missing, fields={"files": [missing]})
    answer = Answer.objects.create(
        finding=finding,
        number=finding.answers.count() + 1,
        text=text,
        answered_by=actor.user,
        answered_at=now,
    )
    proof = [attach(answer, file, actor=actor, now=now).sha256 for file in files]
    finding.answered_by, finding.answered_at = actor.user, now
    move("answer", finding, actor, now, number=answer.number, text=text, proof=proof)
    return finding


@transaction.atomic
def finding_accept(finding_id: int, *, note: str = "", actor: Actor, now: datetime) -> Finding:
    """Somebody who neither found nor ordered it accepts the answer."""
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    FINDING_FLOW.require("accept", finding, actor)
    _review(finding, note, actor, now, accepted=True)
    move("accept", finding, actor, now, note=note)
    return finding


@transaction.atomic
def finding_return(
    finding_id: int, *, note: str, due_on: date, actor: Actor, now: datetime
) -> Finding:
    """The answer does not do: back to the unit with the reason and a new deadline; that of the
    order stays on record."""
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    FINDING_FLOW.require("return", finding, actor)
    _review(finding, note, actor, now, accepted=False)
    due_at = deadline(due_on, now)
    move("return", finding, actor, now, due_at=due_at, note=note, due_on=due_on.isoformat())
    return finding


def _review(finding: Finding, note: str, actor: Actor, now: datetime, *, accepted: bool) -> None:
    finding.reviewed_by, finding.reviewed_at = actor.user, now
    answer = finding.last_answer
    if answer is None:  # the flow leads here only through an answer
        raise Invalid(_("没有整改答复。"))
    answer.accepted, answer.review_note = accepted, note
    answer.reviewed_by, answer.reviewed_at = actor.user, now
    answer.save(update_fields=["accepted", "review_note", "reviewed_by", "reviewed_at"])


@transaction.atomic
def finding_close(finding_id: int, *, note: str = "", actor: Actor, now: datetime) -> Finding:
    """Strike it off (销号): by a person other than the finder and the reviewer."""
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    finding.closed_by, finding.closed_at = actor.user, now
    move("close", finding, actor, now, note=note)
    return finding
