"""Celery tasks of the job table: an id in, one service call."""

from celery import shared_task
from django.utils import timezone

from carbonwatch.jobs import service
from carbonwatch.web.idempotency import purge


@shared_task(name="carbonwatch.run_job")
def run_job(job_id: int) -> None:
    """Answer the bell of one job."""
    service.run(job_id)


@shared_task(name="carbonwatch.sweep_jobs")
def sweep_jobs() -> None:
    """Ring again for what nobody answered; forget old answers."""
    now = timezone.now()
    service.sweep(now)
    purge(now)
