"""What the frame of every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from carbonwatch.web.navigation import menu
from carbonwatch.worklist.models import WorkItem


def shell(request: HttpRequest) -> dict[str, Any]:
    """Menu, actor, number of open duties, idle time-out. Nothing for people not signed in."""
    actor = getattr(request, "actor", None)
    base = {
        "idle_minutes": settings.IDLE_MINUTES,
        "idle_warning": settings.IDLE_WARNING_MINUTES,
        "actor": actor,
    }
    if actor is None:
        return base
    return {**base, "menu": menu(actor), "to_do_count": WorkItem.objects.to_do(actor).count()}
