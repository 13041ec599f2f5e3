"""Reads of cases: what a case may rest on, its history, the panel of a finding's page."""

import json
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.audit.models import AuditEvent
from enforcement.models import Case, PublicNotice
from enforcement.services.cases import ELIGIBLE
from inspections.models import Finding
from inspections.selectors.findings import Entry


def eligible_findings(finding: Finding, actor: Actor) -> QuerySet[Finding]:
    """The findings of the same unit that a case may rest on."""
    taken = Case.objects.exclude(status="refused").values("findings")
    return (
        Finding.objects.visible_to(actor)
        .filter(unit=finding.unit_id, status__in=ELIGIBLE)
        .exclude(pk__in=taken)
        .select_related("unit__organisation")
    )


def first_guess(finding: Finding) -> dict[str, Any]:
    """What the form of a new case starts with. The act is the handing-in of the report."""
    submitted = finding.version.submitted_at if finding.version else None
    return {
        "findings": [finding.pk],
        "reason": finding.title,
        "statement": finding.description,
        "acted_on": timezone.localdate(submitted) if submitted else None,
    }


def history_of(matter: Case | PublicNotice, actor: Actor) -> list[Entry]:
    """What the ledger says of it, oldest first; a unit reads on from the filing. Opinions on a notice
    are the issuing office's own."""
    events = AuditEvent.objects.filter(
        target=matter._meta.label_lower, target_id=str(matter.pk)
    ).exclude(action__in=["read", "refused"])
    if actor.kind == OrgKind.UNIT:
        events = events.filter(action="case.file")
    outside = isinstance(matter, PublicNotice) and matter.issuer != actor.organisation
    shown = ("number",) if outside or actor.kind == OrgKind.UNIT else ("number", "note")
    return [
        Entry(e.at, e.action, e.actor_name, _text(json.loads(e.payload), shown))
        for e in events.order_by("seq")
    ]


def _text(payload: dict[str, Any], shown: tuple[str, ...]) -> str:
    return "；".join(str(payload[k]) for k in shown if payload.get(k))


def cases_of_finding(finding: Finding, actor: Actor) -> dict[str, Any] | None:
    """Panel of a finding's page: its cases, and the button to propose one."""
    cases = list(
        Case.objects.visible_to(actor).filter(findings=finding).select_related("unit__organisation")
    )
    standing = any(c.status != "refused" for c in cases)
    open_to_case = actor.may("case.open") and finding.status in ELIGIBLE and not standing
    if not cases and not open_to_case:
        return None
    return {"cases": cases, "finding": finding if open_to_case else None}


def cases_of_unit(unit: Any, actor: Actor) -> dict[str, Any] | None:
    """Panel of a unit's page."""
    cases = list(
        Case.objects.visible_to(actor).filter(unit=unit).select_related("unit__organisation")[:20]
    )
    return {"cases": cases, "finding": None} if cases else None


def enforcement_figures(actor: Actor, year: int) -> dict[str, Any]:
    """Card: cases by state and notices before the public; of all years, a case spans several."""
    cases = Case.objects.visible_to(actor)
    return {
        "proposed": cases.filter(status="proposed").count(),
        "filed": cases.filter(status="filed").count(),
        "published": PublicNotice.objects.published().count(),
    }
