"""Columns of the list of assignments."""

import django_filters as filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.web.tables import StatusMixin
from emitters.filters import YEARS
from verification.flows import ASSIGNMENT_FLOW
from verification.models import Assignment


class AssignmentTable(StatusMixin, tables.Table):
    """Assignments."""

    unit = tables.Column(
        _("重点排放单位"),
        accessor="report__unit__organisation__name",
        linkify=lambda record: record.get_absolute_url(),
    )
    year = tables.Column(_("年度"), accessor="report__year")
    agency = tables.Column(_("核查机构"), accessor="agency__name")
    status = tables.Column(_("状态"))
    due_on = tables.DateColumn(verbose_name=_("核查完成期限"), format="Y-m-d")

    class Meta:
        model = Assignment
        fields = ("unit", "year", "agency", "status", "due_on")
        order_by = ("due_on",)


class AssignmentFilter(filters.FilterSet):
    """Assignments by year, city and state."""

    year = filters.ChoiceFilter(field_name="report__year", label=_("报告年度"), choices=YEARS)
    city = filters.ChoiceFilter(
        field_name="report__city", label=_("所在市"), choices=REGION_CHOICES
    )
    status = filters.ChoiceFilter(label=_("状态"), choices=ASSIGNMENT_FLOW.choices)

    class Meta:
        model = Assignment
        fields: list[str] = []
