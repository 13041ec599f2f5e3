"""`python -m tests.faults.batch make FOLDER COUNT | inspect FOLDER | …`, on the servers of the environment.

Run as programs of their own, because the tests' own process is tied to pytest's database.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carbonwatch.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.utils import timezone  # noqa: E402

from carbonwatch.audit.models import AuditEvent  # noqa: E402
from carbonwatch.audit.verify import verify  # noqa: E402
from carbonwatch.jobs.models import Job, JobState  # noqa: E402
from emitters.models import AnnualReport, Question, ReportVersion  # noqa: E402
from emitters.services.summaries import rebuild  # noqa: E402
from emitters.services.uploads import INTAKE  # noqa: E402
from emitters.store import load_facts  # noqa: E402
from tests.faults.world import facts_of, make_province, make_try  # noqa: E402

CLEAN = ["report.checked", "report.read", "report.start"]
KILLED_TWICE = ["report.refused", "report.start"]


def make(folder: Path, count: int) -> None:
    """Plants with their workbooks; prints report, file and token of each."""
    make_province()
    rows = []
    for number in range(1, count + 1):
        attempt = make_try(number)
        path = folder / f"{attempt.report.pk}.xlsx"
        path.write_bytes(attempt.workbook)
        token = attempt.tokens[attempt.filler.user.username]
        rows.append({"report": attempt.report.pk, "file": str(path), "token": token})
    sys.stdout.write(json.dumps(rows))


def expire() -> None:
    """The clock moves on: leases of workers that are dead by now have run out."""
    Job.objects.filter(state=JobState.RUNNING).update(lease_until=timezone.now())


def waiting() -> None:
    """How many jobs have not ended yet."""
    sys.stdout.write(str(Job.objects.filter(finished_at=None).count()))


def attempts() -> None:
    """How often the only job was begun."""
    sys.stdout.write(str(Job.objects.get().attempts))


def inspect(folder: Path) -> None:
    """Everything that is lost, doubled or half stored, as a JSON list of sentences."""
    wrong = [fault for report in AnnualReport.objects.all() for fault in _faults(report, folder)]
    wrong += [f"summary {row}" for row in rebuild(check_only=True)]
    verdict = verify()
    if not verdict.ok:
        wrong.append(f"ledger: {verdict.message}")
    states = ReportVersion.objects.values_list("status", flat=True)
    sys.stdout.write(json.dumps({"wrong": wrong, "states": sorted(states)}, ensure_ascii=False))


def _asked(report: AnnualReport, version) -> tuple[int, int]:
    """How many questions, and results that ask one."""
    return (
        Question.objects.filter(report=report).count(),
        version.results.filter(severity="critical").count(),
    )


def _faults(report: AnnualReport, folder: Path):
    versions = list(report.versions.all())
    if len(versions) != 1:
        yield f"{report}: {len(versions)} versions"
        return
    (version,) = versions
    sent = (folder / f"{report.pk}.xlsx").read_bytes()
    kept = (Path(settings.MEDIA_ROOT) / version.file).read_bytes()
    if kept != sent or version.sha256 != hashlib.sha256(sent).hexdigest():
        yield f"{report}: another file"
    jobs = list(Job.objects.filter(kind=INTAKE, target_id=version.pk))  # a comparison follows
    if [job.finished_at is not None for job in jobs] != [True]:
        yield f"{report}: jobs {[(j.state, j.attempts) for j in jobs]}"
    this = Q(target="emitters.reportversion", target_id=str(version.pk))
    actions = sorted(AuditEvent.objects.filter(this).values_list("action", flat=True))
    facts = load_facts([version])[version.pk] if version.basic else None
    if version.status == "refused" and jobs[0].attempts - jobs[0].forgiven >= 2:
        if facts is not None or actions != KILLED_TWICE:
            yield f"{report}: refused with {actions}"
        return
    if version.status != "checked" or actions != CLEAN:
        yield f"{report}: {version.status} with {actions}, {version.problems}"
    if facts != facts_of(sent):
        yield f"{report}: half stored"
    if _asked(report, version) != (1, 1):
        yield f"{report}: results or questions"


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "make":
        make(Path(arguments[0]), int(arguments[1]))
    elif command == "inspect":
        inspect(Path(arguments[0]))
    else:
        {"attempts": attempts, "expire": expire, "waiting": waiting}[command]()
