"""Start-up of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnforcementConfig(AppConfig):
    """Cases and public notices."""

    name = "enforcement"
    verbose_name = _("执法处置")

    def ready(self) -> None:
        """Declare menu entries, panels on lower apps' pages, a card of the overview."""
        from carbonwatch.accounts.permissions import Perm
        from carbonwatch.dashboards.registry import Card, register_card
        from carbonwatch.web.navigation import Entry, register_entry, register_public
        from carbonwatch.web.panels import Panel, register_panel
        from enforcement.quarterly import CASES
        from enforcement.selectors import cases
        from inspections.quarterly.registry import register_section

        register_public(_("公开通报"), "enforcement:notices", 10)
        register_entry(Entry(_("案件"), "enforcement:cases", Perm.CASE_VIEW, 50))
        register_section(CASES)
        register_entry(Entry(_("通报管理"), "enforcement:notice-list", Perm.NOTICE_VIEW, 51))
        for model, context in (
            ("inspections.Finding", cases.cases_of_finding),
            ("emitters.EmittingUnit", cases.cases_of_unit),
        ):
            register_panel(
                Panel(
                    model,
                    _("案件"),
                    "enforcement/_cases_panel.html",
                    context,
                    order=70,
                    permission=Perm.CASE_VIEW,
                )
            )
        register_card(
            Card(
                "enforcement",
                _("案件和公开通报"),
                "enforcement/_card.html",
                cases.enforcement_figures,
                order=50,
                size=12,
            )
        )
