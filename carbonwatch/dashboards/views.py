"""The supervision overview: a year and the cards that the apps have registered."""

from typing import Any

from django.utils import timezone

from carbonwatch.accounts.permissions import Perm
from carbonwatch.dashboards.registry import cards
from carbonwatch.refusals import Missing
from carbonwatch.web.pages import TextPage

FIRST_YEAR = 2019


class Overview(TextPage):
    permission = Perm.DASHBOARD_VIEW
    template_name = "dashboards/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cards of the chosen reporting year; last year's when none is chosen."""
        this_year = timezone.localdate().year
        wanted = self.request.GET.get("year", str(this_year - 1))
        years = list(range(this_year, FIRST_YEAR - 1, -1))
        if not wanted.isdecimal() or int(wanted) not in years:
            raise Missing()
        return {"year": int(wanted), "years": years, "cards": cards(self.actor, int(wanted))}
