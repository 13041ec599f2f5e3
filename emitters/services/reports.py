"""Submitting, accepting and returning a report version."""

from datetime import datetime

from django.db import transaction

from carbonwatch.accounts.models import Actor
from carbonwatch.workflow.moves import move, shift
from emitters.events import report_accepted, report_submitted
from emitters.models import AnnualReport, Question, ReportVersion
from emitters.services.summaries import newest_that_counts, summarised


def _locked(version_id: int, actor: Actor) -> tuple[AnnualReport, ReportVersion]:
    """Report first, then version: everybody locks in this order."""
    report_id = ReportVersion.objects.visible_to(actor).one(pk=version_id).report_id
    report = AnnualReport.objects.visible_to(actor).locked(report_id)
    return report, ReportVersion.objects.visible_to(actor).locked(version_id)


def set_current(report: AnnualReport) -> None:
    """Point the report to the version that counts."""
    current = newest_that_counts(report)
    if report.current_id != (current.pk if current else None):
        report.current = current
        report.save(update_fields=["current"])


@transaction.atomic
def report_submit(version_id: int, *, actor: Actor, now: datetime) -> ReportVersion:
    """Send a checked version to the province. By another person than the uploader; no fatal result;
    every question explained. Raises `Refused` kinds."""
    report, version = _locked(version_id, actor)
    with summarised(report):
        version.submitted_by, version.submitted_at = actor.user, now
        move("submit", version, actor, now, sha256=version.sha256, receipt=version.receipt)
        Question.objects.filter(report=report, version=version, submitted_at=None).update(
            submitted_at=now
        )
        shift(report, "filed", actor, now)
        set_current(report)
    report_submitted.send(sender=ReportVersion, version=version, actor=actor, now=now)
    return version


@transaction.atomic
def report_accept(version_id: int, *, note: str = "", actor: Actor, now: datetime) -> ReportVersion:
    """Accept a submitted version as the report of the year; an earlier accepted one is superseded."""
    report, version = _locked(version_id, actor)
    with summarised(report):
        version.decided_by, version.decided_at, version.decision_note = actor.user, now, note
        move("accept", version, actor, now, note=note)
        for older in report.versions.exclude(pk=version.pk).exclude(status="superseded"):
            shift(older, "superseded", actor, now)
        shift(report, "accepted", actor, now)
        set_current(report)
    report_accepted.send(sender=ReportVersion, version=version, actor=actor, now=now)
    return version


@transaction.atomic
def report_return(version_id: int, *, note: str, actor: Actor, now: datetime) -> ReportVersion:
    """Send a submitted version back with the reason; the unit corrects it in a new version."""
    report, version = _locked(version_id, actor)
    with summarised(report):
        version.decided_by, version.decided_at, version.decision_note = actor.user, now, note
        move("return", version, actor, now, note=note)
        shift(report, "drafting", actor, now)
        set_current(report)
    return version
