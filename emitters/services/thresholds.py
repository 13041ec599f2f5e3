"""Changing a threshold: proposed with a dry run, put in force by a second person."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.checks.runner import retirement_key
from carbonwatch.jobs.service import enqueue
from carbonwatch.params.models import Confidence
from carbonwatch.params.service import decimals, in_force, put_in_force
from carbonwatch.refusals import Forbidden, Invalid
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.workflow.moves import move, start
from emitters.models import AnnualReport, ReportVersion, ThresholdProposal
from emitters.models.thresholds import CLOSED
from emitters.selectors.effect import CheckEffect, effects
from emitters.services.recheck import RECHECK
from emitters.services.scores import SCORED
from emitters.services.trials import ask_trial, value_of
from emitters.thresholds import check_of, same_kind


@transaction.atomic
def threshold_propose(
    *,
    key: str,
    value: Any,
    valid_from: date,
    source: str,
    confidence: str,
    reason: str,
    years: Sequence[int],
    actor: Actor,
    now: datetime,
) -> ThresholdProposal:
    """Propose a new value from a day on and ask for its dry run. Nothing else changes.

    Raises `Forbidden`, `Invalid`.
    """
    if not actor.may(Perm.THRESHOLD_PROPOSE):
        raise Forbidden()
    _check_value(key, value, valid_from)
    _check_open(key)
    proposal = ThresholdProposal.objects.create(
        key=key,
        value=value,
        valid_from=valid_from,
        source=source,
        confidence=confidence,
        reason=reason,
        years=sorted(years),
        proposed_by=actor.user,
        proposed_at=now,
    )
    start(proposal, actor, now, **_told(proposal))
    ask_trial(proposal, actor=actor, now=now)
    return proposal


def _told(proposal: ThresholdProposal) -> dict[str, Any]:
    """What the ledger keeps of a proposal."""
    return {
        "key": proposal.key,
        "value": proposal.value,
        "valid_from": str(proposal.valid_from),
        "reason": proposal.reason,
        "source": proposal.source,
        "years": proposal.years,
    }


def _check_open(key: str) -> None:
    if ThresholdProposal.objects.filter(key=key).exclude(status__in=CLOSED).exists():
        raise Invalid(
            _("该参数已有调整在办理，请先办结。"), fields={"key": [_("已有调整在办理。")]}
        )


def _check_value(key: str, value: Any, valid_from: date) -> None:
    """The value must have the form of the one in force, differ from it, and begin later."""
    params, wrong = in_force(), {}
    check = check_of(key)
    known = params.by_key.get(key, ())
    if check is not None and key == retirement_key(check.code):
        held: Any = bool(params.maybe(key, valid_from))
    elif known and (check is not None or key.startswith("score.")):
        held = params.maybe(key, valid_from)
    else:
        raise Invalid(_("没有这个阈值。"), fields={"key": [_("请从列表中选择。")]})
    if held is not None and not same_kind(held, decimals(value)):
        wrong["value"] = [_("取值的形式与现行取值不同：数值对数值，表格的名称不能增减。")]
    elif held == decimals(value):
        wrong["value"] = [_("与该日期的现行取值相同。")]
    if any(v.valid_from == valid_from for v in known):
        wrong["valid_from"] = [_("已有取值从这一天开始，请选择较晚的日期。")]
    if wrong:
        raise Invalid(_("拟定取值不符合要求，请更正。"), fields=wrong)


def _locked(proposal_id: int, actor: Actor) -> ThresholdProposal:
    proposal: ThresholdProposal = ThresholdProposal.objects.visible_to(actor).locked(proposal_id)
    return proposal


def _decide(
    step: str, proposal_id: int, note: str, actor: Actor, now: datetime
) -> ThresholdProposal:
    proposal = _locked(proposal_id, actor)
    proposal.decided_by, proposal.decided_at, proposal.decision_note = actor.user, now, note
    move(step, proposal, actor, now, note=note)
    return proposal


@transaction.atomic
def threshold_approve(
    proposal_id: int, *, note: str = "", actor: Actor, now: datetime
) -> ThresholdProposal:
    """Put the value in force: the old one ends the day before, and the reports that it changes are
    checked again. Raises `GuardFailed` when the dry run is out of date."""
    proposal = _locked(proposal_id, actor)
    proposal.flow.require("approve", proposal, actor)
    new = value_of(proposal, in_force())
    try:
        proposal.parameter = put_in_force(new, proposal.value)
    except ValueError as error:
        raise Invalid(_("已有取值从这一天开始，请选择较晚的日期。")) from error
    proposal.decided_by, proposal.decided_at, proposal.decision_note = actor.user, now, note
    move("approve", proposal, actor, now, note=note, parameter=proposal.parameter.pk,
         **_told(proposal))  # fmt: skip
    _check_again(proposal, actor, now)
    return proposal


def _check_again(proposal: ThresholdProposal, actor: Actor, now: datetime) -> None:
    """Ask for a re-check of the reports in which the dry run found a difference."""
    with override(settings.LANGUAGE_CODE):
        reason = _("阈值调整：%(key)s") % {"key": proposal.key}
    changed = Q(pk__in=proposal.results.filter(applies=True).values("version")) | Q(
        pk__in=proposal.scores.filter(applies=True).values("version")
    )
    found = ReportVersion.objects.filter(changed, status__in=SCORED)
    for version in found.order_by("pk").only("pk"):
        enqueue(RECHECK, version, payload={"reason": reason}, actor=actor, now=now)


@transaction.atomic
def threshold_refuse(
    proposal_id: int, *, note: str, actor: Actor, now: datetime
) -> ThresholdProposal:
    """Leave the value as it is."""
    return _decide("refuse", proposal_id, note, actor, now)


@transaction.atomic
def threshold_dismiss(
    proposal_id: int, *, note: str, actor: Actor, now: datetime
) -> ThresholdProposal:
    """Do not take up the system's suggestion."""
    return _decide("dismiss", proposal_id, note, actor, now)


