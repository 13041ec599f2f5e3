"""Start-up of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    """Verification agencies, their assignments and conclusions."""

    name = "verification"
    verbose_name = _("核查")

    def ready(self) -> None:
        """Declare panels and menu entries."""
        from carbonwatch.accounts.permissions import Perm
        from carbonwatch.web.navigation import Entry, register_entry
        from verification import ranking
        from verification.panels import register

        register_entry(Entry(_("核查任务"), "verification:assignments", Perm.ASSIGNMENT_VIEW, 30))
        register()
        ranking.register()
