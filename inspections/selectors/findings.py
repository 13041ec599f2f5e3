"""Reads of findings: what happened, what hangs on a lower app's page, figures of the overview."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.audit.models import AuditEvent
from emitters.models import EmittingUnit, Question, ReportVersion
from inspections.flows import FINAL, FINDING_FLOW, SEEN_BY_UNIT, WITH_UNIT
from inspections.models import Finding, Inspection

PANEL_ROWS = 20


@dataclass(frozen=True)
class Entry:
    """One line of a timeline."""

    at: datetime
    action: str
    actor_name: str
    text: str


def timeline_of(finding: Finding, actor: Actor) -> list[Entry]:
    """What the ledger says of a finding, oldest first. The unit reads on from the order: what
    came before is the authority's own business."""
    wanted = Q(target="inspections.finding", target_id=str(finding.pk))
    for name in ("answers", "measures", "extensions", "site_checks"):
        rows = getattr(finding, name)
        ids = [str(pk) for pk in rows.values_list("pk", flat=True)]
        wanted |= Q(target=rows.model._meta.label_lower, target_id__in=ids)
    events = AuditEvent.objects.filter(wanted).exclude(action__in=["read", "refused"])
    if actor.kind == OrgKind.UNIT:
        events = events.filter(at__gte=finding.ordered_at)
    return [
        Entry(e.at, e.action, e.actor_name, _text(json.loads(e.payload)))
        for e in events.order_by("seq")
    ]


def _text(payload: dict[str, Any]) -> str:
    parts = [payload.get(k) for k in ("number", "name", "demand", "place", "text", "note")]
    return "；".join(p for p in parts if isinstance(p, str) and p)


def findings_of_unit(unit: EmittingUnit, actor: Actor) -> dict[str, Any] | None:
    """Panel of a unit's page."""
    return _panel(Finding.objects.filter(unit=unit), actor, {"unit": unit.pk})


def findings_of_version(version: ReportVersion, actor: Actor) -> dict[str, Any] | None:
    """Panel of a version's page: findings on it."""
    found = Finding.objects.filter(version=version)
    return _panel(found, actor, {"version": version.pk})


def findings_of_question(question: Question, actor: Actor) -> dict[str, Any] | None:
    """Panel of a question's page. Registering is offered as a button, never done by itself."""
    found = Finding.objects.filter(question=question)
    context = _panel(found, actor, {"question": question.pk})
    if context is not None:
        standing = any(f.status != "rejected" for f in context["findings"])
        context["urged"] = question.status == "upheld" and not standing
        context["closed"] = standing or question.status in ("accepted", "cleared")
    return context


def findings_of_inspection(inspection: Inspection, actor: Actor) -> dict[str, Any] | None:
    """Panel of an inspection: what was registered from it, and a button while it is under way."""
    found = Finding.objects.filter(inspection=inspection)
    context = _panel(found, actor, {"inspection": inspection.pk})
    if context is not None:
        context["closed"] = inspection.begun_at is None or inspection.status == "closed"
    return context


def inspection_of_finding(finding: Finding, actor: Actor) -> dict[str, Any] | None:
    """Panel of a finding: the inspection that it was registered from."""
    if finding.inspection_id is None:
        return None
    seen = Inspection.objects.visible_to(actor).select_related("unit__organisation")
    inspection = seen.filter(pk=finding.inspection_id).first()
    return {"inspection": inspection} if inspection else None


def _panel(
    findings: QuerySet[Finding], actor: Actor, origin: dict[str, int]
) -> dict[str, Any] | None:
    rows = findings.visible_to(actor).select_related("unit__organisation")  # type: ignore[attr-defined]
    return {
        "findings": list(rows[:PANEL_ROWS]),
        "origin": "&".join(f"{k}={v}" for k, v in origin.items()),
        "now": timezone.now(),
    }


def state_figures(actor: Actor, year: int) -> dict[str, Any]:
    """Card: findings of a reporting year by state, with tonnes and money of those still open."""
    found = Finding.objects.visible_to(actor).filter(year=year)
    counts = dict(found.order_by().values_list("status").annotate(n=Count("pk")))
    at_stake = found.open().aggregate(t=Sum("t_co2"), money=Sum("money"))
    states = [
        (s, counts.get(str(s.code), 0))
        for s in FINDING_FLOW.states
        if actor.kind != OrgKind.UNIT or s.code in SEEN_BY_UNIT
    ]
    total = sum(counts.values())
    return {
        "states": states,
        "total": total,
        "open": sum(n for code, n in counts.items() if code not in FINAL),
        "t_co2": at_stake["t"],
        "money": at_stake["money"],
        "year": year,
    }


def overdue_figures(actor: Actor, year: int) -> dict[str, Any]:
    """Card: overdue findings of every year, the longest overdue first, and how many by whom."""
    now = timezone.now()
    late = Finding.objects.visible_to(actor).overdue(now)
    by_state = late.order_by().values_list("status").annotate(n=Count("pk"))
    rows = late.select_related("unit__organisation").order_by("due_at", "pk")[:5]
    by_holder = {"unit": 0, "bureau": 0}
    for status, n in by_state:
        owed = "unit" if status in WITH_UNIT else "bureau"
        by_holder[owed] += n
    return {
        "overdue": sum(by_holder.values()),
        "by_unit": by_holder["unit"],
        "by_bureau": by_holder["bureau"],
        "late_findings": [(f, (now - f.due_at).days + 1) for f in rows if f.due_at],
    }
