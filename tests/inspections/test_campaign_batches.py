"""One click for a city's units: self-inspections, planned inspections; the hashes by command."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from carbonwatch.refusals import GuardFailed, Invalid
from inspections import services
from inspections.models import CampaignUnit, Inspection, Questionnaire, SelfInspection
from inspections.services import campaign_batches
from tests.factories import DALIAN, NOW, UnitFactory
from tests.inspections.campaign_support import office, running, stages
from tests.inspections.test_campaign_moves import ask

pytestmark = pytest.mark.django_db


def asked_before(people):
    """The first unit has the questionnaire already; the others came later."""
    made = ask(people, timezone.localdate(NOW) + timedelta(days=9))
    first = SelfInspection.objects.order_by("pk").first()
    SelfInspection.objects.exclude(pk=first.pk).delete()
    return made, first


def test_a_citys_units_are_asked_once_and_who_has_it_goes_on(monkeypatch):
    people = office(3)
    UnitFactory(organisation__city=DALIAN, attributes__first_period=True)
    questionnaire, first = asked_before(people)
    campaign = running(people)
    monkeypatch.setattr(campaign_batches, "AT_ONCE", 2)
    facts = {"questionnaire_id": questionnaire.pk, "actor": people.inspector, "now": NOW}
    one = services.campaign_self_start(campaign.pk, **facts)
    two = services.campaign_self_start(campaign.pk, **facts)
    assert [(b.done, b.left) for b in (one, two)] == [(2, 1), (1, 0)]
    assert SelfInspection.objects.count() == 3
    first.refresh_from_db()
    assert first.campaign_unit.unit_id == first.unit_id
    states = CampaignUnit.objects.order_by("city").values_list("city", "status")
    assert list(states) == [("210100", "self")] * 3 + [(DALIAN, "included")]
    with pytest.raises(GuardFailed, match="没有等待"):
        services.campaign_self_start(campaign.pk, **facts)
    Questionnaire.objects.update(status="replaced")
    with pytest.raises(Invalid):
        services.campaign_self_start(campaign.pk, **facts)


def test_inspections_of_a_city_are_planned_by_one_form():
    people = office(2)
    campaign = running(people, now=timezone.now(), stages=stages(timezone.now()))
    client = Client()
    client.force_login(people.inspector.user, "django.contrib.auth.backends.ModelBackend")
    url = reverse("inspections:campaign-inspect", args=[campaign.pk])
    assert "（2）" in client.get(url).content.decode()
    services.conflict_add(
        people.team[0], unit_id=people.units[0].pk, reason="shares", since=timezone.localdate(NOW),
        actor=people.chief, now=NOW,
    )  # fmt: skip
    answer = client.post(url, {
        "city": "210100", "manner": "desk", "planned_on": timezone.localdate().isoformat(),
        "first": people.team[0], "second": people.team[1],
    })  # fmt: skip
    assert answer.status_code == 302
    assert Inspection.objects.get().campaign_unit.unit == people.units[1]
    assert "回避情形" in client.post(url, {
        "manner": "desk", "planned_on": timezone.localdate().isoformat(),
        "first": people.team[0], "second": people.team[1],
    }).content.decode()  # fmt: skip
    start = reverse("inspections:campaign-self", args=[campaign.pk])
    assert client.get(start).status_code == 200


def test_the_command_finds_a_list_that_is_not_the_frozen_one():
    people = office(1)
    campaign = running(people)
    said = StringIO()
    call_command("verify_campaigns", stdout=said)
    assert campaign.sha256 in said.getvalue()
    CampaignUnit.objects.create(
        campaign=campaign, unit=UnitFactory(), credit_code="X", name="X", city="210100",
        frozen=True, included_at=NOW, status_at=NOW,
    )  # fmt: skip
    with pytest.raises(CommandError):
        call_command("verify_campaigns", stdout=said)
