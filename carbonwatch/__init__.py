"""CarbonWatch: the foundation under the four apps."""

from carbonwatch.celery import app as celery_app

__all__ = ["celery_app"]
