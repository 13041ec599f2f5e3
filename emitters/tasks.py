"""Celery tasks of the emitting units."""

from celery import shared_task
from django.utils import timezone

from emitters.services import recheck_year, thresholds, waivers


@shared_task(name="emitters.end_waivers")
def end_waivers() -> None:
    """End the waivers whose time is over."""
    waivers.end_waivers(timezone.now())


@shared_task(name="emitters.suggest_retirements")
def suggest_retirements() -> None:
    """Suggest to retire the checks that are hardly ever right."""
    thresholds.suggest_retirements(timezone.now())


@shared_task(name="emitters.recheck_changed")
def recheck_changed() -> None:
    """Check the years again in which data, parameters or rules have changed."""
    recheck_year.recheck_changed(timezone.now())
