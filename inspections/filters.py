"""Filters of the lists; all of them live in the URL."""

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.params.regions import REGION_CHOICES
from emitters.filters import YEARS
from inspections.draw_flow import DRAW_FLOW
from inspections.flows import FINAL, FINDING_FLOW
from inspections.inspection_flow import INSPECTION_FLOW
from inspections.models import (
    Climb,
    Draw,
    Finding,
    FindingSource,
    Gravity,
    Inspection,
    InspectionKind,
    Rung,
)

RUNGS = [("any", _("已升级督办")), *Rung.choices]
PROGRESS = [("open", _("未办结")), ("overdue", _("已逾期")), ("done", _("已办结"))]


class FindingFilter(filters.FilterSet):
    """Findings by text, city, state, severity, source, year, and whether they are late."""

    q = filters.CharFilter(label=_("问题、单位或文号"), method="search")
    city = filters.ChoiceFilter(label=_("所在市"), choices=REGION_CHOICES)
    year = filters.ChoiceFilter(label=_("涉及年度"), choices=YEARS)
    status = filters.ChoiceFilter(label=_("状态"), choices=FINDING_FLOW.choices)
    severity = filters.ChoiceFilter(label=_("问题等级"), choices=Gravity.choices)
    source = filters.ChoiceFilter(label=_("来源"), choices=FindingSource.choices)
    progress = filters.ChoiceFilter(label=_("办理进度"), choices=PROGRESS, method="by_progress")
    rung = filters.ChoiceFilter(label=_("升级督办"), choices=RUNGS, method="by_rung")

    class Meta:
        model = Finding
        fields: list[str] = []

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actor = actor or getattr(self.request, "actor", None)
        if actor is None or actor.kind == OrgKind.UNIT:
            del self.filters["source"]  # a unit must not find out that somebody told on it

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Title, unit or number of the order contains the text."""
        return queryset.filter(
            Q(title__icontains=value)
            | Q(unit__organisation__name__icontains=value)
            | Q(order_number__icontains=value)
        )

    def by_progress(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Open, overdue or done."""
        if value == "done":
            return queryset.filter(status__in=FINAL)
        rows = queryset.exclude(status__in=FINAL)
        return rows.filter(due_at__lt=timezone.now()) if value == "overdue" else rows

    def by_rung(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """What has climbed for its present deadline: as far as that rung, or at all."""
        climbs = Climb.objects.filter(finding=OuterRef("pk"), due_at=OuterRef("due_at"))
        if value != "any":
            climbs = climbs.filter(rung=value)
        return queryset.filter(Exists(climbs))


class DrawFilter(filters.FilterSet):
    """Draws by title, year and state."""

    q = filters.CharFilter(label=_("名称"), field_name="title", lookup_expr="icontains")
    year = filters.ChoiceFilter(label=_("涉及年度"), choices=YEARS)
    status = filters.ChoiceFilter(label=_("状态"), choices=DRAW_FLOW.choices)

    class Meta:
        model = Draw
        fields: list[str] = []


class InspectionFilter(filters.FilterSet):
    """Inspections by text, city, state, kind and year."""

    q = filters.CharFilter(label=_("单位或文号"), method="search")
    city = filters.ChoiceFilter(label=_("所在市"), choices=REGION_CHOICES)
    year = filters.ChoiceFilter(label=_("涉及年度"), choices=YEARS)
    status = filters.ChoiceFilter(label=_("状态"), choices=INSPECTION_FLOW.choices)
    kind = filters.ChoiceFilter(label=_("检查类型"), choices=InspectionKind.choices)

    class Meta:
        model = Inspection
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Unit or number of the notice contains the text."""
        return queryset.filter(
            Q(unit__organisation__name__icontains=value) | Q(notice_number__icontains=value)
        )
