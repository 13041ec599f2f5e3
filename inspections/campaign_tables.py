"""Columns and filters of the lists of campaigns."""

from datetime import datetime

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.templatetags.watch import badge
from carbonwatch.web.tables import StatusMixin
from emitters.filters import YEARS
from emitters.tables import RIGHT
from inspections.campaign_flow import (
    CAMPAIGN_CHANGE_FLOW,
    CAMPAIGN_FLOW,
    CAMPAIGN_UNIT_FLOW,
    ENDED,
)
from inspections.models import Campaign, CampaignChange, CampaignKind, CampaignUnit, ChangeKind

PROGRESS = [("late", _("已逾期")), ("open", _("未办结")), ("covered", _("已完成检查"))]


class CampaignTable(StatusMixin, tables.Table):
    """Campaigns: what, how far, until when."""

    title = tables.Column(linkify=lambda record: record.get_absolute_url())
    size = tables.Column(attrs=RIGHT)
    sum_until = tables.DateColumn(format="Y-m-d")

    class Meta:
        model = Campaign
        fields = ("title", "kind", "year", "status", "size", "sum_until")


class CampaignFilter(filters.FilterSet):
    """By name, kind, year, state."""

    q = filters.CharFilter(label=_("名称"), field_name="title", lookup_expr="icontains")
    kind = filters.ChoiceFilter(label=_("类型"), choices=CampaignKind.choices)
    year = filters.ChoiceFilter(label=_("实施年度"), choices=YEARS)
    status = filters.ChoiceFilter(label=_("状态"), choices=CAMPAIGN_FLOW.choices)

    class Meta:
        model = Campaign
        fields: list[str] = []


class CampaignUnitTable(StatusMixin, tables.Table):
    """The units of a list: state, whose turn, until when. It shows what was frozen: no other tables."""

    name = tables.Column(linkify=lambda record: record.get_absolute_url())
    due_at = tables.Column()
    included_at = tables.DateColumn(format="Y-m-d")
    covered_at = tables.DateColumn(format="Y-m-d")

    class Meta:
        model = CampaignUnit
        fields = (
            "name",
            "credit_code",
            "city",
            "kind",
            "status",
            "waits_for",
            "due_at",
            "included_at",
            "covered_at",
        )

    def render_due_at(self, value: datetime, record: CampaignUnit) -> SafeString | str:
        """The day, marked when it has passed."""
        day = date_format(localtime(value), "Y-m-d")
        if not record.late:
            return day
        return format_html("{} {}", day, badge(gettext("已逾期"), "danger"))

    def value_due_at(self, value: datetime) -> datetime:
        """For the export."""
        return value


class CampaignUnitFilter(filters.FilterSet):
    """By name or code, city, state, progress."""

    q = filters.CharFilter(label=_("名称或信用代码"), method="search")
    city = filters.ChoiceFilter(label=_("所在市"), choices=REGION_CHOICES)
    status = filters.ChoiceFilter(label=_("状态"), choices=CAMPAIGN_UNIT_FLOW.choices)
    progress = filters.ChoiceFilter(label=_("办理进度"), choices=PROGRESS, method="by_progress")

    class Meta:
        model = CampaignUnit
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Name or credit code contains the text."""
        return queryset.filter(Q(name__icontains=value) | Q(credit_code__icontains=value))

    def by_progress(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Late, on its way, or inspected."""
        if value == "covered":
            return queryset.exclude(covered_at=None)
        rows = queryset.exclude(status__in=ENDED)
        return rows.filter(due_at__lt=timezone.now()) if value == "late" else rows


class CampaignChangeTable(StatusMixin, tables.Table):
    """Changes: of what, by whom, decided by whom."""

    unit = tables.Column(
        _("重点排放单位"),
        accessor="unit__organisation__name",
        linkify=lambda record: record.get_absolute_url(),
    )
    campaign = tables.Column(accessor="campaign__title")
    extended_to = tables.DateColumn(format="Y-m-d")
    proposed_by = tables.Column(_("提出人"), accessor="proposed_by__name")
    decided_by = tables.Column(_("批准人"), accessor="decided_by__name")

    class Meta:
        model = CampaignChange
        fields = (
            "unit",
            "kind",
            "campaign",
            "status",
            "extended_to",
            "proposed_by",
            "proposed_at",
            "decided_by",
        )


class CampaignChangeFilter(filters.FilterSet):
    """By kind, state, unit."""

    q = filters.CharFilter(
        label=_("单位名称"), field_name="unit__organisation__name", lookup_expr="icontains"
    )
    kind = filters.ChoiceFilter(label=_("调整事项"), choices=ChangeKind.choices)
    status = filters.ChoiceFilter(label=_("状态"), choices=CAMPAIGN_CHANGE_FLOW.choices)

    class Meta:
        model = CampaignChange
        fields: list[str] = []