@transaction.atomic
def threshold_withdraw(
    proposal_id: int, *, note: str = "", actor: Actor, now: datetime
) -> ThresholdProposal:
    """Take a proposal back."""
    proposal = _locked(proposal_id, actor)
    move("withdraw", proposal, actor, now, note=note)
    return proposal


@transaction.atomic
def threshold_retry(proposal_id: int, *, actor: Actor, now: datetime) -> ThresholdProposal:
    """Run a proposal again over the data as they are now."""
    proposal = _locked(proposal_id, actor)
    move("retry", proposal, actor, now)
    ask_trial(proposal, actor=actor, now=now)
    return proposal


@transaction.atomic
def threshold_adopt(
    proposal_id: int, *, reason: str, actor: Actor, now: datetime
) -> ThresholdProposal:
    """Make a suggestion of the system one's own proposal."""
    proposal = _locked(proposal_id, actor)
    proposal.reason, proposal.proposed_by, proposal.proposed_at = reason, actor.user, now
    move("adopt", proposal, actor, now, **_told(proposal))
    ask_trial(proposal, actor=actor, now=now)
    return proposal


def suggest_retirements(now: datetime) -> int:
    """Suggest to retire the checks that are hardly ever right; how many. Once for a check, and again
    only when as many more questions were settled."""
    today = timezone.localdate(now)
    least = int(in_force().get("score.learning", today)["least_closed"])
    return sum(_suggest(effect, least, now) for effect in effects(today) if effect.retire)


@transaction.atomic
def _suggest(effect: CheckEffect, least: int, now: datetime) -> bool:
    key, years = retirement_key(effect.check.code), _latest_years()
    begins = max(years, default=timezone.localdate(now).year) + 1
    earlier = ThresholdProposal.objects.filter(key=key)
    last = earlier.exclude(closings=None).order_by("-pk").first()
    open_or_done = earlier.exclude(status__in=("refused", "withdrawn")).exists()
    if open_or_done or (last is not None and effect.closed < (last.closings or 0) + least):
        return False
    with override(settings.LANGUAGE_CODE):
        reason = _("已查明 %(closed)s 件，查实 %(confirmed)s 件，查实率低于下限。") % {
            "closed": effect.closed,
            "confirmed": effect.confirmed,
        }
        source = _("疑点认定结果统计")
    proposal = ThresholdProposal.objects.create(
        key=key,
        value=True,
        valid_from=date(begins, 1, 1),
        source=source,
        confidence=Confidence.KNOWN,
        reason=reason,
        years=years,
        closings=effect.closed,
        status="suggested",
        proposed_at=now,
        due_at=due_of(ThresholdProposal.flow.state("suggested"), now),
    )
    start(proposal, None, now, **_told(proposal))
    return True


def _latest_years() -> list[int]:
    """The newest year that has reports."""
    years = AnnualReport.objects.exclude(current=None).order_by("-year").values_list("year")
    return [year for (year,) in years.distinct()[:1]]
