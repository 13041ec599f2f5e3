"""Columns and filters of the lists of the quarterly report."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.web.tables import StatusMixin
from emitters.filters import YEARS
from emitters.tables import NumberColumn
from inspections.models import QUARTER_CHOICES, QuarterItem, QuarterReport
from inspections.quarter_flow import QUARTER_FLOW


class QuarterTable(StatusMixin, tables.Table):
    """Reports by quarter."""

    title = tables.Column(
        _("季报"), accessor="pk", linkify=lambda record: record.get_absolute_url(), order_by=("year", "quarter"),
    )  # fmt: skip
    made_at = tables.DateTimeColumn(format="Y-m-d H:i", accessor="edition__made_at")
    signed_at = tables.DateColumn(format="Y-m-d")
    sent_on = tables.DateColumn(format="Y-m-d")

    class Meta:
        model = QuarterReport
        fields = ("title", "status", "number", "made_at", "signed_at", "recipient", "sent_on")

    def render_title(self, record: QuarterReport) -> str:
        """Year and quarter."""
        return str(record)

    value_title = render_title

    def render_number(self, value: str) -> SafeString:
        """A number is Chinese in any language."""
        return format_html('<span lang="zh-Hans">{}</span>', value)

    render_recipient = render_number

    def value_number(self, value: str) -> str:
        """For the export."""
        return value

    value_recipient = value_number


class QuarterFilter(filters.FilterSet):
    """Reports by year, quarter and state."""

    year = filters.ChoiceFilter(label=_("年份"), choices=YEARS)
    quarter = filters.ChoiceFilter(label=_("季度"), choices=QUARTER_CHOICES)
    status = filters.ChoiceFilter(label=_("状态"), choices=QUARTER_FLOW.choices)

    class Meta:
        model = QuarterReport
        fields: list[str] = []


class QuarterItemTable(tables.Table):
    """Rows behind a figure, as they were named when it was made."""

    owner = tables.Column()
    city = tables.Column()
    text = tables.Column(linkify=lambda record: record.get_absolute_url())
    amount = NumberColumn(decimals=2)

    class Meta:
        model = QuarterItem
        fields = ("owner", "city", "text", "amount")

    def render_owner(self, value: str) -> SafeString:
        """Kept as it was written."""
        return format_html('<span lang="zh-Hans">{}</span>', value)

    render_text = render_owner

    def value_owner(self, value: str) -> str:
        """For the export."""
        return value

    value_text = value_owner


class QuarterItemFilter(filters.FilterSet):
    """Rows of one figure, by city and words."""

    figure = filters.NumberFilter(widget=forms.HiddenInput())
    q = filters.CharFilter(label=_("单位或事项"), method="search")
    city = filters.ChoiceFilter(label=_("所在市"), choices=REGION_CHOICES)

    class Meta:
        model = QuarterItem
        fields: list[str] = []

    def search(self, queryset: Any, name: str, value: str) -> Any:
        """Name of the unit or words of the row contain the text."""
        return queryset.filter(owner__icontains=value) | queryset.filter(text__icontains=value)
