"""Checking again what is stored: after outside records, thresholds or rules have changed.

Facts are never touched. Results that no longer hold are ended, new ones added; questions follow as at
the intake. Where nothing differs nothing is written.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as term

from carbonwatch.accounts.models import Actor
from carbonwatch.audit.ledger import record
from carbonwatch.checks.registry import AROUND
from carbonwatch.jobs.models import Job
from carbonwatch.jobs.registry import job_handler
from carbonwatch.jobs.service import finish
from carbonwatch.params.service import in_force
from carbonwatch.refusals import WrongState
from carbonwatch.workflow.moves import shift_all
from emitters.fingerprint import plain
from emitters.models import AnnualReport, CheckResult, CheckRun, ReportVersion
from emitters.selectors.peers import peers_with
from emitters.services.checking import (
    Checked,
    PeersOf,
    ask,
    check_report,
    keep_features,
    result_rows,
    write_figures,
)
from emitters.services.scores import SCORED
from emitters.services.summaries import summarised
from emitters.store import load_facts

RECHECK = "report.recheck"
PEERS = term("与同类比较")
"""Reason of the re-check that follows an intake."""
FIGURES = (
    "risk_score",
    "risk_band",
    "acceptance",
    "t_reported",
    "t_recomputed",
    "t_allowance",
    "t_at_stake",
    "money_at_stake",
    "catalogue",
)
WRITTEN = (*FIGURES, "checked_at", "risk", "not_run")
CONTENT = (
    "check_code",
    "letter",
    "severity",
    "generator",
    "months",
    "cells",
    "direction",
    "t_co2",
    "t_allowance",
    "money",
    "parameters",
    "root",
    "fingerprint",
)


@dataclass(frozen=True)
class Differences:
    """Stored results that no longer hold, and results that are not stored yet."""

    ended: Sequence[CheckResult]
    added: Sequence[CheckResult]


def living(reports: Iterable[AnnualReport]) -> list[ReportVersion]:
    """The versions that are worth checking again: the one that counts and the draft after it."""
    found = ReportVersion.objects.filter(report__in=reports, status__in=SCORED)
    return list(found.select_related("report__unit__organisation").order_by("report", "number"))


@transaction.atomic
def recheck(
    version_id: int,
    *,
    reason: str,
    now: datetime,
    actor: Actor | None = None,
    peers_of: PeersOf | None = None,
) -> CheckRun | None:
    """Run every check of a stored version again, among what is stored now; None when nothing differs.

    `peers_of` is given when many versions are compared with the same others. Raises `WrongState` for a
    version that was refused or superseded.
    """
    version = locked(version_id)
    facts = load_facts([version])[version.pk]
    compared = peers_of or (lambda own: peers_with(version, own, in_force()))
    checked = check_report(version, facts, compared)
    run = rewrite(version, checked, reason=reason, now=now, actor=actor)
    if run is None and actor is not None:  # a person's act, even without effect
        record(RECHECK, version, actor, now, reason=reason, added=0, ended=0)
    return run


def locked(version_id: int) -> ReportVersion:
    """The version with its report, both locked, the report first. Raises `WrongState`."""
    seen = ReportVersion.objects.select_related("report__unit__organisation").get(pk=version_id)
    report = AnnualReport.objects.select_for_update().get(pk=seen.report_id)
    report.unit = seen.report.unit
    version = ReportVersion.objects.select_for_update().get(pk=version_id)
    version.report = report
    if version.status not in SCORED:
        raise WrongState(_("该版本未能读取或已被替代，不再重新校核。"))
    return version


def rewrite(
    version: ReportVersion, checked: Checked, *, reason: str, now: datetime, actor: Actor | None
) -> CheckRun | None:
    """Write what a new run says of a locked version; None, and no result written, when it says the
    same as what is stored."""
    keep_features(version, checked)
    was = {name: getattr(version, name) for name in WRITTEN}
    write_figures(version, checked, now)
    rows = result_rows(version, checked)
    kept = version.results.current().exclude(check_code__in=checked.run.crashed)
    differences = compare(kept, rows)
    if not (differences.ended or differences.added or _moved(was, version)):
        if was["not_run"] != version.not_run:  # the same rules did not run, for another reason
            version.save(update_fields=["not_run"])
        return None
    newer = version.report.versions.filter(number__gt=version.number, status__in=SCORED)
    with summarised(version.report):
        asked = ask(version, rows, now, crashed=checked.run.crashed, newest=not newer.exists())
        run = _write(version, differences, was, reason, now)
        shift_all(asked, now)
    record(
        RECHECK,
        version,
        actor,
        now,
        reason=reason,
        added=run.added,
        ended=run.ended,
        before=run.before,
        after=run.after,
    )
    return run


def _moved(was: Mapping[str, Any], version: ReportVersion) -> bool:
    """Whether figures changed, or which rules did not run."""
    figures = any(was[name] != getattr(version, name) for name in (*FIGURES, "risk"))
    return figures or was["not_run"].keys() != version.not_run.keys()


def compare(stored: Iterable[CheckResult], found: Iterable[CheckResult]) -> Differences:
    """Results by their whole content: a changed tonnage or threshold ends one and adds another."""
    left: dict[str, list[CheckResult]] = {}
    for result in stored:
        left.setdefault(_content(result), []).append(result)
    added = []
    for result in found:
        twins = left.get(_content(result))
        if twins:
            twins.pop()
        else:
            added.append(result)
    return Differences([r for rest in left.values() for r in rest], added)


def _content(result: CheckResult) -> str:
    """All but what others' data say, which moves with every report that comes in."""
    content = [getattr(result, name) for name in CONTENT]
    content.append({k: v for k, v in result.values.items() if k != AROUND})
    return json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder)


def _write(
    version: ReportVersion,
    differences: Differences,
    was: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> CheckRun:
    version.save(update_fields=WRITTEN)
    run = CheckRun.objects.create(
        version=version,
        at=now,
        reason=reason,
        before=plain({name: was[name] for name in FIGURES}),
        after=plain({name: getattr(version, name) for name in FIGURES}),
        added=len(differences.added),
        ended=len(differences.ended),
    )
    gone = [r.pk for r in differences.ended]
    CheckResult.objects.filter(pk__in=gone).update(ended=run)
    for result in differences.added:
        result.begun = run
    CheckResult.objects.bulk_create(differences.added)
    return run


@job_handler(RECHECK)
def recheck_job(job: Job) -> None:
    """The work of a worker: one version, for the reason in the payload."""
    now, note = timezone.now(), _("已完成")
    with transaction.atomic():
        try:
            recheck(job.target_id, reason=job.payload["reason"], now=now)
        except WrongState as replaced:  # meanwhile
            note = str(replaced.message)
        finish(job, note, now=now)
