"""Campaigns: the frozen list, two people for every change, one state of every unit at any date."""

import hashlib
from datetime import timedelta

import pytest
from django.db import InternalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing, WrongState
from inspections import services
from inspections.campaign_query import UnitQuery
from inspections.models import Campaign, CampaignUnit, CampaignUnitState
from inspections.selectors.campaigns import list_holds, progress_of
from tests.factories import DALIAN, NOW, AnnualReportFactory, UnitFactory, make_actor
from tests.inspections.campaign_support import change, draft, office, row_of, running, stages

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


def browser(actor):
    client = Client()
    client.force_login(actor.user, "django.contrib.auth.backends.ModelBackend")
    return client


def test_the_query_finds_the_power_units_of_the_first_period_and_no_others():
    people = office(1)
    owing = AnnualReportFactory(year=2020).unit
    UnitFactory()  # a power unit without a duty in those years
    AnnualReportFactory(year=2021)
    UnitFactory(attributes__first_period=True, attributes__industry_code="3011")
    campaign = draft(people)
    services.campaign_freeze(campaign.pk, actor=people.approver, now=NOW)
    assert set(campaign.units.values_list("unit", flat=True)) == {people.units[0].pk, owing.pk}


def test_city_type_and_own_selection_narrow_the_list():
    people = office(2)
    far = UnitFactory(organisation__city=DALIAN, attributes__industry_code="4412")
    assert draft(people, query=UnitQuery(cities=(DALIAN,))).size == 1
    assert draft(people, query=UnitQuery(industries=("4412",))).size == 1
    codes = (far.organisation.code, people.units[0].organisation.code)
    assert draft(people, query=UnitQuery(codes=codes)).size == 2
    with pytest.raises(Invalid) as refused:
        draft(people, query=UnitQuery(codes=("91UNKNOWN", far.organisation.code)))
    assert "91UNKNOWN" in str(refused.value.fields["codes"][0])
    with pytest.raises(Invalid, match="没有单位符合条件"):
        draft(people, query=UnitQuery(cities=("210300",)))


def test_the_stages_are_asked_for_and_in_order():
    people = office(1)
    for wrong in (
        {"inspect_until": None},
        {"inspect_until": TODAY + timedelta(days=1)},
        {"self_until": TODAY - timedelta(days=1)},
    ):
        with pytest.raises(Invalid) as refused:
            draft(people, stages={**stages(), **wrong})
        assert set(wrong) <= set(refused.value.fields)


def test_whoever_drew_it_up_does_not_freeze_it():
    people = office(1)
    campaign = draft(people)
    with pytest.raises(Forbidden):
        services.campaign_freeze(campaign.pk, actor=people.planner, now=NOW)
    both = make_actor("province.approver")
    Campaign.objects.filter(pk=campaign.pk).update(proposed_by=both.user)
    with pytest.raises(GuardFailed, match="另一人"):
        services.campaign_freeze(campaign.pk, actor=both, now=NOW)


def test_a_list_that_moved_since_the_preview_is_not_frozen():
    people = office(2)
    campaign = draft(people)
    UnitFactory(attributes__first_period=True)
    with pytest.raises(GuardFailed, match="有变化"):
        services.campaign_freeze(campaign.pk, actor=people.approver, now=NOW)
    assert not CampaignUnit.objects.exists()


def test_the_file_hashes_to_the_shown_value_and_the_list_can_be_checked_again():
    people = office(3)
    campaign = draft(people)
    url = reverse("inspections:campaign-file", args=[campaign.pk])
    before = browser(people.approver).get(url).content
    services.campaign_freeze(campaign.pk, actor=people.approver, now=NOW)
    after = browser(people.planner).get(url).content
    assert before == after
    assert hashlib.sha256(after).hexdigest() == campaign.sha256
    assert len(after.decode().splitlines()) == 3
    page = browser(people.planner).get(campaign.get_absolute_url()).content.decode()
    assert campaign.sha256 in page
    assert list_holds(Campaign.objects.get(pk=campaign.pk))
    people.units[0].organisation.name = "改名以后"
    people.units[0].organisation.save()
    assert list_holds(Campaign.objects.get(pk=campaign.pk)), "the frozen list keeps the old name"


