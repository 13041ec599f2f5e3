"""Where the service worker of the record page lies."""

from django.conf import settings

WORKER = settings.BASE_DIR / "static" / "js" / "record" / "worker.js"
