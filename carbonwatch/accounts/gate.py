"""Nobody works with a password that somebody else has seen."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

OPEN_ROUTES = {
    "password-change",
    "sign-out",
    "sign-in",
    "session-touch",
    "set_language",
    "healthz",
    "readyz",
}


class PasswordGate:
    """Leads people with a one-time password to the page where they choose their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Everything happens once the route is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Redirect pages; answer programs with a problem."""
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        if request.resolver_match is None or request.resolver_match.view_name in OPEN_ROUTES:
            return None
        if request.path.startswith("/api/"):
            text = _("请先登录网页修改初始密码，再使用接口。")
            body = {"type": "about:blank#forbidden", "title": text, "status": 403, "detail": text}
            return JsonResponse(body, status=403, content_type="application/problem+json")
        return redirect("password-change")
