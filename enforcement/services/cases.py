"""Proposing a case on findings, and deciding on it by a second person."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.documents.numbering import next_number
from carbonwatch.params.service import in_force
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.workflow.moves import move, start
from enforcement.flows import CASE_FLOW
from enforcement.models import Case
from enforcement.selectors.penalties import penalties_on
from inspections.flows import SEEN_BY_UNIT
from inspections.models import Finding
from inspections.services.campaign_moves import campaign_units_to_case

CASE_SERIES = "碳立"
ELIGIBLE = ("confirmed", *SEEN_BY_UNIT)


@transaction.atomic
def case_propose(
    *,
    finding_ids: Sequence[int],
    reason: str,
    statement: str,
    acted_on: date,
    basis_keys: Sequence[str],
    actor: Actor,
    now: datetime,
) -> Case:
    """Ask for a case against the unit of these findings (at least one, each confirmed).

    `basis_keys` name penalty rules in force on the day of the act; what they said is kept.
    Raises `Missing`, `GuardFailed`, `Invalid`.
    """
    if not actor.may(Perm.CASE_OPEN):
        raise Forbidden()
    findings = _findings(finding_ids, actor)
    if acted_on > timezone.localdate(now):
        raise Invalid(_("违法行为发生日不能晚于今天。"), fields={"acted_on": [_("不能晚于今天。")]})
    unit = findings[0].unit
    case = Case.objects.create(
        unit=unit,
        city=unit.organisation.city,
        reason=reason,
        statement=statement,
        acted_on=acted_on,
        basis=_basis(basis_keys, acted_on),
        opened_by=actor.user,
        opened_at=now,
        due_at=due_of(CASE_FLOW.state("proposed"), now),
    )
    case.findings.set(findings)
    start(case, actor, now, reason=reason, findings=[f.pk for f in findings], basis=basis_keys)
    return case


def _findings(finding_ids: Sequence[int], actor: Actor) -> list[Finding]:
    """The findings, locked so that nobody opens a second case on one at the same moment."""
    findings = [Finding.objects.visible_to(actor).locked(pk) for pk in sorted(set(finding_ids))]
    if not findings:
        raise Invalid(_("请至少选择一个问题作为立案依据。"))
    if len({f.unit_id for f in findings}) > 1:
        raise Invalid(_("一个案件只能针对一家单位，所选问题涉及多家单位。"))
    for finding in findings:
        if finding.status not in ELIGIBLE:
            raise GuardFailed(
                _("问题“%(title)s”尚未确认，不能据此立案。") % {"title": finding.title}
            )
        if finding.cases.exclude(status="refused").exists():
            raise GuardFailed(_("问题“%(title)s”已提请立案或已立案。") % {"title": finding.title})
    return findings


def _basis(keys: Sequence[str], on: date) -> list[dict]:
    known = {p.key: p for p in penalties_on(on, in_force())}
    strange = [k for k in keys if k not in known]
    if strange or not keys:
        text = (
            _("所选条款在违法行为发生日尚未施行或已经废止，请按行为发生日选择。")
            if strange
            else _("请选择法律依据。")
        )
        raise Invalid(text, fields={"basis_keys": [text]})
    return [known[k].snapshot for k in keys]


@transaction.atomic
def case_file(case_id: int, *, note: str = "", actor: Actor, now: datetime) -> Case:
    """File the case (批准立案): by a second person; it gets its number."""
    case: Case = Case.objects.visible_to(actor).locked(case_id)
    CASE_FLOW.require("file", case, actor)
    case.number = next_number(actor.organisation, CASE_SERIES, now)
    case = _decide("file", case, note, actor, now)
    campaign_units_to_case(case.unit_id, actor=actor, now=now)
    return case


@transaction.atomic
def case_refuse(case_id: int, *, note: str, actor: Actor, now: datetime) -> Case:
    """Refuse to file it (不予立案), with the reason."""
    case: Case = Case.objects.visible_to(actor).locked(case_id)
    return _decide("refuse", case, note, actor, now)


def _decide(step: str, case: Case, note: str, actor: Actor, now: datetime) -> Case:
    CASE_FLOW.require(step, case, actor)
    case.decided_by, case.decided_at, case.decision_note = actor.user, now, note
    move(step, case, actor, now, note=note, number=case.number)
    return case
