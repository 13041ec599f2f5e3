"""Start-up of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmittersConfig(AppConfig):
    """Emitting units, their reports, accounting and checks."""

    name = "emitters"
    verbose_name = _("重点排放单位")

    def ready(self) -> None:
        """Declare checks, background work, cards and menu entries."""
        import emitters.checks
        import emitters.services.intake
        import emitters.services.outside_reading
        import emitters.services.recheck  # noqa: F401
        from carbonwatch.accounts.permissions import Perm
        from carbonwatch.checks.views import PANELS
        from carbonwatch.web.navigation import Entry, register_entry
        from carbonwatch.web.panels import Panel, register_panel
        from emitters.cards import register
        from emitters.selectors.effect import effect_panel
        from emitters.selectors.outside import coverage_of
        from emitters.views.guidance import defects_of_check

        register_entry(Entry(_("重点排放单位"), "emitters:units", Perm.UNIT_VIEW, 20))
        register_entry(Entry(_("年度排放报告"), "emitters:reports", Perm.REPORT_VIEW, 21))
        register_entry(Entry(_("部门数据"), "emitters:outside", Perm.OUTSIDE_VIEW, 23))
        register_entry(Entry(_("校核疑点"), "emitters:questions", Perm.REPORT_VIEW, 22))
        register_entry(Entry(_("质控方案"), "emitters:schemes", Perm.SCHEME_VIEW, 25))
        register_entry(Entry(_("常见问题"), "emitters:guidance", Perm.CHECK_VIEW, 26))
        register_entry(Entry(_("豁免"), "emitters:waivers", Perm.WAIVER_VIEW, 23))
        register_entry(Entry(_("规则成效"), "emitters:effect", Perm.DASHBOARD_VIEW, 24))
        register_entry(Entry(_("豁免办理情况"), "emitters:waiver-officers", Perm.LEDGER_VIEW, 90))
        register_panel(
            Panel(
                PANELS,
                _("规则成效"),
                "emitters/_effect_panel.html",
                effect_panel,
                permission=Perm.DASHBOARD_VIEW,
            )
        )
        register_panel(
            Panel(
                "emitters.EmittingUnit",
                _("部门数据"),
                "emitters/_outside_panel.html",
                coverage_of,
                20,
                Perm.OUTSIDE_VIEW,
            )
        )
        register_panel(
            Panel(PANELS, _("常见问题"), "emitters/_defects_panel.html", defects_of_check)
        )
        register()
