"""Celery tasks of the worklist."""

from celery import shared_task
from django.utils import timezone

from carbonwatch.worklist import reminders


@shared_task(name="carbonwatch.watch_deadlines")
def watch_deadlines() -> None:
    """Remind of what is nearly due and of what is late."""
    reminders.watch_deadlines(timezone.now())
