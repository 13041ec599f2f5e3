"""The list of the register: columns and filter."""

from datetime import date

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.params.service import in_force
from carbonwatch.templatetags.watch import badge, status_badge
from inspections.inspector_flow import INSPECTOR_FLOW
from inspections.models import Inspector

VALIDITY = [("valid", _("有效")), ("expiring", _("即将到期")), ("expired", _("已过期"))]


def expiring_days(day: date) -> int:
    """How long before its end a certificate counts as running out."""
    return int(in_force().get("inspector.expiring_days", day))


class InspectorTable(tables.Table):
    """Inspectors: who, where, certificate, until when, from how many units each keeps away."""

    user = tables.Column(linkify=lambda record: record.get_absolute_url(), order_by="user__name")
    city = tables.Column(_("所在市"), accessor="organisation__city")
    valid_from = tables.DateColumn(format="Y-m-d")
    valid_to = tables.Column()
    conflicts = tables.Column(_("回避单位数"), accessor="kept_from")

    class Meta:
        model = Inspector
        fields = (
            "user",
            "organisation",
            "city",
            "certificate",
            "valid_from",
            "valid_to",
            "speciality",
            "conflicts",
            "status",
        )

    def before_render(self, request: object) -> None:
        """Today and the days of warning, once a table."""
        self.today = timezone.localdate()
        self.warning = expiring_days(self.today)

    def render_city(self, record: Inspector) -> str:
        """The name of the city."""
        return str(record.organisation.get_city_display()) or "—"

    def value_city(self, record: Inspector) -> str:
        """For the export."""
        return str(record.organisation.get_city_display())

    def render_valid_to(self, value: date, record: Inspector) -> SafeString | str:
        """The day, marked when it is near or over."""
        day = date_format(value, "Y-m-d")
        if record.status != "listed":
            return day
        if value < self.today:
            return format_html("{} {}", day, badge(_("已过期"), "danger"))
        if (value - self.today).days <= self.warning:
            return format_html("{} {}", day, badge(_("即将到期"), "warning"))
        return day

    def value_valid_to(self, value: date) -> date:
        """For the export."""
        return value

    def render_status(self, record: Inspector) -> SafeString:
        """The badge of the state."""
        return status_badge(record)

    def value_status(self, record: Inspector) -> str:
        """For the export."""
        return str(record.flow.state(record.status).label)


class InspectorFilter(filters.FilterSet):
    """Inspectors by text, city, validity of the certificate, state."""

    q = filters.CharFilter(label=_("姓名或执法证号"), method="search")
    city = filters.ChoiceFilter(
        label=_("所在市"), field_name="organisation__city", choices=REGION_CHOICES
    )
    validity = filters.ChoiceFilter(label=_("执法证"), choices=VALIDITY, method="by_validity")
    status = filters.ChoiceFilter(label=_("状态"), choices=INSPECTOR_FLOW.choices)

    class Meta:
        model = Inspector
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Name or certificate contains the text."""
        return queryset.filter(user__name__icontains=value) | queryset.filter(
            certificate__icontains=value
        )

    def by_validity(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Of those listed: valid today, running out within the days of warning, over."""
        today = timezone.localdate()
        listed = queryset.filter(status="listed")
        if value == "expiring":
            return listed & Inspector.objects.expiring(today, expiring_days(today))
        if value == "expired":
            return listed.filter(valid_to__lt=today)
        return listed.filter(valid_from__lte=today, valid_to__gte=today)
