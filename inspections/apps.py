"""Start-up of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    """Findings and their rectification."""

    name = "inspections"
    verbose_name = _("监督检查")

    def ready(self) -> None:
        """Declare menu entries, panels on lower apps' pages, cards of the overview."""
        from carbonwatch.accounts.permissions import Perm
        from carbonwatch.dashboards.registry import Card, register_card
        from carbonwatch.web.navigation import Entry, register_entry, register_public
        from carbonwatch.web.panels import Panel, register_panel
        from emitters.ranking.visits import register_visits
        from inspections import campaign_places, finding_places, quarter_places, tip_places
        from inspections.selectors import findings, selfinspections
        from inspections.selectors.visits import last_visits

        register_visits(last_visits)
        register_entry(Entry(_("问题台账"), "inspections:findings", Perm.FINDING_VIEW, 40))
        register_entry(Entry(_("双随机抽查"), "inspections:draws", Perm.INSPECTION_VIEW, 38))
        register_public(_("双随机抽查公示"), "inspections:public-draws", 20)
        register_entry(Entry(_("检查台账"), "inspections:inspections", Perm.INSPECTION_VIEW, 39))
        register_entry(Entry(_("自查自纠"), "inspections:self-inspections", Perm.SELF_VIEW, 42))
        register_entry(Entry(_("执法工作计划"), "inspections:workplans", Perm.WORKPLAN_VIEW, 38))
        register_entry(Entry(_("执法人员名录"), "inspections:inspectors", Perm.INSPECTION_PLAN, 43))
        for places in (tip_places, quarter_places, campaign_places, finding_places):
            places.declare()
        register_panel(
            Panel(
                "inspections.Finding",
                _("自查申报"),
                "inspections/_declaration_panel.html",
                selfinspections.declaration_of_finding,
                order=20,
                permission=Perm.SELF_VIEW,
            )
        )
        for model, context in (
            ("emitters.EmittingUnit", findings.findings_of_unit),
            ("emitters.ReportVersion", findings.findings_of_version),
            ("emitters.Question", findings.findings_of_question),
        ):
            register_panel(
                Panel(model, _("问题"), "inspections/_findings_panel.html", context, 60,
                      Perm.FINDING_VIEW)
            )  # fmt: skip
        register_card(
            Card(
                "findings-by-state",
                _("问题办理情况"),
                "inspections/_state_card.html",
                findings.state_figures,
                order=40,
                size=6,
            )
        )
        register_card(
            Card(
                "findings-overdue",
                _("逾期问题"),
                "inspections/_overdue_card.html",
                findings.overdue_figures,
                order=41,
                size=6,
            )
        )
