"""Puts the actor on the request and ends idle sessions."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from carbonwatch.accounts.models import Actor, Membership

TOUCH_SECONDS = 60


def actor_of(request: HttpRequest) -> Actor | None:
    """The signed-in person in the organisation chosen for this session (the first one otherwise)."""
    user = request.user
    if not user.is_authenticated:
        return None
    organisation = None
    chosen = request.session.get("organisation_id")
    if chosen:
        membership = (
            Membership.objects.filter(user=user, organisation_id=chosen)
            .select_related("organisation")
            .first()
        )
        organisation = membership.organisation if membership else None
    return Actor.of(user, organisation, ip=request.META.get("REMOTE_ADDR", ""))


class ActorMiddleware:
    """`request.actor` for every request; the session is prolonged at most once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor, and touch the session unless the request is only a poll."""
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        if request.user.is_authenticated and not request.headers.get("X-Poll"):
            now = int(timezone.now().timestamp())
            if now - request.session.get("touched", 0) > TOUCH_SECONDS:
                request.session["touched"] = now
                request.session.set_expiry(settings.IDLE_MINUTES * 60)
        return self.get_response(request)