def test_a_row_smuggled_into_the_list_is_found():
    people = office(2)
    campaign = running(people)
    other = UnitFactory()
    CampaignUnit.objects.create(
        campaign=campaign, unit=other, credit_code="X", name="X", city="210100", frozen=True,
        included_at=NOW, status_at=NOW,
    )  # fmt: skip
    assert not list_holds(campaign)


@pytest.mark.parametrize("what", ["delete", "name", "history", "query", "covered"])
def test_the_database_keeps_the_list_and_its_history(what):
    people = office(1)
    campaign = running(people)
    row = row_of(campaign, people.units[0])
    CampaignUnit.objects.filter(pk=row.pk).update(covered_at=NOW)
    tamper = {
        "delete": lambda: CampaignUnit.objects.filter(pk=row.pk)._raw_delete("default"),
        "name": lambda: CampaignUnit.objects.filter(pk=row.pk).update(name="别名"),
        "history": lambda: CampaignUnitState.objects.update(state="clean"),
        "query": lambda: Campaign.objects.update(query={}),
        "covered": lambda: CampaignUnit.objects.filter(pk=row.pk).update(covered_at=None),
    }
    with pytest.raises(InternalError), transaction.atomic():
        tamper[what]()


def test_a_frozen_campaign_is_not_drawn_up_again():
    people = office(1)
    campaign = running(people)
    with pytest.raises(WrongState):
        services.campaign_edit(
            campaign.pk, title="x", kind="full", year=2024, basis="x", query=UnitQuery(),
            stages=stages(), actor=people.planner, now=NOW,
        )  # fmt: skip


def test_it_ends_only_when_every_unit_has_ended():
    people = office(2)
    campaign = running(people)
    with pytest.raises(GuardFailed, match="2 家单位没有办结"):
        services.campaign_close(campaign.pk, summary="总结", actor=people.approver, now=NOW)
    for unit in people.units:
        change(people, campaign, unit, "remove")
    services.campaign_close(campaign.pk, summary="总结", actor=people.approver, now=NOW)
    assert Campaign.objects.get(pk=campaign.pk).status == "closed"


def test_a_change_needs_a_second_person_and_nothing_moves_before():
    people = office(2)
    campaign = running(people)
    unit = people.units[0]
    facts = {"campaign_id": campaign.pk, "unit_id": unit.pk, "kind": "remove", "reason": "关停"}
    made = services.campaign_change_propose(**facts, actor=people.inspector, now=NOW)
    assert row_of(campaign, unit).status == "included"
    with pytest.raises(Forbidden):
        services.campaign_change_approve(made.pk, actor=people.inspector, now=NOW)
    with pytest.raises(GuardFailed, match="待批准"):
        services.campaign_change_propose(**facts, actor=people.chief, now=NOW)
    services.campaign_change_refuse(made.pk, note="不同意", actor=people.approver, now=NOW)
    assert row_of(campaign, unit).status == "included"
    change(people, campaign, unit, "remove")
    assert row_of(campaign, unit).status == "removed"
    with pytest.raises(GuardFailed, match="已办结"):
        services.campaign_change_propose(
            **facts | {"kind": "extend"}, actor=people.chief, now=NOW, extended_to=TODAY
        )


def test_a_removed_unit_stays_in_the_denominator_and_an_added_one_joins_it():
    people = office(2)
    campaign = running(people)
    late = NOW + timedelta(days=3)
    change(people, campaign, people.units[0], "remove", late)
    added = UnitFactory()
    change(people, campaign, added, "add", late + timedelta(days=2))
    totals = [
        progress_of(campaign, people.planner, TODAY + timedelta(days=n), late + timedelta(days=9))
        for n in (0, 3, 5)
    ]
    assert [(p.all.total, p.all.added) for p in totals] == [(2, 0), (2, 0), (3, 1)]
    removed = [{s.code: n for s, n in p.states}["removed"] for p in totals]
    assert removed == [0, 1, 1]
    assert list_holds(campaign), "an added unit is not part of the frozen list"
    change(people, campaign, people.units[0], "add", late + timedelta(days=3))
    assert row_of(campaign, people.units[0]).status == "included"
    assert campaign.units.count() == 3


