"""What is there of outside records: for a report and its checks, for the page of a unit, of a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.checks.registry import all_checks
from emitters.models import CheckResult, EmittingUnit, OutsideFile, OutsideRecord
from emitters.outside import KINDS, RecordKind
from emitters.privacy import name_others

_YEARS_SHOWN = 6


@dataclass(frozen=True)
class Coverage:
    """How many rows of a kind there are about a unit: by year, and without a year."""

    kind: RecordKind
    by_year: tuple[tuple[int, int], ...]
    undated: int

    @property
    def missing(self) -> bool:
        """Nothing at all."""
        return not self.undated and not any(count for _year, count in self.by_year)


def coverage_of(unit: EmittingUnit, actor: Actor) -> dict[str, Any]:
    """Which records about a unit the viewer finds, by kind and year; kinds that a viewer never sees
    are left out rather than shown as missing."""
    rows = (
        OutsideRecord.objects.visible_to(actor)
        .filter(file__status="in_force")
        .filter(
            Q(about=unit.credit_code)
            | Q(kind="business", owner=unit.credit_code)
            | Q(kind="weather", owner=unit.organisation.city)
        )
    )
    counts = {
        (kind, year): count
        for kind, year, count in rows.values_list("kind", "year")
        .annotate(count=Count("pk"))
        .order_by()
    }
    reported = unit.reports.values_list("year", flat=True).order_by("-year")
    years = sorted(list(reported)[:_YEARS_SHOWN])
    lines = [
        Coverage(
            kind,
            tuple((year, counts.get((kind.code, year), 0)) for year in years),
            counts.get((kind.code, None), 0),
        )
        for kind in _shown_kinds(actor)
    ]
    return {
        "lines": [line for line in lines if not line.missing],
        "missing": "、".join(str(line.kind.title) for line in lines if line.missing),
        "years": years,
        "unit": unit,
    }


def _shown_kinds(actor: Actor) -> list[RecordKind]:
    """Kinds that speak of units, as far as the viewer may see them."""
    hidden = {"lab_file", "accreditation"}
    if actor.kind == OrgKind.UNIT:
        hidden |= {"lab_register", "weather"}
    elif actor.kind != OrgKind.PROVINCE:
        hidden.add("business")
    if actor.kind == OrgKind.VERIFIER:
        hidden.add("weather")
    if actor.kind == OrgKind.MARKET:
        return [k for k in KINDS.values() if actor.kind in k.providers or k.code == "lab_register"]
    return [k for k in KINDS.values() if k.code not in hidden]


def results_on(file: OutsideFile, actor: Actor) -> list[CheckResult]:
    """Results in force whose evidence names a row of the file, as far as the viewer may see them."""
    codes = [c.code for c in all_checks() if c.level == "L3"]
    about = file.records.exclude(about="").values("about")
    found: QuerySet = (
        CheckResult.objects.visible_to(actor)
        .filter(check_code__in=codes)
        .filter(version__report__unit__organisation__code__in=about)
        .annotate(cell_text=Cast("cells", TextField()), words=Cast("values", TextField()))
        .filter(Q(cell_text__contains=file.source) | Q(words__contains=file.source))
        .select_related("question", "version__report__unit__organisation")
        .order_by("-version__report__year", "check_code", "pk")
    )
    return name_others(found[:100], actor)


def column_titles(kind: RecordKind, columns: Iterable[list[str]]) -> list[dict[str, Any]]:
    """How the columns of a file were read, in words."""
    titles = {f.name: f.title for f in kind.sheet.fields}
    return [
        {"letter": letter, "header": header, "title": titles.get(field, ""), "unit": unit}
        for letter, header, field, unit in columns
    ]
