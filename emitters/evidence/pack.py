"""One evidence pack per result: rule, data, computation, thresholds, stakes, history, decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind
from carbonwatch.audit.models import AuditEvent
from emitters.evidence.chart import chart_of
from emitters.evidence.tables import Evidence, evidence_of
from emitters.facts import ReportFacts
from emitters.models import CheckResult, ReportVersion
from emitters.privacy import name_others
from emitters.selectors.cells import values_of
from emitters.store import load_facts

AUTHORITIES = (*PROVINCIAL, OrgKind.CITY)


@dataclass(frozen=True)
class CellValue:
    """A value that the result rests on: where it stands, what it is, what it says."""

    cell: str
    what: str
    value: Any


@dataclass(frozen=True)
class Pack:
    """All that is known of one result. `elsewhere` counts other units with the same result in that
    year, for authorities only (None for others)."""

    result: CheckResult
    cells: tuple[CellValue, ...]
    evidence: Evidence
    chart: dict[str, Any] | None
    earlier: tuple[CheckResult, ...]
    elsewhere: int | None
    decisions: tuple[AuditEvent, ...] = field(default=())


def packs_of(version: ReportVersion, results: Sequence[CheckResult], actor: Actor) -> list[Pack]:
    """The packs of results of one version, in a constant number of queries."""
    facts = load_facts([version])[version.pk]
    places = _places(facts)
    earlier, elsewhere = _earlier(version, results, actor), _elsewhere(version, results, actor)
    decisions = _decisions(results)
    return [
        Pack(
            result=result,
            cells=tuple(CellValue(c, *places[c]) for c in result.cells if c in places),
            evidence=evidence_of(result.values, result.months),
            chart=chart_of(result, facts),
            earlier=tuple(earlier.get(_rule(result), ())),
            elsewhere=None if elsewhere is None else elsewhere.get(_rule(result), 0),
            decisions=tuple(decisions.get(str(result.question_id), ())),
        )
        for result in name_others(results, actor)
    ]


def _rule(result: CheckResult) -> tuple[str, str]:
    return result.check_code, result.letter


def _places(facts: ReportFacts) -> dict[str, tuple[str, Any]]:
    """Cell → (what stands there, its value)."""
    return {
        cell: (" · ".join(str(k) for k in key if k not in ("", None)), value)
        for key, (value, cell) in values_of(facts)
    }


def _earlier(
    version: ReportVersion, results: Sequence[CheckResult], actor: Actor
) -> Mapping[tuple[str, str], list[CheckResult]]:
    """The same result in the unit's other years (the version that counts), newest first."""
    versions = ReportVersion.objects.visible_to(actor).filter(
        pk__in=version.report.unit.reports.exclude(pk=version.report_id).values("current")
    )
    rows = (
        CheckResult.objects.current()
        .filter(version__in=versions, check_code__in={r.check_code for r in results})
        .select_related("version__report", "question")
        .order_by("-version__report__year", "pk")
    )
    found: dict[tuple[str, str], list[CheckResult]] = {}
    for row in rows:
        found.setdefault(_rule(row), []).append(row)
    return found


def _elsewhere(
    version: ReportVersion, results: Sequence[CheckResult], actor: Actor
) -> Mapping[tuple[str, str], int] | None:
    """How many other units show the same result that year, among the reports that count."""
    if actor.kind not in AUTHORITIES:
        return None
    year = version.report.year
    rows = (
        CheckResult.objects.current()
        .filter(
            version__report__year=year,
            version__report__current=F("version"),
            check_code__in={r.check_code for r in results},
        )
        .exclude(version__report__unit=version.report.unit_id)
        .order_by()
        .values_list("check_code", "letter")
        .annotate(units=Count("version__report__unit", distinct=True))
    )
    return {(code, letter): units for code, letter, units in rows}


def _decisions(results: Sequence[CheckResult]) -> Mapping[str, list[AuditEvent]]:
    """Who explained and decided what and when, by question."""
    numbers = [str(r.question_id) for r in results if r.question_id]
    rows = AuditEvent.objects.filter(target="emitters.question", target_id__in=numbers).exclude(
        action__in=["read", "refused"]
    )
    found: dict[str, list[AuditEvent]] = {}
    for row in rows.order_by("seq"):
        found.setdefault(row.target_id, []).append(row)
    return found
