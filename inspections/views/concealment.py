"""瞒报率: the list of units with their rates, the sums by city, the findings behind one rate."""

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.pages import DetailPage, ListPage
from emitters.tables import CITIES, NumberColumn
from inspections.models import SelfInspection
from inspections.selectors.concealment import by_city, concealment, findings_counted
from inspections.views.selfinspections import SelfInspectionFilter


class ConcealmentTable(tables.Table):
    """One unit's answers to one questionnaire, and what was found afterwards."""

    organisation = tables.Column(
        _("重点排放单位"), linkify=("inspections:concealment-of", {"pk": tables.A("pk")})
    )
    city = tables.Column(_("所在市"), accessor="organisation__city")
    questionnaire = tables.Column(orderable=False)
    submitted_at = tables.DateColumn(format="Y-m-d")
    declared = NumberColumn(_("自报问题"))
    found = NumberColumn(_("提交后发现"))
    hidden = NumberColumn(_("其中未自报"))
    rate = NumberColumn(_("瞒报率（%）"), decimals=1)

    class Meta:
        model = SelfInspection
        fields = (
            "organisation",
            "city",
            "questionnaire",
            "submitted_at",
            "declared",
            "found",
            "hidden",
            "rate",
        )
        order_by = ("-hidden",)

    def render_city(self, value: str) -> str:
        """The name of the city."""
        return str(CITIES.get(value, value))

    value_city = render_city


class ConcealmentList(ListPage):
    """瞒报率 by unit, with the sums by city above."""

    permission = Perm.DASHBOARD_VIEW
    model = SelfInspection
    table_class = ConcealmentTable
    filterset_class = SelfInspectionFilter
    title = _("瞒报率")
    intro = _(
        "自查提交后由检查或校核发现、属于问卷范围而没有自报的问题，占提交后发现的全部此类问题的比例。"
    )
    empty = _("没有已提交的自查。")
    template_name = "inspections/concealment.html"
    file_name = "concealment"

    def base_queryset(self) -> QuerySet:
        """Handed in by units, with the figures."""
        return concealment(self.actor).select_related("organisation", "questionnaire")

    def extra_context(self) -> dict[str, Any]:
        """The sums by city."""
        return {"cities": by_city(concealment(self.actor))}


class ConcealmentOf(DetailPage):
    """The findings behind the rate of one unit."""

    permission = Perm.DASHBOARD_VIEW
    model = SelfInspection
    template_name = "inspections/concealment_of.html"
    step_url = "inspections:self-inspection-step"

    def get_queryset(self) -> QuerySet:
        """With the figures."""
        return concealment(self.actor).select_related("organisation", "questionnaire", "unit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The findings, and what was declared."""
        context = super().get_context_data(**kwargs)
        declared = self.object.declarations.select_related("question", "finding")
        return context | {
            "findings": findings_counted(self.object, self.actor),
            "declarations": list(declared),
        }
