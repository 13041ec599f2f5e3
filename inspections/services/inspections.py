"""Arranging an inspection, giving notice, carrying it out, concluding it, approving the conclusion."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.documents.numbering import next_number
from carbonwatch.refusals import Forbidden, Invalid
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.workflow.moves import move, start
from emitters.models import EmittingUnit
from inspections.inspection_flow import INSPECTION_FLOW
from inspections.models import (
    CampaignUnit,
    EntryKind,
    Inspection,
    InspectionKind,
    InspectionMember,
    Outcome,
    RecordEntry,
)
from inspections.selectors.checklist import checklist_for
from inspections.services.campaign_moves import campaign_unit_advance, campaign_unit_for
from inspections.services.inspectors import team_of
from inspections.services.tips import tip_link

NOTICE_SERIES = "检通"


@transaction.atomic
def inspection_make(
    *,
    unit_id: int,
    kind: str,
    manner: str,
    year: int,
    reason: str,
    planned_on: date,
    inspectors: Collection[int],
    tip_id: int | None = None,
    campaign_unit_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Inspection:
    """Arrange an inspection of a unit by `inspectors` (their entries in the register; the certificates
    of today stay on record) and draw up its checklist. Raises `Forbidden`, `Missing`, `Invalid`."""
    if not actor.may(Perm.INSPECTION_PLAN):
        raise Forbidden()
    unit = EmittingUnit.objects.visible_to(actor).one(pk=unit_id)
    if planned_on < timezone.localdate(now):
        text = _("计划日期不能早于今天。")
        raise Invalid(text, fields={"planned_on": [text]})
    team = team_of(inspectors, unit, planned_on, actor)
    inspection = Inspection.objects.create(
        unit=unit,
        campaign_unit=_campaign_unit(unit, kind, campaign_unit_id, actor),
        city=unit.organisation.city,
        organisation=actor.organisation,
        kind=kind,
        manner=manner,
        year=year,
        reason=reason,
        planned_on=planned_on,
        planned_by=actor.user,
        planned_at=now,
        due_at=due_of(INSPECTION_FLOW.state("planned"), now),
    )
    InspectionMember.objects.bulk_create(
        InspectionMember(inspection=inspection, user=one.user, certificate=one.certificate)
        for one in team
    )
    _draw_up_checklist(inspection, actor)
    start(inspection, actor, now, reason=reason, inspectors=[one.certificate for one in team])
    if tip_id is not None:
        tip_link(tip_id, inspection_id=inspection.pk, actor=actor, now=now)
    return inspection


def _campaign_unit(
    unit: EmittingUnit, kind: str, row_id: int | None, actor: Actor
) -> CampaignUnit | None:
    """The unit's place in the campaign that is named; else the only running one that fits."""
    if row_id is not None:
        row: CampaignUnit = CampaignUnit.objects.visible_to(actor).one(pk=row_id, unit=unit)
        return row
    if kind not in (InspectionKind.PLANNED, InspectionKind.JOINT):
        return None
    return campaign_unit_for(unit.pk)


def _draw_up_checklist(inspection: Inspection, actor: Actor) -> None:
    with translation.override("zh-hans"):  # the record is an official document
        items = checklist_for(inspection.unit, inspection.year, actor)
    RecordEntry.objects.bulk_create(
        RecordEntry(
            inspection=inspection,
            uid=uuid.uuid4(),
            number=number,
            kind=EntryKind.CHECK,
            prompt=item.prompt,
            origin=item.origin,
            basis=item.basis,
        )
        for number, item in enumerate(items, 1)
    )


@transaction.atomic
def inspection_notify(
    inspection_id: int,
    *,
    visit_on: date,
    scope: str,
    asked_for: str = "",
    actor: Actor,
    now: datetime,
) -> Inspection:
    """Give the notice (检查通知书) its number."""
    inspection = _locked("notify", inspection_id, actor)
    if visit_on < timezone.localdate(now):
        text = _("检查日期不能早于今天。")
        raise Invalid(text, fields={"visit_on": [text]})
    inspection.notice_number = next_number(inspection.organisation, NOTICE_SERIES, now)
    inspection.visit_on, inspection.scope, inspection.asked_for = visit_on, scope, asked_for
    inspection.notified_at = now
    move("notify", inspection, actor, now, number=inspection.notice_number, text=scope)
    _campaign_follows(inspection, actor, now)
    return inspection


