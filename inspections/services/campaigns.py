"""Drawing up a campaign, freezing its list by a second person, starting and ending it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.audit.ledger import record
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, WrongState
from carbonwatch.workflow.deadlines import due_of, end_of_day
from carbonwatch.workflow.moves import move, start
from inspections.campaign_flow import CAMPAIGN_FLOW
from inspections.campaign_query import Row, UnitQuery, hash_of, rows_of
from inspections.models import Campaign, CampaignKind, CampaignUnit, CampaignUnitState

STAGES = ("self_until", "inspect_until", "rectify_until", "sum_until")
NEEDED = {
    CampaignKind.FULL: "inspect_until",
    CampaignKind.THEMED: "inspect_until",
    CampaignKind.SELF: "self_until",
}
"""The stage without which a campaign of the kind is none."""


@transaction.atomic
def campaign_make(
    *,
    title: str,
    kind: str,
    year: int,
    basis: str,
    query: UnitQuery,
    stages: Mapping[str, date | None],
    actor: Actor,
    now: datetime,
) -> Campaign:
    """Draw up a campaign with the list that its query finds now. Raises `Forbidden`, `Invalid`."""
    if not actor.may(Perm.CAMPAIGN_PLAN):
        raise Forbidden()
    campaign = Campaign(title=title, kind=kind, year=year, basis=basis)
    _draw_up(campaign, query, stages, actor, now)
    campaign.save()
    start(campaign, actor, now, **_told(campaign))
    return campaign


@transaction.atomic
def campaign_edit(
    campaign_id: int,
    *,
    title: str,
    kind: str,
    year: int,
    basis: str,
    query: UnitQuery,
    stages: Mapping[str, date | None],
    actor: Actor,
    now: datetime,
) -> Campaign:
    """Draw it up anew while it is a draft; whoever did so last is its proposer."""
    if not actor.may(Perm.CAMPAIGN_PLAN):
        raise Forbidden()
    campaign: Campaign = Campaign.objects.visible_to(actor).locked(campaign_id)
    if campaign.status != "draft":
        raise WrongState(_("名单已固定，不能再改。需要增减单位的，请提出调整。"))
    campaign.title, campaign.kind, campaign.year, campaign.basis = title, kind, year, basis
    _draw_up(campaign, query, stages, actor, now)
    campaign.save()
    record("campaign.edit", campaign, actor, now, **_told(campaign))
    return campaign


def _draw_up(
    campaign: Campaign,
    query: UnitQuery,
    stages: Mapping[str, date | None],
    actor: Actor,
    now: datetime,
) -> None:
    _check_codes(query)
    _check_stages(campaign.kind, stages, now)
    rows = rows_of(query.units())
    if not rows:
        raise Invalid(_("没有单位符合条件，请调整名单条件。"))
    for name in STAGES:
        setattr(campaign, name, stages.get(name))
    campaign.query, campaign.size, campaign.sha256 = query.stored(), len(rows), hash_of(rows)
    campaign.proposed_by, campaign.proposed_at = actor.user, now
    campaign.due_at = due_of(CAMPAIGN_FLOW.state("draft"), now)


def _check_codes(query: UnitQuery) -> None:
    known = Organisation.objects.filter(
        kind=OrgKind.UNIT, code__in=query.codes, emitting_unit__isnull=False
    )
    strange = sorted(set(query.codes) - set(known.values_list("code", flat=True)))
    if strange:
        text = _("没有找到下列信用代码的重点排放单位：%(codes)s") % {"codes": "、".join(strange)}
        raise Invalid(text, fields={"codes": [text]})


def _check_stages(kind: str, stages: Mapping[str, date | None], now: datetime) -> None:
    wrong: dict[str, list[object]] = {}
    needed = NEEDED[CampaignKind(kind)]
    if stages.get(needed) is None:
        wrong[needed] = [_("该类型的专项行动须填写此期限。")]
    earlier: date | None = None
    for name in STAGES:
        day = stages.get(name)
        if day is None:
            continue
        if day < timezone.localdate(now):
            wrong.setdefault(name, []).append(_("期限不能早于今天。"))
        if earlier is not None and day < earlier:
            wrong.setdefault(name, []).append(_("各阶段期限须依次不早于前一阶段。"))
        earlier = day
    if wrong:
        raise Invalid(_("请更正各阶段期限。"), fields=wrong)


def _told(campaign: Campaign) -> dict[str, Any]:
    stages = {name: str(getattr(campaign, name) or "") for name in STAGES}
    return {"query": campaign.query, "size": campaign.size, "sha256": campaign.sha256, **stages}


@transaction.atomic
def campaign_freeze(campaign_id: int, *, note: str = "", actor: Actor, now: datetime) -> Campaign:
    """Freeze the list as it was previewed; refused when the query finds another list by now."""
    campaign: Campaign = Campaign.objects.visible_to(actor).locked(campaign_id)
    CAMPAIGN_FLOW.require("freeze", campaign, actor)
    units = list(UnitQuery.of(campaign.query).units())
    rows = rows_of(units)
    if hash_of(rows) != campaign.sha256:
        raise GuardFailed(
            _("名单自拟订后有变化（原 %(was)s 家，现 %(now)s 家），请重新拟订并核对后再批准。")
            % {"was": campaign.size, "now": len(rows)}
        )
    campaign.approved_by, campaign.approved_at = actor.user, now
    move("freeze", campaign, actor, now, note=note, size=campaign.size, sha256=campaign.sha256)
    made = CampaignUnit.objects.bulk_create(
        place(campaign, unit.pk, row, now, frozen=True)
        for unit, row in zip(units, rows, strict=True)
    )
    CampaignUnitState.objects.bulk_create(
        CampaignUnitState(campaign_unit=row, at=now, state=row.status, because="freeze")
        for row in made
    )
    return campaign


def place(
    campaign: Campaign, unit_id: int, row: Row, now: datetime, *, frozen: bool
) -> CampaignUnit:
    """A unit's place in a campaign (not stored yet)."""
    code, name, city, kind = row
    return CampaignUnit(
        campaign=campaign,
        unit_id=unit_id,
        credit_code=code,
        name=name,
        city=city,
        kind=kind,
        frozen=frozen,
        included_at=now,
        status_at=now,
        due_at=end_of_day(campaign.self_until or campaign.inspect_until or campaign.rectify_until),
    )


@transaction.atomic
def campaign_drop(campaign_id: int, *, note: str, actor: Actor, now: datetime) -> Campaign:
    """It does not take place, for the reason given."""
    campaign: Campaign = Campaign.objects.visible_to(actor).locked(campaign_id)
    move("drop", campaign, actor, now, note=note)
    return campaign


@transaction.atomic
def campaign_start(campaign_id: int, *, note: str = "", actor: Actor, now: datetime) -> Campaign:
    """From now on what is done about its units moves them."""
    campaign: Campaign = Campaign.objects.visible_to(actor).locked(campaign_id)
    campaign.started_at = now
    move("start", campaign, actor, now, due_at=end_of_day(campaign.sum_until), note=note)
    return campaign


@transaction.atomic
def campaign_close(campaign_id: int, *, summary: str, actor: Actor, now: datetime) -> Campaign:
    """End it with its summing-up, when every unit of its list has ended."""
    campaign: Campaign = Campaign.objects.visible_to(actor).locked(campaign_id)
    campaign.closed_by, campaign.closed_at, campaign.summary = actor.user, now, summary
    move("close", campaign, actor, now, text=summary)
    return campaign
