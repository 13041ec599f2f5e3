"""Columns of the rankings."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import get_check
from carbonwatch.templatetags.watch import badge
from emitters.models import Band
from emitters.ranking.cities import City
from emitters.ranking.parts import Part
from emitters.ranking.priority import Priority
from emitters.ranking.providers import Provider
from emitters.ranking.standing import common_reasons
from emitters.tables import BAND_TONES, CITIES, RIGHT, NumberColumn

REASONS = 3


def named(url: str, name: str) -> SafeString:
    """A link whose text is the name of a body: never translated."""
    return format_html('<a href="{}" lang="zh-Hans">{}</a>', url, name)


def names_of(codes: list[tuple[str, int]]) -> str:
    """Rules with the number of units that show them."""
    shown = [f"{get_check(code).name}（{n}）" for code, n in codes[:REASONS]]
    return "、".join(shown) or "—"


def points_of(parts: Sequence[Part]) -> str:
    """The points of a sum."""
    return " + ".join(f"{p.label} {p.points}" for p in parts)


class RankingTable(tables.Table):
    """Links keep the chosen year."""

    def to(self, name: str, *args: object) -> str:
        """The address of a page in the chosen year."""
        year = self.request.GET.get("year", "")
        return f"{reverse(name, args=args)}?{urlencode({'year': year})}"


class PriorityTable(RankingTable):
    """Units in the order in which they should be inspected: the points of every part add up."""

    place = tables.Column(_("名次"), attrs=RIGHT)
    name = tables.Column(_("重点排放单位"))
    city = tables.Column(_("所在市"))
    risk = tables.Column(_("风险分"), accessor="worst__score", attrs=RIGHT)
    amount = NumberColumn(_("涉及金额（元）"), accessor="money")
    visited = tables.DateColumn(format="Y-m-d", verbose_name=_("上次现场检查"))
    value = tables.Column(_("检查优先值"), attrs=RIGHT)
    parts = tables.Column(_("构成"), orderable=False)
    reasons = tables.Column(_("主要原因"), accessor="worst__reasons", orderable=False)

    def render_name(self, record: Priority) -> SafeString:
        """Opens the page of the unit, where the sum stands."""
        return named(reverse("emitters:unit", args=[record.unit]), record.name)

    def render_city(self, value: str) -> object:
        """The name of the city."""
        return CITIES.get(value, value)

    def render_risk(self, record: Priority) -> SafeString:
        """Score and band of the report with the highest score."""
        band = record.worst.band
        tone, words = BAND_TONES.get(band, "neutral"), dict(Band.choices).get(band, "")
        url = reverse("emitters:version", args=[record.worst.version])
        return format_html('<a href="{}">{}</a> {}', url, record.worst.score, badge(words, tone))

    def render_parts(self, value: Sequence[Part]) -> str:
        """They add up."""
        return points_of(value)

    def render_reasons(self, value: list[object]) -> str:
        """The rules that weigh most."""
        return "、".join(map(str, value)) or "—"

    def value_name(self, record: Priority) -> str:
        """For the export."""
        return record.name

    def value_risk(self, record: Priority) -> Decimal:
        """For the export."""
        return record.worst.score

    value_city, value_reasons, value_parts = render_city, render_reasons, render_parts


class ProviderTable(RankingTable):
    """Providers, those with too few clients last and without a place."""

    place = tables.Column(_("名次"), attrs=RIGHT, orderable=False)
    name = tables.Column(_("机构名称"))
    units = tables.Column(_("客户（家）"), attrs=RIGHT)
    seen = tables.Column(_("其中您可查看"), empty_values=(), attrs=RIGHT, orderable=False)
    score = tables.Column(_("机构风险分"), attrs=RIGHT)
    parts = tables.Column(_("构成"), orderable=False)
    reasons = tables.Column(_("常见原因（涉及单位数）"), empty_values=(), orderable=False)

    def __init__(self, *args: Any, seen: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = seen

    def render_name(self, record: Provider) -> SafeString:
        """Opens its page; a word where the figures say little."""
        place = self.to("emitters:ranking-provider", record.kind.code, record.name)
        few = badge(gettext("客户少，不排名次"), "neutral") if record.place is None else ""
        return format_html("{} {}", named(place, record.name), few)

    def render_seen(self, record: Provider) -> int:
        """Units that the viewer may see."""
        return self.seen.get(record.name, 0)

    def render_parts(self, value: Sequence[Part]) -> str:
        """They add up."""
        return points_of(value)

    def render_reasons(self, record: Provider) -> str:
        """The most common rules."""
        return names_of(common_reasons([c.standing for c in record.clients], record.kind.own))

    def value_name(self, record: Provider) -> str:
        """For the export."""
        return record.name

    value_parts, value_reasons, value_seen = render_parts, render_reasons, render_seen


class CityTable(RankingTable):
    """Cities."""

    code = tables.Column(_("所在市"))
    units = tables.Column(_("单位（家）"), attrs=RIGHT)
    reports = tables.Column(_("报告（份）"), attrs=RIGHT)
    mean = tables.Column(_("平均风险分"), attrs=RIGHT)
    score = tables.Column(_("收缩后平均分"), attrs=RIGHT)
    red = tables.Column(_("红色"), attrs=RIGHT)
    amber = tables.Column(_("黄色"), attrs=RIGHT)
    t = NumberColumn(_("涉及排放量（tCO2）"))
    money = NumberColumn(_("涉及金额（元）"))
    reasons = tables.Column(_("常见原因（涉及单位数）"), accessor="standings", orderable=False)

    def render_code(self, value: str) -> SafeString:
        """Opens its page."""
        place = self.to("emitters:ranking-city", value)
        return format_html('<a href="{}">{}</a>', place, CITIES.get(value, value))

    def render_reasons(self, record: City) -> str:
        """The most common rules."""
        return names_of(common_reasons(record.standings))

    def value_code(self, value: str) -> str:
        """For the export."""
        return str(CITIES.get(value, value))

    value_reasons = render_reasons
