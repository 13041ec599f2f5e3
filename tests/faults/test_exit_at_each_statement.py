"""A process that dies at any statement of the intake leaves nothing half done, and a repetition ends it.

The whole story (upload by the interface, reading in the background, explanation, submission) runs in
a fork that exits at one chosen line of the files below. Then the client repeats what it got no answer
to, the sweeper finds the job, and everything must stand as if nothing had happened.
"""

import os
import sys
import traceback
import warnings
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from carbonwatch.audit.models import AuditEvent
from carbonwatch.audit.verify import verify
from carbonwatch.jobs import service
from carbonwatch.jobs.models import IdempotencyRecord, Job, JobState
from carbonwatch.notifications.models import Notification
from carbonwatch.params.service import load_shipped
from carbonwatch.worklist.models import WorkItem
from emitters.models import (
    AnnualReport,
    CheckResult,
    CoalTestRow,
    DailyCoalYear,
    GeneratorRow,
    MonthlyRow,
    Question,
    ReportVersion,
)
from emitters.services.questions import question_explain
from emitters.services.summaries import rebuild
from emitters.services.uploads import INTAKE
from emitters.store import load_facts
from tests.factories import NOW
from tests.faults.world import YEAR, facts_of, make_province, make_try

ROOT = Path(settings.BASE_DIR)
WATCHED = {
    str(ROOT / name)
    for name in (
        "emitters/services/uploads.py",
        "emitters/services/intake.py",
        "emitters/services/reports.py",
        "emitters/services/summaries.py",
        "emitters/store.py",
        "carbonwatch/jobs/service.py",
        "carbonwatch/web/idempotency.py",
        "carbonwatch/audit/ledger.py",
        "carbonwatch/audit/anchor.py",
        "carbonwatch/workflow/moves.py",
        "carbonwatch/worklist/duties.py",
        "carbonwatch/imports/bulk.py",
    )
}
# What a report leaves in the database, from the leaves to the root.
STORED = (
    WorkItem,
    Notification,
    IdempotencyRecord,
    Job,
    CheckResult,
    Question,
    GeneratorRow,
    MonthlyRow,
    CoalTestRow,
    DailyCoalYear,
    ReportVersion,
)
SHARES = 2
DIED = 9
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.heavy]


class Trace:
    """Sees each line of the watched files; `at` is the one at which the process exits."""

    def __init__(self, at=None):
        self.at, self.lines = at, {}

    def __call__(self, frame, event, _arg):
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line":
            place = (frame.f_code.co_filename, frame.f_lineno)
            if place == self.at:
                os._exit(DIED)
            self.lines.setdefault(place)
        return self

    def __enter__(self):
        sys.settrace(self)
        return self

    def __exit__(self, *_error):
        sys.settrace(None)


def call(attempt, who, path, key, data=None, **more):
    """One call of the interface by token; the answer."""
    headers = {
        "Authorization": f"Bearer {attempt.tokens[who.user.username]}",
        "Idempotency-Key": key,
    }
    return Client(headers=headers).post(f"/api/v1/{path}", data or {}, **more)


def upload(attempt):
    """The client's upload: always with the same key."""
    book = SimpleUploadedFile("年度报告.xlsx", attempt.workbook)
    path = f"reports/{attempt.report.pk}/versions/"
    answer = call(attempt, attempt.filler, path, f"up-{attempt.report.pk}", {"workbook": book})
    assert answer.status_code == 202, answer.content.decode()
    return answer.json()["id"]


