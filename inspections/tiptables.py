"""The list of tips: columns and filters. The author is nowhere in them."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.web.tables import StatusMixin
from inspections.models import Tip, TipSubject
from inspections.tipflow import TIP_FLOW


class TipTable(StatusMixin, tables.Table):
    """Tips by deadline."""

    number = tables.Column(linkify=lambda record: record.get_absolute_url())
    handler = tables.Column(orderable=False)
    handler_organisation = tables.Column(orderable=False)
    received_at = tables.DateColumn(format="Y-m-d")
    due_at = tables.DateColumn(format="Y-m-d")

    class Meta:
        model = Tip
        fields = (
            "number",
            "subject",
            "named",
            "city",
            "year",
            "received_at",
            "status",
            "due_at",
            "handler",
            "handler_organisation",
            "outcome",
        )
        order_by = ("-received_at",)


class TipFilter(filters.FilterSet):
    """By text, state, subject and city."""

    q = filters.CharFilter(label=_("编号、单位或内容"), method="search")
    status = filters.ChoiceFilter(label=_("状态"), choices=TIP_FLOW.choices)
    subject = filters.ChoiceFilter(label=_("举报事项"), choices=TipSubject.choices)
    city = filters.ChoiceFilter(label=_("所在市"), choices=REGION_CHOICES)

    class Meta:
        model = Tip
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Number, accused or text contains it."""
        return queryset.filter(
            Q(number__icontains=value) | Q(named__icontains=value) | Q(text__icontains=value)
        )
