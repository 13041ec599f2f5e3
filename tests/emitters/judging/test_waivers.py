"""A waiver needs two people, holds for its data and its time, and never for what is fatal."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from carbonwatch.accounts.models import Actor, Membership
from carbonwatch.audit.models import AuditEvent
from carbonwatch.documents.models import Attachment
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing
from carbonwatch.worklist.models import WorkItem
from emitters.models import Waiver, YearSummary
from emitters.selectors.waivers import officers
from emitters.services.questions import question_accept, question_uphold
from emitters.services.reports import report_accept, report_return
from emitters.services.summaries import rebuild
from emitters.services.waivers import (
    end_waivers,
    reject_waiver,
    waiver_approve,
    waiver_propose,
    waiver_refuse,
    waiver_revoke,
)
from tests.carbonwatch.documents.files import pdf
from tests.emitters.judging.support import World, commented, worse_stock
from tests.factories import make_actor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return World()


@pytest.fixture
def now():
    return timezone.now()


def proposed(world, result, now, **facts):
    """A waiver of the city's reviewer, for half a year."""
    known = {
        "closing": "explained",
        "reason": "盘煤报告证实。",
        "basis": "盘煤报告 2024-12",
        "valid_from": timezone.localdate(now),
        "valid_to": timezone.localdate(now) + timedelta(days=180),
        "actor": world.reviewer,
        "now": now,
    }
    return waiver_propose(result.pk, **{**known, **facts})


def doubt(version):
    """The critical result of the sample."""
    return version.results.get(severity="critical")


def test_nothing_changes_before_the_second_person(world, now):
    version = world.submitted()
    before = version.risk
    waiver = proposed(world, doubt(version), now)
    version.refresh_from_db()
    assert (version.risk, version.acceptance) == (before, "explain")
    duty = WorkItem.objects.get(target="emitters.waiver", closed_at=None)
    assert (duty.organisation, duty.perm) == (world.province, "waiver.decide")

    waiver_approve(waiver.pk, note="同意", actor=world.supervisor, now=now)
    version.refresh_from_db()
    question = world.report.questions.get()
    assert version.risk_score < Decimal(before["score"])
    assert version.acceptance == "acceptable"
    assert version.cleared == {question.fingerprint}
    assert (question.status, question.closing) == ("waived", "explained")
    assert YearSummary.objects.get().t_at_stake == version.t_at_stake
    assert rebuild(check_only=True) == []
    left = AuditEvent.objects.filter(action__startswith="waiver.").values_list("action", flat=True)
    assert set(left) == {"waiver.start", "waiver.approve"}
    report_accept(version.pk, actor=world.supervisor, now=now)


