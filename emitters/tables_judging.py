"""Columns of the lists about how results are judged."""

from decimal import Decimal

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.templatetags.watch import badge
from carbonwatch.web.tables import StatusMixin
from emitters.models import Waiver
from emitters.selectors.effect import Effect
from emitters.selectors.waivers import Officer
from emitters.tables import RIGHT


class WaiverTable(StatusMixin, tables.Table):
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
    proposed_by = tables.Column(_("提出人"), accessor="proposed_by__name")
    decided_by = tables.Column(_("批准人"), accessor="decided_by__name")

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
        return badge(gettext("明显多于他人"), "warning") if record.often else "—"

    def value_often(self, record: Officer) -> str:
        """For the export."""
        return gettext("明显多于他人") if record.often else ""


class EffectTable(tables.Table):
    """Lettered results of checks and what became of their questions."""

    check = tables.Column(_("规则"), order_by="check__code")
    letter = tables.Column(_("结果"))
    raised = tables.Column(_("疑点"), attrs=RIGHT)
    closed = tables.Column(_("已查明"), attrs=RIGHT)
    confirmed = tables.Column(_("查实"), attrs=RIGHT)
    explained = tables.Column(_("可以解释"), attrs=RIGHT)
    rule_wrong = tables.Column(_("规则误判"), attrs=RIGHT)
    not_examined = tables.Column(_("未作核查"), attrs=RIGHT)
    precision = tables.Column(_("查实率"), attrs=RIGHT)
    strength = tables.Column(_("现行强度"), attrs=RIGHT)
    learned = tables.Column(_("强度估计"), attrs=RIGHT)
    retire = tables.Column(_("建议"))

    class Meta:
        empty_text = _("没有符合条件的规则。")

    def render_check(self, record: Effect) -> SafeString:
        """Opens the page of the check."""
        code = record.check.code
        url = reverse("check-detail", args=[code])
        return format_html('<a href="{}">{}</a> {}', url, code, record.check.name)

    def value_check(self, record: Effect) -> str:
        """For the export."""
        return f"{record.check.code} {record.check.name}"

    def render_precision(self, value: Decimal) -> str:
        """Per cent."""
        return f"{value:.1%}"

    def value_precision(self, value: Decimal | None) -> Decimal | None:
        """For the export: a share."""
        return value

    def render_retire(self, record: Effect) -> SafeString | str:
        """A proposal; people decide."""
        return badge(gettext("建议停用"), "warning") if record.retire else "—"

    def value_retire(self, record: Effect) -> str:
        """For the export."""
        return gettext("建议停用") if record.retire else ""
