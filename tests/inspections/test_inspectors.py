"""The register of inspectors: who may inspect whom on which day, and who keeps the register."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from carbonwatch.audit.models import AuditEvent
from carbonwatch.params.models import Parameter
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing, WrongState
from inspections import services
from inspections.models import Inspection, Inspector
from tests.factories import DALIAN, NOW, UnitFactory, make_actor
from tests.inspections.support import cast, enter

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
DAY = timedelta(days=1)


def plan(people, inspectors, day=TODAY):
    return services.inspection_make(
        unit_id=people.unit.pk, kind="planned", manner="desk", year=2023, reason="计划",
        planned_on=day, inspectors=[i.pk for i in inspectors], actor=people.inspector, now=NOW,
    )  # fmt: skip


def conflict(inspector, unit, since=TODAY, until=None):
    return services.conflict_add(
        inspector.pk, unit_id=unit.pk, reason="employer", note="曾任燃料主管", since=since,
        until=until, actor=make_actor("city.chief"), now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "fit"),
    [
        ({}, True),
        ({"valid_from": TODAY, "valid_to": TODAY}, True),
        ({"valid_from": TODAY + DAY}, False),
        ({"valid_to": TODAY - DAY}, False),
    ],
)
def test_fit_while_the_certificate_is_valid(fields, fit):
    inspector = enter(make_actor("city.inspector"), **fields)
    assert (inspector in Inspector.objects.fit_on(TODAY)) is fit


@pytest.mark.parametrize(
    ("since", "until", "fit"),
    [
        (TODAY, None, False),
        (TODAY, TODAY, False),
        (TODAY + DAY, None, True),
        (TODAY - 9 * DAY, TODAY - DAY, True),
    ],
)
def test_a_conflict_keeps_away_from_its_unit_alone(since, until, fit):
    inspector, unit, other = enter(make_actor("city.inspector")), UnitFactory(), UnitFactory()
    conflict(inspector, unit, since, until)
    assert (inspector in Inspector.objects.fit_on(TODAY, unit)) is fit
    assert inspector in Inspector.objects.fit_on(TODAY, other)
    assert inspector in Inspector.objects.fit_on(TODAY)


@pytest.mark.parametrize("lost", ["organisation", "account", "post", "register"])
def test_who_has_left_is_not_fit(lost):
    person = make_actor("city.inspector")
    inspector = enter(person)
    if lost == "organisation":
        person.organisation.active = False
        person.organisation.save()
    elif lost == "account":
        person.user.is_active = False
        person.user.save()
    elif lost == "post":
        person.user.memberships.update(until=TODAY - DAY)
    else:
        services.inspector_withdraw(
            inspector.pk, note="调离", actor=make_actor("city.chief"), now=NOW
        )
    assert inspector not in Inspector.objects.fit_on(TODAY)


@pytest.mark.parametrize("who", ["alone", "twice", "elsewhere", "expires", "conflict"])
def test_a_team_that_may_not_inspect_is_refused(who):
    people = cast()
    first = enter(people.inspector)
    second = {
        "alone": lambda: [],
        "twice": lambda: [first],
        "elsewhere": lambda: [enter(make_actor("city.inspector", city=DALIAN))],
        "expires": lambda: [enter(make_actor("city.inspector"), valid_to=TODAY + DAY)],
        "conflict": lambda: [enter(make_actor("city.inspector"))],
    }[who]()
    if who == "conflict":
        conflict(second[0], people.unit)
    with pytest.raises(Invalid) as refused:
        plan(people, [first, *second], TODAY + 2 * DAY)
    assert refused.value.fields
    assert not Inspection.objects.exists()


def test_how_many_are_needed_is_a_dated_parameter():
    people = cast()
    team = [enter(people.inspector), enter(make_actor("city.inspector"))]
    Parameter.objects.filter(key="inspection.fewest_inspectors", valid_to=None).update(value=3)
    with pytest.raises(Invalid, match="3人"):
        plan(people, team)
    assert plan(people, [*team, enter(make_actor("city.inspector"))]).members.count() == 3


def test_an_inspection_keeps_the_number_that_was_shown():
    people = cast()
    first, second = enter(people.inspector, "旧1"), enter(make_actor("city.inspector"), "旧2")
    inspection = plan(people, [first, second])
    services.inspector_renew(
        first.pk, certificate="新1", valid_from=TODAY, valid_to=TODAY + 900 * DAY, note="换证",
        actor=people.chief, now=NOW,
    )  # fmt: skip
    assert list(inspection.members.values_list("certificate", flat=True)) == ["旧1", "旧2"]
    entry = AuditEvent.objects.get(action="inspector.renew")
    assert "旧1" in entry.payload
    assert "新1" in entry.payload


def test_nobody_keeps_the_own_entry():
    boss, other = make_actor("province.supervisor"), make_actor("province.supervisor")
    with pytest.raises(GuardFailed):
        enter(boss, actor=boss)
    inspector = enter(boss, actor=other)
    for attempt in (
        lambda: services.inspector_withdraw(inspector.pk, note="x", actor=boss, now=NOW),
        lambda: services.conflict_add(
            inspector.pk, unit_id=UnitFactory().pk, reason="shares", since=TODAY, actor=boss,
            now=NOW,
        ),
    ):  # fmt: skip
        with pytest.raises(GuardFailed):
            attempt()
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspector.objects.filter(pk=inspector.pk).update(entered_by=boss.user)


def test_a_bureau_keeps_its_own_and_the_province_all():
    person = make_actor("city.inspector")
    elsewhere = make_actor("city.chief", city=DALIAN)
    with pytest.raises(Invalid):
        enter(person, actor=elsewhere)
    with pytest.raises(Forbidden):
        enter(person, actor=person)
    inspector = enter(person, actor=make_actor("province.supervisor"))
    with pytest.raises(Missing):
        services.inspector_withdraw(inspector.pk, note="x", actor=elsewhere, now=NOW)
    with pytest.raises(Forbidden):
        services.inspector_withdraw(inspector.pk, note="x", actor=person, now=NOW)
    chief = make_actor("city.chief")
    services.inspector_withdraw(inspector.pk, note="调离", actor=chief, now=NOW)
    with pytest.raises(WrongState):
        services.inspector_withdraw(inspector.pk, note="调离", actor=chief, now=NOW)
    assert enter(person, inspector.certificate).pk != inspector.pk  # and back again


def test_one_person_one_entry_one_number():
    person = make_actor("city.inspector")
    enter(person, "辽9")
    for again, number in ((person, "辽8"), (make_actor("city.inspector"), " 辽9 ")):
        with pytest.raises(Invalid):
            enter(again, number)
    with pytest.raises(Invalid):
        enter(make_actor("city.inspector"), valid_from=date(2030, 1, 2), valid_to=date(2030, 1, 1))


def test_a_conflict_ends_once():
    inspector, unit = enter(make_actor("city.inspector")), UnitFactory()
    row = conflict(inspector, unit)
    with pytest.raises(Invalid):
        conflict(inspector, unit)
    ending = {"note": "持股已转让", "actor": make_actor("city.chief"), "now": NOW}
    with pytest.raises(Invalid):
        services.conflict_end(row.pk, until=TODAY - DAY, **ending)
    services.conflict_end(row.pk, until=TODAY, **ending)
    assert inspector in Inspector.objects.fit_on(TODAY + DAY, unit)
    with pytest.raises(Invalid):
        services.conflict_end(row.pk, until=TODAY, **ending)


def test_the_pages(client):
    people, now = cast(), timezone.localdate()
    soon = enter(people.inspector, "C-soon", valid_to=now + 60 * DAY)
    enter(make_actor("city.inspector"), "C-late", valid_to=now + 61 * DAY)
    enter(make_actor("city.inspector"), "C-over", valid_to=now - DAY)
    conflict(soon, people.unit)
    url = reverse("inspections:inspectors")
    client.force_login(people.chief.user)
    listed = {
        validity: [n for n in ("C-soon", "C-late", "C-over") if n in client.get(
            url, {"validity": validity}).content.decode()]
        for validity in ("valid", "expiring", "expired")
    }  # fmt: skip
    assert listed == {"valid": ["C-soon", "C-late"], "expiring": ["C-soon"], "expired": ["C-over"]}
    new = make_actor("city.inspector")
    post = new.user.memberships.get()
    form = client.get(reverse("inspections:inspector-new")).context["form"]
    assert list(form.fields["post"].queryset) == [post]
    answer = client.post(
        reverse("inspections:inspector-new"),
        {"post": post.pk, "certificate": "辽7", "valid_from": now, "valid_to": now + DAY},
    )
    assert answer["Location"] == Inspector.objects.get(user=new.user).get_absolute_url()
    assert "曾任燃料主管" in client.get(soon.get_absolute_url()).content.decode()
    for reader, seen in (
        (people.inspector, True),
        (new, False),
    ):  # the own details, not a colleague's
        client.force_login(reader.user)
        page = client.get(soon.get_absolute_url()).content.decode()
        assert str(people.unit) in page
        assert ("曾任燃料主管" in page) is seen
    client.force_login(make_actor("city.chief", city=DALIAN).user)
    assert client.get(soon.get_absolute_url()).status_code == 404


def test_the_form_of_an_inspection_offers_the_register(client):
    people = cast()
    team = [enter(people.inspector), enter(make_actor("city.inspector"))]
    conflict(team[1], people.unit, timezone.localdate())
    enter(make_actor("city.inspector"), valid_to=date(2020, 1, 1))
    client.force_login(people.inspector.user)
    url = reverse("inspections:inspection-new")
    form = client.get(url).context["form"]
    assert set(form.fields["first"].queryset) == set(team)
    data = {
        "unit": people.unit.pk, "kind": "planned", "manner": "desk", "year": 2023, "reason": "计划",
        "planned_on": timezone.localdate(), "first": team[0].pk, "second": team[1].pk,
    }  # fmt: skip
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "回避情形" in refused.content.decode()
