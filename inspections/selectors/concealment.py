"""The concealment rate (瞒报率): what inspectors and checks found after a unit had declared its own
problems, in the scope of the questionnaire, and was not among what it declared.

    rate = findings not declared ÷ all findings of that kind

A finding is of that kind when it concerns the unit and the year of the questionnaire, belongs to a
class that the questionnaire asks about, was registered by an inspector or from a check after the
submission, and was not rejected. It counts as declared when it was merged with a declared one, or
names the clause of a question whose problem was declared. One merged into a finding that was not
declared is counted there.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, NullIf

from carbonwatch.accounts.models import Actor
from carbonwatch.params.regions import REGION_CHOICES
from inspections.models import (
    Declaration,
    Finding,
    FindingMerge,
    FindingSource,
    QuestionnaireItem,
    SelfInspection,
)

CITIES = dict(REGION_CHOICES)
FOUND_BY = (FindingSource.INSPECTOR, FindingSource.CHECK)


def _such(matter: dict[str, Any]) -> QuerySet[Any]:
    """The findings of that kind, each with `was_declared`. `matter` gives pk, unit, year,
    submitted_at and questionnaire of the self-inspection: values, or references to an outer query."""
    inner = {k: OuterRef(v) if isinstance(v, OuterRef) else v for k, v in matter.items()}
    done = FindingMerge.objects.filter(status="done")
    declared = (
        Exists(done.filter(merged=OuterRef("pk"), kept__declaration__inspection=inner["pk"]))
        | Exists(done.filter(kept=OuterRef("pk"), merged__declaration__inspection=inner["pk"]))
        | Exists(
            Declaration.objects.filter(
                inspection=inner["pk"], question__clause=OuterRef("clause")
            ).exclude(question__clause="")
        )
    )
    classes = QuestionnaireItem.objects.filter(questionnaire=inner["questionnaire"])
    return (
        Finding.objects.filter(
            unit=matter["unit"],
            year=matter["year"],
            found_at__gt=matter["submitted_at"],
            source__in=FOUND_BY,
            finding_class__in=classes.values("finding_class"),
        )
        .exclude(status="rejected")
        .annotate(was_declared=declared)
        .exclude(status="merged", was_declared=False)
    )


def _number(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("unit").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def concealment(actor: Actor) -> QuerySet[Any]:
    """Self-inspections of units that were handed in, with `found`, `hidden`, `declared` and `rate`."""
    such = _such(
        {
            "pk": OuterRef("pk"),
            "unit": OuterRef("unit"),
            "year": OuterRef("questionnaire__year"),
            "submitted_at": OuterRef("submitted_at"),
            "questionnaire": OuterRef("questionnaire"),
        }
    )
    return (
        SelfInspection.objects.visible_to(actor)
        .filter(unit__isnull=False, submitted_at__isnull=False)
        .annotate(
            declared=Count("declarations"),
            found=_number(such),
            hidden=_number(such.filter(was_declared=False)),
        )
        .annotate(rate=Cast(F("hidden"), FloatField()) * 100 / NullIf(F("found"), 0))
    )


def findings_counted(matter: SelfInspection, actor: Actor) -> list[Finding]:
    """The findings behind one rate, through the viewer's scope."""
    such = _such(
        {
            "pk": matter.pk,
            "unit": matter.unit_id,
            "year": matter.questionnaire.year,
            "submitted_at": matter.submitted_at,
            "questionnaire": matter.questionnaire_id,
        }
    )
    seen = Q(pk__in=Finding.objects.visible_to(actor).values("pk"))
    return list(such.filter(seen).select_related("unit__organisation").order_by("found_at"))


@dataclass
class CityRate:
    """The sums of one city."""

    city: str
    units: int = 0
    found: int = 0
    hidden: int = 0

    @property
    def name(self) -> str:
        """In words."""
        return str(CITIES.get(self.city, self.city))

    @property
    def rate(self) -> float | None:
        """In per cent; None where nothing was found."""
        return self.hidden * 100 / self.found if self.found else None


def by_city(rows: QuerySet[Any]) -> list[CityRate]:
    """Sums of the units' figures by city; one query."""
    cities: dict[str, CityRate] = defaultdict(lambda: CityRate(""))
    for city, found, hidden in rows.order_by().values_list("organisation__city", "found", "hidden"):
        line = cities[city]
        line.city = city
        line.units, line.found, line.hidden = (
            line.units + 1,
            line.found + found,
            line.hidden + hidden,
        )
    return [cities[city] for city in sorted(cities)]
