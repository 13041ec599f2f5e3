"""The intake of an uploaded workbook: read, recompute, check, store — whole or not at all."""

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from carbonwatch.checks.registry import Check, Hit, Severity
from carbonwatch.checks.runner import RunReport, run_checks
from carbonwatch.imports.problems import Problem
from carbonwatch.imports.rules import problem
from carbonwatch.jobs.models import Job
from carbonwatch.jobs.registry import job_handler
from carbonwatch.jobs.service import finish, progress
from carbonwatch.params.service import in_force
from carbonwatch.params.values import Parameters
from carbonwatch.workflow.moves import Shift, shift, shift_all
from emitters.calc.accounts import Accounts, account
from emitters.facts import CheckContext, ReportFacts
from emitters.fingerprint import fingerprint, plain
from emitters.models import AnnualReport, CheckResult, Question, ReportVersion
from emitters.privacy import without_others
from emitters.risk import score
from emitters.runner import CATALOGUE
from emitters.selectors.cleared import cleared_of
from emitters.selectors.surroundings import expectation_of, surroundings_of
from emitters.services.corrections import corrected
from emitters.services.scores import CENT, put_score
from emitters.services.uploads import INTAKE
from emitters.store import store_facts
from emitters.workbook import read_report


@dataclass(frozen=True)
class Checked:
    """What the checks say of a report. Its score depends on what has been cleared by the time that
    it is stored."""

    accounts: Accounts
    run: RunReport
    params: Parameters


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
    take_in(job)


def take_in(job: Job, *, at: datetime | None = None) -> None:
    """Read the file of a version and store everything in one transaction with the end of the job.

    `at` is the moment to put on record; by default the one in which it is stored.
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
        store(version, reading.facts, checked, reading.problems, at or timezone.now())
        finish(job, _("已完成"), now=at)


def check_report(version: ReportVersion, facts: ReportFacts) -> Checked:
    """Recompute and check the facts of a version among what is stored."""
    params = in_force()
    accounts = account(facts, params)
    around = surroundings_of(version.report, facts)
    context = CheckContext(
        facts, accounts, params, around.history, around.population, around.registry
    )
    return Checked(accounts, run_checks(context, facts.year), params)


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
    _write_figures(version, checked, now)
    results, asked = store_results(version, checked, now)
    # Only what changes is read and written again, not the stored evidence.
    older = report.versions.filter(status="checked").exclude(pk=version.pk)
    passed = {
        "results": results,
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


def _write_figures(version: ReportVersion, checked: Checked, now: datetime) -> None:
    accounts = checked.accounts
    version.checked_at, version.catalogue = now, CATALOGUE
    version.t_reported, version.t_recomputed = accounts.t_reported, accounts.t_co2
    version.t_allowance = accounts.allowance_t
    put_score(version, score(checked.run, accounts, checked.params, cleared_of(version.report)))
    version.not_run = {code: str(reason) for code, reason in checked.run.not_run.items()}


def money(tonnes: Decimal, accounts: Accounts) -> Decimal | None:
    """Tonnes at the year's reference price (CNY); None when no price is on record."""
    return None if accounts.price is None else (tonnes * accounts.price.value).quantize(CENT)


def store_results(
    version: ReportVersion, checked: Checked, now: datetime
) -> tuple[int, list[Shift]]:
    """Write the results of a version; critical ones open, keep or bring back their question, and
    questions that no longer show are cleared. How many results, and the questions' changes."""
    report = version.report
    results = [_result(version, check, hit, checked) for check, hit in checked.run.hits]
    asked = {r.fingerprint: r for r in results if r.severity == Severity.CRITICAL}
    stored = report.questions.select_for_update(of=("self",)).select_related("version")
    known = {q.fingerprint: q for q in stored.order_by("pk")}
    gone = [
        q
        for mark, q in known.items()
        if mark not in asked and q.status in ("open", "explained", "upheld")
    ]
    new = [_question(version, r, now) for mark, r in asked.items() if mark not in known]
    back = [q for mark, q in known.items() if mark in asked and q.status == "cleared"]
    shifts = corrected(gone, version, results)
    Question.objects.bulk_create(new)
    shifts += [Shift(q, "open", {"check": f"{q.check_code}.{q.letter}"}) for q in new]
    report.questions.filter(fingerprint__in=asked.keys() & known.keys()).update(version=version)
    for question in back:
        question.version, question.closing = version, ""
        shifts.append(Shift(question, "open"))
    known |= {q.fingerprint: q for q in new}
    for result in results:
        if result.severity == Severity.CRITICAL:
            result.question = known[result.fingerprint]
    CheckResult.objects.bulk_create(results)
    return len(results), shifts


def _question(version: ReportVersion, result: CheckResult, now: datetime) -> Question:
    return Question(
        report=version.report,
        fingerprint=result.fingerprint,
        check_code=result.check_code,
        letter=result.letter,
        version=version,
        opened_at=now,
    )


def _result(version: ReportVersion, check: Check, hit: Hit, checked: Checked) -> CheckResult:
    values = plain(dict(hit.values))
    year = version.report.year
    return CheckResult(
        version=version,
        check_code=check.code,
        letter=hit.letter,
        severity=check.outcomes[hit.letter].severity,
        generator=hit.generator,
        months=list(hit.months),
        cells=list(hit.cells),
        direction=hit.direction,
        t_co2=hit.t_co2.quantize(CENT),
        t_allowance=hit.t_allowance.quantize(CENT),
        money=money(hit.t_co2 + hit.t_allowance, checked.accounts),
        values=without_others(values, version.report.unit.credit_code),
        parameters=[
            checked.params.find(f"check.{check.code}.{name}", year).snapshot()
            for name in check.parameters
        ],
        root=hit.root[:80],
        fingerprint=fingerprint(check, hit),
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
