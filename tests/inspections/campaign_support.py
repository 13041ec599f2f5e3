"""A campaign in any state, made by the services themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from carbonwatch.accounts.models import Actor
from carbonwatch.params.service import load_shipped
from emitters.models import EmittingUnit
from inspections import services
from inspections.campaign_query import UnitQuery
from inspections.models import Campaign, CampaignUnit
from tests.factories import NOW, UnitFactory, make_actor
from tests.inspections.support import enter

FIRST = UnitQuery(first_period=True)


@dataclass
class Office:
    """The units of a campaign and everybody who runs it."""

    units: list[EmittingUnit]
    planner: Actor
    approver: Actor
    inspector: Actor
    chief: Actor
    team: list[int]


def office(units: int = 3, **attributes: object) -> Office:
    """Units of Shenyang in the first period, and people."""
    load_shipped()
    made = [UnitFactory(**{"attributes__first_period": True, **attributes}) for _n in range(units)]
    inspector = make_actor("city.inspector")
    return Office(
        made,
        make_actor("province.supervisor"),
        make_actor("province.approver"),
        inspector,
        make_actor("city.chief"),
        [enter(one).pk for one in (inspector, make_actor("city.inspector"))],
    )


def stages(now: datetime = NOW) -> dict:
    """Deadlines a month apart."""
    today = timezone.localdate(now)
    names = ("self_until", "inspect_until", "rectify_until", "sum_until")
    return {name: today + timedelta(days=30 * n) for n, name in enumerate(names, 1)}


def draft(people: Office, now: datetime = NOW, **fields: object) -> Campaign:
    """A campaign drawn up by the planner."""
    known = {
        "title": "首个履约周期全覆盖检查",
        "kind": "full",
        "year": 2024,
        "basis": "省双碳办工作方案",
        "query": FIRST,
        "stages": stages(now),
        "actor": people.planner,
        "now": now,
    }
    return services.campaign_make(**{**known, **fields})


def running(people: Office, now: datetime = NOW, **fields: object) -> Campaign:
    """Frozen by the approver and started."""
    campaign = draft(people, now, **fields)
    services.campaign_freeze(campaign.pk, actor=people.approver, now=now)
    services.campaign_start(campaign.pk, actor=people.planner, now=now)
    campaign.refresh_from_db()
    return campaign


def row_of(campaign: Campaign, unit: EmittingUnit) -> CampaignUnit:
    """The unit's place as it stands now."""
    return CampaignUnit.objects.get(campaign=campaign, unit=unit)


def change(people: Office, campaign: Campaign, unit: EmittingUnit, kind: str, now: datetime = NOW,
           **fields: object) -> None:  # fmt: skip
    """Proposed by the inspector and approved by the province."""
    made = services.campaign_change_propose(
        campaign_id=campaign.pk, unit_id=unit.pk, kind=kind, reason="情况说明",
        actor=people.inspector, now=now, **fields,
    )  # fmt: skip
    services.campaign_change_approve(made.pk, actor=people.approver, now=now)
