"""Starting self-inspections and inspections of a city's units of a campaign at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, WrongState
from carbonwatch.workflow.deadlines import end_of_day
from carbonwatch.workflow.moves import start
from inspections.models import (
    Audience,
    Campaign,
    CampaignUnit,
    InspectionKind,
    Questionnaire,
    SelfInspection,
)
from inspections.services.campaign_moves import INSPECTING, campaign_unit_advance
from inspections.services.inspections import inspection_make

AT_ONCE = 100
"""Units of one request, so that it stays short; the rest waits for the next click."""


@dataclass(frozen=True)
class Batch:
    """How many units were taken on, and how many wait."""

    campaign: Campaign
    done: int
    left: int

    def get_absolute_url(self) -> str:
        """Back to the campaign."""
        return self.campaign.get_absolute_url()


def waiting_for_self(campaign: Campaign, actor: Actor) -> QuerySet[CampaignUnit]:
    """The viewer's units that have not been asked; those of closed organisations cannot answer."""
    rows = CampaignUnit.objects.visible_to(actor).filter(
        campaign=campaign,
        self_inspections=None,
        covered_at=None,
        unit__organisation__active=True,
    )
    return rows.filter(Q(status="included") | Q(status="extended", resumes="included"))


def waiting_for_inspection(campaign: Campaign, actor: Actor) -> QuerySet[CampaignUnit]:
    """The viewer's units without an inspection."""
    ready = ("included", "self", "reviewed")
    rows = CampaignUnit.objects.visible_to(actor).filter(campaign=campaign, covered_at=None)
    rows = rows.filter(Q(status__in=ready) | Q(status="extended", resumes__in=ready))
    planned = campaign.units.filter(inspections__isnull=False)
    return rows.exclude(pk__in=planned.exclude(inspections__status="cancelled").values("pk"))


@transaction.atomic
def campaign_self_start(
    campaign_id: int, *, questionnaire_id: int, city: str = "", actor: Actor, now: datetime
) -> Batch:
    """Ask a city's waiting units to answer a published questionnaire; who has it already goes on with
    it. Raises `Forbidden`, `Missing`, `WrongState`, `GuardFailed`, `Invalid`."""
    if not actor.may(Perm.CAMPAIGN_WORK):
        raise Forbidden()
    campaign = _running(campaign_id, actor)
    if campaign.self_until is None:
        raise GuardFailed(_("本专项行动没有自查阶段。"))
    questionnaire: Questionnaire = Questionnaire.objects.visible_to(actor).one(pk=questionnaire_id)
    if questionnaire.status != "published" or questionnaire.audience != Audience.UNIT:
        text = _("请选择已发布的、由重点排放单位填写的问卷。")
        raise Invalid(text, fields={"questionnaire": [text]})
    rows, left = _taken(waiting_for_self(campaign, actor), city)
    had = _answering(questionnaire, rows)
    for row in rows:
        inspection = had.get(row.unit_id)
        if inspection is None:
            inspection = SelfInspection.objects.create(
                questionnaire=questionnaire, organisation=row.unit.organisation, unit=row.unit,
                campaign_unit=row, due_at=end_of_day(campaign.self_until),
            )  # fmt: skip
            start(inspection, actor, now, questionnaire=questionnaire.pk, campaign=campaign.pk)
        else:
            inspection.campaign_unit = row
            inspection.save(update_fields=["campaign_unit"])
        campaign_unit_advance(row.pk, because="self.drafting", actor=actor, now=now)
    return Batch(campaign, len(rows), left)


def _answering(
    questionnaire: Questionnaire, rows: list[CampaignUnit]
) -> dict[int | None, SelfInspection]:
    """Those who have been asked already, under any version, and are bound to no campaign."""
    found = SelfInspection.objects.select_for_update(of=("self",)).filter(
        questionnaire__code=questionnaire.code,
        unit__in=[row.unit_id for row in rows],
        campaign_unit=None,
    )
    return {inspection.unit_id: inspection for inspection in found.order_by("pk")}


@transaction.atomic
def campaign_inspections_plan(
    campaign_id: int,
    *,
    manner: str,
    planned_on: date,
    inspectors: Collection[int],
    city: str = "",
    actor: Actor,
    now: datetime,
) -> Batch:
    """Arrange an inspection of every waiting unit of a city by the same inspectors."""
    if not actor.may(Perm.INSPECTION_PLAN):
        raise Forbidden()
    campaign = _running(campaign_id, actor)
    if campaign.kind not in INSPECTING:
        raise GuardFailed(_("本专项行动不安排检查。"))
    rows, left = _taken(waiting_for_inspection(campaign, actor), city)
    unfit: list[Invalid] = []
    for row in rows:
        try:
            inspection_make(
                unit_id=row.unit_id, kind=InspectionKind.PLANNED, manner=manner,
                year=campaign.year, reason=campaign.title, planned_on=planned_on,
                inspectors=inspectors, campaign_unit_id=row.pk, actor=actor, now=now,
            )  # fmt: skip
        except Invalid as refusal:  # one of them has a conflict with this unit: it waits for others
            unfit.append(refusal)
    if len(unfit) == len(rows):
        raise unfit[0]
    return Batch(campaign, len(rows) - len(unfit), left + len(unfit))


def _running(campaign_id: int, actor: Actor) -> Campaign:
    """Locked, so that two clicks do not take the same units."""
    campaign: Campaign = Campaign.objects.visible_to(actor).locked(campaign_id)
    if campaign.status != "running":
        raise WrongState(_("专项行动不在实施中。"))
    return campaign


def _taken(rows: QuerySet[CampaignUnit], city: str) -> tuple[list[CampaignUnit], int]:
    if city:
        rows = rows.filter(city=city)
    rows = rows.select_related("unit__organisation").order_by("credit_code")
    taken = list(rows[:AT_ONCE])
    if not taken:
        raise GuardFailed(_("没有等待办理的单位。"))
    return taken, rows.count() - len(taken)
