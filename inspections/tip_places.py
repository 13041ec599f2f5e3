"""Where tips show on other pages: the menu, panels of findings and inspections."""

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.navigation import Entry, register_entry, register_public
from carbonwatch.web.panels import Panel, register_panel
from inspections.selectors.tips import tips_of


def declare() -> None:
    """Called in `ready()`."""
    register_public(_("举报"), "inspections:tip-new", 40)
    register_entry(Entry(_("举报线索"), "inspections:tips", Perm.TIP_VIEW, 43))
    register_entry(Entry(_("举报"), "inspections:tip-new", Perm.CHECK_VIEW, 95))
    for model in ("inspections.Finding", "inspections.Inspection"):
        register_panel(
            Panel(
                model,
                _("举报线索"),
                "inspections/_tips_panel.html",
                tips_of,
                order=30,
                permission=Perm.TIP_VIEW,
            )
        )
