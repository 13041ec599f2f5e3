"""The life of an assignment and its conclusion, guard by guard."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import OrgKind, Role
from carbonwatch.audit.models import AuditEvent
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing, WrongState
from carbonwatch.worklist.models import WorkItem
from tests.factories import NOW, MembershipFactory, OrganisationFactory, VersionFactory, make_actor
from tests.verification.support import DUE, SIGNERS, advance, cast, make, sign_all, write
from verification.models import Assignment, Signature
from verification.services.assignments import (
    assignment_decline,
    assignment_make,
    assignment_take,
    assignment_withdraw,
)
from verification.services.conclusions import (
    conclusion_accept,
    conclusion_return,
    conclusion_save,
    conclusion_sign,
    conclusion_submit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


def duty_of(assignment):
    return WorkItem.objects.filter(
        target="verification.assignment", target_id=assignment.pk, closed_at=None
    ).first()


def test_the_straight_way_hands_the_duty_on(people):
    assignment = make(people)
    assert (duty_of(assignment).organisation, duty_of(assignment).perm) == (
        people.agency,
        "assignment.accept",
    )
    lead = people.team[Role.AGENCY_LEAD]
    assignment_take(assignment.pk, independence="无", actor=lead, now=NOW)
    due = duty_of(assignment).due_at
    assert timezone.localtime(due).date() == DUE
    write(people, assignment)
    assignment.refresh_from_db()
    sign_all(people, assignment)
    conclusion_submit(assignment.pk, actor=lead, now=NOW)
    assert duty_of(assignment).organisation == people.supervisor.organisation
    conclusion_accept(assignment.pk, note="同意", actor=people.approver, now=NOW)
    assert duty_of(assignment) is None
    assignment.refresh_from_db()
    assert (assignment.status, assignment.submitted_by, assignment.decided_by) == (
        "accepted",
        lead.user,
        people.approver.user,
    )
    acts = list(
        AuditEvent.objects.filter(target="verification.assignment").values_list("action", flat=True)
    )
    assert sorted(acts) == sorted(
        ["assignment.start", "assignment.take", "conclusion.write", *["conclusion.sign"] * 4,
         "assignment.submit", "assignment.accept"]
    )  # fmt: skip


def test_only_submitted_reports_go_out(people):
    draft = VersionFactory(status="checked", number=1)
    with pytest.raises(WrongState):
        make(people, report_id=draft.report_id)


def test_a_report_has_one_open_assignment(people):
    first = make(people)
    other = OrganisationFactory(kind=OrgKind.VERIFIER)
    with pytest.raises(WrongState):
        make(people, agency_id=other.pk)
    assignment_withdraw(first.pk, note="改派", actor=people.supervisor, now=NOW)
    assert make(people, agency_id=other.pk).agency == other


def test_who_wrote_the_report_does_not_verify_it():
    agency_code = "91210100TESTCONS01"
    people = cast(basic={"咨询机构信用代码": ["t", agency_code, "基本信息!B20"]})
    people.agency.code = agency_code
    people.agency.save()
    with pytest.raises(GuardFailed, match="第十三条"):
        make(people)
    assert make(people, agency_id=OrganisationFactory(kind=OrgKind.VERIFIER).pk)


@pytest.mark.parametrize("kind", [OrgKind.LABORATORY, OrgKind.CONSULTANCY, OrgKind.UNIT])
def test_only_verification_agencies_verify(people, kind):
    with pytest.raises(Invalid):
        make(people, agency_id=OrganisationFactory(kind=kind).pk)


def test_a_closed_agency_gets_nothing(people):
    with pytest.raises(Invalid):
        make(people, agency_id=OrganisationFactory(kind=OrgKind.VERIFIER, active=False).pk)


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, False), (1, True)])
def test_the_deadline_lies_ahead(people, days, fits):
    due_on = timezone.localdate(NOW) + timedelta(days=days)
    if fits:
        assert make(people, due_on=due_on).due_on == due_on
    else:
        with pytest.raises(Invalid) as refusal:
            make(people, due_on=due_on)
        assert "due_on" in refusal.value.fields


def test_who_may_give_out_work(people):
    for role in ("province.approver", "city.chief", Role.AGENCY_LEAD):
        actor = people.team.get(role) or make_actor(role)
        with pytest.raises(Forbidden):
            assignment_make(
                report_id=people.report.pk, agency_id=people.agency.pk, due_on=DUE, actor=actor,
                now=NOW,
            )  # fmt: skip


def test_declined_work_leaves_the_agency(people):
    assignment = make(people)
    lead = people.team[Role.AGENCY_LEAD]
    assignment_decline(assignment.pk, note="人员不足", actor=lead, now=NOW)
    assert not Assignment.objects.visible_to(lead).exists()
    with pytest.raises(Missing):
        assignment_take(assignment.pk, independence="无", actor=lead, now=NOW)


def test_members_and_reviewers_do_not_take_work_on(people):
    assignment = make(people)
    for role in (Role.AGENCY_MEMBER, Role.AGENCY_REVIEWER):
        with pytest.raises(Forbidden):
            assignment_take(assignment.pk, independence="无", actor=people.team[role], now=NOW)


@pytest.mark.parametrize(
    ("after", "reason", "fits"),
    [
        (D(1826536), "", True),  # as reported
        (D(1800000), "热值更正", True),
        (D(1800000), "  ", False),
        (None, "", False),  # taken away without a word
    ],
)
def test_a_changed_value_needs_its_reason(people, after, reason, fits):
    assignment = advance(people, "working")
    given = {("", "e_total"): (after, reason)}
    if fits:
        write(people, assignment, given)
        value = assignment.conclusion.values.get(code="e_total")
        assert (value.before, value.after, value.reason) == (D(1826536), after, reason)
    else:
        with pytest.raises(GuardFailed, match="变化原因"):
            write(people, assignment, given)


def test_every_reported_value_is_in_the_conclusion_and_no_other(people):
    assignment = advance(people, "working")
    write(people, assignment, {("9#", "gen"): (D(5), "虚构")})
    assert {(v.generator, v.code) for v in assignment.conclusion.values.all()} == {
        ("", "e_total"),
        ("1#", "e_unit"),
        ("1#", "gen"),
    }


def test_writing_is_for_members_and_leaders_while_working(people):
    offered = make(people)
    with pytest.raises(WrongState):
        write(people, offered)
    assignment_take(offered.pk, independence="无", actor=people.team[Role.AGENCY_MANAGER], now=NOW)
    for role in (Role.AGENCY_REVIEWER, Role.AGENCY_MANAGER):
        with pytest.raises(Forbidden):
            conclusion_save(
                offered.pk, texts={}, visited_on=None, values=[], nonconformities=[],
                actor=people.team[role], now=NOW,
            )  # fmt: skip


@pytest.mark.parametrize("left_out", SIGNERS)
def test_all_four_signatures_are_needed(people, left_out):
    assignment = advance(people, "written")
    for role, actor in people.team.items():
        if role != left_out:
            conclusion_sign(assignment.pk, actor=actor, now=NOW)
    with pytest.raises(GuardFailed, match="还缺签署"):
        conclusion_submit(assignment.pk, actor=people.team[Role.AGENCY_LEAD], now=NOW)


def test_nothing_is_signed_or_submitted_before_it_is_written(people):
    assignment = advance(people, "working")
    lead = people.team[Role.AGENCY_LEAD]
    with pytest.raises(GuardFailed):
        conclusion_sign(assignment.pk, actor=lead, now=NOW)
    with pytest.raises(GuardFailed):
        conclusion_submit(assignment.pk, actor=lead, now=NOW)


def test_one_person_signs_once_whatever_posts_are_held(people):
    assignment = advance(people, "written")
    lead = people.team[Role.AGENCY_LEAD]
    for role in SIGNERS[1:]:
        MembershipFactory(user=lead.user, organisation=people.agency, role=role)
    everybody = Actor.of(lead.user, people.agency)
    conclusion_sign(assignment.pk, actor=everybody, now=NOW)
    with pytest.raises(GuardFailed, match="您已签署"):
        conclusion_sign(assignment.pk, actor=everybody, now=NOW)


def test_two_posts_sign_in_the_one_that_is_still_missing(people):
    assignment = advance(people, "written")
    lead = people.team[Role.AGENCY_LEAD]
    conclusion_sign(assignment.pk, actor=lead, now=NOW)
    second = make_actor(Role.AGENCY_MEMBER, people.agency)
    MembershipFactory(user=second.user, organisation=people.agency, role=Role.AGENCY_LEAD)
    conclusion_sign(assignment.pk, actor=Actor.of(second.user, people.agency), now=NOW)
    assert set(Signature.objects.values_list("role", flat=True)) == {"leader", "member"}


def test_an_edit_voids_the_signatures(people):
    assignment = advance(people, "signed")
    write(people, assignment)
    assert not Signature.objects.exists()
    with pytest.raises(GuardFailed, match="还缺签署"):
        conclusion_submit(assignment.pk, actor=people.team[Role.AGENCY_LEAD], now=NOW)


def test_a_return_voids_the_signatures_and_gives_the_work_back(people):
    assignment = advance(people, "submitted")
    conclusion_return(assignment.pk, note="补充现场记录", actor=people.supervisor, now=NOW)
    assert not Signature.objects.exists()
    assert duty_of(assignment).organisation == people.agency
    write(people, assignment)
    assignment = Assignment.objects.get(pk=assignment.pk)
    sign_all(people, assignment)
    conclusion_submit(assignment.pk, actor=people.team[Role.AGENCY_MANAGER], now=NOW)
    assert Assignment.objects.get(pk=assignment.pk).status == "submitted"


def test_what_was_submitted_is_not_edited(people):
    assignment = advance(people, "submitted")
    with pytest.raises(WrongState):
        write(people, assignment)
    with pytest.raises(WrongState):
        conclusion_sign(assignment.pk, actor=people.team[Role.AGENCY_MEMBER], now=NOW)
    with pytest.raises(WrongState):
        assignment_withdraw(assignment.pk, note="x", actor=people.supervisor, now=NOW)


def test_the_agency_does_not_decide_on_its_own_work(people):
    assignment = advance(people, "submitted")
    for actor in people.team.values():
        with pytest.raises(Forbidden):
            conclusion_accept(assignment.pk, actor=actor, now=NOW)
