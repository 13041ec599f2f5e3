"""Rankings from what is stored: a constant number of queries, however many reports there are.

Places and sums are those of the whole province, so that they are the same whoever looks; which units,
cities and clients are named depends on the viewer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models.functions import Coalesce
from django.utils import timezone

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.params.service import in_force
from carbonwatch.params.values import Parameters
from emitters.models import AnnualReport, EmittingUnit
from emitters.ranking.cities import City, cities
from emitters.ranking.parts import Rule
from emitters.ranking.priority import Priority, priorities
from emitters.ranking.providers import Kind, Provider, kinds, roll_up
from emitters.ranking.standing import Standing
from emitters.ranking.visits import last_visits
from emitters.services.summaries import COUNTING

# Families of the score of every version that counts, with the rules that count in them.
_FAMILIES = """
    SELECT report.current_id, family ->> 'family', (family ->> 'r')::numeric,
        ARRAY(SELECT part ->> 'check' FROM jsonb_array_elements(family -> 'parts') part
            WHERE (part ->> 'counted')::boolean
            GROUP BY 1 ORDER BY max((part ->> 'p')::numeric) DESC, 1)
    FROM emitters_annualreport report
    JOIN emitters_reportversion version ON version.id = report.current_id,
        jsonb_array_elements(version.risk -> 'families') family
    WHERE report.year = ANY(%s) AND family ->> 'r' IS NOT NULL
"""
_PLANTS = """
    SELECT DISTINCT ON (found.version_id) found.version_id, found.category
    FROM emitters_generatorrow found
    JOIN emitters_annualreport report ON report.current_id = found.version_id
    WHERE report.year = ANY(%s)
    ORDER BY found.version_id, found.capacity_mw DESC NULLS LAST, found."row"
"""

_REPORT = (
    "current",
    "pk",
    "unit",
    "unit__organisation__name",
    "city",
    "year",
    "current__risk_score",
    "current__risk_band",
    "t",
    "money",
)


def _rows(sql: str, years: Sequence[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(years)])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def years_ranked() -> list[int]:
    """The years with reports that count, newest first."""
    counted = AnnualReport.objects.filter(current__status__in=COUNTING).order_by("-year")
    return list(counted.values_list("year", flat=True).distinct())


def rule_of(params: Parameters, on: date) -> Rule:
    """The parameters of rankings that are in force on a day: that of looking, not that of the data."""
    return Rule(
        shrink=params.get("ranking.shrink", on),
        least=int(params.get("ranking.least", on)),
        effect_full=params.get("ranking.effect_full", on),
        visit_years=params.get("ranking.visit_years", on),
        priority=params.get("ranking.priority", on),
        provider=params.get("ranking.provider", on),
    )


class Ranking:
    """The reports of some years in the province, ranked."""

    def __init__(self, years: Sequence[int], today: date) -> None:
        self.years, self.today = list(years), today
        self.rule = rule_of(in_force(), today)
        self._providers: dict[str, list[Provider]] = {}

    @cached_property
    def standings(self) -> list[Standing]:
        """Every report that counts."""
        families: dict[int, dict[str, Decimal]] = defaultdict(dict)
        codes: dict[int, dict[str, list[str]]] = defaultdict(dict)
        for version, family, r, found in _rows(_FAMILIES, self.years):
            families[version][family], codes[version][family] = r, found
        plants = dict(_rows(_PLANTS, self.years))
        reports = (
            AnnualReport.objects.filter(year__in=self.years, current__status__in=COUNTING)
            .exclude(current__risk_score=None)
            .annotate(
                t=Coalesce("current__t_at_stake", Decimal(0)),
                money=Coalesce("current__money_at_stake", Decimal(0)),
            )
            .order_by("pk")
        )
        found = []
        for row in reports.values_list(*_REPORT):
            version = row[0]
            values: Any = (*row, plants.get(version, ""), families[version], codes[version])
            found.append(Standing(*values))
        return found

    def providers(self, kind: Kind) -> list[Provider]:
        """The providers of a kind, in order."""
        if kind.code not in self._providers:
            links, more = kind.links(self.years), kind.more(self.years, self.rule)
            self._providers[kind.code] = roll_up(kind, self.standings, links, more, self.rule)
        return self._providers[kind.code]

    @cached_property
    def priorities(self) -> list[Priority]:
        """The units, the most urgent first."""
        return priorities(self.standings, last_visits(), self._serving(), self.rule, self.today)

    def _serving(self) -> Mapping[int, Provider]:
        """The riskiest provider of every version."""
        found: dict[int, Provider] = {}
        for provider in (p for kind in kinds() for p in self.providers(kind)):
            for client in provider.clients:
                version = client.standing.version
                held = found.get(version)
                if held is None or provider.score > held.score:
                    found[version] = provider
        return found


class Seen:
    """What one viewer may see of a ranking."""

    def __init__(self, ranking: Ranking, actor: Actor) -> None:
        self.ranking, self.actor = ranking, actor

    @cached_property
    def reports(self) -> frozenset[int]:
        """The reports that the viewer may see."""
        seen = AnnualReport.objects.visible_to(self.actor).filter(year__in=self.ranking.years)
        return frozenset(seen.values_list("pk", flat=True))

    def standings(self) -> list[Standing]:
        """Those of the viewer."""
        return [s for s in self.ranking.standings if s.report in self.reports]

    def priorities(self, city: str = "") -> list[Priority]:
        """Units with at least one report that the viewer may see."""
        return [
            p
            for p in self.ranking.priorities
            if city in ("", p.city) and any(s.report in self.reports for s in p.standings)
        ]

    def providers(self, kind: Kind, city: str = "") -> list[Provider]:
        """Who serves a unit that the viewer may see, and the laboratories that are registered for the
        office that supervises laboratories."""
        found = [
            p
            for p in self.ranking.providers(kind)
            if any(
                c.standing.report in self.reports and city in ("", c.standing.city)
                for c in p.clients
            )
        ]
        if self.actor.kind == OrgKind.MARKET and kind.code == "laboratory" and not city:
            names = Organisation.objects.filter(kind=OrgKind.LABORATORY).values_list("name")
            known = {name for (name,) in names}
            found += [p for p in self.ranking.providers(kind) if p.name in known and p not in found]
        return found

    def cities(self) -> list[City]:
        """Their cities."""
        return cities(self.standings(), self.ranking.standings, self.ranking.rule)


def units_of(providers: Iterable[Provider], reports: frozenset[int]) -> dict[str, int]:
    """How many units of each provider the viewer may see."""
    return {
        p.name: len({c.standing.unit for c in p.clients if c.standing.report in reports})
        for p in providers
    }


def priority_panel(unit: EmittingUnit, actor: Actor) -> dict[str, Any] | None:
    """For the page of a unit: why it should be inspected, by the newest year."""
    years = years_ranked()[:1]
    found = Seen(Ranking(years, timezone.localdate()), actor).priorities()
    one = next((p for p in found if p.unit == unit.pk), None)
    return None if one is None else {"one": one, "year": years[0]}
