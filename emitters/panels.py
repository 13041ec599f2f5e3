"""What the emitting units add to pages: to that of a check, and to their own."""

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.checks.views import PANELS
from carbonwatch.web.panels import Panel, register_panel
from emitters.selectors.effect import effect_panel
from emitters.selectors.outside import coverage_of
from emitters.selectors.rankings import priority_panel
from emitters.selectors.thresholds import threshold_panel
from emitters.views.guidance import defects_of_check


def register() -> None:
    """Called at start-up."""
    for title, template, context, perm in (
        (_("规则成效"), "emitters/_effect_panel.html", effect_panel, Perm.DASHBOARD_VIEW),
        (_("阈值调整"), "emitters/_threshold_panel.html", threshold_panel, Perm.THRESHOLD_VIEW),
    ):
        register_panel(Panel(PANELS, title, template, context, permission=perm))
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
        Panel(
            "emitters.EmittingUnit",
            _("检查优先值"),
            "emitters/_priority_panel.html",
            priority_panel,
            10,
            Perm.DASHBOARD_VIEW,
        )
    )
    register_panel(Panel(PANELS, _("常见问题"), "emitters/_defects_panel.html", defects_of_check))
