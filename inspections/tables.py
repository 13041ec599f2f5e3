"""Columns of the lists."""

from datetime import datetime

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.templatetags.watch import badge
from carbonwatch.web.tables import StatusMixin
from emitters.tables import NumberColumn
from inspections.models import Finding, Gravity, Inspection, Rung

GRAVITY_TONES = {Gravity.GENERAL: "neutral", Gravity.SERIOUS: "warning", Gravity.GRAVE: "danger"}


class FindingTable(StatusMixin, tables.Table):
    """Findings: what, where, how serious, who is late."""

    title = tables.Column(linkify=lambda record: record.get_absolute_url())
    unit = tables.Column(_("重点排放单位"), accessor="unit__organisation__name")
    city = tables.Column()
    year = tables.Column()
    finding_class = tables.Column()
    severity = tables.Column()
    status = tables.Column()
    due_at = tables.Column()
    rung = tables.Column(_("升级督办"), default="")
    t_co2 = NumberColumn(_("涉及排放量（tCO2）"), decimals=2)
    money = NumberColumn(_("涉及金额（元）"), decimals=2)
    found_at = tables.DateColumn(format="Y-m-d")

    class Meta:
        model = Finding
        fields = (
            "title",
            "unit",
            "city",
            "year",
            "finding_class",
            "severity",
            "status",
            "due_at",
            "rung",
            "t_co2",
            "money",
            "found_at",
        )
        order_by = ("due_at",)

    def render_severity(self, record: Finding) -> SafeString:
        """A coloured word."""
        return badge(record.get_severity_display(), GRAVITY_TONES[Gravity(record.severity)])

    def value_severity(self, record: Finding) -> str:
        """For the export."""
        return str(record.get_severity_display())

    def render_due_at(self, value: datetime, record: Finding) -> SafeString | str:
        """The day, marked when it has passed."""
        day = date_format(localtime(value), "Y-m-d")
        if not record.late:
            return day
        return format_html("{} {}", day, badge(gettext("已逾期"), "danger"))

    def render_rung(self, value: str) -> SafeString:
        """How far an overdue one has climbed."""
        return badge(Rung(value).label, "danger")

    def value_rung(self, value: str) -> str:
        """For the export."""
        return str(Rung(value).label)

    def value_due_at(self, value: datetime) -> datetime:
        """For the export."""
        return value


class InspectionTable(StatusMixin, tables.Table):
    """Inspections: whom, why, when, how far."""

    unit = tables.Column(
        _("重点排放单位"),
        accessor="unit__organisation__name",
        linkify=lambda record: record.get_absolute_url(),
    )
    city = tables.Column()
    organisation = tables.Column(_("检查机关"), accessor="organisation__name")
    kind = tables.Column()
    manner = tables.Column()
    year = tables.Column()
    planned_on = tables.DateColumn(format="Y-m-d")
    status = tables.Column()
    outcome = tables.Column()

    class Meta:
        model = Inspection
        fields = (
            "unit",
            "city",
            "organisation",
            "kind",
            "manner",
            "year",
            "planned_on",
            "status",
            "outcome",
        )
