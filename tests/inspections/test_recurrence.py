"""What was closed and comes back within the time is marked by the system itself."""

from datetime import datetime

import pytest
from django.test import Client

from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.audit.models import AuditEvent
from carbonwatch.notifications.models import Notification
from carbonwatch.params.service import load_shipped
from inspections import services
from inspections.models import Finding
from tests.factories import NOW, OrganisationFactory, UnitFactory, VersionFactory, make_actor
from tests.inspections.support import cast, make_question, register, walk

pytestmark = pytest.mark.django_db
CLAUSE = "《碳排放权交易管理暂行条例》第十条"


@pytest.fixture
def people():
    load_shipped()
    return cast()


def again(people, now, **fields):
    """A second finding, confirmed."""
    finding = register(people, now, title="又缺采样记录", **fields)
    services.finding_confirm(finding.pk, actor=people.reviewer, now=now)
    finding.refresh_from_db()
    return finding


def closed(people, **fields):
    return walk(people, register(people, **{"clause": CLAUSE, **fields}), "closed")


def at(text):
    return datetime.fromisoformat(f"{text}T10:00:00+08:00")


@pytest.mark.parametrize(
    ("day", "recurs"),
    [
        ("2024-04-11", True),
        ("2026-04-10", True),  # 24 months to the day after NOW, 10 April 2024
        ("2026-04-11", False),
    ],
)
def test_the_same_clause_within_24_months(people, day, recurs):
    old = closed(people)
    new = again(people, at(day), clause=" 《碳排放权交易管理暂行条例》 第十条")
    old.refresh_from_db()
    assert (new.recurrence_of, old.status) == ((old, "recurred") if recurs else (None, "closed"))


def test_the_same_check(people):
    questions = [
        make_question(VersionFactory(report__unit=people.unit, report__year=year))
        for year in (2021, 2022)
    ]
    old = register(people, question_id=questions[0].pk, clause="甲")
    old = walk(people, old, "accepted")
    version = VersionFactory(report=old.version.report)
    services.finding_correct(
        old.pk, version_id=version.pk, t_corrected=1, actor=people.reviewer, now=NOW
    )
    services.finding_close(old.pk, actor=people.chief, now=NOW)
    new = again(people, at("2024-05-06"), question_id=questions[1].pk, clause="乙")
    assert new.recurrence_of == old


@pytest.mark.parametrize(
    "fields", [{"clause": "另一条"}, {"clause": ""}, {"clause": CLAUSE, "unit": "other"}]
)
def test_what_is_no_recurrence(people, fields):
    old = closed(people) if fields["clause"] else closed(people, clause="")
    if fields.pop("unit", None):
        people.unit = UnitFactory()
    assert again(people, at("2024-05-06"), **fields).recurrence_of is None
    old.refresh_from_db()
    assert old.status == "closed"


def test_only_a_closed_one_comes_back_and_the_newest_of_them(people):
    walk(people, register(people, clause=CLAUSE), "accepted")
    first, second = closed(people), closed(people)
    assert (first.recurrence_of, second.recurrence_of) == (None, first)
    assert again(people, at("2024-05-06"), clause=CLAUSE).recurrence_of == second
    assert again(people, at("2024-05-07"), clause=CLAUSE).recurrence_of is None  # all have recurred


def test_city_and_province_are_told_and_both_pages_say_it(people):
    province = OrganisationFactory(kind=OrgKind.PROVINCE)
    supervisor = make_actor("province.supervisor", province)
    old = closed(people)
    Notification.objects.all().delete()
    new = again(people, at("2024-05-06"), clause=CLAUSE)
    told = set(
        Notification.objects.filter(title__startswith="问题复发").values_list("user", flat=True)
    )
    assert {people.inspector.user.pk, people.chief.user.pk, supervisor.user.pk} <= told
    assert people.filler.user.pk not in told
    entry = AuditEvent.objects.get(action="finding.recurred")
    assert (entry.actor_id, entry.target_id) == (None, str(old.pk))
    client = Client()
    for actor, seen in ((people.chief, True), (people.filler, False)):
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(old.get_absolute_url()).content.decode()
        assert "已复发" in page
        # Before the order a finding is the authority's own business.
        assert (new.title in page) is seen
    client.force_login(people.chief.user, backend="django.contrib.auth.backends.ModelBackend")
    assert old.title in client.get(new.get_absolute_url()).content.decode()
    assert Finding.objects.open().filter(pk=old.pk).exists() is False
