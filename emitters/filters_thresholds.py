"""Filters of the lists about thresholds; all of them live in the URL."""

import django_filters as filters
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Severity
from carbonwatch.params.regions import REGION_CHOICES
from emitters.filters import YEARS
from emitters.models import ThresholdProposal, TrialResult, TrialScore
from emitters.models.thresholds import Change
from emitters.thresholds import THRESHOLD_FLOW

APPLIES = [("yes", _("批准后会改变")), ("no", _("仅供参考"))]


class ThresholdFilter(filters.FilterSet):
    """Proposals by state and parameter."""

    status = filters.ChoiceFilter(label=_("状态"), choices=THRESHOLD_FLOW.choices)
    key = filters.CharFilter(label=_("参数"), lookup_expr="icontains")

    class Meta:
        model = ThresholdProposal
        fields: list[str] = []


class _TrialFilter(filters.FilterSet):
    """What all rows of a dry run can be chosen by."""

    proposal = filters.NumberFilter(label=_("调整编号"), field_name="proposal_id")
    applies = filters.ChoiceFilter(label=_("是否改变"), choices=APPLIES, method="by_effect")
    year = filters.ChoiceFilter(
        field_name="version__report__year", label=_("报告年度"), choices=YEARS
    )
    city = filters.ChoiceFilter(
        field_name="version__report__city", label=_("所在市"), choices=REGION_CHOICES
    )
    q = filters.CharFilter(
        label=_("单位名称"),
        field_name="version__report__unit__organisation__name",
        lookup_expr="icontains",
    )

    def by_effect(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Whether the approval changes it, or it only shows what would have been."""
        return queryset.filter(applies=value == "yes")


class TrialResultFilter(_TrialFilter):
    """Results by kind of change, rule and severity."""

    change = filters.ChoiceFilter(label=_("变化"), choices=Change.choices)
    severity = filters.ChoiceFilter(
        label=_("严重程度"), choices=[(s.value, s.label) for s in Severity]
    )
    check_code = filters.CharFilter(label=_("规则编号"), lookup_expr="icontains")

    class Meta:
        model = TrialResult
        fields: list[str] = []


class TrialScoreFilter(_TrialFilter):
    """Scores, all of them or those that change their band."""

    bands = filters.ChoiceFilter(
        label=_("等级"), choices=[("yes", _("等级会变化"))], method="by_band"
    )

    class Meta:
        model = TrialScore
        fields: list[str] = []

    def by_band(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Only where the colour changes."""
        return queryset.exclude(band=F("was_band"))
