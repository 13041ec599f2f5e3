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
        import emitters.services.recheck
        import emitters.services.recheck_year
        import emitters.services.trials  # noqa: F401
        from carbonwatch.accounts.permissions import Perm
        from carbonwatch.web.navigation import Entry, register_entry, register_public
        from emitters import cards, panels
        from emitters.selectors import providers

        register_public(_("核验报告回执"), "emitters:receipt-check", 30)
        register_entry(Entry(_("重点排放单位"), "emitters:units", Perm.UNIT_VIEW, 20))
        register_entry(Entry(_("年度排放报告"), "emitters:reports", Perm.REPORT_VIEW, 21))
        register_entry(Entry(_("检查优先次序"), "emitters:rankings", Perm.DASHBOARD_VIEW, 22))
        register_entry(Entry(_("部门数据"), "emitters:outside", Perm.OUTSIDE_VIEW, 23))
        register_entry(Entry(_("校核疑点"), "emitters:questions", Perm.REPORT_VIEW, 22))
        register_entry(Entry(_("质控方案"), "emitters:schemes", Perm.SCHEME_VIEW, 25))
        register_entry(Entry(_("常见问题"), "emitters:guidance", Perm.CHECK_VIEW, 26))
        register_entry(Entry(_("豁免"), "emitters:waivers", Perm.WAIVER_VIEW, 23))
        register_entry(Entry(_("规则成效"), "emitters:effect", Perm.DASHBOARD_VIEW, 24))
        register_entry(Entry(_("阈值调整"), "emitters:thresholds", Perm.THRESHOLD_VIEW, 25))
        register_entry(Entry(_("豁免办理情况"), "emitters:waiver-officers", Perm.LEDGER_VIEW, 90))
        panels.register()
        providers.register()
        cards.register()
