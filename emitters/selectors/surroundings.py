"""What a check may compare a stored report with: its own history, the others, the registry."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from emitters.facts import COAL, ReportFacts, Revision
from emitters.models import AnnualReport, GeneratorAttributes, ReportVersion
from emitters.outside import OutsideRecords
from emitters.population import (
    LAB_VALUES,
    LabRef,
    MonthRef,
    Population,
    heat_gap,
    lab_ref,
    month_refs,
)
from emitters.schemes import SchemeFacts
from emitters.selectors.outside_records import outside_of
from emitters.selectors.schemes import scheme_in_force
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
    """History (oldest first), population, registry, control scheme and outside records of one
    report."""

    history: tuple[ReportFacts, ...]
    population: Population
    registry: Mapping[str, Mapping[str, object]] | None
    scheme: SchemeFacts | None
    outside: OutsideRecords | None


def expectation_of(report: AnnualReport) -> Expectation:
    """What the uploaded workbook has to be: of this unit and year."""
    unit = report.unit
    return Expectation(
        credit_code=unit.credit_code,
        year=report.year,
        unit_name=unit.organisation.name,
        generators=tuple(unit.generators.order_by("number").values_list("number", flat=True)),
    )


def surroundings_of(report: AnnualReport, facts: ReportFacts) -> Surroundings:
    """In a constant number of queries, however many years and units there are."""
    others = AnnualReport.objects.filter(unit=report.unit).exclude(pk=report.pk)
    history = tuple(sorted(_facts_of(others), key=lambda f: f.year))
    return Surroundings(
        history,
        population_of(facts, history),
        registry_of(report),
        scheme_in_force(report.unit_id, report.year),
        outside_of(report.unit, report.year, facts),
    )


def revisions_of(version: ReportVersion) -> tuple[Revision, ...]:
    """What was handed in of the same report before; a draft that was never handed in tells nothing."""
    if version.number == 1:
        return ()
    filed = version.report.versions.filter(
        number__lt=version.number, submitted_at__isnull=False, t_recomputed__isnull=False
    ).order_by("number")
    columns = ("number", "submitted_at", "t_recomputed", "t_allowance", "reason")
    return tuple(
        Revision(number, timezone.localdate(at), tonnes, allowance, reason)
        for number, at, tonnes, allowance, reason in filed.values_list(*columns)
    )


def _facts_of(reports: QuerySet[AnnualReport]) -> Iterable[ReportFacts]:
    """The versions that count of some reports, without daily rows."""
    # Ordered, so that the same data always say the same in the same words.
    found = reports.exclude(current=None).select_related("current").order_by("pk")
    versions = []
    for report in found.only("year", "current__basic", "current__columns"):
        version: Any = report.current
        version.report = report
        versions.append(version)
    return load_facts(versions, daily=False).values()


def population_of(facts: ReportFacts, history: tuple[ReportFacts, ...]) -> Population:
    """The reports that share a laboratory year, a report number or a month's coal with this one.

    Only candidates are fetched: rows of other units' reports that count, by laboratory and by
    equal value.
    """
    own = (facts, *history)
    tests = [*(lab_ref(r, t) for r in own for t in r.tests), *_test_refs(facts)]
    return Population(tests, [*(m for r in own for m in month_refs(r)), *_month_refs(facts)])


def _rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """Plain SQL, because these are asked for every upload and the models take longer than the
    database."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


# Rows of the versions that count of other units.
_OTHERS = """
    JOIN emitters_annualreport report ON report.current_id = found.version_id
    JOIN emitters_emittingunit unit ON unit.id = report.unit_id
    JOIN carbonwatch_organisation owner ON owner.id = unit.organisation_id
    WHERE owner.code <> %(own)s
"""
_TESTS = f"""
    SELECT found.version_id, found.qnetar, owner.code, report.year, owner.name, found."row",
        found.generator, found.month, found.sample_no, found.report_no, found.laboratory,
        found.issued, {", ".join(f"found.{name}" for name in LAB_VALUES)}
    FROM emitters_coaltestrow found {_OTHERS}
        AND (found.laboratory = ANY(%(labs)s) AND report.year = %(year)s
            OR found.report_no = ANY(%(numbers)s))
    ORDER BY found.version_id, found."row"
"""  # noqa: S608 -- names of columns only
_OWN_HEAT = """
    SELECT version_id, generator, months FROM emitters_monthlyrow
    WHERE version_id = ANY(%(versions)s) AND part = 'F' AND code = 'ncv' AND fuel = %(coal)s
    ORDER BY version_id, "row"
"""
_ALIKE = f"""
    SELECT DISTINCT report.id
    FROM emitters_monthlyrow found {_OTHERS}
        AND (found.code = 'fc' AND found.fuel = ANY(%(fuels)s) AND found.months && %(fc)s::numeric[]
            OR found.code = 'gen' AND found.months && %(gen)s::numeric[]
            OR found.code = 'heat' AND found.months && %(heat)s::numeric[])
"""  # noqa: S608


def _test_refs(facts: ReportFacts) -> list[LabRef]:
    labs = sorted({t.laboratory for t in facts.tests if t.laboratory})
    numbers = sorted({t.report_no for t in facts.tests if t.report_no})
    if not labs and not numbers:
        return []
    tests = _rows(_TESTS, own=facts.credit_code, labs=labs, year=facts.year, numbers=numbers)
    own = _own_heat({version for version, *_row in tests}) if tests else {}
    refs = []
    for version, tested, *row in tests:
        generator, month = row[4], row[5]
        heat = (m[month - 1] for g, m in own.get(version, ()) if month and generator in ("", g))
        values: list[Any] = [*row[:10], heat_gap(tested, heat), tuple(row[10:])]
        refs.append(LabRef(*values))
    return refs


def _own_heat(versions: Iterable[int]) -> Mapping[int, list[tuple[str, list[Decimal | None]]]]:
    """Heating values that plants report of their coal: version -> [(generator, months)]."""
    own: dict[int, list[tuple[str, list[Decimal | None]]]] = defaultdict(list)
    for version, generator, months in _rows(_OWN_HEAT, versions=list(versions), coal=COAL):
        own[version].append((generator, months))
    return own


def _month_refs(facts: ReportFacts) -> list[MonthRef]:
    """Months of other reports that share a quantity with one of this report's months: main fuel
    burnt, electricity or heat. Heating values, carbon and hours repeat too often to look by."""
    values: dict[str, list[Decimal]] = {"fc": [], "gen": [], "heat": []}
    mains = [g.fuels[0] for g in facts.generators if g.fuels]
    burnt = [(use.get("fc"), "fc") for use in mains]
    made = [(g.production.get(code), code) for g in facts.generators for code in ("gen", "heat")]
    for series, code in (*burnt, *made):
        values[code] += [v for v in series.months if v] if series else []
    fuels = [use.fuel for use in mains]
    alike = [pk for (pk,) in _rows(_ALIKE, own=facts.credit_code, fuels=fuels, **values)]
    if not alike:
        return []
    others = _facts_of(AnnualReport.objects.filter(pk__in=alike))
    return [m for other in others for m in month_refs(other)]


def registry_of(report: AnnualReport) -> Mapping[str, Mapping[str, object]] | None:
    """The registered attributes of the unit's generators at the end of the reporting year."""
    known = GeneratorAttributes.objects.on(date(report.year, 12, 31))
    rows = known.filter(generator__unit=report.unit_id).order_by("generator__number")
    return {
        number: dict(zip(ATTRIBUTES, values, strict=True))
        for number, *values in rows.values_list("generator__number", *ATTRIBUTES)
    } or None
