"""Reads of a rectification: what the finding's page shows of it."""

from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from inspections.flows import FINAL, SEEN_BY_UNIT, WITH_UNIT
from inspections.guards import missing_of_correction
from inspections.models import Climb, Finding, Rung
from inspections.services.rectification import corrections_of


def rectification_of(finding: Finding, actor: Actor) -> dict[str, Any]:
    """Measures, wishes for more time, visits, correction, rungs, rounds, recurrences."""
    climbs = Climb.objects.filter(Q(finding=finding) | Q(measure__findings=finding))
    related = Finding.objects.visible_to(actor)
    extensions = list(finding.extensions.select_related("asked_by", "decided_by"))
    return {
        "measures": list(finding.measures.all()),
        "extensions": extensions,
        "may_extend": actor.may(Perm.FINDING_ANSWER)
        and finding.status in WITH_UNIT
        and not finding.late
        and not any(e.status == "asked" for e in extensions),
        "site_checks": list(finding.site_checks.select_related("by")),
        "correction": _correction(finding, actor),
        "climbs": list(climbs.select_related("measure").distinct()),
        "rung": rung_of(finding),
        "ended_cycles": list(
            finding.ended_cycles.select_related("closed_by", "reopened_by", "corrected_version")
        ),
        "recurrence_of": related.filter(recurrences=finding).first(),
        "recurrences": list(related.filter(recurrence_of=finding)),
    }


def _correction(finding: Finding, actor: Actor) -> dict[str, Any] | None:
    """What puts the figure right, what is missing, and whether the viewer may attach it."""
    if not finding.correction_due and finding.corrected_version_id is None:
        return None
    standing = finding.status in SEEN_BY_UNIT and finding.status not in FINAL
    return {
        "missing": missing_of_correction(finding) if standing else [],
        "may": standing and actor.may(Perm.FINDING_CORRECT),
    }


def tonnes_put_right(finding: Finding) -> Decimal | None:
    """By how much the newest correction changes the reported emissions: a first guess for the form."""
    newest = corrections_of(finding).order_by("-number").first()
    before = finding.version.t_reported if finding.version else None
    if newest is None or newest.t_reported is None or before is None:
        return None
    return abs(newest.t_reported - before)


def with_rung(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Each finding with the highest rung that its present deadline has reached (`rung`, or None)."""
    present = Climb.objects.filter(finding=OuterRef("pk"), due_at=OuterRef("due_at"))
    return findings.annotate(rung=Subquery(present.order_by("-pk").values("rung")[:1]))


def rung_of(finding: Finding) -> Rung | None:
    """The highest rung that the present deadline of a finding has reached."""
    if finding.due_at is None:
        return None
    last = finding.climbs.filter(due_at=finding.due_at).order_by("-pk").first()
    return Rung(last.rung) if last else None
