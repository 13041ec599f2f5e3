"""Celery: rings the bell for the job rows of `carbonwatch.jobs`, and beats the clock.

Connections inherited by forked workers are closed by Celery's own Django fixup.
"""

import os
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carbonwatch.settings")

app = Celery("carbonwatch")
app.set_default()  # threads other than the first find this app too
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["carbonwatch.jobs", "carbonwatch.worklist"])


@setup_logging.connect
def use_django_logging(**_kwargs: Any) -> None:
    """Lines of the worker look like those of the web."""
    dictConfig(settings.LOGGING)
