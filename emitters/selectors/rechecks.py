"""Whether what the checks look at has changed since a year was last checked again, and what a
re-check has changed."""

import hashlib
from dataclasses import dataclass

from django.db.models import Count, Max, Sum

from carbonwatch.params.service import stamp
from emitters.models import (
    AnnualReport,
    CheckRun,
    ControlScheme,
    GeneratorAttributes,
    OutsideFile,
    ReportVersion,
    YearRecheck,
)
from emitters.models.reports import SCORED
from emitters.peers.features import MAKE
from emitters.runner import CATALOGUE


def stamp_now() -> str:
    """Another text whenever the rules, a parameter, a report that counts, a control scheme, the
    registry or the outside records have changed. A re-check itself changes none of these."""
    counted = AnnualReport.objects.exclude(current=None)
    told = [
        CATALOGUE,
        MAKE,
        stamp(),
        counted.aggregate(Count("pk"), Sum("current")),
        OutsideFile.objects.filter(status="in_force").aggregate(Count("pk"), Sum("pk")),
        ControlScheme.objects.filter(status="in_force").aggregate(Count("pk"), Sum("pk")),
        GeneratorAttributes.objects.aggregate(Count("pk"), Max("pk")),
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def years_behind() -> list[int]:
    """The years with reports that count in which something has changed since their last re-check."""
    counted = AnnualReport.objects.exclude(current=None).order_by("year")
    now, seen = stamp_now(), {}
    for year, text in (
        YearRecheck.objects.exclude(done_at=None).order_by("pk").values_list("year", "stamp")
    ):
        seen[year] = text
    years = counted.values_list("year", flat=True).distinct()
    return [year for year in years if seen.get(year) != now]


def years_reported() -> list[int]:
    """The years with versions that can be checked again, newest first."""
    versions = ReportVersion.objects.filter(status__in=SCORED).order_by("-report__year")
    return list(versions.values_list("report__year", flat=True).distinct())


@dataclass(frozen=True)
class FigureChange:
    """A figure of a version before and after a re-check, as text."""

    label: object
    before: object
    after: object


def figures_changed(run: CheckRun) -> list[FigureChange]:
    """The figures that a re-check has changed, by the names of the version's fields."""
    found = []
    for name, was in run.before.items():
        now = run.after.get(name)
        if was != now:
            field = ReportVersion._meta.get_field(name)
            words = dict(getattr(field, "choices", None) or ())
            found.append(
                FigureChange(field.verbose_name, words.get(was, was), words.get(now, now))  # type: ignore[union-attr]
            )
    return found
