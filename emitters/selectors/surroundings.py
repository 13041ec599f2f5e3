"""What a check may compare a stored report with: its own history, the others, the registry."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from emitters.facts import COAL, ReportFacts
from emitters.models import (
    AnnualReport,
    CoalTestRow,
    GeneratorAttributes,
    MonthlyRow,
    ReportVersion,
)
from emitters.population import (
    LAB_VALUES,
    LabRef,
    MonthRef,
    Population,
    heat_gap,
    lab_ref,
    month_refs,
)
from emitters.store import load_facts
from emitters.workbook import Expectation

ATTRIBUTES = (
    "category",
    "product",
    "capacity_mw",
    "boiler",
    "pressure",
    "cooling",
    "main_fuel",
    "commissioned",
)


@dataclass(frozen=True)
class Surroundings:
    """History (oldest first), population and registry of one report."""

    history: tuple[ReportFacts, ...]
    population: Population
    registry: Mapping[str, Mapping[str, object]] | None


def expectation_of(report: AnnualReport) -> Expectation:
    """What the uploaded workbook has to be: of this unit and year."""
    unit = report.unit
    return Expectation(
        credit_code=unit.credit_code,
        year=report.year,
        unit_name=unit.organisation.name,
        generators=tuple(unit.generators.values_list("number", flat=True)),
    )


def surroundings_of(report: AnnualReport, facts: ReportFacts) -> Surroundings:
    """In a constant number of queries, however many years and units there are."""
    other_years = AnnualReport.objects.filter(unit=report.unit).exclude(pk=report.pk)
    versions = list(
        ReportVersion.objects.filter(pk__in=other_years.values("current")).select_related("report")
    )
    loaded = load_facts(versions, daily=False)
    history = tuple(sorted(loaded.values(), key=lambda f: f.year))
    return Surroundings(history, population_of(facts, history), registry_of(report))


def population_of(facts: ReportFacts, history: tuple[ReportFacts, ...]) -> Population:
    """The reports that share a laboratory year, a report number or a month's coal with this one.

    Only candidates are fetched: rows of other units' reports that count, by laboratory and by
    equal value.
    """
    own = (facts, *history)
    labs = {t.laboratory for t in facts.tests if t.laboratory}
    numbers = {t.report_no for t in facts.tests if t.report_no}
    rows = CoalTestRow.objects.filter(version=F("version__report__current")).exclude(
        version__report__unit__organisation__code=facts.credit_code
    )
    related = rows.filter(
        Q(laboratory__in=labs, version__report__year=facts.year) | Q(report_no__in=numbers)
    )
    tests = [*(lab_ref(r, t) for r in own for t in r.tests), *_test_refs(related)]
    return Population(tests, [*(m for r in own for m in month_refs(r)), *_month_refs(facts)])


def _test_refs(rows: QuerySet[CoalTestRow]) -> Iterator[LabRef]:
    identity = (
        "version__report__unit__organisation__code",
        "version__report__year",
        "version__report__unit__organisation__name",
    )
    plain = ("row", "generator", "month", "sample_no", "report_no", "laboratory", "issued")
    found = rows.order_by("version", "row")
    tests = list(found.values_list("version", "qnetar", *identity, *plain, *LAB_VALUES))
    own = _own_heat({version for version, *_row in tests})
    for version, tested, *row in tests:
        generator, month = row[4], row[5]
        heat = (m[month - 1] for g, m in own[version] if month and generator in ("", g))
        values: list[Any] = [*row[:10], heat_gap(tested, heat), tuple(row[10:])]
        yield LabRef(*values)


def _own_heat(versions: Iterable[int]) -> Mapping[int, list[tuple[str, list[Decimal | None]]]]:
    """Heating values that plants report of their coal: version -> [(generator, months)]."""
    own: dict[int, list[tuple[str, list[Decimal | None]]]] = defaultdict(list)
    rows = MonthlyRow.objects.filter(version__in=versions, part="F", code="ncv", fuel=COAL)
    for version, generator, months in rows.values_list("version", "generator", "months"):
        own[version].append((generator, months))
    return own


def _month_refs(facts: ReportFacts) -> list[MonthRef]:
    """Months of other reports that share a quantity with one of this report's months: main fuel
    burnt, electricity or heat. Heating values, carbon and hours repeat too often to look by."""
    alike = Q(pk__in=[])
    for g in facts.generators:
        main = next(iter(g.fuels), None)
        burnt = main.get("fc") if main else None
        if main and burnt and any(burnt.months):
            values = sorted(v for v in burnt.months if v)
            alike |= Q(part="F", code="fc", fuel=main.fuel, months__overlap=values)
        for code in ("gen", "heat"):
            made = g.production.get(code)
            if made and any(made.months):
                values = sorted(v for v in made.months if v)
                alike |= Q(part="P", code=code, months__overlap=values)
    rows = MonthlyRow.objects.filter(alike, version=F("version__report__current")).exclude(
        version__report__unit__organisation__code=facts.credit_code
    )
    versions = list(
        ReportVersion.objects.filter(pk__in=rows.values("version")).select_related("report")
    )
    if not versions:
        return []
    return [m for other in load_facts(versions, daily=False).values() for m in month_refs(other)]


def registry_of(report: AnnualReport) -> Mapping[str, Mapping[str, object]] | None:
    """The registered attributes of the unit's generators at the end of the reporting year."""
    rows = (
        GeneratorAttributes.objects.on(date(report.year, 12, 31))
        .filter(generator__unit=report.unit)
        .select_related("generator")
    )
    return {r.generator.number: {a: getattr(r, a) for a in ATTRIBUTES} for r in rows} or None
