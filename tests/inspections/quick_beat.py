"""The project's own beat, every second instead of every half hour: `celery -A … beat`."""

from django.conf import settings

from carbonwatch.celery import app

WANTED = ("climb-ladder", "watch-deadlines")
app.conf.beat_schedule = {
    name: {**settings.CELERY_BEAT_SCHEDULE[name], "schedule": 1.0} for name in WANTED
}
