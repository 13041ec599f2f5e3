"""Filters of the lists; all of them live in the URL."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.regions import REGION_CHOICES
from enforcement.flows import CASE_FLOW, NOTICE_FLOW
from enforcement.models import Case, PublicNotice


class CaseFilter(filters.FilterSet):
    """Cases by text, city and state."""

    q = filters.CharFilter(label=_("案由、当事人或案号"), method="search")
    city = filters.ChoiceFilter(label=_("所在市"), choices=REGION_CHOICES)
    status = filters.ChoiceFilter(label=_("状态"), choices=CASE_FLOW.choices)

    class Meta:
        model = Case
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Reason, unit or number contains the text."""
        return queryset.filter(
            Q(reason__icontains=value)
            | Q(unit__organisation__name__icontains=value)
            | Q(number__icontains=value)
        )


class NoticeFilter(filters.FilterSet):
    """Notices by text and state."""

    q = filters.CharFilter(label=_("标题或文号"), method="search")
    status = filters.ChoiceFilter(label=_("状态"), choices=NOTICE_FLOW.choices)

    class Meta:
        model = PublicNotice
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Title or number contains the text."""
        return queryset.filter(Q(title__icontains=value) | Q(number__icontains=value))


class PublishedFilter(filters.FilterSet):
    """Published notices by text."""

    q = filters.CharFilter(label=_("标题或文号"), method="search")

    class Meta:
        model = PublicNotice
        fields: list[str] = []

    search = NoticeFilter.search
