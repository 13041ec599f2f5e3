"""Dry runs of proposed thresholds over the stored reports that count. They change nothing but
their own rows."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from carbonwatch.jobs.models import Job
from carbonwatch.jobs.registry import job_handler
from carbonwatch.jobs.service import enqueue, finish, progress
from carbonwatch.params.service import decimals, in_force
from carbonwatch.params.values import Parameters, Value
from carbonwatch.workflow.moves import shift
from emitters.fingerprint import plain
from emitters.models import ReportVersion, ThresholdProposal, TrialResult, TrialScore
from emitters.models.thresholds import Change, data_stamp
from emitters.peers import Peers, population_rules
from emitters.privacy import without_others
from emitters.risk import Found
from emitters.selectors.cleared import cleared_of
from emitters.selectors.peers import Compared
from emitters.services.checking import context_of
from emitters.services.scores import CENT
from emitters.store import load_facts
from emitters.thresholds import check_of
from emitters.trial import Trial, applies_to, revised, try_on

TRIAL = "threshold.trial"
BATCH = 20


def ask_trial(proposal: ThresholdProposal, *, actor: Actor, now: datetime) -> Job:
    """Ask for the dry run of a proposal."""
    return enqueue(TRIAL, proposal, actor=actor, now=now)


def give_up(job: Job, reason: str) -> None:
    """The dry run broke off too often."""
    proposal = ThresholdProposal.objects.select_for_update().get(pk=job.target_id)
    if proposal.status == "proposed":
        shift(proposal, "failed", None, timezone.now(), reason=reason)


@job_handler(TRIAL, lease_seconds=300, attempts=2, on_refused=give_up)
def trial_job(job: Job) -> None:
    """The work of a worker."""
    proposal = ThresholdProposal.objects.get(pk=job.target_id)
    if proposal.status != "proposed":
        with transaction.atomic():
            finish(job, _("已处理"))
        return
    seen, params = data_stamp(), in_force()
    versions = list(
        ReportVersion.objects.filter(
            report__year__in=proposal.years, pk=F("report__current")
        ).select_related("report__unit__organisation")
    )
    collected = Collected(proposal)
    among = Among(params, value_of(proposal, params))
    for start in range(0, len(versions), BATCH):
        progress(job, 100 * start // len(versions), _("正在试算"))
        _try_batch(proposal, versions[start : start + BATCH], among, collected)
    with transaction.atomic():
        _store(proposal.pk, collected, seen, timezone.now())
        finish(job, _("已完成"))


def value_of(proposal: ThresholdProposal, held: Parameters) -> Value:
    """The proposed value as a dated parameter. Its unit is that of the values of its key."""
    known = held.by_key.get(proposal.key, ())
    return Value(
        proposal.key,
        decimals(proposal.value),
        known[-1].unit if known else "",
        proposal.valid_from,
        None,
        proposal.source,
        proposal.confidence,
    )


class Collected:
    """What the dry run of a proposal has found so far."""

    def __init__(self, proposal: ThresholdProposal) -> None:
        self.proposal = proposal
        self.results: list[TrialResult] = []
        self.scores: list[TrialScore] = []
        self.reports = self.drifted = 0
        self.crashed: set[str] = set()

    def add(self, version: ReportVersion, trial: Trial, *, applies: bool) -> None:
        """One report; `applies` says whether the value would be in force in its year."""
        self.reports += 1
        self.drifted += trial.before.score != version.risk_score
        self.crashed.update(trial.crashed)
        for change, found in (
            (Change.ADDED, trial.added),
            (Change.REMOVED, trial.removed),
            (Change.ALTERED, trial.altered),
        ):
            self.results += self._rows(version, change, found, applies)
        before, after = trial.before, trial.after
        was, now = (
            (r.score, r.band, r.acceptance, r.t_at_stake.quantize(CENT)) for r in (before, after)
        )
        if was != now:
            row = TrialScore(proposal=self.proposal, version=version, applies=applies)
            row.was_score, row.was_band, row.was_acceptance, row.was_t = was
            row.score, row.band, row.acceptance, row.t = now
            self.scores.append(row)

    def _rows(
        self,
        version: ReportVersion,
        change: str,
        found: Iterable[Found],
        applies: bool,  # noqa: FBT001
    ) -> Iterable[TrialResult]:
        own = version.report.unit.credit_code
        for one in found:
            hit = one.hit
            yield TrialResult(
                proposal=self.proposal,
                version=version,
                applies=applies,
                change=change,
                check_code=one.check.code,
                letter=hit.letter,
                severity=one.severity,
                generator=hit.generator,
                months=list(hit.months),
                cells=list(hit.cells),
                direction=hit.direction,
                t_co2=hit.t_co2.quantize(CENT),
                t_allowance=hit.t_allowance.quantize(CENT),
                values=without_others(plain(dict(hit.values)), own),
            )

    def totals(self) -> dict[str, Any]:
        """What the page says first."""
        return {
            "reports": self.reports,
            "drifted": self.drifted,
            "crashed": sorted(self.crashed),
            "applies": self._counts(applies=True),
            "earlier": self._counts(applies=False),
        }

    def _counts(self, *, applies: bool) -> dict[str, int]:
        results = [r for r in self.results if r.applies == applies]
        scores = [s for s in self.scores if s.applies == applies]
        return {
            **{c.value: sum(r.change == c for r in results) for c in Change},
            "scores": len(scores),
            "bands": sum(s.was_band != s.band for s in scores),
        }


class Among:
    """What the population rules find on the reports of a year that count, under the values in force
    and under the new one: judged once for a year, and twice only when the value is one of theirs."""

    def __init__(self, params: Parameters, new: Value) -> None:
        self.params, self.new = params, new
        check = check_of(new.key)
        self._theirs = check is not None and check.code in population_rules()
        self._compared: dict[int, Compared] = {}
        self._after: dict[int, Peers] = {}

    def _year(self, year: int) -> Compared:
        if year not in self._compared:
            self._compared[year] = Compared(year, self.params)
        return self._compared[year]

    def before(self, year: int) -> Peers:
        """Under the values in force."""
        return self._year(year).together

    def after(self, year: int) -> Peers:
        """Under the new value."""
        if not self._theirs:
            return self.before(year)
        if year not in self._after:
            params = revised(self.params, self.new, year)
            features = self._year(year).features.values()
            self._after[year] = Peers.judge(features, params, years=[year])
        return self._after[year]


def _try_batch(
    proposal: ThresholdProposal,
    versions: list[ReportVersion],
    among: "Among",
    collected: Collected,
) -> None:
    params, new, today = among.params, among.new, timezone.localdate()
    loaded = load_facts(versions)
    for version in versions:
        year = version.report.year
        context = context_of(version, loaded[version.pk], params)
        context = replace(context, peers=among.before(year))
        trial = try_on(context, new, cleared_of(version.report, today), among.after(year))
        collected.add(version, trial, applies=applies_to(new, year))


def _store(proposal_id: int, collected: Collected, seen: str, now: datetime) -> None:
    """Replace what an earlier dry run found, and hand the proposal on."""
    proposal = ThresholdProposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.status != "proposed":  # withdrawn meanwhile
        return
    proposal.results.all().delete()
    proposal.scores.all().delete()
    TrialResult.objects.bulk_create(collected.results, batch_size=500)
    TrialScore.objects.bulk_create(collected.scores, batch_size=500)
    proposal.tried_at, proposal.stamp, proposal.totals = now, seen, collected.totals()
    shift(proposal, "tried", None, now, totals=proposal.totals)
