"""What a finding is registered from: a question, check results, a version,
an inspection, a tip or a unit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import translation

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.refusals import Forbidden, Missing
from emitters.models import CheckResult, EmittingUnit, Question, ReportVersion
from inspections.models import FindingClass, FindingSource, Inspection, Tip
from inspections.services.findings import tonnes

TITLE_LENGTH = 120
CLAUSE_LENGTH = 300


@dataclass(frozen=True)
class Origin:
    """`initial` fills the form, `links` go to the service as they are, `results` are shown."""

    initial: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Any] = field(default_factory=dict)
    results: Sequence[CheckResult] = ()


def origin_of(query: QueryDict, actor: Actor) -> Origin:
    """Read the query string. Raises `Missing` for what does not exist or is not the actor's."""
    if "question" in query:
        question = _visible(Question, query.get("question", ""), actor)
        results = list(
            CheckResult.objects.visible_to(actor)
            .current()
            .filter(question=question, version=question.version_id)
        )
        return _from_results(question.version, results, {"question_id": question.pk})
    if "result" in query:
        chosen = [_visible(CheckResult, pk, actor) for pk in query.getlist("result")[:50]]
        if len({r.version_id for r in chosen}) > 1:
            raise Missing()
        links = {"result_ids": [r.pk for r in chosen]}
        return _from_results(chosen[0].version, chosen, links)
    if "version" in query:
        version = _visible(ReportVersion, query.get("version", ""), actor)
        known = {"unit": version.report.unit_id, "year": version.report.year}
        return Origin(known, {"version_id": version.pk})
    if "inspection" in query:
        return _from_inspection(_visible(Inspection, query.get("inspection", ""), actor))
    if "tip" in query:
        return _from_tip(_visible(Tip, query.get("tip", ""), actor), actor)
    if "unit" in query:
        return Origin({"unit": _visible(EmittingUnit, query.get("unit", ""), actor).pk})
    return Origin()


def _from_inspection(inspection: Inspection) -> Origin:
    """Its unit, year and number."""
    initial = {
        "unit": inspection.unit_id,
        "year": inspection.year,
        "finding_class": FindingClass.ON_SITE,
        "source": FindingSource.INSPECTOR,
        "source_label": inspection.notice_number,
    }
    return Origin(initial, {"inspection_id": inspection.pk})


def _from_tip(tip: Tip, actor: Actor) -> Origin:
    """Its number is all that a finding carries of a tip."""
    if not actor.may(Perm.TIP_HANDLE):
        raise Forbidden()
    initial: dict[str, Any] = {"source": FindingSource.TIP, "source_label": tip.number}
    units = list(tip.units.values_list("pk", flat=True))
    if len(units) == 1:
        initial["unit"] = units[0]
    if tip.year:
        initial["year"] = tip.year
    return Origin(initial, {"tip_id": tip.pk})


def _visible(model: Any, pk: str, actor: Actor) -> Any:
    if not pk.isdecimal() or len(pk) > 18:
        raise Missing()
    return model.objects.visible_to(actor).one(pk=pk)


def _from_results(
    version: ReportVersion, results: Sequence[CheckResult], links: dict[str, Any]
) -> Origin:
    report = version.report
    initial: dict[str, Any] = {
        "unit": report.unit_id,
        "year": report.year,
        "source": FindingSource.CHECK,
        "finding_class": FindingClass.DATA,
    }
    if results:
        co2, allowance = tonnes(results)
        initial |= {**_words(results), "t_co2": co2, "t_allowance": allowance}
    return Origin(initial, links, results)


def _words(results: Sequence[CheckResult]) -> dict[str, str]:
    """In Chinese, whatever the reader's language: these texts go into official documents."""
    with translation.override(settings.LANGUAGE_CODE):
        rule = results[0].rule
        return {
            "title": str(rule.name)[:TITLE_LENGTH],
            "description": "\n".join(
                f"{r.sentence}（{'、'.join(r.cells)}）" if r.cells else r.sentence for r in results
            ),
            "clause": str(rule.basis)[:CLAUSE_LENGTH],
        }
