"""Filters of the lists; all of them live in the URL."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.regions import REGION_CHOICES
from emitters.closing import Closing
from emitters.flows import ANNUAL_REPORT_FLOW, QUESTION_FLOW, SCHEME_FLOW, WAIVER_FLOW
from emitters.models import AnnualReport, Band, ControlScheme, EmittingUnit, Question, Waiver

YEARS = [(y, str(y)) for y in range(2026, 2018, -1)]


class UnitFilter(filters.FilterSet):
    """Units by text, city and ownership."""

    q = filters.CharFilter(label=_("名称或信用代码"), method="search")
    city = filters.ChoiceFilter(
        field_name="organisation__city", label=_("所在市"), choices=REGION_CHOICES
    )

    class Meta:
        model = EmittingUnit
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Name or credit code contains the text."""
        return queryset.filter(
            Q(organisation__name__icontains=value) | Q(organisation__code__icontains=value)
        )


class ReportFilter(filters.FilterSet):
    """Reports by text, year, city, state and risk."""

    q = filters.CharFilter(label=_("单位名称或信用代码"), method="search")
    year = filters.ChoiceFilter(label=_("报告年度"), choices=YEARS)
    city = filters.ChoiceFilter(label=_("所在市"), choices=REGION_CHOICES)
    status = filters.ChoiceFilter(label=_("状态"), choices=ANNUAL_REPORT_FLOW.choices)
    band = filters.ChoiceFilter(
        field_name="current__risk_band", label=_("风险等级"), choices=Band.choices
    )

    filed = filters.ChoiceFilter(
        label=_("提交情况"), choices=[("yes", _("已提交")), ("no", _("未提交"))], method="by_filing"
    )

    class Meta:
        model = AnnualReport
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Name or credit code contains the text."""
        return queryset.filter(
            Q(unit__organisation__name__icontains=value)
            | Q(unit__organisation__code__icontains=value)
        )

    def by_filing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Whether a version is with the authorities (as the overview counts)."""
        counted = Q(current__status__in=["submitted", "accepted"])
        return queryset.filter(counted if value == "yes" else ~counted)


class QuestionFilter(filters.FilterSet):
    """Questions by year, city, state and rule."""

    year = filters.ChoiceFilter(field_name="report__year", label=_("报告年度"), choices=YEARS)
    city = filters.ChoiceFilter(
        field_name="report__city", label=_("所在市"), choices=REGION_CHOICES
    )
    status = filters.ChoiceFilter(label=_("状态"), choices=QUESTION_FLOW.choices)
    closing = filters.ChoiceFilter(label=_("认定结果"), choices=Closing.choices)
    check_code = filters.CharFilter(label=_("规则编号"), lookup_expr="icontains")

    class Meta:
        model = Question
        fields: list[str] = []


class SchemeFilter(filters.FilterSet):
    """Schemes by unit, state and first year."""

    unit = filters.CharFilter(
        field_name="unit__organisation__name", label=_("单位名称"), lookup_expr="icontains"
    )
    status = filters.ChoiceFilter(label=_("状态"), choices=SCHEME_FLOW.choices)
    year = filters.ChoiceFilter(label=_("自报告年度"), choices=YEARS)

    class Meta:
        model = ControlScheme
        fields: list[str] = []


class WaiverFilter(filters.FilterSet):
    """Waivers by year, city, state and rule."""

    year = filters.ChoiceFilter(field_name="report__year", label=_("报告年度"), choices=YEARS)
    city = filters.ChoiceFilter(
        field_name="report__city", label=_("所在市"), choices=REGION_CHOICES
    )
    status = filters.ChoiceFilter(label=_("状态"), choices=WAIVER_FLOW.choices)
    check_code = filters.CharFilter(label=_("规则编号"), lookup_expr="icontains")

    class Meta:
        model = Waiver
        fields: list[str] = []
