"""Panels that findings and inspections show of one another, and of merging."""

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.navigation import Entry, register_entry
from carbonwatch.web.panels import Panel, register_panel
from inspections.selectors import findings, merges


def declare() -> None:
    """Called in `ready()`."""
    register_entry(Entry(_("瞒报率"), "inspections:concealment", Perm.DASHBOARD_VIEW, 42))
    for panel in (
        Panel(
            "inspections.Finding",
            _("合并办理"),
            "inspections/_merging_panel.html",
            merges.merging_of,
            order=25,
            permission=Perm.FINDING_VIEW,
        ),
        Panel(
            "inspections.Finding",
            _("由哪次检查发现"),
            "inspections/_inspection_panel.html",
            findings.inspection_of_finding,
            order=15,
            permission=Perm.INSPECTION_VIEW,
        ),
        Panel(
            "inspections.Inspection",
            _("本次检查登记的问题"),
            "inspections/_findings_panel.html",
            findings.findings_of_inspection,
            order=10,
            permission=Perm.FINDING_VIEW,
        ),
    ):
        register_panel(panel)
