"""The life of a job row: asked for, claimed under a lease, finished once or refused with a reason.

The number of attempts is the fencing token: whoever lost the lease cannot finish, and what it wrote
in the same transaction is rolled back.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, models, transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from carbonwatch.jobs.models import Job, JobState
from carbonwatch.jobs.registry import handler_of

log = logging.getLogger(__name__)

OPEN = (JobState.WAITING, JobState.RUNNING)
BACK_OFF = timedelta(seconds=5)
UNHEARD = timedelta(seconds=10)  # a bell that nobody answered for so long is rung again
SWEEP_LIMIT = 200  # bells per sweep, so that a long queue is not flooded with echoes
FORGIVE_LIMIT = 5
AT_ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
DATABASE_GONE = (OperationalError, InterfaceError)
_QUIET: ContextVar[bool] = ContextVar("quiet", default=False)


class LeaseLost(Exception):
    """Another worker holds the job now: whatever this one did must be rolled back."""


@contextmanager
def by_hand() -> Iterator[None]:
    """Jobs asked for inside are done by whoever asks for them: no worker is called."""
    token = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(token)


def enqueue(
    kind: str,
    target: models.Model,
    *,
    payload: Mapping[str, Any] | None = None,
    actor: Actor | None,
    now: datetime,
) -> Job:
    """Ask for background work in the running transaction; the bell rings after the commit."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a job belongs to the transaction of the change that asks for it")
    handler_of(kind)
    job = Job.objects.create(
        kind=kind,
        target=target._meta.label_lower,
        target_id=target.pk,
        payload=dict(payload or {}),
        organisation=actor.organisation if actor else None,
        created_by=actor.user if actor else None,
        created_at=now,
    )
    if not _QUIET.get():
        transaction.on_commit(lambda: ring(job.pk), robust=True)  # a silent broker loses nothing
    return job


def ring(job_id: int) -> None:
    """Tell a worker that the job waits; a broker that is down fails at once."""
    with current_app.connection_for_write() as broker:
        broker.transport_options = {**broker.transport_options, **AT_ONCE}
        current_app.send_task("carbonwatch.run_job", args=[job_id], connection=broker, retry=False)


def job_for(target: models.Model) -> Job | None:
    """The newest job of an object."""
    return Job.objects.filter(target=target._meta.label_lower, target_id=target.pk).first()


def claim(job_id: int, now: datetime) -> Job | None:
    """Take a free job: the attempt is counted before anything is read. None when it is not free.

    A job whose attempts are used up is refused here instead.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    job = Job.objects.filter(free, pk=job_id, state__in=OPEN).first()
    if job is None:
        return None
    handler = handler_of(job.kind)
    if job.attempts - job.forgiven >= handler.attempts:
        _give_up(job, now)
        return None
    mine = Job.objects.filter(free, pk=job_id, state__in=OPEN, attempts=job.attempts)
    job.state, job.attempts = JobState.RUNNING, job.attempts + 1
    job.lease_until = now + handler.lease
    won = mine.update(state=job.state, attempts=job.attempts, lease_until=job.lease_until)
    return job if won else None


def progress(job: Job, percent: int, note: object = "", *, now: datetime | None = None) -> None:
    """A sign of life that others see at once and that renews the lease.

    Call it outside of a transaction. Raises `LeaseLost`.
    """
    lease = handler_of(job.kind).lease
    _held(job, progress=percent, note=str(note)[:400], lease_until=(now or timezone.now()) + lease)


def finish(job: Job, note: object = "", *, now: datetime | None = None) -> None:
    """End the job in the transaction that stores its effect. Raises `LeaseLost`."""
    _end(job, JobState.DONE, note, now)


def refuse(job: Job, note: object, *, now: datetime | None = None) -> None:
    """End the job without the wished effect, with the reason. Raises `LeaseLost`."""
    _end(job, JobState.REFUSED, note, now)


def _end(job: Job, state: JobState, note: object, now: datetime | None) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a job ends in the transaction of its effect")
    _held(
        job,
        state=state,
        progress=100,
        note=str(note)[:400],
        lease_until=None,
        finished_at=now or timezone.now(),
    )


def _held(job: Job, **changes: object) -> None:
    """Change the row only while this attempt is still the one that counts."""
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    if not mine.update(**changes):
        raise LeaseLost(f"job {job.pk}, attempt {job.attempts}")
    for name, value in changes.items():
        setattr(job, name, value)


@transaction.atomic
def _give_up(job: Job, now: datetime) -> None:
    """Refuse a job whose attempts are used up, together with what waits for it."""
    with translation.override(settings.LANGUAGE_CODE):
        reason = _(
            "处理该文件时已中断 %(n)s 次，系统不再重试。请检查文件是否损坏，重新另存后再次上传；"
            "仍不成功的，请联系系统管理员，任务编号 %(id)s。"
        ) % {
            "n": job.attempts - job.forgiven,
            "id": job.pk,
        }
    open_still = Job.objects.filter(pk=job.pk, state__in=OPEN, attempts=job.attempts)
    if not open_still.update(
        state=JobState.REFUSED, note=reason, lease_until=None, finished_at=now
    ):
        return
    job.refresh_from_db()
    on_refused = handler_of(job.kind).on_refused
    if on_refused is not None:
        on_refused(job, reason)


def run(job_id: int) -> None:
    """Do the job now, in this process. Safe to call twice, and at once from several workers."""
    job = claim(job_id, timezone.now())
    if job is None:
        return
    try:
        handler_of(job.kind).work(job)
        if job.state == JobState.RUNNING:
            raise RuntimeError(f"the handler of {job.kind} ended without finish() or refuse()")
    except LeaseLost:
        log.warning("lease of job %s lost in attempt %s", job_id, job.attempts)
    except DATABASE_GONE:
        log.exception("database gone during job %s", job_id)
        _release(job, forgive=1)
    except Exception:
        log.exception("job %s failed in attempt %s", job_id, job.attempts)
        _release(job)


def _release(job: Job, *, forgive: int = 0) -> None:
    """Give the lease back so that the sweeper tries again after a rest, or refuse.

    A database that went away is waited for a moment; if it stays away, the lease simply ends.
    """
    for _attempt in range(10):
        try:
            now = timezone.now()
            mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
            released = mine.update(
                state=JobState.WAITING,
                lease_until=now + BACK_OFF * job.attempts,
                forgiven=F("forgiven") + (forgive if job.forgiven < FORGIVE_LIMIT else 0),
            )
            break
        except DATABASE_GONE:
            time.sleep(1)
            close_old_connections()
    else:
        return
    used_up = job.attempts - job.forgiven >= handler_of(job.kind).attempts
    if released and used_up and not forgive:
        _give_up(job, now)


def sweep(now: datetime) -> int:
    """Ring again for jobs that wait unheard and for those whose lease ran out; how many."""
    unheard = Q(state=JobState.WAITING, created_at__lte=now - UNHEARD) & (
        Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    )
    lost = Q(state=JobState.RUNNING, lease_until__lte=now)
    found = Job.objects.filter(unheard | lost).order_by("pk").values_list("pk", flat=True)
    pks = list(found[:SWEEP_LIMIT])
    for pk in pks:
        ring(pk)
    return len(pks)