def explain_and_submit(attempt, version):
    """Answer what is asked, then submit; each of them may have been done already."""
    for question in Question.objects.filter(report=attempt.report, status="open"):
        question_explain(question.pk, explanation="盘点", actor=attempt.filler, now=NOW)
    answer = call(
        attempt,
        attempt.checker,
        f"versions/{version}/submit/",
        f"submit-{version}",
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content.decode()


def story(attempt):
    """Everything without a fault."""
    version = upload(attempt)
    service.run(Job.objects.get(target_id=version, kind=INTAKE).pk)
    explain_and_submit(attempt, version)


def fork(attempt, at):
    """Run the story in a child that exits at that line; whether it came there."""
    connections.close_all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pytest's own threads do not matter
        pid = os.fork()
    if pid:
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert code in (0, DIED), f"the child failed instead of dying at {at}"
        return code == DIED
    try:
        with Trace(at):
            story(attempt)
        os._exit(0)
    finally:
        traceback.print_exc()
        os._exit(1)


def state_of(report):
    """All that the intake of a report has to leave behind, without ids and times."""
    version = ReportVersion.objects.get(report=report)
    results = version.results.order_by("check_code", "letter", "fingerprint")
    questions = Question.objects.filter(report=report)
    # The comparison with peers, which the intake asks for, may be done by then or not.
    jobs = Job.objects.filter(target_id=version.pk, kind=INTAKE)
    report.refresh_from_db()
    return {
        "version": (version.number, version.status, version.t_recomputed, version.risk_score),
        "facts": load_facts([version])[version.pk],
        "results": [(r.check_code, r.letter, r.fingerprint, r.t_co2) for r in results],
        "questions": [(q.check_code, q.status) for q in questions],
        "jobs": [(j.state, j.progress) for j in jobs],
        "report": (report.status, report.current_id == version.pk),
        "duties": sorted(duties_of(version, *questions)),
        "ledger": sorted(actions_of(version, *questions)),
    }


def actions_of(*matters):
    """Actions in the ledger, one entry for each: nothing is recorded twice."""
    for matter in matters:
        entries = AuditEvent.objects.filter(
            target=matter._meta.label_lower, target_id=str(matter.pk)
        )
        yield from entries.values_list("action", flat=True)


def duties_of(*matters):
    """Open and closed duties of the matters."""
    for matter in matters:
        items = WorkItem.objects.filter(target=matter._meta.label_lower, target_id=matter.pk)
        for item in items:
            yield item.target, item.state, item.closed_at is None


def left_by(report):
    """All that a death has left, without ids and times: what is left alike recovers alike."""
    version = ReportVersion.objects.filter(report=report).first()
    report.refresh_from_db()
    jobs = Job.objects.filter(kind=INTAKE).values_list("state", "attempts", "progress", "note")
    asked = Question.objects.values_list("check_code", "status", "explanation")
    kept = IdempotencyRecord.objects.values_list("key", "status")
    return (
        version and (version.status, version.number),
        report.status,
        *(tuple(rows) for rows in (jobs, asked, kept)),
        sorted(duties_of(*([version] if version else ()))),
        Notification.objects.count(),
    )


def files():
    """Names of the workbooks on disk."""
    folder = Path(settings.MEDIA_ROOT) / "reports" / str(YEAR)
    return {path.name for path in folder.iterdir()}


def assert_nothing_is_half_done(report):
    """What a death may leave: nothing, or a whole version, read or not yet read."""
    versions = list(ReportVersion.objects.filter(report=report))
    assert len(versions) <= 1
    for version in versions:
        kept = Path(settings.MEDIA_ROOT) / version.file
        assert kept.stat().st_size == version.size
        has_rows = MonthlyRow.objects.filter(version=version).exists()
        assert has_rows == (version.status in ("checked", "submitted"))
        assert version.results.exists() == has_rows
        assert Job.objects.filter(target_id=version.pk, kind=INTAKE).count() == 1


def recover(attempt, bells):
    """The client repeats; the lease runs out, the sweeper rings, a healthy worker answers."""
    version = upload(attempt)
    bells.clear()
    Job.objects.filter(state=JobState.RUNNING).update(lease_until=timezone.now())
    service.sweep(timezone.now() + 2 * service.UNHEARD)
    for job in bells:
        service.run(job)
    explain_and_submit(attempt, version)


class Broker:
    """Takes the place of Celery's application: remembers whom it should call."""

    def __init__(self):
        self.bells, self.transport_options = [], {}

    def connection_for_write(self):
        return nullcontext(self)

    def send_task(self, _name, args, **_how):
        self.bells += args


@pytest.fixture
def bells(monkeypatch):
    """Jobs that the broker was told of."""
    load_shipped()
    make_province()
    broker = Broker()
    monkeypatch.setattr(service, "current_app", broker)
    return broker.bells


def forget(report):
    """Back to a report that nobody has sent yet; the ledger stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model in STORED:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
    AnnualReport.objects.filter(pk=report.pk).update(status="awaited", current=None)
    rebuild()


@pytest.mark.parametrize("share", range(SHARES))
def test_dying_at_any_line_is_healed(bells, share):
    attempt = make_try(1)
    facts = facts_of(attempt.workbook)
    with Trace() as trace:
        story(attempt)
    wanted = state_of(attempt.report)
    assert wanted["facts"] == facts
    assert wanted["version"][1] == "submitted"
    assert wanted["questions"], "the workbook has to open a question"
    lines = list(trace.lines)[share::SHARES]
    assert len(lines) > 100
    healed = set()
    for place in lines:
        forget(attempt.report)
        before = files()
        where = f"{Path(place[0]).relative_to(ROOT)}:{place[1]}"
        assert fork(attempt, place), f"{where} was not reached"
        assert_nothing_is_half_done(attempt.report)
        assert len(files() - before) <= 1, where
        if (left := repr(left_by(attempt.report))) in healed:
            continue
        healed.add(left)
        recover(attempt, bells)
        assert state_of(attempt.report) == wanted, where
        assert rebuild(check_only=True) == [], where
        assert len(files() - before) <= 2, where  # at most one orphan
    assert len(healed) >= 5, healed  # nothing, received, read, explained, submitted
    verdict = verify()
    assert verdict.ok, verdict
