"""What verification adds to the page of a report."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.web.panels import Panel, register_panel
from emitters.models import AnnualReport
from verification.flows import OPEN_STATES
from verification.models import Assignment, Conclusion


def verification_of(report: AnnualReport, actor: Actor) -> dict[str, Any]:
    """Assignments of a report: the authorities see all, the unit what was concluded, an agency
    its own."""
    rows = Assignment.objects.filter(report=report).select_related("agency")
    if actor.kind in (OrgKind.UNIT, OrgKind.VERIFIER):
        mine = (
            {"agency": actor.organisation}
            if actor.kind == OrgKind.VERIFIER
            else {"status": "accepted"}
        )
        rows = rows.filter(**mine)
    assignments = list(rows)
    ended = [a.pk for a in assignments if a.status == "accepted"]
    conclusions = {
        c.assignment_id: c
        for c in Conclusion.objects.filter(assignment__in=ended).prefetch_related("values")
    }
    current = report.current
    return {
        "assignments": [(a, conclusions.get(a.pk)) for a in assignments],
        "may_open": actor.may(Perm.ASSIGNMENT_VIEW),
        "may_make": actor.may(Perm.ASSIGNMENT_MAKE)
        and current is not None
        and current.status in ("submitted", "accepted")
        and not any(a.status in OPEN_STATES for a in assignments),
        "report": report,
    }


def register() -> None:
    """Called at start-up."""
    register_panel(
        Panel(
            "emitters.AnnualReport",
            _("核查"),
            "verification/_report_panel.html",
            verification_of,
            30,
        )
    )
