"""Columns of the lists."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.templatetags.watch import badge, number
from carbonwatch.web.tables import StatusMixin
from emitters.models import AnnualReport, Band, EmittingUnit, Question

CITIES = dict(REGION_CHOICES)
BAND_TONES = {"red": "danger", "amber": "warning", "green": "success"}
RIGHT = {"td": {"class": "num"}, "th": {"class": "num"}}


class NumberColumn(tables.Column):
    """Right-aligned, thousands separated; exported as a plain number."""

    def __init__(self, *args: Any, decimals: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", RIGHT)
        super().__init__(*args, **kwargs)
        self.decimals = decimals

    def render(self, value: Any) -> str:
        """For the page."""
        return number(value, self.decimals)

    def value(self, **kwargs: Any) -> Any:
        """For the export."""
        return kwargs["value"]


class UnitTable(tables.Table):
    """Key emitting units."""

    name = tables.Column(
        _("单位名称"),
        accessor="organisation__name",
        linkify=lambda record: record.get_absolute_url(),
    )
    code = tables.Column(_("统一社会信用代码"), accessor="organisation__code")
    city = tables.Column(_("所在市"), accessor="organisation__city")
    generator_count = tables.Column(_("机组数"), attrs=RIGHT)
    report_count = tables.Column(_("报告数"), attrs=RIGHT)

    class Meta:
        model = EmittingUnit
        fields = ("name", "code", "city", "generator_count", "report_count")
        order_by = ("city", "name")

    def render_city(self, value: str) -> object:
        """The name of the city."""
        return CITIES.get(value, value)

    value_city = render_city


class ReportTable(StatusMixin, tables.Table):
    """Annual reports: what is due, where it stands, how risky it is and why."""

    unit = tables.Column(
        _("重点排放单位"),
        accessor="unit__organisation__name",
        linkify=lambda record: record.get_absolute_url(),
    )
    year = tables.Column(_("年度"))
    city = tables.Column(_("所在市"))
    status = tables.Column(_("状态"))
    due_on = tables.DateColumn(verbose_name=_("截止日期"), format="Y-m-d")
    t_reported = NumberColumn(_("报告排放量（tCO2）"), accessor="current__t_reported")
    t_at_stake = NumberColumn(_("涉及排放量（tCO2）"), accessor="current__t_at_stake")
    money = NumberColumn(_("涉及金额（元）"), accessor="current__money_at_stake")
    risk = tables.Column(_("风险分"), accessor="current__risk_score", attrs=RIGHT)
    reasons = tables.Column(_("主要原因"), accessor="current__reasons", orderable=False)

    class Meta:
        model = AnnualReport
        fields = (
            "unit",
            "year",
            "city",
            "status",
            "due_on",
            "t_reported",
            "t_at_stake",
            "money",
            "risk",
            "reasons",
        )
        order_by = ("-year", "-risk")

    def render_city(self, value: str, record: AnnualReport) -> object:
        """The name of the city."""
        return record.get_city_display()

    def render_risk(self, value: Any, record: AnnualReport) -> SafeString:
        """Score and band."""
        band = record.current.risk_band if record.current else ""
        return format_html(
            "{} {}", value, badge(dict(Band.choices).get(band, ""), BAND_TONES.get(band, "neutral"))
        )

    def value_risk(self, value: Any) -> Any:
        """For the export."""
        return value

    def render_reasons(self, value: list[object]) -> str:
        """The rules that weigh most."""
        return "、".join(map(str, value)) or "—"

    value_reasons = render_reasons


class QuestionTable(StatusMixin, tables.Table):
    """Questions."""

    rule = tables.Column(
        _("疑点"), accessor="check_code", linkify=lambda record: record.get_absolute_url()
    )
    unit = tables.Column(_("重点排放单位"), accessor="report__unit__organisation__name")
    year = tables.Column(_("年度"), accessor="report__year")
    status = tables.Column(_("状态"))
    closing = tables.Column(_("认定结果"), accessor="get_closing_display", order_by="closing")
    opened_at = tables.DateColumn(verbose_name=_("提出时间"), format="Y-m-d")
    due_at = tables.DateTimeColumn(verbose_name=_("办理期限"), format="Y-m-d H:i")

    class Meta:
        model = Question
        fields = ("rule", "unit", "year", "status", "closing", "opened_at", "due_at")
        order_by = ("due_at",)

    def render_rule(self, record: Question) -> str:
        """Name and code of the rule."""
        return f"{record.rule.name}（{record.check_code}.{record.letter}）"