@transaction.atomic
def inspection_begin(inspection_id: int, *, actor: Actor, now: datetime) -> Inspection:
    """The inspectors begin; the record is open."""
    inspection = _locked("begin", inspection_id, actor)
    inspection.begun_at = now
    move("begin", inspection, actor, now)
    _campaign_follows(inspection, actor, now)
    return inspection


@transaction.atomic
def inspection_sign(inspection_id: int, *, actor: Actor, now: datetime) -> Inspection:
    """The record is signed by all and takes no more entries."""
    inspection = _locked("sign", inspection_id, actor)
    inspection.signed_at = now
    prints = [str(uid) for uid in inspection.heads().values_list("uid", flat=True)]
    move("sign", inspection, actor, now, entries=prints)
    return inspection


@transaction.atomic
def inspection_reopen(inspection_id: int, *, note: str, actor: Actor, now: datetime) -> Inspection:
    """Open the record again, for what came late from a phone; it has to be signed anew."""
    inspection = _locked("reopen", inspection_id, actor)
    inspection.signed_at = None
    move("reopen", inspection, actor, now, note=note)
    return inspection


@transaction.atomic
def inspection_conclude(
    inspection_id: int, *, outcome: str, conclusion: str, actor: Actor, now: datetime
) -> Inspection:
    """Say what came of it; another person approves. Problems are registered one by one first."""
    inspection = _locked("conclude", inspection_id, actor)
    found = inspection.findings.exclude(status="rejected")
    _fits(outcome, found.exists())
    inspection.outcome, inspection.conclusion = outcome, conclusion
    inspection.concluded_by, inspection.concluded_at = actor.user, now
    move("conclude", inspection, actor, now, outcome=outcome, text=conclusion,
         findings=list(found.values_list("pk", flat=True)))  # fmt: skip
    return inspection


def _fits(outcome: str, found: bool) -> None:  # noqa: FBT001
    if (outcome == Outcome.CLEAN) == found:
        text = (
            _("已从本次检查登记问题，结论不能是“未发现问题”。")
            if found
            else _("请先从本次检查逐个登记发现的问题，再提交结论。")
        )
        raise Invalid(text, fields={"outcome": [text]})


@transaction.atomic
def inspection_approve(
    inspection_id: int, *, note: str = "", actor: Actor, now: datetime
) -> Inspection:
    """Somebody who did not inspect approves the conclusion."""
    inspection = _locked("approve", inspection_id, actor)
    inspection.approved_by, inspection.approved_at = actor.user, now
    move("approve", inspection, actor, now, note=note)
    _campaign_follows(inspection, actor, now)
    return inspection


@transaction.atomic
def inspection_return(inspection_id: int, *, note: str, actor: Actor, now: datetime) -> Inspection:
    """The conclusion does not do: back to the inspectors with the reason."""
    return _noted("return", inspection_id, note, actor, now)


@transaction.atomic
def inspection_cancel(inspection_id: int, *, note: str, actor: Actor, now: datetime) -> Inspection:
    """It will not take place, for the reason given."""
    return _noted("cancel", inspection_id, note, actor, now)


def _noted(step: str, inspection_id: int, note: str, actor: Actor, now: datetime) -> Inspection:
    inspection = _locked(step, inspection_id, actor)
    move(step, inspection, actor, now, note=note)
    _campaign_follows(inspection, actor, now)
    return inspection


def _campaign_follows(inspection: Inspection, actor: Actor, now: datetime) -> None:
    campaign_unit_advance(
        inspection.campaign_unit_id, because=f"inspection.{inspection.status}", actor=actor, now=now
    )


def _locked(step: str, inspection_id: int, actor: Actor) -> Any:
    inspection = Inspection.objects.visible_to(actor).locked(inspection_id)
    INSPECTION_FLOW.require(step, inspection, actor)
    return inspection
