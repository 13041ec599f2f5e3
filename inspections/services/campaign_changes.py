"""Changes of a campaign's list and deadlines: proposed by one person, decided by another."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.workflow.moves import move, start
from emitters.models import EmittingUnit
from inspections.campaign_flow import CAMPAIGN_CHANGE_FLOW, EXTENDED, REMOVED
from inspections.campaign_query import UnitQuery, rows_of
from inspections.models import (
    Campaign,
    CampaignChange,
    CampaignUnit,
    CampaignUnitState,
    ChangeKind,
    WaitsFor,
)
from inspections.services.campaign_moves import enter, standing_of
from inspections.services.campaigns import place

CHANGEABLE = ("frozen", "running")


@transaction.atomic
def campaign_change_propose(
    *,
    campaign_id: int,
    unit_id: int,
    kind: str,
    reason: str,
    extended_to: date | None = None,
    actor: Actor,
    now: datetime,
) -> CampaignChange:
    """Propose to add a unit, to remove one, or to extend its deadline. Nothing changes before another
    person approves. Raises `Forbidden`, `Missing`, `GuardFailed`, `Invalid`."""
    if not actor.may(Perm.CAMPAIGN_WORK):
        raise Forbidden()
    campaign: Campaign = Campaign.objects.visible_to(actor).locked(campaign_id)
    unit = EmittingUnit.objects.visible_to(actor).one(pk=unit_id)
    reject_change(campaign, unit, kind)
    if kind == ChangeKind.EXTEND:
        _check_extension(campaign, unit, extended_to, now)
    change = CampaignChange.objects.create(
        campaign=campaign,
        unit=unit,
        kind=kind,
        reason=reason,
        extended_to=extended_to if kind == ChangeKind.EXTEND else None,
        proposed_by=actor.user,
        proposed_at=now,
        due_at=due_of(CAMPAIGN_CHANGE_FLOW.state("proposed"), now),
    )
    told = str(change.extended_to or "")
    start(change, actor, now, kind=kind, unit=unit.pk, reason=reason, extended_to=told)
    return change


def reject_change(campaign: Campaign, unit: EmittingUnit, kind: str) -> None:
    """Refuse (`GuardFailed`) what cannot be changed now."""
    if campaign.status not in CHANGEABLE:
        raise GuardFailed(_("专项行动的名单尚未固定或已经结束，不能调整。"))
    if CampaignChange.objects.filter(campaign=campaign, unit=unit, status="proposed").exists():
        raise GuardFailed(_("该单位已有待批准的调整，请先办结。"))
    row = CampaignUnit.objects.filter(campaign=campaign, unit=unit).first()
    _reject(row, kind)


def _reject(row: CampaignUnit | None, kind: str) -> None:
    if kind == ChangeKind.ADD:
        if row is not None and row.status != REMOVED:
            raise GuardFailed(_("该单位已在名单中。"))
        return
    if row is None:
        raise GuardFailed(_("该单位不在名单中。"))
    if row.ended:
        raise GuardFailed(_("该单位已办结、转立案或移出，不能再作此调整。"))


def _check_extension(
    campaign: Campaign, unit: EmittingUnit, extended_to: date | None, now: datetime
) -> None:
    row = CampaignUnit.objects.get(campaign=campaign, unit=unit)
    due = timezone.localdate(row.due_at) if row.due_at else timezone.localdate(now)
    text: object = ""
    if extended_to is None:
        text = _("请填写延期至哪一天。")
    elif extended_to <= max(due, timezone.localdate(now)):
        text = _("延期须晚于现有期限（%(due)s）和今天。") % {"due": due.isoformat()}
    elif extended_to > campaign.sum_until:
        text = _("延期不能晚于总结期限（%(due)s）。") % {"due": campaign.sum_until.isoformat()}
    if text:
        raise Invalid(text, fields={"extended_to": [text]})


@transaction.atomic
def campaign_change_approve(
    change_id: int, *, note: str = "", actor: Actor, now: datetime
) -> CampaignChange:
    """Another person approves; it takes effect at once."""
    change = _decide("approve", change_id, note, actor, now)
    rows = CampaignUnit.objects.select_for_update(of=("self",)).select_related("campaign")
    row = rows.filter(campaign=change.campaign_id, unit=change.unit_id).first()
    if change.campaign.status not in CHANGEABLE:
        raise GuardFailed(_("专项行动的名单尚未固定或已经结束，不能调整。"))
    _reject(row, change.kind)
    if row is None:
        _add(change, now)
    elif change.kind == ChangeKind.REMOVE:
        row.waits_for, row.resumes = WaitsFor.NOBODY, ""
        enter(row, REMOVED, because="change", actor=actor, now=now)
    elif change.kind == ChangeKind.EXTEND:
        row.resumes, row.extended_to = row.resumes or row.status, change.extended_to
        enter(row, EXTENDED, because="change", actor=actor, now=now)
    else:  # a removed unit comes back to where its facts put it
        standing = standing_of(row)
        row.waits_for = standing.waits_for
        if standing.covered and row.covered_at is None:
            row.covered_at = max(now, row.included_at)
        enter(row, standing.state, because="change", actor=actor, now=now)
    return change


def _add(change: CampaignChange, now: datetime) -> None:
    query = UnitQuery(codes=(change.unit.organisation.code,))
    (row,) = rows_of(query.units())
    added = place(change.campaign, change.unit_id, row, now, frozen=False)
    added.save()
    CampaignUnitState.objects.create(
        campaign_unit=added, at=now, state=added.status, because="change"
    )


@transaction.atomic
def campaign_change_refuse(
    change_id: int, *, note: str, actor: Actor, now: datetime
) -> CampaignChange:
    """Nothing changes."""
    return _decide("refuse", change_id, note, actor, now)


def _decide(step: str, change_id: int, note: str, actor: Actor, now: datetime) -> CampaignChange:
    change: CampaignChange = CampaignChange.objects.visible_to(actor).locked(change_id)
    change.decided_by, change.decided_at, change.decision_note = actor.user, now, note
    move(step, change, actor, now, note=note, kind=change.kind, unit=change.unit_id)
    return change
