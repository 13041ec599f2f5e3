"""Figures of the overview, kept in the transaction that changes the facts.

`AnnualReport.current` points to the version that counts. Whatever changes a report's contribution runs
inside `summarised(report)`, which adds the difference to the summary row of its year and city.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from emitters.models import AnnualReport, Question, ReportVersion, YearSummary

FIGURES = (
    "due",
    "filed",
    "accepted",
    "red",
    "amber",
    "questions",
    "t_reported",
    "t_at_stake",
    "money_at_stake",
)
COUNTING = ("accepted", "submitted")


def contribution(report: AnnualReport) -> dict[str, Decimal | int]:
    """What one report adds to its year and city: only submitted versions count."""
    version = (
        report.versions.filter(status__in=COUNTING)
        .order_by("status", "-number")
        .first()  # accepted before submitted
    )
    figures: dict[str, Decimal | int] = dict.fromkeys(FIGURES, 0)
    figures["due"] = 1
    if version is None:
        return figures
    figures.update(
        filed=1,
        accepted=int(version.status == "accepted"),
        red=int(version.risk_band == "red"),
        amber=int(version.risk_band == "amber"),
        questions=Question.objects.filter(
            report=report, version=version, status__in=["open", "explained"]
        ).count(),
        t_reported=version.t_reported or Decimal(0),
        t_at_stake=version.t_at_stake or Decimal(0),
        money_at_stake=version.money_at_stake or Decimal(0),
    )
    return figures


def add(year: int, city: str, figures: dict[str, Decimal | int]) -> None:
    """Add to the summary row of a year and city."""
    YearSummary.objects.get_or_create(year=year, city=city)
    YearSummary.objects.filter(year=year, city=city).update(
        **{k: F(k) + v for k, v in figures.items() if v}
    )


@contextmanager
def summarised(report: AnnualReport, *, new: bool = False) -> Iterator[None]:
    """Around a change of a locked report: adds what the change made of its contribution."""
    before = dict.fromkeys(FIGURES, 0) if new else contribution(report)
    yield
    after = contribution(report)
    difference = {k: after[k] - before[k] for k in FIGURES}
    if any(difference.values()):
        add(report.year, report.city, difference)


def newest_that_counts(report: AnnualReport) -> ReportVersion | None:
    """Accepted, else submitted, else returned: drafts are nobody's business but the unit's."""
    order = {"accepted": 0, "submitted": 1, "returned": 2}
    versions = report.versions.filter(status__in=order).only("status", "number")
    return min(versions, key=lambda v: (order[v.status], -v.number), default=None)


@transaction.atomic
def rebuild(*, check_only: bool = False) -> list[str]:
    """Recompute every summary row from the reports; returns the rows that differed."""
    fresh: dict[tuple[int, str], dict[str, Decimal | int]] = {}
    for report in AnnualReport.objects.select_for_update().order_by("pk").iterator(chunk_size=500):
        total = fresh.setdefault((report.year, report.city), dict.fromkeys(FIGURES, 0))
        for key, value in contribution(report).items():
            total[key] += value
    differences = []
    stored = {(s.year, s.city): s for s in YearSummary.objects.select_for_update()}
    nothing: dict[str, Decimal | int] = dict.fromkeys(FIGURES, 0)
    for place in sorted(fresh.keys() | stored.keys()):
        want = fresh.get(place, nothing)
        have = stored.get(place)
        if have is None or any(getattr(have, f) != want[f] for f in FIGURES):
            differences.append(f"{place[0]} {place[1]}")
            if not check_only:
                YearSummary.objects.update_or_create(year=place[0], city=place[1], defaults=want)
    return differences
