"""The intake of an uploaded workbook: read, recompute, check, store — whole or not at all."""

import hashlib
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from carbonwatch.imports.problems import Problem
from carbonwatch.imports.rules import problem
from carbonwatch.jobs.models import Job
from carbonwatch.jobs.registry import job_handler
from carbonwatch.jobs.service import enqueue, finish, progress
from carbonwatch.workflow.moves import Shift, shift, shift_all
from emitters.facts import ReportFacts
from emitters.fingerprint import plain
from emitters.models import AnnualReport, CheckResult, ReportVersion
from emitters.runner import CATALOGUE
from emitters.selectors.surroundings import expectation_of
from emitters.services.checking import (
    Checked,
    ask,
    check_report,
    keep_features,
    result_rows,
    write_figures,
)
from emitters.services.recheck import PEERS, RECHECK
from emitters.services.uploads import INTAKE
from emitters.store import store_facts
from emitters.workbook import read_report


class Telling:
    """Progress for the person who waits: only once a job has lasted long enough to be looked at."""

    LONG_SECONDS = 0.5

    def __init__(self, job: Job) -> None:
        self.job, self.began = job, time.monotonic()

    def __call__(self, percent: int, note: str) -> None:
        """A sign of life, unless the job has only just begun."""
        if time.monotonic() - self.began > self.LONG_SECONDS:
            progress(self.job, percent, note)


def give_up(job: Job, reason: str) -> None:
    """The reader died on the file too often: the version is refused with that reason."""
    version = ReportVersion.objects.select_for_update().get(pk=job.target_id)
    if version.status in ("received", "reading"):
        version.problems = [problem_json(problem("reader-died"))]
        shift(version, "refused", None, timezone.now(), reason=reason)


@job_handler(INTAKE, lease_seconds=60, attempts=2, on_refused=give_up)
def intake(job: Job) -> None:
    """The work of a worker."""
    take_in(job, compare=True)


def take_in(job: Job, *, at: datetime | None = None, compare: bool = False) -> None:
    """Read the file of a version and store everything in one transaction with the end of the job.

    `at` is the moment to put on record; by default the one in which it is stored. With `compare` a
    re-check is asked for that also compares the report with its peers.
    """
    version = ReportVersion.objects.select_related("report__unit__organisation").get(
        pk=job.target_id
    )
    if version.status not in ("received", "reading"):
        with transaction.atomic():
            finish(job, _("已处理"))
        return
    tell = Telling(job)
    source = (Path(settings.MEDIA_ROOT) / version.file).read_bytes()
    if hashlib.sha256(source).hexdigest() != version.sha256:
        raise RuntimeError(f"file of version {version.pk} is not the one that was received")
    reading = read_report(source, expect=expectation_of(version.report))
    checked = None
    if reading.facts is not None:
        tell(50, _("正在复算和校核"))
        checked = check_report(version, reading.facts)
    tell(80, _("正在保存"))
    with transaction.atomic():
        now = at or timezone.now()
        store(version, reading.facts, checked, reading.problems, now)
        if checked is not None and compare:
            enqueue(RECHECK, version, payload={"reason": PEERS}, actor=None, now=now)
        finish(job, _("已完成"), now=at)


def store(
    version: ReportVersion,
    facts: ReportFacts | None,
    checked: Checked | None,
    problems: tuple[Problem, ...],
    now: datetime,
) -> None:
    """Write facts, results and questions of a version, and move it on. Inside a transaction."""
    unit = version.report.unit
    report = AnnualReport.objects.select_for_update().get(pk=version.report_id)
    report.unit = unit  # read before, with its organisation
    version = ReportVersion.objects.select_for_update().get(pk=version.pk)
    version.report = report
    version.problems = [problem_json(p) for p in problems]
    if facts is None or checked is None:
        shift(
            version,
            "refused",
            None,
            now,
            due_at=report.due_at,
            problems=len(problems),
        )
        return
    rows = store_facts(version, facts)
    keep_features(version, checked)
    write_figures(version, checked, now)
    results = result_rows(version, checked)
    asked = ask(version, results, now, crashed=checked.run.crashed)
    CheckResult.objects.bulk_create(results)
    # Only what changes is read and written again, not the stored evidence.
    older = report.versions.filter(status="checked").exclude(pk=version.pk)
    passed = {
        "results": len(results),
        "t_recomputed": str(checked.accounts.t_co2),
        "risk": str(version.risk_score),
        "catalogue": CATALOGUE,
    }
    shift_all(
        [
            Shift(version, "read", {"rows": rows}),
            *asked,
            *(Shift(v, "superseded") for v in older.only("report", "number", "status", "due_at")),
            Shift(version, "checked", passed, report.due_at),
        ],
        now,
    )


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem as stored with its version."""
    return {
        "rule": problem.rule,
        "weight": str(problem.weight),
        "sheet": problem.sheet,
        "cell": problem.cell,
        "field": problem.field,
        "found": problem.found,
        "values": plain(dict(problem.values)),
    }
