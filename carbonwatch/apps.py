"""Start-up of the foundation: its entries in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CarbonwatchConfig(AppConfig):
    """The foundation."""

    name = "carbonwatch"

    def ready(self) -> None:
        """Declare the menu and the foundation's background work."""
        from carbonwatch.accounts.permissions import Perm
        from carbonwatch.audit import jobs  # noqa: F401 registers the proof of the ledger
        from carbonwatch.web.navigation import Entry, register_entry

        for entry in (
            Entry(_("工作台"), "home", Perm.HOME, 10),
            Entry(_("监管总览"), "overview", Perm.DASHBOARD_VIEW, 15),
            Entry(_("机构管理"), "organisation-list", Perm.ACCOUNT_MANAGE, 80),
            Entry(_("账号管理"), "person-list", Perm.ACCOUNT_MANAGE, 81),
            Entry(_("后台任务"), "job-list", Perm.JOB_VIEW, 82),
            Entry(_("岗位授权"), "membership-list", Perm.GRANT_MANAGE, 83),
            Entry(_("账号安全"), "security-people", Perm.GRANT_MANAGE, 84),
            Entry(_("审计台账"), "ledger", Perm.LEDGER_VIEW, 85),
            Entry(_("校核规则"), "check-list", Perm.CHECK_VIEW, 90),
            Entry(_("参数"), "parameter-list", Perm.PARAMETER_VIEW, 91),
        ):
            register_entry(entry)
