"""All dated parameters on one page, each with its source and how sure we are of it."""

import json
from datetime import date
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.params.models import Confidence, Parameter
from carbonwatch.templatetags.watch import badge
from carbonwatch.web.pages import ListPage

TONES = {"SEEN": "success", "KNOWN": "info", "UNSURE": "warning", "ASSUMED": "neutral"}

LONG = {"td": {"class": "long", "lang": "zh-Hans"}}


class ParameterTable(tables.Table):
    key = tables.Column(attrs={"td": {"class": "key"}})
    value = tables.Column(orderable=False, attrs=LONG)
    unit = tables.Column(attrs={"td": {"lang": "zh-Hans"}})
    valid_to = tables.Column(verbose_name=_("适用止"), default=_("至今"))
    source = tables.Column(orderable=False, attrs=LONG)
    note = tables.Column(orderable=False, attrs=LONG)

    class Meta:
        model = Parameter
        fields = ("key", "value", "unit", "valid_from", "valid_to", "confidence", "source", "note")
        empty_text = _("没有符合条件的参数。")

    def render_value(self, value: Any) -> str:
        """Numbers as they are; tables as short JSON."""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def render_confidence(self, record: Parameter) -> str:
        """A badge whose word says how sure we are."""
        return format_html("{}", badge(record.get_confidence_display(), TONES[record.confidence]))


class ParameterFilter(filters.FilterSet):
    text = filters.CharFilter(label=_("参数或来源"), method="find")
    confidence = filters.ChoiceFilter(
        label=_("可信程度"), choices=Confidence.choices, empty_label=_("全部")
    )
    on = filters.DateFilter(label=_("在该日适用"), method="in_force")

    def find(self, queryset: QuerySet[Parameter], name: str, value: str) -> QuerySet[Parameter]:
        """Part of the key, the source or the note."""
        return queryset.filter(
            Q(key__icontains=value) | Q(source__icontains=value) | Q(note__icontains=value)
        )

    def in_force(
        self, queryset: QuerySet[Parameter], name: str, value: date
    ) -> QuerySet[Parameter]:
        """In force on that day."""
        return queryset.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=value), valid_from__lte=value
        )


class ParameterList(ListPage):
    permission = Perm.PARAMETER_VIEW
    model = Parameter
    table_class = ParameterTable
    filterset_class = ParameterFilter
    title = _("参数")
    intro = _(
        "核算系数、校核阈值、配额基准等按数据日期取值，不按今天取值。每个取值注明来源和可信程度。"
    )
    file_name = "parameters"

    def base_queryset(self) -> QuerySet[Parameter]:
        """Facts of law and accounting belong to everybody."""
        return Parameter.objects.all()
