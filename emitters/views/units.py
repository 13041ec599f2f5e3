"""Units: the list, and the page of one unit with its charts."""

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.pages import DetailPage, ListPage
from emitters.filters import UnitFilter
from emitters.models import EmittingUnit
from emitters.selectors.charts import unit_charts
from emitters.tables import UnitTable


class UnitList(ListPage):
    """重点排放单位."""

    permission = Perm.UNIT_VIEW
    model = EmittingUnit
    table_class = UnitTable
    filterset_class = UnitFilter
    title = _("重点排放单位")
    intro = _("按名录管理的发电行业重点排放单位及其机组。")
    empty = _("没有符合条件的单位。请放宽筛选条件。")
    file_name = "units"

    def base_queryset(self) -> QuerySet:
        """With the counts of generators and reports."""
        return (
            super()
            .base_queryset()
            .select_related("organisation")
            .annotate(
                generator_count=Count("generators", distinct=True),
                report_count=Count("reports", distinct=True),
            )
        )


class UnitDetail(DetailPage):
    """A unit: attributes, generators over time, reports by year, charts with the check results."""

    permission = Perm.UNIT_VIEW
    model = EmittingUnit
    template_name = "emitters/unit.html"

    def get_queryset(self) -> QuerySet:
        """With what the page shows."""
        return (
            super()
            .get_queryset()
            .select_related("organisation")
            .prefetch_related("attributes", "generators__attributes")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Reports that the viewer may see, and the charts made of them."""
        context = super().get_context_data(**kwargs)
        reports = (
            self.object.reports.visible_to(self.actor).select_related("current").order_by("-year")
        )
        context["reports"] = list(reports)
        context["charts"] = unit_charts(self.object, self.actor)
        return context
