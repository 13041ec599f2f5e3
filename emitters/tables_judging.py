"""Columns of the lists about how results are judged."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.templatetags.watch import badge, status_badge
from emitters.models import Waiver
from emitters.selectors.waivers import Officer
from emitters.tables import RIGHT


class WaiverTable(tables.Table):
    """Waivers: of what, for whom, until when, by whom."""

    rule = tables.Column(
        _("校核结果"), accessor="check_code", linkify=lambda record: record.get_absolute_url()
    )
    unit = tables.Column(_("重点排放单位"), accessor="report__unit__organisation__name")
    year = tables.Column(_("年度"), accessor="report__year")
    status = tables.Column()
    closing = tables.Column()
    valid_from = tables.DateColumn(format="Y-m-d")
    valid_to = tables.DateColumn(format="Y-m-d")
    proposed_by = tables.Column(accessor="proposed_by__name")
    decided_by = tables.Column(accessor="decided_by__name")

    class Meta:
        model = Waiver
        fields = (
            "rule",
            "unit",
            "year",
            "status",
            "closing",
            "valid_from",
            "valid_to",
            "proposed_by",
            "decided_by",
        )
        order_by = ("valid_to",)

    def render_rule(self, record: Waiver) -> str:
        """Name and code of the rule."""
        return f"{record.rule.name}（{record.check_code}.{record.letter}）"

    def render_status(self, record: Waiver) -> SafeString:
        """The badge of the state."""
        return status_badge(record)

    def value_status(self, record: Waiver) -> str:
        """For the export."""
        return str(record.flow.state(record.status).label)


class OfficerTable(tables.Table):
    """People and how often they waive."""

    name = tables.Column(_("人员"))
    proposed = tables.Column(_("提出"), attrs=RIGHT)
    granted = tables.Column(_("其中获批"), attrs=RIGHT)
    approved = tables.Column(_("批准他人"), attrs=RIGHT)
    refused = tables.Column(_("不予批准"), attrs=RIGHT)
    often = tables.Column(_("提示"))

    def render_often(self, record: Officer) -> SafeString | str:
        """A word where somebody should ask."""
        return format_html("{}", badge(gettext("明显多于他人"), "warning")) if record.often else "—"

    def value_often(self, record: Officer) -> str:
        """For the export."""
        return gettext("明显多于他人") if record.often else ""
