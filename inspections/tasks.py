"""Celery tasks of inspections."""

from celery import shared_task
from django.utils import timezone

from inspections.services import ladder


@shared_task(name="inspections.climb_ladder")
def climb_ladder() -> None:
    """Let overdue rectification climb to who has to hear of it."""
    ladder.climb_ladder(timezone.now())
