"""Merging two findings of one unit (并案): one proposes, another confirms, nothing is lost."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.ledger import record
from carbonwatch.refusals import Forbidden, GuardFailed
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.workflow.moves import move, shift, start
from inspections.mergeflow import MERGE_FLOW, closed_because
from inspections.models import Finding, FindingMerge, Gravity

TAKEN_WHERE_EMPTY = ("version_id", "question_id", "inspection_id", "clause")


@transaction.atomic
def merge_propose(
    *, merged_id: int, kept_id: int, reason: str, actor: Actor, now: datetime
) -> FindingMerge:
    """Say that two findings are about the same matter, and which one goes on."""
    if not actor.may(Perm.FINDING_REGISTER):
        raise Forbidden()
    kept, merged = _both(kept_id, merged_id, actor)
    reason_why_not = closed_because(kept, merged)
    if reason_why_not:
        raise GuardFailed(reason_why_not)
    try:
        with transaction.atomic():
            merge = FindingMerge.objects.create(
                kept=kept,
                merged=merged,
                reason=reason,
                proposed_by=actor.user,
                proposed_at=now,
                due_at=due_of(MERGE_FLOW.state("proposed"), now),
            )
    except IntegrityError as error:
        raise GuardFailed(_("该问题已提出合并，请先办理原来的合并。")) from error
    start(merge, actor, now, kept=kept.pk, merged=merged.pk, note=reason)
    return merge


@transaction.atomic
def merge_confirm(merge_id: int, *, note: str = "", actor: Actor, now: datetime) -> FindingMerge:
    """Another person agrees: the one ends as merged, the other takes over what it held."""
    merge: FindingMerge = FindingMerge.objects.visible_to(actor).locked(merge_id)
    merge.kept, merge.merged = _both(merge.kept_id, merge.merged_id, actor)
    merge.decided_by, merge.decided_at, merge.note = actor.user, now, note
    move("confirm", merge, actor, now, note=note)
    shift(merge.merged, "merged", actor, now, into=merge.kept_id, note=merge.reason)
    _take_over(merge.kept, merge.merged, actor, now)
    return merge


@transaction.atomic
def merge_refuse(merge_id: int, *, note: str, actor: Actor, now: datetime) -> FindingMerge:
    """They are two matters, for the reason given."""
    merge: FindingMerge = FindingMerge.objects.visible_to(actor).locked(merge_id)
    merge.decided_by, merge.decided_at, merge.note = actor.user, now, note
    move("refuse", merge, actor, now, note=note)
    return merge


def _both(kept_id: int, merged_id: int, actor: Actor) -> list[Finding]:
    """Locked in one order, whichever is kept: two mergings must not wait for each other."""
    found = {
        pk: Finding.objects.visible_to(actor).locked(pk) for pk in sorted({kept_id, merged_id})
    }
    return [found[kept_id], found[merged_id]]


def _take_over(kept: Finding, merged: Finding, actor: Actor, now: datetime) -> None:
    """Tonnes of one matter are not added: the larger figure stands, and the graver judgement. Files
    and answers stay with the merged finding, which the kept one's page shows."""
    before = _facts(kept)
    kept.results.add(*merged.results.all())
    kept.tips.add(*merged.tips.all())
    kept.t_co2 = max(kept.t_co2, merged.t_co2)
    kept.t_allowance = max(kept.t_allowance, merged.t_allowance)
    kept.money = max((m for m in (kept.money, merged.money) if m is not None), default=None)
    kept.price = kept.price or merged.price
    kept.severity = max(kept.severity, merged.severity, key=Gravity.values.index)
    for name in TAKEN_WHERE_EMPTY:
        if not getattr(kept, name):
            setattr(kept, name, getattr(merged, name))
    kept.save()
    record("finding.take-over", kept, actor, now, merged=merged.pk, before=before,
           after=_facts(kept), results=list(merged.results.values_list("pk", flat=True)))  # fmt: skip


def _facts(finding: Finding) -> dict[str, Any]:
    return {
        "t_co2": str(finding.t_co2),
        "t_allowance": str(finding.t_allowance),
        "money": str(finding.money),
        "severity": finding.severity,
        **{name: getattr(finding, name) for name in TAKEN_WHERE_EMPTY},
    }
