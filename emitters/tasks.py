"""Celery tasks of the emitting units."""

from celery import shared_task
from django.utils import timezone

from emitters.services import thresholds, waivers


@shared_task(name="emitters.end_waivers")
def end_waivers() -> None:
    """End the waivers whose time is over."""
    waivers.end_waivers(timezone.now())


@shared_task(name="emitters.suggest_retirements")
def suggest_retirements() -> None:
    """Suggest to retire the checks that are hardly ever right."""
    thresholds.suggest_retirements(timezone.now())
