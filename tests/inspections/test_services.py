"""The life of a finding: steps, guards, two-person rules, scope, deadlines."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from carbonwatch.audit.models import AuditEvent
from carbonwatch.notifications.models import Notification
from carbonwatch.params.service import load_shipped
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing, WrongState
from carbonwatch.worklist.models import WorkItem
from carbonwatch.worklist.reminders import watch_deadlines
from inspections import services
from inspections.models import Finding
from tests.factories import NOW, UnitFactory, VersionFactory, make_actor
from tests.inspections.support import advance, cast, make_question, proof, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


def duty(finding):
    return WorkItem.objects.get(
        target="inspections.finding", target_id=finding.pk, closed_at__isnull=True
    )


def test_the_straight_way_ends_closed_and_the_ledger_tells_it(people):
    finding = advance(people, "closed")
    assert finding.status == "closed"
    assert finding.order_number == "沈阳环责改〔2024〕1号"
    told = AuditEvent.objects.filter(target="inspections.finding").order_by("seq")
    assert list(told.values_list("action", flat=True)) == [
        "finding.start",
        "finding.confirm",
        "finding.order",
        "finding.answer",
        "finding.accept",
        "finding.close",
    ]
    assert not WorkItem.objects.filter(closed_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("state", "holder", "perm"),
    [
        ("registered", "inspector", "finding.confirm"),
        ("confirmed", "inspector", "finding.order"),
        ("ordered", "filler", "finding.answer"),
        ("answered", "inspector", "finding.review"),
        ("accepted", "inspector", "finding.review"),
    ],
)
def test_every_open_state_is_somebodys_duty(people, state, holder, perm):
    open_duty = duty(advance(people, state))
    assert open_duty.organisation == getattr(people, holder).organisation
    assert open_duty.perm == perm
    assert open_duty.due_at is not None


def test_order_is_due_at_the_end_of_its_day(people):
    finding = advance(people, "ordered")
    end = timezone.localtime(finding.due_at)
    assert (end.date(), end.hour, end.minute) == (finding.due_on, 23, 59)
    assert duty(finding).due_at == finding.due_at


def test_unit_is_reminded_before_and_after_the_deadline(people):
    finding = advance(people, "ordered")
    Notification.objects.all().delete()
    watch_deadlines(finding.due_at - timedelta(days=1))
    assert set(Notification.objects.values_list("user_id", "kind")) == {
        (people.filler.user.pk, "due"),
        (people.approver.user.pk, "due"),
    }
    Notification.objects.all().delete()
    watch_deadlines(finding.due_at + timedelta(minutes=1))
    kinds = set(Notification.objects.values_list("organisation_id", "kind"))
    assert (people.unit.organisation_id, "late") in kinds
    assert (people.chief.organisation.pk, "supervised") in kinds


@pytest.mark.parametrize("days", [0, -1, 367])
def test_deadline_lies_between_tomorrow_and_a_year(people, days):
    finding = advance(people, "confirmed")
    due_on = timezone.localdate(NOW) + timedelta(days=days)
    with pytest.raises(Invalid):
        services.finding_order(
            finding.pk, demand="改正", due_on=due_on, actor=people.chief, now=NOW
        )
    finding.refresh_from_db()
    assert (finding.status, finding.order_number) == ("confirmed", "")


def test_the_last_evening_in_china_is_still_that_day(people):
    finding = advance(people, "confirmed")
    late = datetime(2024, 4, 10, 16, 30, tzinfo=UTC)  # 00:30 on 11 April in Shenyang
    with pytest.raises(Invalid):
        services.finding_order(
            finding.pk,
            demand="改正",
            due_on=datetime(2024, 4, 11, tzinfo=UTC).date(),
            actor=people.chief,
            now=late,
        )


def _confirm_own(people):
    both = make_actor("city.chief")
    finding = register(people, actor=people.inspector)
    Finding.objects.filter(pk=finding.pk).update(found_by=both.user)
    services.finding_confirm(finding.pk, actor=both, now=NOW)


def _accept_own(people):
    finding = advance(people, "answered")
    services.finding_accept(finding.pk, actor=people.inspector, now=NOW)  # the finder


def _accept_own_order(people):
    finding = advance(people, "answered")
    services.finding_accept(finding.pk, actor=people.chief, now=NOW)  # gave the order


def _close_own_review(people):
    finding = advance(people, "accepted")
    services.finding_close(finding.pk, actor=people.reviewer, now=NOW)


def _close_own_finding(people):
    finding = advance(people, "accepted")
    services.finding_close(finding.pk, actor=people.inspector, now=NOW)


@pytest.mark.parametrize(
    "take", [_confirm_own, _accept_own, _accept_own_order, _close_own_review, _close_own_finding]
)
def test_nobody_accepts_their_own_work(people, take):
    with pytest.raises(GuardFailed, match="另一人"):
        take(people)


def test_another_inspector_may_close(people):
    finding = advance(people, "accepted")
    services.finding_close(finding.pk, actor=make_actor("city.inspector"), now=NOW)
    finding.refresh_from_db()
    assert finding.status == "closed"


def test_answer_needs_proof(people):
    finding = advance(people, "ordered")
    with pytest.raises(Invalid):
        services.finding_answer(finding.pk, text="已改", files=[], actor=people.filler, now=NOW)
    assert not finding.answers.exists()


def test_returned_answer_stays_and_a_new_round_begins(people):
    finding = advance(people, "answered")
    until = timezone.localdate(NOW) + timedelta(days=5)
    services.finding_return(
        finding.pk, note="缺少采样制度", due_on=until, actor=people.reviewer, now=NOW
    )
    finding.refresh_from_db()
    assert timezone.localtime(finding.due_at).date() == until
    assert finding.due_on == timezone.localdate(NOW) + timedelta(days=15)  # that of the order
    services.finding_answer(
        finding.pk, text="已补", files=[proof()], actor=people.approver, now=NOW
    )
    services.finding_accept(finding.pk, actor=people.reviewer, now=NOW)
    rounds = finding.answers.values_list("number", "accepted", "review_note")
    assert list(rounds) == [(1, False, "缺少采样制度"), (2, True, "")]


def test_wrong_state_role_and_scope(people):
    finding = advance(people, "confirmed")
    with pytest.raises(WrongState):
        services.finding_confirm(finding.pk, actor=people.reviewer, now=NOW)
    with pytest.raises(Forbidden):
        services.finding_order(
            finding.pk,
            demand="改正",
            due_on=timezone.localdate(NOW) + timedelta(days=3),
            actor=people.reviewer,
            now=NOW,
        )
    elsewhere = make_actor("city.chief", city="210200")
    with pytest.raises(Missing):
        services.finding_confirm(finding.pk, actor=elsewhere, now=NOW)
    with pytest.raises(Missing):
        register(people, actor=make_actor("city.inspector", city="210200"))
    with pytest.raises(Forbidden):
        register(people, actor=people.filler)


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        ("registered", False),
        ("confirmed", False),
        ("ordered", True),
        ("answered", True),
        ("closed", True),
    ],
)
def test_unit_sees_a_finding_from_the_order_on(people, state, seen):
    advance(people, state)
    assert Finding.objects.visible_to(people.filler).exists() is seen
    sibling = UnitFactory()
    other = make_actor("unit.filler", sibling.organisation)
    assert not Finding.objects.visible_to(other).exists()


@pytest.mark.parametrize(
    ("role", "kind", "seen"),
    [
        ("province.supervisor", None, True),
        ("department.supervisor", "ecology", True),
        ("department.supervisor", "sasac", True),
        ("department.supervisor", "market", False),
        ("agency.lead", "verifier", False),
        ("agency.lead", "laboratory", False),
        ("platform.system", None, False),
    ],
)
def test_who_sees_findings(people, role, kind, seen):
    advance(people, "ordered")
    actor = make_actor(role, kind=kind)
    assert Finding.objects.visible_to(actor).exists() is seen


def test_finding_from_a_question_takes_results_tonnes_and_price(people):
    load_shipped()
    version = VersionFactory(report__unit=people.unit)
    question = make_question(version)
    finding = register(people, question_id=question.pk, t_co2=None)
    assert finding.results.count() == 2
    assert finding.version == version
    # One root cause counts once: max(300, 500); the 2023 price is 68.15 yuan/t.
    assert finding.t_co2 == Decimal("500.00")
    assert finding.money == Decimal("34075.00")
    assert finding.price["key"] == "price.cea"
    with pytest.raises(GuardFailed, match="已登记"):
        register(people, question_id=question.pk)


def test_money_stays_empty_without_a_price_on_record(people):
    finding = register(people)
    assert (finding.money, finding.price) == (None, None)


@pytest.mark.parametrize("status", ["accepted", "cleared"])
def test_no_finding_from_a_question_that_was_explained(people, status):
    question = make_question(VersionFactory(report__unit=people.unit), status)
    with pytest.raises(GuardFailed):
        register(people, question_id=question.pk)


def test_a_rejected_finding_frees_its_question(people):
    question = make_question(VersionFactory(report__unit=people.unit))
    finding = register(people, question_id=question.pk)
    services.finding_reject(finding.pk, note="重复", actor=people.reviewer, now=NOW)
    assert register(people, question_id=question.pk).pk != finding.pk


def test_results_of_another_unit_are_refused(people):
    foreign = make_question(VersionFactory(report__unit=UnitFactory()))
    ids = list(foreign.results.values_list("pk", flat=True))
    with pytest.raises(Invalid):
        register(people, result_ids=ids)
    with pytest.raises(Invalid):
        register(people, question_id=foreign.pk)


def test_numbers_follow_each_other_by_bureau_and_year(people):
    first, second = advance(people, "ordered"), advance(people, "ordered")
    dalian = cast_of_dalian()
    third = advance(dalian, "ordered")
    next_year = advance(people, "ordered", NOW.replace(year=2025))
    assert [f.order_number for f in (first, second, third, next_year)] == [
        "沈阳环责改〔2024〕1号",
        "沈阳环责改〔2024〕2号",
        "大连环责改〔2024〕1号",
        "沈阳环责改〔2025〕1号",
    ]


def cast_of_dalian():
    people = cast()
    people.unit = UnitFactory(organisation__city="210200")
    people.inspector = make_actor("city.inspector", city="210200")
    people.reviewer = make_actor("city.reviewer", city="210200")
    people.chief = make_actor("city.chief", city="210200")
    return people


def test_database_itself_refuses_a_close_without_answer(people):
    finding = advance(people, "ordered")
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(status="closed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(closed_by=finding.found_by)
