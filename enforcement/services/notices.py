"""Drafting a public notice, publishing it by a second person, taking it down."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.documents.numbering import next_number
from carbonwatch.refusals import Forbidden, Invalid
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.workflow.moves import move, start
from enforcement.flows import NOTICE_FLOW
from enforcement.models import Case, PublicNotice
from inspections.models import Finding

NOTICE_SERIES = "通报"


@transaction.atomic
def notice_draft(
    *,
    title: str,
    body: str,
    case_ids: Sequence[int] = (),
    finding_ids: Sequence[int] = (),
    actor: Actor,
    now: datetime,
) -> PublicNotice:
    """Write a notice; another person has to approve it. Raises `Missing`, `Invalid`."""
    if not actor.may(Perm.NOTICE_DRAFT):
        raise Forbidden()
    cases = _linked(Case.objects.visible_to(actor).filter(status="filed"), case_ids)
    findings = _linked(
        Finding.objects.visible_to(actor).exclude(status__in=["registered", "rejected", "merged"]),
        finding_ids,
    )
    notice = PublicNotice.objects.create(
        title=title,
        body=body,
        issuer=actor.organisation,
        drafted_by=actor.user,
        drafted_at=now,
        due_at=due_of(NOTICE_FLOW.state("drafted"), now),
    )
    notice.cases.set(cases)
    notice.findings.set(findings)
    start(notice, actor, now, title=title, cases=list(case_ids), findings=list(finding_ids))
    return notice


def _linked(queryset: object, ids: Sequence[int]) -> list:
    rows = list(queryset.filter(pk__in=ids))  # type: ignore[attr-defined]
    if len(rows) != len(set(ids)):
        raise Invalid(_("所选案件须已立案、所选问题须已确认，且在您的管辖范围内。"))
    return rows


def _locked(notice_id: int, step: str, actor: Actor) -> PublicNotice:
    notice: PublicNotice = PublicNotice.objects.visible_to(actor).locked(notice_id)
    NOTICE_FLOW.require(step, notice, actor)
    return notice


@transaction.atomic
def notice_publish(notice_id: int, *, note: str = "", actor: Actor, now: datetime) -> PublicNotice:
    """Put it before the public, with its number: by somebody who neither drafted nor revised it."""
    notice = _locked(notice_id, "publish", actor)
    notice.number = next_number(notice.issuer, NOTICE_SERIES, now)
    notice.published_by, notice.published_at, notice.decision_note = actor.user, now, note
    move(
        "publish",
        notice,
        actor,
        now,
        number=notice.number,
        title=notice.title,
        body=notice.body,
        note=note,
    )
    return notice


@transaction.atomic
def notice_return(notice_id: int, *, note: str, actor: Actor, now: datetime) -> PublicNotice:
    """Back to the drafter with the reason."""
    notice = _locked(notice_id, "return", actor)
    notice.decision_note = note
    move("return", notice, actor, now, note=note)
    return notice


@transaction.atomic
def notice_revise(
    notice_id: int, *, title: str, body: str, actor: Actor, now: datetime
) -> PublicNotice:
    """Change the text and hand it in again; whoever revises cannot publish."""
    notice = _locked(notice_id, "revise", actor)
    notice.title, notice.body, notice.revised_by = title, body, actor.user
    move("revise", notice, actor, now, title=title, body=body)
    return notice


@transaction.atomic
def notice_discard(notice_id: int, *, note: str, actor: Actor, now: datetime) -> PublicNotice:
    """Give up a draft; it stays on record."""
    return _withdraw("discard", notice_id, note, actor, now)


@transaction.atomic
def notice_withdraw(notice_id: int, *, note: str, actor: Actor, now: datetime) -> PublicNotice:
    """Take a published notice down, with the reason."""
    return _withdraw("withdraw", notice_id, note, actor, now)


def _withdraw(step: str, notice_id: int, note: str, actor: Actor, now: datetime) -> PublicNotice:
    notice = _locked(notice_id, step, actor)
    notice.withdrawn_by, notice.withdrawn_at, notice.withdraw_reason = actor.user, now, note
    move(step, notice, actor, now, note=note)
    return notice
