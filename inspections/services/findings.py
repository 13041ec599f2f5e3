"""Finding a problem, confirming it, ordering it to be put right."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.documents.numbering import next_number
from carbonwatch.documents.service import attach
from carbonwatch.params.service import in_force
from carbonwatch.params.values import MissingParameter, Value
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.workflow.moves import move, start
from emitters.models import CheckResult, EmittingUnit, Question, ReportVersion
from inspections.flows import FINDING_FLOW
from inspections.models import Finding, FindingSource, Inspection
from inspections.services.campaign_moves import campaign_findings_moved
from inspections.services.deadlines import deadline
from inspections.services.measures import Item, measures_add, measures_share
from inspections.services.recurrence import recurrence_mark
from inspections.services.rules import correction_due, site_check_due
from inspections.services.tips import tip_link

ORDER_SERIES = "责改"


@transaction.atomic
def finding_register(
    *,
    unit_id: int,
    year: int,
    title: str,
    description: str,
    finding_class: str,
    severity: str,
    source: str = FindingSource.INSPECTOR,
    source_label: str = "",
    clause: str = "",
    t_co2: Decimal | None = None,
    t_allowance: Decimal | None = None,
    version_id: int | None = None,
    question_id: int | None = None,
    result_ids: Sequence[int] = (),
    inspection_id: int | None = None,
    tip_id: int | None = None,
    files: Sequence[UploadedFile] = (),
    actor: Actor,
    now: datetime,
) -> Finding:
    """Write down a problem of a unit; another person has to confirm it.

    Tonnes that are not given are those of the check results. Raises `Missing` for what the actor
    may not see, `GuardFailed` when the question already has a finding or was decided otherwise.
    """
    if not _may_register(source, actor):
        raise Forbidden()
    unit = EmittingUnit.objects.visible_to(actor).one(pk=unit_id)
    question = _question(question_id, unit, actor) if question_id else None
    results = _results(result_ids, question, unit, actor)
    version = _version(version_id, question, results, unit, actor)
    finding = Finding.objects.create(
        unit=unit,
        city=unit.organisation.city,
        year=year,
        version=version,
        question=question,
        inspection=_inspection(inspection_id, unit, actor),
        source=source,
        source_label=source_label,
        title=title,
        description=description,
        clause=clause,
        finding_class=finding_class,
        severity=severity,
        **_stakes(results, t_co2, t_allowance, year),
        found_by=actor.user,
        found_at=now,
        due_at=due_of(FINDING_FLOW.state("registered"), now),
    )
    finding.results.set(results)
    for file in files:
        attach(finding, file, actor=actor, now=now)
    start(finding, actor, now, title=title, severity=severity, t_co2=str(finding.t_co2))
    if tip_id is not None:
        tip_link(tip_id, finding_id=finding.pk, actor=actor, now=now)
    campaign_findings_moved(finding, actor=actor, now=now)
    return finding


def _may_register(source: str, actor: Actor) -> bool:
    """A unit registers what it declares itself, nothing else."""
    if actor.kind == OrgKind.UNIT:
        return source == FindingSource.SELF and actor.may(Perm.SELF_SUBMIT)
    return actor.may(Perm.FINDING_REGISTER)


def _question(question_id: int, unit: EmittingUnit, actor: Actor) -> Question:
    question: Question = Question.objects.visible_to(actor).locked(question_id)
    if question.report.unit_id != unit.pk:
        raise Invalid(_("疑点不属于所选单位。"), fields={"unit": [_("疑点不属于所选单位。")]})
    if question.status in ("accepted", "cleared"):
        raise GuardFailed(_("该疑点已认定可以解释或已消除，不能据此登记问题。"))
    if question.findings.exclude(status="rejected").exists():
        raise GuardFailed(_("该疑点已登记为问题，请在原问题上办理。"))
    return question


def _results(
    result_ids: Sequence[int], question: Question | None, unit: EmittingUnit, actor: Actor
) -> list[CheckResult]:
    wanted = CheckResult.objects.visible_to(actor).current()
    if question is not None and not result_ids:
        return list(wanted.filter(question=question, version=question.version_id))
    results = list(wanted.filter(pk__in=result_ids, version__report__unit=unit))
    if len(results) != len(set(result_ids)):
        raise Invalid(_("所选校核结果不存在，或不属于所选单位。"))
    return results


def _version(
    version_id: int | None,
    question: Question | None,
    results: Sequence[CheckResult],
    unit: EmittingUnit,
    actor: Actor,
) -> ReportVersion | None:
    if version_id:
        version: ReportVersion = ReportVersion.objects.visible_to(actor).one(
            pk=version_id, report__unit=unit
        )
        return version
    if question is not None:  # its newest version may be a draft that the unit has not handed in
        return ReportVersion.objects.visible_to(actor).filter(pk=question.version_id).first()
    return results[0].version if results else None


def _inspection(inspection_id: int | None, unit: EmittingUnit, actor: Actor) -> Inspection | None:
    if inspection_id is None:
        return None
    inspection: Inspection = Inspection.objects.visible_to(actor).one(pk=inspection_id)
    if inspection.unit_id != unit.pk:
        text = _("所选单位不是本次检查的单位。")
        raise Invalid(text, fields={"unit": [text]})
    if inspection.begun_at is None:
        raise GuardFailed(_("检查尚未开始，不能登记检查发现的问题。"))
    return inspection


def _stakes(
    results: Sequence[CheckResult], t_co2: Decimal | None, t_allowance: Decimal | None, year: int
) -> dict[str, Any]:
    """Tonnes as given, or those of the results; money at the price of the year."""
    co2, allowance = tonnes(results)
    co2, allowance = _given(t_co2, co2), _given(t_allowance, allowance)
    price = price_of(year)
    return {
        "t_co2": co2,
        "t_allowance": allowance,
        "money": round(max(co2, allowance) * price.value, 2) if price else None,
        "price": price.snapshot() if price else None,
    }


def _given(value: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if value is None else value


def tonnes(results: Iterable[CheckResult]) -> tuple[Decimal, Decimal]:
    """Tonnes at stake (tCO2, allowances): one root cause that fires ten checks counts once."""
    roots: dict[str, tuple[Decimal, Decimal]] = {}
    for result in results:
        root = result.root or str(result.pk)
        co2, allowance = roots.get(root, (Decimal(0), Decimal(0)))
        roots[root] = (max(co2, result.t_co2), max(allowance, result.t_allowance))
    return (
        sum((t for t, _a in roots.values()), Decimal(0)),
        sum((a for _t, a in roots.values()), Decimal(0)),
    )


def price_of(year: int) -> Value | None:
    """The reference price of allowances (yuan/t) of the year; None when none is on record: tonnes
    are then shown without money."""
    try:
        return in_force().find("price.cea", year)
    except MissingParameter:
        return None


@transaction.atomic
def finding_confirm(finding_id: int, *, note: str = "", actor: Actor, now: datetime) -> Finding:
    """Another person has looked: it is a problem, or one that was closed and has come back."""
    finding = _decide("confirm", finding_id, note, actor, now)
    recurrence_mark(finding, now)
    return finding


@transaction.atomic
def finding_reject(finding_id: int, *, note: str, actor: Actor, now: datetime) -> Finding:
    """Another person has looked: it is none, for the reason given."""
    return _decide("reject", finding_id, note, actor, now)


def _decide(step: str, finding_id: int, note: str, actor: Actor, now: datetime) -> Finding:
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    finding.confirmed_by, finding.confirmed_at, finding.confirm_note = actor.user, now, note
    move(step, finding, actor, now, note=note)
    campaign_findings_moved(finding, actor=actor, now=now)
    return finding


@transaction.atomic
def finding_order(
    finding_id: int,
    *,
    demand: str,
    due_on: date,
    basis: str = "",
    measures: Sequence[Item] = (),
    shared: Sequence[int] = (),
    actor: Actor,
    now: datetime,
) -> Finding:
    """Order the unit to put it right until the end of `due_on` (责令改正通知书).

    `measures` are listed with deadlines of their own; `shared` are ids of measures of the unit that
    are under way and serve this finding as well.
    """
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    FINDING_FLOW.require("order", finding, actor)
    due_at = deadline(due_on, now)
    finding.order_number = next_number(actor.organisation, ORDER_SERIES, now)
    finding.order_demand, finding.order_basis, finding.due_on = demand, basis, due_on
    finding.ordered_by, finding.ordered_at = actor.user, now
    finding.site_check_due = site_check_due(finding, now)
    finding.correction_due = correction_due(finding)
    move(
        "order",
        finding,
        actor,
        now,
        due_at=due_at,
        number=finding.order_number,
        due_on=due_on.isoformat(),
        demand=demand,
    )
    measures_add(finding, measures, due_on, actor, now)
    measures_share(finding, shared, actor, now)
    campaign_findings_moved(finding, actor=actor, now=now)
    return finding