def test_an_extension_moves_the_deadline_and_goes_on_from_where_it_was():
    people = office(1)
    campaign = running(people)
    unit = people.units[0]
    facts = {"campaign_id": campaign.pk, "unit_id": unit.pk, "kind": "extend", "reason": "停产"}
    for day in (None, campaign.self_until, campaign.sum_until + timedelta(days=1)):
        with pytest.raises(Invalid):
            services.campaign_change_propose(
                **facts, extended_to=day, actor=people.inspector, now=NOW
            )
    day = campaign.self_until + timedelta(days=10)
    change(people, campaign, unit, "extend", extended_to=day)
    row = row_of(campaign, unit)
    assert (row.status, row.resumes) == ("extended", "included")
    assert timezone.localdate(row.due_at) == day


def test_others_do_not_see_a_campaign_without_a_unit_of_theirs():
    people = office(2)
    campaign = draft(people)
    url = campaign.get_absolute_url()
    assert browser(people.chief).get(url).status_code == 404, "a draft is the office's own"
    services.campaign_freeze(campaign.pk, actor=people.approver, now=NOW)
    own = make_actor("unit.filler", people.units[0].organisation)
    stranger = make_actor("unit.filler", UnitFactory().organisation)
    page = browser(own).get(url).content.decode()
    assert people.units[0].organisation.name in page
    assert people.units[1].organisation.name not in page
    assert browser(stranger).get(url).status_code == 404
    assert browser(make_actor("city.chief", city=DALIAN)).get(url).status_code == 404
    with pytest.raises(Missing):
        CampaignUnit.objects.visible_to(stranger).one(pk=campaign.units.first().pk)


def test_the_pages_draw_up_freeze_and_export():
    people = office(3)
    client = browser(people.planner)
    days = {name: day.isoformat() for name, day in stages(timezone.now()).items()}
    form = {
        "title": "全覆盖",
        "kind": "full",
        "year": "2026",
        "basis": "方案",
        "first_period": "on",
    }
    wrong = client.post(reverse("inspections:campaign-new"), {**form, **days, "codes": "91NO"})
    assert wrong.status_code == 422
    assert "91NO" in wrong.content.decode()
    made = client.post(reverse("inspections:campaign-new"), form | days)
    assert made.status_code == 302
    campaign = Campaign.objects.get()
    assert "名单预览" in client.get(made["Location"]).content.decode()
    edit = reverse("inspections:campaign-edit", args=[campaign.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, form | days | {"title": "改"}).status_code == 302
    freeze = reverse("inspections:campaign-step", args=[campaign.pk, "freeze"])
    assert browser(people.approver).post(freeze, {"note": "同意"}).status_code == 302
    for query in ("", "?on=2019-01-01", "?on=2999-01-01", "?on=x", "?city=210100&progress=late"):
        assert client.get(campaign.get_absolute_url() + query).status_code == 200, query
    assert (
        "不能晚于今天"
        in client.get(f"{campaign.get_absolute_url()}?on=2999-01-01").content.decode()
    )
    sheet = client.get(f"{campaign.get_absolute_url()}?export=xlsx")
    assert sheet.content[:2] == b"PK"
    row = campaign.units.first()
    inspector = browser(people.inspector)
    for url in (row.get_absolute_url(), reverse("inspections:campaign-unit-remove", args=[row.pk])):
        assert inspector.get(url).status_code == 200
    remove = inspector.post(
        reverse("inspections:campaign-unit-remove", args=[row.pk]), {"reason": "关停"}
    )
    assert remove.status_code == 302
    assert inspector.get(remove["Location"]).status_code == 200
    assert inspector.get(reverse("inspections:campaign-add", args=[campaign.pk])).status_code == 200
    panel = inspector.get(row.unit.get_absolute_url()).content.decode()
    assert "改" in panel
