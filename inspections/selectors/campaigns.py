"""Reads of campaigns: where the units stand at a date, coverage, cities side by side, the frozen list."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from carbonwatch.accounts.models import Actor
from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.workflow.deadlines import end_of_day
from carbonwatch.workflow.flow import State
from emitters.models import EmittingUnit
from inspections.campaign_flow import CAMPAIGN_UNIT_FLOW, DONE, ENDED
from inspections.campaign_query import Row, UnitQuery, hash_of, rows_of
from inspections.models import Campaign, CampaignUnit, CampaignUnitState


@dataclass(frozen=True)
class Line:
    """Numbers of one city, or of all: units in the list, completed, ended, being put right, late
    (None for a day that is past)."""

    city: str
    label: object
    total: int
    added: int
    covered: int
    done: int
    rectifying: int
    late: int | None

    @property
    def share(self) -> float:
        """Coverage in per cent."""
        return 100 * self.covered / self.total if self.total else 0.0


@dataclass(frozen=True)
class Progress:
    """A campaign on one day, for what the viewer may see of its list."""

    on: date
    today: bool
    states: list[tuple[State, int]]
    cities: list[Line]
    all: Line


def units_on(campaign: Campaign, actor: Actor, on: date) -> QuerySet[CampaignUnit]:
    """The viewer's units of the list as it was at the end of a day."""
    rows = CampaignUnit.objects.visible_to(actor)
    return rows.filter(campaign=campaign, included_at__lte=end_of_day(on))


def with_state_on(rows: QuerySet[CampaignUnit], on: date) -> QuerySet[Any]:
    """Annotates `state_then`: the one state of every unit at the end of a day."""
    states = CampaignUnitState.objects.filter(campaign_unit=OuterRef("pk"), at__lte=end_of_day(on))
    return rows.annotate(state_then=Subquery(states.order_by("-at", "-pk").values("state")[:1]))


def progress_of(campaign: Campaign, actor: Actor, on: date, now: datetime) -> Progress:
    """One query, whatever the number of units."""
    today = on >= timezone.localdate(now)
    rows: QuerySet[Any] = units_on(campaign, actor, on)
    rows = rows.annotate(state_then=F("status")) if today else with_state_on(rows, on)
    late = Q(due_at__lt=now) & ~Q(status__in=ENDED)
    counted = (
        rows.order_by()
        .values("city", "state_then")
        .annotate(
            total=Count("pk"),
            added=Count("pk", filter=Q(frozen=False)),
            covered=Count("pk", filter=Q(covered_at__lte=end_of_day(on))),
            overdue=Count("pk", filter=late),
        )
    )
    return _progress(list(counted), on, today=today)


def _progress(counted: list[dict[str, Any]], on: date, *, today: bool) -> Progress:
    states: Counter[str] = Counter()
    by_city: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for part in counted:
        states[part["state_then"]] += part["total"]
        by_city[part["city"]].append(part)
    cities = [
        _line(city, label, by_city[city], today=today)
        for city, label in REGION_CHOICES
        if city in by_city
    ]
    shown = [(s, states[str(s.code)]) for s in CAMPAIGN_UNIT_FLOW.states]
    return Progress(on, today, shown, cities, _line("", "", counted, today=today))


def _line(city: str, label: object, parts: list[dict[str, Any]], *, today: bool) -> Line:
    def total(name: str, *states: str) -> int:
        return sum(p[name] for p in parts if not states or p["state_then"] in states)

    return Line(
        city=city,
        label=label,
        total=total("total"),
        added=total("added"),
        covered=total("covered"),
        done=total("total", *DONE),
        rectifying=total("total", "rectifying"),
        late=total("overdue") if today else None,
    )


def frozen_rows(campaign: Campaign) -> list[Row]:
    """The frozen list as it is stored."""
    rows = CampaignUnit.objects.filter(campaign=campaign, frozen=True)
    return list(rows.order_by("credit_code").values_list("credit_code", "name", "city", "kind"))


def list_of(campaign: Campaign) -> list[Row]:
    """The list: frozen, or what the query of a draft finds now."""
    if campaign.status in ("draft", "dropped"):
        return rows_of(UnitQuery.of(campaign.query).units())
    return frozen_rows(campaign)


def list_holds(campaign: Campaign) -> bool:
    """Whether the stored list still has the size and the hash that were frozen."""
    rows = frozen_rows(campaign)
    return len(rows) == campaign.size and hash_of(rows) == campaign.sha256


def draft_cities(campaign: Campaign) -> list[tuple[object, int]]:
    """How many units of a city the query of a draft finds."""
    found = Counter(row[2] for row in list_of(campaign))
    return [(label, found[city]) for city, label in REGION_CHOICES if found[city]]


def campaigns_of_unit(unit: EmittingUnit, actor: Actor) -> dict[str, Any] | None:
    """Panel of a unit's page: its places in campaigns with their histories."""
    rows = (
        CampaignUnit.objects.visible_to(actor)
        .filter(unit=unit)
        .select_related("campaign")
        .prefetch_related("states")
        .order_by("-pk")
    )
    return {"rows": list(rows)} if rows else None


def campaign_figures(actor: Actor, year: int) -> dict[str, Any]:
    """Card: running campaigns with their coverage and lateness, for the viewer's units."""
    now = timezone.now()
    running = (
        Campaign.objects.visible_to(actor).filter(status="running").order_by("sum_until", "pk")
    )
    late = Q(due_at__lt=now) & ~Q(status__in=ENDED)
    counted = (
        CampaignUnit.objects.visible_to(actor)
        .filter(campaign__in=running)
        .order_by()
        .values("campaign")
        .annotate(
            total=Count("pk"),
            covered=Count("pk", filter=Q(covered_at__isnull=False)),
            overdue=Count("pk", filter=late),
        )
    )
    numbers: dict[int, dict[str, Any]] = {part["campaign"]: dict(part) for part in counted}
    return {"campaigns": list(_shares(running, numbers))}


def _shares(
    running: Iterable[Campaign], numbers: dict[int, dict[str, Any]]
) -> Iterable[tuple[Campaign, dict[str, Any]]]:
    for campaign in running:
        part = numbers.get(campaign.pk)
        if part:
            yield campaign, {**part, "share": 100 * part["covered"] / part["total"]}
