"""Rows of answers, to an order or to one of its measures, and their review."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.documents.service import attach
from carbonwatch.refusals import Invalid
from inspections.models import Answer, Finding, Measure


def answer_add(
    subject: Finding | Measure,
    text: str,
    files: Sequence[UploadedFile],
    actor: Actor,
    now: datetime,
) -> tuple[Answer, list[str]]:
    """The next answer of a locked subject and the hashes of its proof. Raises `Invalid` without proof."""
    if not files:
        missing = _("请附证明材料：整改须有据可查。")
        raise Invalid(missing, fields={"files": [missing]})
    answer = subject.answers.create(
        number=subject.answers.count() + 1,
        text=text,
        answered_by=actor.user,
        answered_at=now,
    )
    return answer, [attach(answer, file, actor=actor, now=now).sha256 for file in files]


def answer_review(
    subject: Finding | Measure, note: str, actor: Actor, now: datetime, *, accepted: bool
) -> None:
    """Write on the newest answer what came of it."""
    subject.reviewed_by = actor.user
    answer = subject.last_answer
    if answer is None:  # the flow leads here only through an answer
        raise Invalid(_("没有整改答复。"))
    answer.accepted, answer.review_note = accepted, note
    answer.reviewed_by, answer.reviewed_at = actor.user, now
    answer.save(update_fields=["accepted", "review_note", "reviewed_by", "reviewed_at"])
