"""The Celery application with a reader that kills its process, as a damaged library might."""

import os

import carbonwatch.celery
from emitters.services import intake

app = carbonwatch.celery.app
app.set_default()
intake.read_report = lambda *_arguments, **_more: os.abort()
