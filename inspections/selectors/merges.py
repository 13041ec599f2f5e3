"""Reads of merging: what may be the same matter, what a finding has become or taken in."""

from typing import Any

from django.db.models import Q, QuerySet

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.documents.models import Attachment
from emitters.models import CheckResult
from inspections.flows import FINAL
from inspections.models import Finding, FindingMerge

MOST = 5


def likely_duplicates(finding: Finding, actor: Actor) -> QuerySet[Finding]:
    """Other findings of the same unit and year that name the same clause or rest on the same check."""
    codes = set(finding.results.values_list("check_code", flat=True))
    if finding.question is not None:
        codes.add(finding.question.check_code)
    same = Q(question__check_code__in=codes) | Q(
        pk__in=Finding.results.through.objects.filter(
            checkresult__in=CheckResult.objects.filter(check_code__in=codes)
        ).values("finding")
    )
    if finding.clause:
        same |= Q(clause=finding.clause)
    others = Finding.objects.visible_to(actor).filter(unit=finding.unit_id, year=finding.year)
    return others.exclude(pk=finding.pk).exclude(status__in=["rejected", "merged"]).filter(same)


def mergeable_with(finding: Finding, actor: Actor) -> QuerySet[Finding]:
    """The findings that it can become part of."""
    others = Finding.objects.visible_to(actor).filter(unit=finding.unit_id)
    return (
        others.exclude(pk=finding.pk).exclude(status__in=FINAL).select_related("unit__organisation")
    )


def merging_of(finding: Finding, actor: Actor) -> dict[str, Any] | None:
    """Panel of a finding: what it was merged into, what it has taken in with its files, what waits to
    be decided, and what may be the same matter. The unit reads only of findings that it knows."""
    seen = Finding.objects.visible_to(actor)
    done = FindingMerge.objects.filter(status="done")
    into = done.filter(merged=finding, kept__in=seen).select_related("kept").first()
    taken = list(done.filter(kept=finding, merged__in=seen).select_related("merged"))
    context: dict[str, Any] = {"into": into, "taken": taken}
    if actor.kind != OrgKind.UNIT:
        files = Attachment.objects.filter(
            target="inspections.finding", target_id__in=[m.merged_id for m in taken]
        )
        open_now = finding.status not in FINAL
        waiting = FindingMerge.objects.visible_to(actor).filter(
            Q(kept=finding) | Q(merged=finding), status="proposed"
        )
        context |= {
            "attachments": list(files),
            "waiting": list(waiting.select_related("kept__unit__organisation", "merged")),
            "alike": list(likely_duplicates(finding, actor)[:MOST]) if open_now else [],
            "may_merge": open_now and actor.may(Perm.FINDING_REGISTER),
        }
    return context if any(context.values()) else None
