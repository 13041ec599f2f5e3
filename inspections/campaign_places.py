"""Where campaigns show: the menu, a panel on a unit's page, a card of the overview."""

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.dashboards.registry import Card, register_card
from carbonwatch.web.navigation import Entry, register_entry
from carbonwatch.web.panels import Panel, register_panel
from inspections.selectors import campaigns


def declare() -> None:
    """Called once, when the application starts."""
    register_entry(Entry(_("专项行动"), "inspections:campaigns", Perm.CAMPAIGN_VIEW, 38))
    register_panel(
        Panel(
            "emitters.EmittingUnit",
            _("专项行动"),
            "inspections/_campaigns_panel.html",
            campaigns.campaigns_of_unit,
            order=65,
            permission=Perm.CAMPAIGN_VIEW,
        )
    )
    register_card(
        Card(
            "campaigns",
            _("专项行动"),
            "inspections/_campaign_card.html",
            campaigns.campaign_figures,
            order=42,
            size=12,
        )
    )
