"""A question closes with a code; what was explained leaves the score and the figures of the year."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from carbonwatch.audit.models import AuditEvent
from carbonwatch.params.service import in_force
from carbonwatch.refusals import Invalid
from emitters.closing import Closing, closing_of_correction
from emitters.models import Question, YearSummary
from emitters.risk import Found, score_again
from emitters.services.questions import question_accept, question_reopen, question_uphold
from emitters.services.reports import report_accept, report_return
from emitters.services.summaries import rebuild
from tests.emitters.judging.support import World, commented, without_stock, worse_stock
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return World()


def parts_of(version):
    return [p for f in version.risk["families"] for p in f["parts"]]


def test_an_accepted_explanation_leaves_score_and_summary(world):
    version = world.submitted()
    before = version.risk_score
    stake = YearSummary.objects.get().t_at_stake
    assert (version.acceptance, stake) == ("explain", version.t_at_stake)
    question = world.report.questions.get()
    question_accept(question.pk, note="有盘点报告", actor=world.inspector, now=NOW)
    version.refresh_from_db()
    question.refresh_from_db()
    assert (question.status, question.closing) == ("accepted", Closing.EXPLAINED)
    assert version.risk_score < before
    assert version.acceptance == "acceptable"
    (part,) = [p for p in parts_of(version) if p["cleared"]]
    assert (part["check"], part["counted"]) == (question.check_code, False)
    assert version.cleared == {question.fingerprint}
    summary = YearSummary.objects.get()
    assert summary.t_at_stake == version.t_at_stake < stake
    assert summary.money_at_stake == version.money_at_stake
    assert rebuild(check_only=True) == []
    entry = AuditEvent.objects.get(action="report.rescored")
    assert str(before) in entry.payload
    assert entry.actor_id == world.inspector.user.pk


def test_the_score_is_that_of_the_remaining_results(world):
    version = world.submitted()
    question = world.report.questions.get()
    found = [Found(r.rule, r.hit, r.fingerprint) for r in version.results.all()]
    bands = in_force().get("score.bands", 2024)
    same = score_again(version.risk, found, bands, ())
    assert same.as_json() == version.risk  # nothing cleared: nothing changes
    left = score_again(version.risk, found, bands, {question.fingerprint})
    question_accept(question.pk, actor=world.inspector, now=NOW)
    version.refresh_from_db()
    assert version.risk == left.as_json()
    assert version.risk_score == left.score


def test_the_same_data_in_a_later_file_stay_explained(world):
    first = world.submitted()
    question = world.report.questions.get()
    question_accept(question.pk, actor=world.inspector, now=NOW)
    report_return(first.pk, note="更正联系人", actor=world.supervisor, now=NOW)
    later = world.take_in(commented(), reason="更正")
    first.refresh_from_db()
    assert world.report.questions.get().status == "accepted"
    assert (later.acceptance, later.risk_score) == ("acceptable", first.risk_score)
    assert later.cleared == {question.fingerprint}


def test_changed_data_ask_anew(world):
    first = world.submitted()
    question = world.report.questions.get()
    question_accept(question.pk, actor=world.inspector, now=NOW)
    report_return(first.pk, note="更正", actor=world.supervisor, now=NOW)
    later = world.take_in(worse_stock(), reason="更正")
    assert later.cleared == frozenset()
    assert later.acceptance == "explain"
    assert world.report.questions.exclude(pk=question.pk).get().status == "open"


@pytest.mark.parametrize(
    ("emissions", "allowance", "code"),
    [
        ("10", "0", "favourable"),  # more emissions come to light
        ("-10", "0", "unfavourable"),
        ("0", "-4", "favourable"),  # too much was allotted
        ("0", "4", "unfavourable"),
        ("10", "12", "unfavourable"),
        ("5", "5", "not_examined"),
        ("0", "0", "not_examined"),
    ],
)
def test_direction_of_a_correction(emissions, allowance, code):
    assert closing_of_correction(Decimal(emissions), Decimal(allowance)) == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: without_stock("1000"), Closing.FAVOURABLE),
        (lambda: without_stock("-1000"), Closing.UNFAVOURABLE),
        (lambda: without_stock(), Closing.NOT_EXAMINED),
        (lambda: worse_stock(), Closing.NOT_EXAMINED),  # still there, with other values
    ],
)
def test_a_corrected_version_closes_with_the_direction_of_its_change(world, content, code):
    world.take_in()
    question = world.report.questions.get()
    world.take_in(content())
    question.refresh_from_db()
    assert (question.status, question.closing) == ("cleared", code)


def test_what_a_person_confirmed_outlives_the_correction(world):
    version = world.submitted()
    question = world.report.questions.get()
    question_uphold(question.pk, closing=Closing.FALSIFIED, note="x", actor=world.reviewer, now=NOW)
    version.refresh_from_db()
    assert version.acceptance == "explain"  # what is upheld still counts
    report_return(version.pk, note="更正", actor=world.supervisor, now=NOW)
    world.take_in(without_stock(), reason="更正")
    question.refresh_from_db()
    assert (question.status, question.closing) == ("cleared", Closing.FALSIFIED)


def test_a_question_that_comes_back_is_open_without_a_code(world):
    world.take_in()
    world.take_in(without_stock())
    world.take_in(commented())
    question = world.report.questions.get()
    assert (question.status, question.closing) == ("open", "")


@pytest.mark.parametrize("code", ["", "explained", "not_examined", "other"])
def test_upholding_needs_a_code_of_its_kind(world, code):
    world.submitted()
    question = world.report.questions.get()
    with pytest.raises(Invalid):
        question_uphold(question.pk, closing=code, note="x", actor=world.reviewer, now=NOW)


def test_asking_for_more_closes_nothing(world):
    world.submitted()
    question = world.report.questions.get()
    question_reopen(question.pk, note="补充", actor=world.reviewer, now=NOW)
    question.refresh_from_db()
    assert (question.status, question.closing) == ("open", "")


@pytest.mark.parametrize(("status", "closing"), [("accepted", ""), ("open", "explained")])
def test_the_database_ties_code_and_state(world, status, closing):
    world.take_in()
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.update(status=status, closing=closing)


def test_an_explained_report_can_be_accepted(world):
    version = world.submitted()
    question_accept(
        world.report.questions.get().pk,
        closing=Closing.RULE_WRONG,
        note="x",
        actor=world.inspector,
        now=NOW,
    )
    report_accept(version.pk, actor=world.supervisor, now=NOW)
    version.refresh_from_db()
    assert version.status == "accepted"
    assert rebuild(check_only=True) == []
