"""Celery tasks of the emitting units."""

from celery import shared_task
from django.utils import timezone

from emitters.services import waivers


@shared_task(name="emitters.end_waivers")
def end_waivers() -> None:
    """End the waivers whose time is over."""
    waivers.end_waivers(timezone.now())
