"""Rankings: units by the urgency of an inspection, providers and cities by the reports they had a
hand in."""

from functools import cached_property, partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carbonwatch.accounts.permissions import Perm
from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.refusals import Missing
from carbonwatch.web.pages import ListPage, Page, TextPage
from emitters.models import AnnualReport
from emitters.ranking.providers import Kind, kinds
from emitters.ranking.standing import common_reasons
from emitters.selectors.rankings import Ranking, Seen, units_of, years_ranked
from emitters.tables import CITIES
from emitters.tables_rankings import CityTable, PriorityTable, ProviderTable

ALL = "all"
SHOWN = 30  # units and rules on one page


class Chosen(Page):
    """What the address says: the year (the newest when it says none, `all` for all), the city."""

    abstract = True

    @cached_property
    def years(self) -> list[int]:
        """Those that can be chosen."""
        return years_ranked()

    @cached_property
    def year(self) -> str:
        """The chosen one, or `all`."""
        newest = str(self.years[0]) if self.years else ALL
        wanted: str = self.request.GET.get("year") or newest
        if wanted != ALL and wanted not in map(str, self.years):
            raise Missing()
        return wanted

    @cached_property
    def city(self) -> str:
        """Its code, or nothing."""
        wanted: str = self.request.GET.get("city", "")
        if wanted and wanted not in CITIES:
            raise Missing()
        return wanted

    @cached_property
    def seen(self) -> Seen:
        """The ranking as the viewer may see it."""
        years = self.years if self.year == ALL else [int(self.year)]
        return Seen(Ranking(years, timezone.localdate()), self.actor)

    def choices(self) -> dict[str, Any]:
        """For the form above the list, and the words below it."""
        return {
            "years": [*map(str, self.years), ALL],
            "year": self.year,
            "cities": REGION_CHOICES,
            "city": self.city,
            "rule": self.seen.ranking.rule,
            "kinds": kinds(),
        }


class UnitRanking(Chosen, ListPage):
    """检查优先次序."""

    permission = Perm.DASHBOARD_VIEW
    model = AnnualReport
    table_class = PriorityTable
    template_name = "emitters/rankings.html"
    title = gettext_lazy("检查优先次序")
    intro = gettext_lazy(
        "按检查优先值排列单位。名次和百分位按全省计算，只列出您可查看的单位。排在前面是先去看的理由，不是违法结论；"
        "安排检查时仍应留出随机抽取和线索核查的份额。"
    )
    empty = gettext_lazy("所选年度还没有已提交的报告。")
    file_name = "inspection-priority"

    def base_queryset(self) -> Any:
        """The units that the viewer may see, of the chosen city."""
        return self.seen.priorities(self.city)

    def extra_context(self) -> dict[str, Any]:
        """The choices, and how the sum is made."""
        return {"tab": "units", **self.choices()}


class ProviderRanking(Chosen, ListPage):
    """服务机构风险排序: one kind at a time."""

    permission = Perm.DASHBOARD_VIEW
    model = AnnualReport
    template_name = "emitters/rankings.html"
    title = gettext_lazy("服务机构风险排序")
    intro = gettext_lazy(
        "按全省客户的报告计算，只列出为您可查看的单位服务的机构。客户的平均风险分不直接计入：那会使服务困难电厂的机构吃亏。"
    )
    empty = gettext_lazy("所选年度没有这类机构的数据。")
    file_name = "provider-ranking"

    @cached_property
    def kind(self) -> Kind:
        """The chosen kind; the first when the address says none."""
        return kind_of(self.request.GET.get("tab") or kinds()[0].code)

    @property
    def table_class(self) -> Any:  # type: ignore[override]
        """With the units of each provider that the viewer may see."""
        seen = units_of(self.seen.ranking.providers(self.kind), self.seen.reports)
        return partial(ProviderTable, seen=seen)

    def base_queryset(self) -> Any:
        """The providers that serve them."""
        return self.seen.providers(self.kind, self.city)

    def extra_context(self) -> dict[str, Any]:
        """The choices, and how the sum is made."""
        weights = self.seen.ranking.rule.provider[self.kind.code]
        labels = self.kind.labels.items()
        return {
            "tab": self.kind.code,
            "kind": self.kind,
            "weights": [(label, weights[code]) for code, label in labels],
            **self.choices(),
        }


class CityRanking(Chosen, ListPage):
    """各市风险排序."""

    permission = Perm.DASHBOARD_VIEW
    model = AnnualReport
    table_class = CityTable
    template_name = "emitters/rankings.html"
    title = gettext_lazy("各市风险排序")
    intro = gettext_lazy("按您可查看的已提交报告计算。报告少的市，平均分向全省平均分收缩。")
    empty = gettext_lazy("所选年度还没有已提交的报告。")
    file_name = "city-ranking"

    def base_queryset(self) -> Any:
        """Their cities."""
        return [c for c in self.seen.cities() if self.city in ("", c.code)]

    def extra_context(self) -> dict[str, Any]:
        """The choices, and how the mean is made."""
        return {"tab": "cities", **self.choices()}


class ProviderDetail(Chosen, TextPage):
    """One provider: its sum, the reports of its clients, their most common rules."""

    permission = Perm.DASHBOARD_VIEW
    template_name = "emitters/ranking_provider.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Raises `Missing` for one that serves nobody whom the viewer may see."""
        kind = kind_of(kwargs["kind"])
        provider = next((p for p in self.seen.providers(kind) if p.name == kwargs["name"]), None)
        if provider is None:
            raise Missing()
        clients = [c for c in provider.clients if c.standing.report in self.seen.reports]
        standings = [c.standing for c in provider.clients]
        return {
            **super().get_context_data(**kwargs),
            **self.choices(),
            "provider": provider,
            "clients": clients,
            "hidden": provider.units - len({c.standing.unit for c in clients}),
            "own": common_reasons(standings, kind.own)[:SHOWN],
        }


class CityDetail(Chosen, TextPage):
    """One city: its mean, its units by urgency, its most common rules."""

    permission = Perm.DASHBOARD_VIEW
    template_name = "emitters/ranking_city.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Raises `Missing` for one without a report that the viewer may see."""
        city = next((c for c in self.seen.cities() if c.code == kwargs["code"]), None)
        if city is None:
            raise Missing()
        units = self.seen.priorities(city.code)
        return {
            **super().get_context_data(**kwargs),
            **self.choices(),
            "one": city,
            "name": CITIES[city.code],
            "units": units[:SHOWN],
            "more": max(0, len(units) - SHOWN),
            "common": common_reasons(city.standings)[:SHOWN],
        }


def kind_of(code: str) -> Kind:
    """The kind, or the refusal that there is none."""
    found = next((k for k in kinds() if k.code == code), None)
    if found is None:
        raise Missing(_("没有这一类机构。"))
    return found
