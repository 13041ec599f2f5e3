"""Checking stored versions again: what changes, what stays, what is kept of what was."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import InternalError

from carbonwatch.audit.models import AuditEvent
from carbonwatch.jobs.models import Job, JobState
from carbonwatch.jobs.service import enqueue, run
from carbonwatch.params.models import Parameter
from carbonwatch.refusals import WrongState
from carbonwatch.worklist.models import WorkItem
from emitters.models import CheckResult, YearSummary
from emitters.selectors.results import results_of
from emitters.services.questions import question_accept, question_explain
from emitters.services.recheck import RECHECK, recheck
from emitters.services.reports import report_submit
from emitters.services.summaries import rebuild
from emitters.workbook import read_report
from tests.emitters.services.test_intake import GOOD, World
from tests.factories import NOW

LATER = NOW + timedelta(days=30)
STOCK = "CON-STOCK-BALANCE"
PLUG = "check.CON-STOCK-BALANCE.plug_share"
pytestmark = pytest.mark.django_db(transaction=True)


def submitted(world, year):
    """A version handed in with its questions answered."""
    version = world.take_in(world.due(year), f"chp1_{year}.xlsx")
    for question in version.report.questions.filter(status="open"):
        question_explain(question.pk, explanation="盘点", actor=world.filler, now=NOW)
    report_submit(version.pk, actor=world.checker, now=NOW)
    version.refresh_from_db()
    return version


def set_threshold(key, value):
    assert Parameter.objects.filter(key=key).update(value=value)


def open_duties():
    return WorkItem.objects.filter(target="emitters.question", closed_at=None)


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.xlsx")), ids=lambda p: p.stem)
def test_nothing_changes_when_nothing_has_changed(path):
    """Stored rows give every check the same facts as the file did, to the last digit."""
    facts = read_report(path.read_bytes()).facts
    world = World(facts.credit_code, facts.unit_name)
    version = world.take_in(world.due(facts.year), path.name)
    assert version.status == "checked", version.problems
    before = list(version.results.values())
    assert recheck(version.pk, reason="复查", now=LATER, actor=world.supervisor) is None
    assert list(version.results.values()) == before
    entry = AuditEvent.objects.get(action=RECHECK)
    assert entry.target_id == str(version.pk)
    assert '"added": 0' in entry.payload


def test_a_stricter_threshold_opens_a_question_on_what_was_handed_in():
    world = World()
    version = submitted(world, 2022)
    assert not version.report.questions.exists()
    was = version.risk_score
    set_threshold(PLUG, 0)
    set_threshold("check.CON-STOCK-BALANCE.days_burn", 0)
    ran = recheck(version.pk, reason="阈值调整", now=LATER)
    version.refresh_from_db()
    result = version.results.get(begun=ran)
    assert (result.check_code, ran.added, ran.ended) == (STOCK, 1, 0)
    assert version.risk_score > was
    assert (ran.before["risk_score"], ran.after["risk_score"]) == (
        str(was),
        str(version.risk_score),
    )
    question = version.report.questions.get()
    assert (question, question.status) == (result.question, "open")
    assert question.submitted_at == LATER  # the bureau sees it: the report is with the authorities
    assert open_duties().get().organisation == world.unit.organisation
    assert YearSummary.objects.get(year=2022).questions == 1
    assert rebuild(check_only=True) == []


def test_a_result_that_no_longer_holds_is_ended_and_stays_in_the_history():
    world = World()
    version = submitted(world, 2024)
    question = version.report.questions.get()
    was = version.risk_score
    set_threshold(PLUG, 1)
    ran = recheck(version.pk, reason="阈值调整", now=LATER)
    version.refresh_from_db()
    question.refresh_from_db()
    ended = version.results.get(ended=ran)
    assert (ended.check_code, ended.begun, question.status) == (STOCK, None, "cleared")
    assert STOCK not in {r.check_code for r in results_of(version, world.supervisor)}
    assert version.risk_score < was
    assert not open_duties().exists()
    assert rebuild(check_only=True) == []

    set_threshold(PLUG, 0.005)
    again = recheck(version.pk, reason="恢复阈值", now=LATER + timedelta(days=1))
    question.refresh_from_db()
    back = version.results.get(begun=again)
    assert (back.question, question.status) == (question, "open")
    assert (back.fingerprint, version.results.filter(check_code=STOCK).count()) == (
        ended.fingerprint,
        2,
    )


def test_a_check_that_crashes_clears_nothing():
    world = World()
    version = submitted(world, 2024)
    set_threshold(PLUG, "half")
    ran = recheck(version.pk, reason="阈值调整", now=LATER)
    version.refresh_from_db()
    assert (ran.added, ran.ended, version.acceptance) == (0, 0, "not_acceptable")
    assert version.report.questions.get().status == "explained"


def test_a_new_threshold_under_the_same_result_is_written_down_as_a_new_result():
    """The evidence names the threshold that was used, and the explanation keeps its question."""
    world = World()
    version = submitted(world, 2024)
    question = version.report.questions.get()
    set_threshold("check.CON-STOCK-BALANCE.loss_share", 0.0051)
    ran = recheck(version.pk, reason="阈值调整", now=LATER)
    question.refresh_from_db()
    assert (ran.added, ran.ended, question.status) == (1, 1, "explained")
    old, new = version.results.get(ended=ran), version.results.get(begun=ran)
    assert old.question == new.question == question
    assert old.parameters != new.parameters


def test_an_accepted_explanation_still_weighs_nothing():
    world = World()
    version = submitted(world, 2024)
    question = version.report.questions.get()
    question_accept(question.pk, note="有盘点报告", actor=world.inspector, now=NOW)
    assert recheck(version.pk, reason="复查", now=LATER) is None
    version.refresh_from_db()
    question.refresh_from_db()
    assert (question.status, version.acceptance) == ("accepted", "acceptable")


def test_an_older_version_leaves_the_questions_of_a_newer_one_alone():
    world = World()
    version = submitted(world, 2024)
    question = version.report.questions.get()
    type(version).objects.filter(pk=version.pk).update(status="accepted")
    set_threshold(PLUG, 1)
    draft = world.take_in(version.report, "chp1_2024.xlsx", _changed(version), reason="更正")
    question.refresh_from_db()
    assert (draft.number, question.status) == (2, "cleared")
    set_threshold(PLUG, 0.005)
    recheck(version.pk, reason="复查", now=LATER)
    question.refresh_from_db()
    assert question.status == "cleared"
    recheck(draft.pk, reason="复查", now=LATER)
    question.refresh_from_db()
    assert (question.status, question.version) == ("open", draft)


def _changed(version):
    """The same report in other bytes."""
    return (GOOD / "chp1_2024.xlsx").read_bytes() + b"\0"


def test_results_are_never_edited_and_end_once():
    world = World()
    version = submitted(world, 2024)
    set_threshold(PLUG, 1)
    ran = recheck(version.pk, reason="阈值调整", now=LATER)
    for change in ({"t_co2": 1}, {"ended": None}, {"question": None}):
        with pytest.raises(InternalError), transaction.atomic():
            CheckResult.objects.filter(ended=ran).update(**change)


@pytest.mark.parametrize("status", ["refused", "superseded", "received"])
def test_only_living_versions_are_checked_again(status):
    world = World()
    version = submitted(world, 2022)
    type(version).objects.filter(pk=version.pk).update(status=status)
    with pytest.raises(WrongState):
        recheck(version.pk, reason="复查", now=LATER)


def test_as_a_job():
    world = World()
    version = submitted(world, 2024)
    set_threshold(PLUG, 1)
    with transaction.atomic():
        job = enqueue(RECHECK, version, payload={"reason": "阈值调整"}, actor=None, now=LATER)
    run(job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    assert version.runs.get().reason == "阈值调整"
