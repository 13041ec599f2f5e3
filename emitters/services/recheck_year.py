"""Checking all stored reports of a year again: by the province's wish, and at night where something has
changed. Each version in its own transaction, so that nobody waits for the whole year."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as term

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.ledger import record
from carbonwatch.jobs.models import Job
from carbonwatch.jobs.registry import job_handler
from carbonwatch.jobs.service import enqueue, finish, progress
from carbonwatch.params.service import in_force
from carbonwatch.refusals import Forbidden, Invalid, WrongState
from emitters.models import AnnualReport, CheckRun, ReportVersion, YearRecheck
from emitters.peers import Features, Peers
from emitters.selectors.peers import Compared
from emitters.selectors.rechecks import stamp_now, years_behind
from emitters.services.recheck import living, recheck

RECHECK_YEAR = "report.recheck_year"
CHANGED = term("数据、参数或规则有变化，夜间自动重新校核")
"""Reason of the nightly re-check."""
BATCH = 20  # versions between two signs of life
PASSES = 2


@transaction.atomic
def recheck_year_ask(*, year: int, reason: str, actor: Actor | None, now: datetime) -> YearRecheck:
    """Have the stored reports of a year checked again; the one that is asked for already, if any.

    Raises `Forbidden`, and `Invalid` for a year without reports.
    """
    if actor is not None and not actor.may(Perm.REPORT_DECIDE):
        raise Forbidden()
    reports = AnnualReport.objects.filter(year=year)
    if not living(reports):
        raise Invalid(
            _("该年度没有可以重新校核的报告。"), fields={"year": [_("请选择有报告的年度。")]}
        )
    asked, new = YearRecheck.objects.get_or_create(
        year=year,
        done_at=None,
        defaults={
            "reason": reason,
            "asked_by": None if actor is None else actor.user,
            "asked_at": now,
        },
    )
    if new:
        record(RECHECK_YEAR, asked, actor, now, year=year, reason=reason)
        enqueue(RECHECK_YEAR, asked, actor=actor, now=now)
    return asked


def recheck_changed(now: datetime) -> list[YearRecheck]:
    """Ask for the re-check of every year in which something has changed since the last one."""
    return [
        recheck_year_ask(year=year, reason=CHANGED, actor=None, now=now) for year in years_behind()
    ]


@dataclass(frozen=True)
class Tally:
    """What a re-check of many versions has come to."""

    checked: int = 0
    changed: int = 0
    added: int = 0
    ended: int = 0

    def plus(self, run: CheckRun | None) -> "Tally":
        """With one more version."""
        if run is None:
            return replace(self, checked=self.checked + 1)
        return Tally(
            self.checked + 1, self.changed + 1, self.added + run.added, self.ended + run.ended
        )


def give_up(job: Job, reason: str) -> None:
    """The re-check broke off too often: what was checked stays, and it can be asked for again."""
    YearRecheck.objects.filter(pk=job.target_id, done_at=None).update(
        done_at=timezone.now(), note=reason
    )


@job_handler(RECHECK_YEAR, lease_seconds=300, attempts=3, on_refused=give_up)
def recheck_year_job(job: Job) -> None:
    """The work of a worker. Broken off and taken up again it finds what is done unchanged."""
    asked = YearRecheck.objects.get(pk=job.target_id)
    seen, tally = stamp_now(), Tally()
    for done, total, so_far in recheck_year(asked.year, asked.reason):
        tally = so_far
        if done % BATCH == 0:
            progress(job, min(99, 100 * done // total), _("正在校核"))
    with transaction.atomic():
        now = timezone.now()
        asked.done_at, asked.stamp = now, seen
        asked.checked, asked.changed = tally.checked, tally.changed
        asked.added, asked.ended = tally.added, tally.ended
        asked.save()
        finish(job, _("已完成"), now=now)


def recheck_year(year: int, reason: str) -> Iterator[tuple[int, int, Tally]]:
    """Check every living version of a year: after each how many are done, of how many, and the tally.

    What the versions contribute to comparisons is that of the last time. Where the pass changes it,
    all are compared once more.
    """
    versions, tally = living(AnnualReport.objects.filter(year=year)), Tally()
    for _pass in range(PASSES):
        one = Pass(year)
        for at, version in enumerate(versions, 1):
            try:
                run = one.check(version, reason)
            except WrongState:  # replaced meanwhile
                continue
            tally = tally.plus(run)
            yield at, len(versions), replace(tally, checked=min(tally.checked, len(versions)))
        if not one.moved:
            break


class Pass:
    """One look at all versions of a year, compared with what was stored when it began."""

    def __init__(self, year: int) -> None:
        self.compared = Compared(year, in_force())
        self.moved = False

    def check(self, version: ReportVersion, reason: str) -> CheckRun | None:
        """One version, in its own transaction."""

        def peers_of(own: Features) -> Peers:
            self.moved |= self.compared.moved(version, own)
            return self.compared.of(version, own)

        return recheck(version.pk, reason=reason, now=timezone.now(), peers_of=peers_of)
