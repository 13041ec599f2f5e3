"""Overdue rectification climbs: over simulated dates, twice, at once, and by a real worker and beat."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.audit.models import AuditEvent
from carbonwatch.notifications.models import Kind, Notification
from carbonwatch.params.service import load_shipped, put_in_force
from carbonwatch.params.values import shipped
from carbonwatch.params.workdays import add_working_days
from carbonwatch.runtime.processes import wait_until
from inspections import services
from inspections.models import Climb, Finding
from inspections.services import Item, climb_ladder
from tests.factories import OrganisationFactory, make_actor
from tests.inspections.beating import beating
from tests.inspections.support import cast, register, walk

ORDERED = datetime(2024, 9, 1, 2, tzinfo=UTC)
DUE = date(2024, 9, 27)
"""A Friday. Working days after it: Sunday 29 and Monday 30 September, 8 to 11, Saturday 12, 14 October
and so on; 1 to 7 October are holidays."""


@pytest.fixture
def people(db):
    load_shipped()
    people = cast()
    province = OrganisationFactory(kind=OrgKind.PROVINCE)
    people.supervisor = make_actor("province.supervisor", province)
    return people


def late(people, *items):
    finding = walk(people, register(people, ORDERED), "confirmed", ORDERED)
    services.finding_order(
        finding.pk, demand="改正。", due_on=DUE, measures=items, actor=people.chief, now=ORDERED
    )
    finding.refresh_from_db()
    return finding


def morning(day):
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)  # 9:00 in Shenyang


def test_each_rung_on_its_working_day(people):
    finding = late(people)
    climbed = {}
    day = date(2024, 9, 20)
    while day < date(2024, 10, 31):  # beat runs twice a day
        for hour in (0, 8):
            climb_ladder(morning(day) + timedelta(hours=hour))
        for rung in finding.climbs.values_list("rung", flat=True):
            climbed.setdefault(rung, day)
        day += timedelta(days=1)
    assert climbed == {
        "chief": date(2024, 9, 29),  # the first working day after, a Sunday
        "province": date(2024, 10, 10),  # 29, 30, 8, 9, 10
        "bulletin": date(2024, 10, 23),  # 11, 12, 14, 15, 16, 17, 18, 21, 22, 23
    }
    assert list(finding.climbs.values_list("rung", "days")) == [
        ("chief", 1), ("province", 5), ("bulletin", 15),
    ]  # fmt: skip
    told = Notification.objects.filter(kind=Kind.SUPERVISED, url=finding.get_absolute_url())
    counts = {
        who: told.filter(user=getattr(people, who).user).count()
        for who in ("chief", "supervisor", "filler", "inspector", "reviewer")
    }
    assert counts == {"chief": 3, "supervisor": 2, "filler": 1, "inspector": 0, "reviewer": 0}
    entries = AuditEvent.objects.filter(action="finding.climb").order_by("seq")
    assert [json.loads(e.payload)["rung"] for e in entries] == ["chief", "province", "bulletin"]
    assert {e.actor_id for e in entries} == {None}


def test_a_long_absence_is_made_up_for_in_one_run(people):
    finding = late(people)
    assert climb_ladder(morning(date(2024, 12, 2))) == 3
    assert climb_ladder(morning(date(2024, 12, 2))) == 0
    assert finding.climbs.count() == 3


def test_a_new_deadline_begins_below(people):
    finding = late(people)
    climb_ladder(morning(date(2024, 9, 29)))
    Finding.objects.filter(pk=finding.pk).update(due_at=morning(date(2024, 10, 14)))
    assert climb_ladder(morning(date(2024, 10, 14))) == 0
    assert climb_ladder(morning(date(2024, 10, 15))) == 1
    assert list(finding.climbs.values_list("rung", flat=True)) == ["chief", "chief"]


def test_a_measure_climbs_by_its_own_deadline(people):
    finding = late(people, Item("早", date(2024, 9, 10)), Item("晚"))
    assert climb_ladder(morning(date(2024, 9, 11))) == 1
    climb = Climb.objects.get()
    assert (climb.measure.text, climb.finding) == ("早", None)
    page = _page(people.chief, finding.get_absolute_url())
    assert "市级负责人督办" in page


def test_what_is_done_or_not_yet_due_does_not_climb(people):
    walk(people, register(people, ORDERED), "closed", ORDERED)
    late(people)
    assert climb_ladder(morning(DUE)) == 0


def test_the_rungs_in_force_on_the_missed_day_decide(people):
    finding = late(people)
    rule = shipped().find("rectification.ladder.chief", DUE)
    changed = {"valid_from": DUE, "source": "通知", "confidence": "SEEN"}
    put_in_force(type(rule)(**{**_fields(rule), **changed}), 3)
    assert climb_ladder(morning(date(2024, 9, 29))) == 0
    assert climb_ladder(morning(date(2024, 10, 8))) == 1
    assert finding.climbs.get().parameter["value"] == "3"


def _fields(value):
    return {name: getattr(value, name) for name in value.__slots__}


def test_list_and_page_show_the_rung(people):
    finding, quiet = late(people), register(people, morning(date(2024, 10, 9)), title="另一个")
    climb_ladder(morning(date(2024, 10, 10)))
    url = reverse("inspections:findings")
    for rung, shown in (("any", True), ("province", True), ("bulletin", False)):
        page = _page(people.chief, url, rung=rung)
        assert (f'href="{finding.get_absolute_url()}"' in page) is shown
        assert f'href="{quiet.get_absolute_url()}"' not in page
    assert "省级督办" in _page(people.filler, finding.get_absolute_url())


def _page(actor, url, **query):
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(url, query).content.decode()


def test_as_many_statements_for_twenty_as_for_one(people, django_assert_num_queries):
    late(people)
    with django_assert_num_queries(15):
        climb_ladder(morning(date(2024, 10, 10)))
    for _number in range(20):
        late(people)
    with django_assert_num_queries(15):
        climb_ladder(morning(date(2024, 10, 11)))


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_have_one_effect():
    load_shipped()
    people = cast()
    for _number in range(8):
        late(people)

    def run(_number):
        try:
            return climb_ladder(morning(date(2024, 12, 2)))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        climbed = sum(pool.map(run, range(4)))
    while more := climb_ladder(morning(date(2024, 12, 2))):  # what all of them had left to another
        climbed += more
    assert climbed == Climb.objects.count() == 24


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_and_beat_climb_and_remind_once():
    load_shipped()
    people = cast()
    people.supervisor = make_actor("province.supervisor")
    waited = {2: 1, 7: 2, 18: 3}  # working days overdue: rungs
    findings = {n: overdue(people, n) for n in waited}
    Notification.objects.all().delete()
    with beating() as beat:
        done = wait_until(lambda: Climb.objects.count() == 6, 120, 0.2)
        assert done, beat.last_lines()
        another = overdue(people, 2)  # when it has climbed, beat has run again
        assert wait_until(lambda: another.climbs.exists(), 60, 0.2), beat.last_lines()
        reminded = Notification.objects.filter(kind=Kind.LATE, user=people.filler.user)
        assert wait_until(lambda: reminded.count() == 4, 60, 0.2), beat.last_lines()
    for n, rungs in waited.items():
        assert findings[n].climbs.count() == rungs
    assert AuditEvent.objects.filter(action="finding.climb").count() == 7
    told = Notification.objects.filter(kind=Kind.SUPERVISED, title__contains="督办")
    assert told.filter(user=people.chief.user).count() == 6  # 4 of the chief, 2 of the province
    assert told.filter(user=people.supervisor.user).count() == 2


def overdue(people, days):
    """A finding that should have been answered so many working days ago."""
    today = timezone.localdate()
    due_on = add_working_days(today, -days)
    at = morning(due_on - timedelta(days=20))
    finding = walk(people, register(people, at), "confirmed", at)
    services.finding_order(finding.pk, demand="改正。", due_on=due_on, actor=people.chief, now=at)
    return finding