def test_nobody_grants_their_own_waiver(world, now):
    version = world.submitted()
    waiver = proposed(world, doubt(version), now)
    Membership.objects.create(
        user=world.reviewer.user, organisation=world.province, role="province.supervisor"
    )
    both = Actor.of(world.reviewer.user, world.province)
    for decide in (waiver_approve, waiver_refuse):
        with pytest.raises(GuardFailed):
            decide(waiver.pk, note="x", actor=both, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.update(status="in_force", decided_by=world.reviewer.user, decided_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():  # nor without anybody
        Waiver.objects.update(status="in_force")


def test_who_may(world, now):
    version = world.submitted()
    result = doubt(version)
    with pytest.raises(Forbidden):
        proposed(world, result, now, actor=world.supervisor)
    with pytest.raises(Missing):
        proposed(world, result, now, actor=make_actor("city.reviewer", city="210200"))
    waiver = proposed(world, result, now)
    with pytest.raises(Forbidden):
        waiver_approve(waiver.pk, actor=make_actor("city.chief", world.bureau), now=now)
    visible = Waiver.objects.visible_to
    assert not visible(world.filler).exists()  # between the authorities
    waiver_approve(waiver.pk, actor=world.approver, now=now)
    assert visible(world.filler).get() == waiver
    assert not visible(make_actor("agency.lead")).exists()


def test_it_ends_and_the_score_returns(world, now):
    version = world.submitted()
    before, stake = version.risk, version.t_at_stake
    waiver = proposed(world, doubt(version), now, valid_to=timezone.localdate(now))
    waiver_approve(waiver.pk, actor=world.supervisor, now=now)
    assert end_waivers(now) == 0  # its last day is not over
    assert end_waivers(now + timedelta(days=1)) == 1
    assert end_waivers(now + timedelta(days=1)) == 0
    version.refresh_from_db()
    waiver.refresh_from_db()
    question = world.report.questions.get()
    assert (waiver.status, question.status, question.closing) == ("ended", "explained", "")
    assert (version.risk, version.acceptance, version.t_at_stake) == (before, "explain", stake)
    assert YearSummary.objects.get().t_at_stake == stake
    assert rebuild(check_only=True) == []
    assert AuditEvent.objects.filter(action="waiver.ended", actor_id=None).exists()


def test_it_can_be_taken_back(world, now):
    version = world.submitted()
    waiver = proposed(world, doubt(version), now)
    waiver_approve(waiver.pk, actor=world.supervisor, now=now)
    waiver_revoke(waiver.pk, note="证明材料不实", actor=world.approver, now=now)
    version.refresh_from_db()
    waiver.refresh_from_db()
    assert (waiver.status, waiver.end_note) == ("revoked", "证明材料不实")
    assert version.acceptance == "explain"
    assert proposed(world, doubt(version), now).status == "proposed"  # and asked for again


def test_it_is_bound_to_the_data(world, now):
    first = world.submitted()
    waiver = proposed(world, doubt(first), now)
    waiver_approve(waiver.pk, actor=world.supervisor, now=now)
    report_return(first.pk, note="更正", actor=world.supervisor, now=now)
    same = world.take_in(commented(), reason="更正联系人")
    assert same.cleared == {waiver.fingerprint}
    assert world.report.questions.get().status == "waived"
    changed = world.take_in(worse_stock(), reason="更正库存")
    assert changed.cleared == frozenset()
    assert changed.acceptance == "explain"


def test_a_waived_question_that_no_longer_shows_is_cleared_at_the_end(world, now):
    first = world.submitted()
    waiver = proposed(world, doubt(first), now, valid_to=timezone.localdate(now))
    waiver_approve(waiver.pk, actor=world.supervisor, now=now)
    report_return(first.pk, note="更正", actor=world.supervisor, now=now)
    world.take_in(worse_stock(), reason="更正库存")
    end_waivers(now + timedelta(days=2))
    question = world.report.questions.get(fingerprint=waiver.fingerprint)
    assert question.status == "cleared"


def test_what_is_fatal_is_never_waived(world, now):
    version = world.submitted()
    result = doubt(version)
    reject_waiver(result)  # what is critical can be
    result.severity = "fatal"
    with pytest.raises(GuardFailed, match="致命"):
        reject_waiver(result)
    waiver = proposed(world, result, now)
    with pytest.raises(InternalError), transaction.atomic():
        Waiver.objects.update(severity="fatal")  # what was proposed is not edited
    waiver.pk, waiver.severity, waiver.fingerprint = None, "fatal", "f" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        waiver.save()


def test_what_was_judged_is_not_waived(world, now):
    version = world.submitted()
    question = world.report.questions.get()
    waiver = proposed(world, doubt(version), now)
    with pytest.raises(GuardFailed, match="已有豁免"):
        proposed(world, doubt(version), now)
    question_uphold(question.pk, closing="favourable", note="x", actor=world.inspector, now=now)
    with pytest.raises(GuardFailed, match="认定成立"):
        waiver_approve(waiver.pk, actor=world.supervisor, now=now)
    waiver_refuse(waiver.pk, note="已认定成立", actor=world.supervisor, now=now)
    with pytest.raises(GuardFailed, match="认定成立"):
        proposed(world, doubt(version), now)


def test_what_was_explained_needs_no_waiver(world, now):
    version = world.submitted()
    question_accept(world.report.questions.get().pk, actor=world.inspector, now=now)
    with pytest.raises(GuardFailed, match="无须豁免"):
        proposed(world, doubt(version), now)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"valid_to": date(2020, 1, 1), "valid_from": date(2020, 1, 1)}, "valid_to"),
        ({"valid_from": date(2999, 1, 1), "valid_to": date(2999, 2, 1)}, "valid_from"),
        ({"valid_to": date(2999, 1, 1)}, "valid_to"),
        ({"closing": "favourable"}, "closing"),
    ],
)
def test_terms(world, now, facts, field):
    version = world.submitted()
    with pytest.raises(Invalid) as refusal:
        proposed(world, doubt(version), now, **facts)
    assert field in refusal.value.fields


def test_a_result_that_only_informs_can_be_waived(world, now):
    world.handed_in(2019)
    version = world.handed_in(2020)
    result = version.results.get(severity="info")
    waiver = proposed(world, result, now, files=[SimpleUploadedFile("证明.pdf", pdf())])
    waiver_approve(waiver.pk, actor=world.supervisor, now=now)
    version.refresh_from_db()
    assert version.cleared == {result.fingerprint}
    assert Attachment.objects.get(target="emitters.waiver").target_id == waiver.pk


def test_who_waives_much_more_than_others_is_shown(world, now):
    version = world.submitted()
    reviewers = [make_actor("city.reviewer", world.bureau) for _n in range(3)]
    number = 0
    for reviewer, count in zip(reviewers, (1, 1, 4), strict=True):
        for _n in range(count):
            number += 1
            Waiver.objects.create(
                report=world.report, result=doubt(version), fingerprint=f"{number:064d}",
                check_code="CON-STOCK-BALANCE", letter="C", severity="critical",
                status="in_force", closing="explained", reason="x", basis="x",
                valid_from=now.date(), valid_to=now.date(), proposed_by=reviewer.user,
                proposed_at=now, decided_by=world.supervisor.user, decided_at=now,
            )  # fmt: skip
    found = {o.name: o for o in officers(now.date())}
    assert [o.often for o in found.values()].count(True) == 1
    busy = next(o for o in found.values() if o.often)
    assert (busy.granted, reviewers[2].user.username in busy.name) == (4, True)
    assert sum(o.approved for o in found.values()) == 6
