"""Measures, more time, visits, corrected versions, another round."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from carbonwatch.audit.models import AuditEvent
from carbonwatch.params.service import load_shipped
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing, WrongState
from carbonwatch.worklist.models import WorkItem
from inspections import services
from inspections.documents import RECTIFICATION_ORDER
from inspections.models import EndedCycle, Extension, Finding, Measure, SiteCheck
from inspections.services import Item
from inspections.services.rules import months_before
from tests.factories import NOW, UnitFactory, VersionFactory, make_actor
from tests.inspections.support import advance, cast, make_question, proof, register, walk

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
DAY = timedelta(days=1)


@pytest.fixture
def people():
    return cast()


def order(people, finding, *items, due_on=TODAY + 30 * DAY, shared=(), actor=None):
    """An order of the chief with these measures."""
    services.finding_order(
        finding.pk, demand="按措施改正。", due_on=due_on, measures=items, shared=shared,
        actor=actor or people.chief, now=NOW,
    )  # fmt: skip
    finding.refresh_from_db()
    return finding


def answer_measure(people, measure):
    services.measure_answer(
        measure.pk, text="已落实。", files=[proof()], actor=people.filler, now=NOW
    )


def answer(people, finding):
    services.finding_answer(
        finding.pk, text="已改。", files=[proof()], actor=people.filler, now=NOW
    )


def duties(target):
    return WorkItem.objects.filter(target=f"inspections.{target}", closed_at=None)


# Measures


def test_every_measure_is_a_duty_with_a_deadline_of_its_own(people):
    finding = advance(people, "confirmed")
    order(people, finding, Item("补齐记录", TODAY + 10 * DAY), Item("修订制度"))
    rows = finding.measures.values_list("number", "text", "due_on", "status")
    assert list(rows) == [
        (1, "补齐记录", TODAY + 10 * DAY, "open"),
        (2, "修订制度", TODAY + 30 * DAY, "open"),
    ]
    due = {timezone.localdate(d.due_at) for d in duties("measure")}
    assert due == {TODAY + 10 * DAY, TODAY + 30 * DAY}
    assert {d.organisation for d in duties("measure")} == {people.unit.organisation}
    document = RECTIFICATION_ORDER.context(finding)
    assert document["measures"][0] == "1. 补齐记录（2024年4月20日前完成）"


def test_a_finding_is_put_right_when_every_measure_is(people):
    finding = order(people, advance(people, "confirmed"), Item("一"), Item("二"))
    first, second = finding.measures.all()
    answer_measure(people, first)
    with pytest.raises(GuardFailed, match="还有 1 项整改措施没有答复"):
        answer(people, finding)
    answer_measure(people, second)
    answer(people, finding)
    services.measure_accept(first.pk, actor=people.reviewer, now=NOW)
    with pytest.raises(GuardFailed, match="还有 1 项整改措施没有审查通过"):
        services.finding_accept(finding.pk, actor=people.reviewer, now=NOW)
    services.measure_accept(second.pk, actor=people.reviewer, now=NOW)
    services.finding_accept(finding.pk, actor=people.reviewer, now=NOW)
    assert not duties("measure").exists()


def test_a_measure_is_answered_with_proof_and_reviewed_by_another(people):
    finding = order(people, advance(people, "confirmed"), Item("一"))
    measure = finding.measures.get()
    with pytest.raises(Invalid):
        services.measure_answer(measure.pk, text="x", files=[], actor=people.filler, now=NOW)
    answer_measure(people, measure)
    with pytest.raises(GuardFailed, match="另一人"):  # gave the order
        services.measure_accept(measure.pk, actor=people.chief, now=NOW)
    services.measure_return(
        measure.pk, note="缺照片", due_on=TODAY + 3 * DAY, actor=people.reviewer, now=NOW
    )
    answer_measure(people, measure)
    services.measure_accept(measure.pk, actor=people.reviewer, now=NOW)
    tries = measure.answers.values_list("number", "accepted", "review_note")
    assert list(tries) == [(1, False, "缺照片"), (2, True, "")]


def test_one_measure_may_serve_several_findings(people):
    first = order(people, advance(people, "confirmed"), Item("更换皮带秤"))
    measure = first.measures.get()
    second = order(people, advance(people, "confirmed"), shared=[measure.pk])
    assert set(measure.findings.all()) == {first, second}
    answer_measure(people, measure)
    services.measure_accept(measure.pk, actor=people.reviewer, now=NOW)
    for finding in (first, second):
        answer(people, finding)
        services.finding_accept(finding.pk, actor=people.reviewer, now=NOW)
    third = advance(people, "confirmed")
    with pytest.raises(Invalid):  # it is over
        order(people, third, shared=[measure.pk])


def test_a_measure_of_another_unit_serves_nobody_here(people):
    other = cast()
    foreign = order(other, advance(other, "confirmed"), Item("一")).measures.get()
    with pytest.raises(Invalid):
        order(people, advance(people, "confirmed"), shared=[foreign.pk])
    with pytest.raises(Missing):
        services.measure_answer(foreign.pk, text="x", files=[proof()], actor=people.filler, now=NOW)


@pytest.mark.parametrize("day", [TODAY, TODAY + 31 * DAY])
def test_a_measure_is_due_between_tomorrow_and_the_order(people, day):
    finding = advance(people, "confirmed")
    with pytest.raises(Invalid):
        order(people, finding, Item("一", day))
    assert not Measure.objects.exists()


# More time


def ask(people, finding, days=40, now=NOW):
    return services.extension_ask(
        finding.pk,
        wanted_on=TODAY + days * DAY,
        reason="设备未到货。",
        actor=people.filler,
        now=now,
    )


def test_more_time_is_decided_by_another_and_the_old_deadline_stays(people):
    finding = order(people, advance(people, "confirmed"), Item("早", TODAY + 5 * DAY), Item("晚"))
    old = finding.due_at
    extension = ask(people, finding)
    with pytest.raises(GuardFailed, match="另一人"):  # set the deadline
        services.extension_grant(
            extension.pk, granted_on=TODAY + 40 * DAY, actor=people.chief, now=NOW
        )
    services.extension_grant(
        extension.pk, granted_on=TODAY + 35 * DAY, note="同意。", actor=people.reviewer, now=NOW
    )
    finding.refresh_from_db()
    extension.refresh_from_db()
    assert (finding.status, finding.due_on) == ("ordered", TODAY + 30 * DAY)
    assert timezone.localdate(finding.due_at) == TODAY + 35 * DAY
    assert (extension.status, extension.old_due_at) == ("granted", old)
    assert duties("finding").get().due_at == finding.due_at
    moved = {m.text: timezone.localdate(m.due_at) for m in finding.measures.all()}
    assert moved == {"早": TODAY + 5 * DAY, "晚": TODAY + 35 * DAY}
    entry = AuditEvent.objects.get(action="finding.extend")
    assert old.isoformat() in entry.payload
    assert not duties("extension").exists()


def test_a_refused_wish_changes_no_deadline(people):
    finding = order(people, advance(people, "confirmed"))
    extension = ask(people, finding)
    services.extension_refuse(extension.pk, note="理由不足", actor=people.reviewer, now=NOW)
    finding.refresh_from_db()
    assert timezone.localdate(finding.due_at) == TODAY + 30 * DAY
    assert ask(people, finding).status == "asked"  # one may ask again


def test_when_more_time_cannot_be_asked_for(people):
    load_shipped()
    finding = order(people, advance(people, "confirmed"))
    for days in (30, 29, 91):  # not later than the deadline; more than 60 days later
        with pytest.raises(Invalid):
            ask(people, finding, days)
    with pytest.raises(GuardFailed, match="期限已过"):
        ask(people, finding, now=finding.due_at + timedelta(seconds=1))
    with pytest.raises(Forbidden):
        services.extension_ask(
            finding.pk, wanted_on=TODAY + 40 * DAY, reason="x", actor=people.chief, now=NOW
        )
    ask(people, finding)
    with pytest.raises(GuardFailed, match="不能重复申请"):
        ask(people, finding)
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(
            finding=finding, old_due_at=NOW, wanted_on=TODAY, reason="x",
            asked_by=people.filler.user, asked_at=NOW,
        )  # fmt: skip


def test_an_answer_leaves_no_wish_to_decide(people):
    finding = order(people, advance(people, "confirmed"))
    extension = ask(people, finding)
    answer(people, finding)
    extension.refresh_from_db()
    assert extension.status == "lapsed"
    assert not duties("extension").exists()
    with pytest.raises(WrongState):
        ask(people, finding)


def test_receipt_of_the_order_keeps_its_deadline(people):
    finding = order(people, advance(people, "confirmed"))
    due_at = finding.due_at
    services.finding_begin(finding.pk, actor=people.filler, now=NOW + DAY)
    finding.refresh_from_db()
    assert (finding.status, finding.due_at) == ("rectifying", due_at)
    answer(people, finding)


# Grave findings and visits


def verify(finding, actor, now=NOW, **fields):
    known = {"visited_at": now, "place": "2号机组", "note": "与答复相符。", "files": [proof()]}
    return services.finding_verify(finding.pk, **{**known, **fields}, actor=actor, now=now)


def grave(people, state):
    """A grave finding: confirmed by the reviewer, accepted by another inspector."""
    second = make_actor("city.inspector")
    return walk(people, register(people, severity="grave"), state, accepter=second)


def test_a_grave_finding_is_accepted_by_another_than_the_confirmer(people):
    finding = grave(people, "answered")
    with pytest.raises(GuardFailed, match="确认人以外"):
        services.finding_accept(finding.pk, actor=people.reviewer, now=NOW)
    services.finding_accept(finding.pk, actor=make_actor("city.inspector"), now=NOW)


def test_a_grave_finding_is_seen_on_site_before_it_is_closed(people):
    finding = grave(people, "accepted")
    assert finding.site_check_due
    with pytest.raises(GuardFailed, match="现场核实"):
        services.finding_close(finding.pk, actor=people.chief, now=NOW)
    verify(finding, people.reviewer)
    with pytest.raises(GuardFailed, match="另一人"):  # has seen it
        services.finding_close(finding.pk, actor=people.reviewer, now=NOW)
    services.finding_close(finding.pk, actor=people.chief, now=NOW)
    check = SiteCheck.objects.get()
    assert (check.place, check.cycle, check.files.count()) == ("2号机组", 1, 1)
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        check.delete()


@pytest.mark.parametrize(
    "wrong",
    [
        {"files": []},
        {"visited_at": NOW + timedelta(minutes=1)},
        {"visited_at": NOW - timedelta(days=1)},
    ],
)
def test_a_visit_has_proof_and_lies_between_order_and_now(people, wrong):
    finding = grave(people, "accepted")
    with pytest.raises(Invalid):
        verify(finding, people.chief, **wrong)
    assert not SiteCheck.objects.exists()


def test_what_the_visit_shows_may_send_it_back(people):
    finding = grave(people, "accepted")
    services.finding_return(
        finding.pk, note="现场未见校准标签", due_on=TODAY + 5 * DAY, actor=people.chief, now=NOW
    )
    finding.refresh_from_db()
    assert finding.status == "returned"
    assert finding.last_answer.accepted is False


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({}, False),
        ({"severity": "grave"}, True),
        ({"finding_class": "on-site"}, True),
        ({"t_co2": Decimal("9999.99")}, False),
        ({"t_co2": Decimal(10000)}, True),
        ({"t_allowance": Decimal(10000)}, True),
    ],
)
def test_the_rule_in_force_says_what_is_seen_on_site(people, fields, due):
    load_shipped()
    assert walk(people, register(people, **fields), "ordered").site_check_due is due


def test_the_database_refuses_a_close_without_visit_or_correction(people):
    finding = grave(people, "accepted")
    closing = {"status": "closed", "closed_by": people.chief.user, "closed_at": NOW}
    for flag in ("site_check_due", "correction_due"):
        flags = {"site_check_due": False, "correction_due": False, flag: True}
        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.filter(pk=finding.pk).update(**flags, **closing)


# The corrected version


@pytest.fixture
def doubted(people):
    """A finding on a figure of a report, accepted."""
    version = VersionFactory(report__unit=people.unit, status="returned", submitted=True)
    question = make_question(version)
    return walk(people, register(people, question_id=question.pk, t_co2=None), "accepted")


def correct(finding, version, actor, t="320.5"):
    return services.finding_correct(
        finding.pk, version_id=version.pk, t_corrected=Decimal(t), actor=actor, now=NOW
    )


def test_a_wrong_figure_is_closed_with_a_corrected_version(people, doubted):
    with pytest.raises(GuardFailed, match="更正后的报告版本、已更正的排放量"):
        services.finding_close(doubted.pk, actor=people.chief, now=NOW)
    later = VersionFactory(report=doubted.version.report, status="submitted")
    correct(doubted, later, people.filler)
    services.finding_close(doubted.pk, actor=people.chief, now=NOW)
    doubted.refresh_from_db()
    assert (doubted.corrected_version, doubted.t_corrected) == (later, Decimal("320.50"))
    with pytest.raises(WrongState):
        correct(doubted, later, people.filler)


def test_a_version_that_was_sent_back_corrects_nothing(people, doubted):
    later = VersionFactory(report=doubted.version.report, status="submitted")
    correct(doubted, later, people.reviewer)
    type(later).objects.filter(pk=later.pk).update(status="returned")
    with pytest.raises(GuardFailed, match="已被退回"):
        services.finding_close(doubted.pk, actor=people.chief, now=NOW)


def test_only_a_later_version_of_the_same_report_corrects(people, doubted):
    elsewhere = VersionFactory(report__unit=people.unit, report__year=2022)
    draft = VersionFactory(report=doubted.version.report, status="checked")
    for version, error in ((doubted.version, Invalid), (elsewhere, Invalid), (draft, Missing)):
        with pytest.raises(error):
            correct(doubted, version, people.reviewer)
    with pytest.raises(Missing):
        correct(doubted, VersionFactory(report__unit=UnitFactory()), people.filler)


def test_a_finding_on_no_figure_needs_no_version(people):
    finding = advance(people, "accepted")
    assert not finding.correction_due
    with pytest.raises(GuardFailed):
        correct(finding, VersionFactory(report__unit=people.unit), people.filler)
    services.finding_close(finding.pk, actor=people.chief, now=NOW)


# Another round


def reopen(people, finding, actor=None, **fields):
    services.finding_reopen(
        finding.pk, note="复查发现台账仍缺页。", due_on=TODAY + 20 * DAY,
        actor=actor or people.inspector, now=NOW, **fields,
    )  # fmt: skip
    finding.refresh_from_db()
    return finding


def test_a_closed_finding_is_opened_again_by_another(people):
    finding = advance(people, "closed")
    with pytest.raises(GuardFailed, match="另一人"):
        reopen(people, finding, people.chief)
    reopen(people, finding, measures=[Item("补页")])
    assert (finding.status, finding.cycle, finding.closed_by) == ("rectifying", 2, None)
    assert timezone.localdate(finding.due_at) == TODAY + 20 * DAY
    ended = EndedCycle.objects.get()
    assert (ended.cycle, ended.closed_by, ended.reopened_by) == (
        1, people.chief.user, people.inspector.user,
    )  # fmt: skip
    assert finding.answers.count() == 1  # history stays
    assert finding.measures.get().text == "补页"
    assert duties("finding").get().organisation == people.unit.organisation


def test_nothing_of_the_first_round_counts_in_the_second(people):
    finding = grave(people, "accepted")
    verify(finding, people.reviewer)
    services.finding_close(finding.pk, actor=people.chief, now=NOW)
    finding.refresh_from_db()
    opener = make_actor("city.inspector")
    reopen(people, finding, opener)
    answer(people, finding)
    with pytest.raises(GuardFailed, match="另一人"):  # has opened it again
        services.finding_accept(finding.pk, actor=opener, now=NOW)
    services.finding_accept(finding.pk, actor=make_actor("city.inspector"), now=NOW)
    with pytest.raises(GuardFailed, match="现场核实"):
        services.finding_close(finding.pk, actor=people.chief, now=NOW)
    verify(finding, people.reviewer)
    services.finding_close(finding.pk, actor=people.chief, now=NOW)
    assert list(finding.site_checks.values_list("cycle", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 24, date(2024, 1, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
    ],
)
def test_months_before(day, months, before):
    assert months_before(day, months) == before
