"""A campaign in the browser: drawn up by one person, frozen by another, a deadline extended by two."""

from datetime import timedelta

import pytest
from django.utils import timezone

from carbonwatch.accounts.permissions import Role
from inspections import services
from inspections.models import Campaign
from tests.factories import UnitFactory
from tests.journeys.world import CITY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_campaign_from_its_query_to_an_extension(world, visit):
    for city in (CITY, CITY, "210200"):
        UnitFactory(organisation__city=city, attributes__first_period=True)
    today = timezone.localdate()
    people = {role: person.user.username for role, person in world.people.items()}
    planner = visit().enter(people[Role.PROVINCE_SUPERVISOR])
    planner.go("/campaigns/new/", "campaign-new").check("#id_first_period")
    planner.send(
        title="首个履约周期全覆盖检查", basis="省双碳办专项行动方案",
        self_until=today + timedelta(days=30), inspect_until=today + timedelta(days=60),
        rectify_until=today + timedelta(days=90), sum_until=today + timedelta(days=120),
    )  # fmt: skip
    planner.look("campaign-draft")
    campaign = Campaign.objects.get()
    approver = visit().enter(people[Role.PROVINCE_APPROVER])
    approver.go(f"{campaign.get_absolute_url()}step/freeze/")
    approver.send(note="名单已核对。")
    assert campaign.sha256 in approver.page.content()
    planner.go(f"{campaign.get_absolute_url()}step/start/")
    planner.send()
    planner.look("campaign")
    row = campaign.units.filter(city=CITY).first()
    inspector = visit("phone").enter(people[Role.CITY_INSPECTOR])
    inspector.go(campaign.get_absolute_url(), "campaign-city")
    inspector.go(f"{row.get_absolute_url()}extend/", "campaign-extend")
    inspector.send(extended_to=today + timedelta(days=45), reason="机组检修，无法开展现场检查。")
    inspector.look("campaign-change")
    services.campaign_change_approve(
        campaign.changes.get().pk, actor=world.people[Role.PROVINCE_APPROVER], now=timezone.now()
    )
    page = inspector.go(row.get_absolute_url(), "campaign-unit")
    assert "已延期" in page.content()
