"""What REST framework is told in settings: who calls, what they may, how lists are paged.

Apart from `api.py`, because REST framework loads these while its own views are being imported.
"""

from typing import Any

from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from carbonwatch.accounts.middleware import actor_of
from carbonwatch.audit.refusals import record_refusal


class BearerAuthentication(TokenAuthentication):
    """Tokens of django-rest-knox: only a digest is stored, they expire. First in the list, so that
    an unauthenticated call is answered 401."""

    def authenticate_credentials(self, token: bytes) -> tuple[Any, Any]:
        """As knox does; bytes that are no text are a wrong token, not an error of ours."""
        try:
            return super().authenticate_credentials(token)
        except UnicodeDecodeError as error:
            raise AuthenticationFailed() from error

    def authenticate_header(self, request: Request) -> str:
        """For `WWW-Authenticate`."""
        return "Bearer"


class Pages(PageNumberPagination):
    """50 rows a page, at most 200 with `?page_size=`."""

    page_size_query_param = "page_size"
    max_page_size = 200


class NamedPermission(BasePermission):
    """The endpoint's permission, held by one of the actor's posts."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """401 without a sign-in, 403 without the permission."""
        if not request.user or not request.user.is_authenticated:
            return False
        view.actor = actor_of(request)
        if view.actor is not None and view.actor.may(str(view.permission_for(request.method))):
            return True
        if view.actor is not None:
            record_refusal(view.actor, f"{request.method} {request.path}", "api", timezone.now())
        return False
