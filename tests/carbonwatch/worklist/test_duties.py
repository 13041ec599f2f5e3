"""Duties follow the state of a matter; their holders are told; reminders come once."""

from datetime import timedelta

import pytest
from django.core import mail

from carbonwatch.accounts.models import Organisation
from carbonwatch.notifications.models import Kind, Notification
from carbonwatch.notifications.service import mark_read, notify
from carbonwatch.workflow.moves import move, start
from carbonwatch.worklist.duties import hand_on
from carbonwatch.worklist.models import WorkItem
from carbonwatch.worklist.reminders import watch_deadlines
from carbonwatch.worklist.selectors import inbox, people_of
from tests.carbonwatch.worklist.matter import Matter
from tests.factories import DALIAN, NOW, MembershipFactory, make_actor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def people():
    """Two fillers and a checker of one plant, two of the city, one of another city."""
    filler = make_actor("unit.filler")
    inspector = make_actor("city.inspector")
    return {
        "filler": filler,
        "colleague": make_actor("unit.filler", filler.organisation),
        "checker": make_actor("unit.checker", filler.organisation),
        "inspector": inspector,
        "chief": make_actor("city.chief", inspector.organisation),
        "elsewhere": make_actor("city.chief", city=DALIAN),
    }


@pytest.fixture
def matter(people):
    return Matter(people["filler"].organisation, people["inspector"].organisation)


def told(actor, **lookup):
    return Notification.objects.filter(user=actor.user, **lookup).count()


def test_a_duty_follows_the_state(people, matter):
    start(matter, people["filler"], NOW)
    assert inbox(people["colleague"], NOW).counts["to_do"] == 1
    assert inbox(people["checker"], NOW).counts["to_do"] == 0  # no post for it
    assert inbox(people["chief"], NOW).counts["to_do"] == 0

    move("send", matter, people["filler"], NOW)
    item = inbox(people["chief"], NOW).to_do.get()
    assert (item.state, item.due_at, item.url) == ("sent", NOW + 5 * DAY, f"/matters/{matter.pk}/")
    assert inbox(people["inspector"], NOW).counts["to_do"] == 0
    assert inbox(people["elsewhere"], NOW).counts["to_do"] == 0
    assert inbox(people["filler"], NOW).done.get().state == "draft"
    assert inbox(people["colleague"], NOW).counts["done"] == 0

    move("close", matter, people["chief"], NOW)
    assert not WorkItem.objects.filter(closed_at=None).exists()
    assert matter.due_at is None


def test_holders_are_told_but_not_who_has_just_acted(people, matter):
    start(matter, people["filler"], NOW)
    assert told(people["colleague"], kind=Kind.DUTY, due_at=None) == 1
    assert [told(people[n]) for n in ("filler", "checker", "chief")] == [0, 0, 0]
    move("send", matter, people["filler"], NOW)
    assert told(people["chief"], due_at=NOW + 5 * DAY) == 1
    assert told(people["elsewhere"]) == 0


def test_telling_costs_the_same_for_many(people, matter, django_assert_num_queries):
    for _number in range(20):
        make_actor("unit.filler", people["filler"].organisation)
    with django_assert_num_queries(4):  # close, open, who, tell
        hand_on([matter], None, NOW)
    assert Notification.objects.count() == 22


def test_mail_goes_to_addresses_after_the_commit(
    people, matter, django_capture_on_commit_callbacks
):
    people["colleague"].user.email = "a@example.org"
    people["colleague"].user.save()
    with django_capture_on_commit_callbacks(execute=True):
        hand_on([matter], None, NOW)
        assert mail.outbox == []
    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["a@example.org"], "新待办：2023年度 事项")
    ]


def test_people_have_a_post_in_force_in_an_active_organisation(people):
    unit, perm = people["filler"].organisation, "finding.answer"
    ended = make_actor("unit.filler", unit)
    ended.user.memberships.update(until=NOW.date() - DAY)
    future = make_actor("unit.filler", unit)
    future.user.memberships.update(since=NOW.date() + DAY)
    gone = make_actor("unit.filler", unit)
    type(gone.user).objects.filter(pk=gone.user.pk).update(is_active=False)
    MembershipFactory(user=people["filler"].user, organisation=unit, role="unit.approver")
    found = people_of({(unit.pk, perm)}, NOW)
    assert set(found[unit.pk, perm]) == {people["filler"].user, people["colleague"].user}
    Organisation.objects.filter(pk=unit.pk).update(active=False)
    assert people_of({(unit.pk, perm)}, NOW) == {(unit.pk, perm): []}


def test_reminders_come_once_before_and_once_after(people, matter, monkeypatch):
    monkeypatch.setattr(
        Organisation, "supervisor_org", lambda self: people["chief"].organisation, raising=False
    )
    start(matter, people["filler"], NOW)
    WorkItem.objects.update(due_at=NOW + 10 * DAY)
    Notification.objects.all().delete()
    assert watch_deadlines(NOW + 6 * DAY) == 0
    assert watch_deadlines(NOW + 7 * DAY) == 1
    assert watch_deadlines(NOW + 8 * DAY) == 0
    assert [told(people[n], kind=Kind.DUE) for n in ("filler", "colleague", "checker")] == [1, 1, 0]
    assert watch_deadlines(NOW + 10 * DAY) == 1
    assert watch_deadlines(NOW + 11 * DAY) == 0
    assert [told(people[n], kind=Kind.LATE) for n in ("filler", "chief")] == [1, 0]
    supervised = [
        told(people[n], kind=Kind.SUPERVISED) for n in ("inspector", "chief", "elsewhere")
    ]
    assert supervised == [1, 1, 0]
    assert inbox(people["filler"], NOW + 11 * DAY).counts["overdue"] == 1


def test_a_deadline_found_late_is_told_as_late_only(people, matter):
    start(matter, people["filler"], NOW)
    WorkItem.objects.update(due_at=NOW)
    watch_deadlines(NOW + 30 * DAY)
    watch_deadlines(NOW + 31 * DAY)
    assert set(Notification.objects.filter(user=people["filler"].user).values_list("kind")) == {
        (Kind.LATE,)
    }


def test_reminding_of_many_costs_the_same(people, matter, django_assert_max_num_queries):
    for _number in range(50):
        one = Matter(matter.unit, matter.city)
        hand_on([one], None, NOW)
    WorkItem.objects.update(due_at=NOW)
    with django_assert_max_num_queries(12):
        assert watch_deadlines(NOW) == 50


def test_reading_is_ones_own(people):
    filler, colleague = people["filler"], people["colleague"]
    notify([filler.user, colleague.user], filler.organisation, "通知", NOW, url="/x/")
    own = inbox(filler, NOW).to_read.get()
    assert mark_read(colleague, NOW, [own.pk]) == 0
    assert mark_read(filler, NOW, [own.pk]) == 1
    assert mark_read(filler, NOW) == 0
    assert inbox(filler, NOW).counts["read"] == 1
    assert inbox(colleague, NOW).counts["to_read"] == 1
