"""Endpoints: each names its permission, starts from the viewer, and answers errors as problem details."""

from typing import Any, ClassVar

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.views import exception_handler as drf_handler

from carbonwatch.accounts.models import Actor
from carbonwatch.audit.refusals import record_refusal
from carbonwatch.refusals import Forbidden, Refused
from carbonwatch.web.idempotency import once
from carbonwatch.web.pages import PermissionMissing
from carbonwatch.web.rest import Pages

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object"},
    },
}
REPEATABLE = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="同一编号的重复请求只生效一次，48 小时内返回同一答复。",
)


def answers(out: Any, *, takes: Any = None, many: bool = False, status: int = 200) -> Any:
    """Describe an endpoint's method for the schema: what it takes, what it gives, how it refuses."""
    responses = {status: out(many=True) if many else out}
    responses |= {
        (code, "application/problem+json"): PROBLEM for code in (400, 401, 403, 404, 409, 422)
    }

    def described(method: Any) -> Any:
        extra = [REPEATABLE] if method.__name__ != "get" else []
        return extend_schema(request=takes, responses=responses, parameters=extra)(method)

    return described


class Endpoint(APIView):
    """Base of every endpoint. `permission` for all methods, or `permissions` by method.

    Declare `In`/`Out` serializers inside the class. Writes carry an `Idempotency-Key`.
    """

    permission: ClassVar[str | None] = None
    permissions: ClassVar[dict[str, str]] = {}
    abstract: ClassVar[bool] = True
    actor: Actor

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "abstract" not in cls.__dict__:
            cls.abstract = False
        if not cls.abstract and cls.permission is None and not cls.permissions:
            raise PermissionMissing(f"{cls.__module__}.{cls.__name__} names no permission")

    def permission_for(self, method: str | None) -> str:
        """The right that the method needs."""
        return self.permissions.get((method or "GET").upper(), self.permission or "")

    def once(self, request: Request, compute: Any) -> HttpResponseBase:
        """Run a write once per `Idempotency-Key` and answer the same again when it is repeated."""
        return once(request, self.actor, compute)

    def page_of(self, request: Request, queryset: Any, out: Any) -> Response:
        """One page of a scoped queryset."""
        pages = Pages()
        rows = pages.paginate_queryset(queryset, request, view=self)
        return pages.get_paginated_response(out(rows, many=True).data)


def problem_details(exc: Exception, context: dict[str, Any]) -> Response | None:
    """RFC 9457: `type`, `title`, `status`, `detail`, and `errors` by field."""
    request = context["request"]
    if isinstance(exc, Refused):
        if isinstance(exc, Forbidden) and getattr(context["view"], "actor", None):
            record_refusal(
                context["view"].actor,
                f"{request.method} {request.path}",
                str(exc.message),
                timezone.now(),
            )
        body = _problem(exc.kind, exc.status, str(exc.message))
        if exc.fields:
            body["errors"] = {k: [str(t) for t in v] for k, v in exc.fields.items()}
        return Response(body, status=exc.status, content_type="application/problem+json")
    response = drf_handler(exc, context)
    if response is None:
        return None
    detail = (
        _("请求内容有误，请按 errors 逐项改正。")
        if isinstance(exc, exceptions.ValidationError)
        else ""
    )
    if isinstance(exc, Http404):
        detail = _("没有找到该内容，或您无权查看。")
    body = _problem(
        getattr(exc, "default_code", "error"),
        response.status_code,
        detail or str(getattr(exc, "detail", exc)),
    )
    if isinstance(exc, exceptions.ValidationError):
        body["errors"] = response.data
    response.data = body
    response.content_type = "application/problem+json"
    return response


def _problem(kind: str, status: int, detail: str) -> dict[str, Any]:
    titles = {
        401: _("请先登录或提供令牌"),
        403: _("没有权限"),
        404: _("没有找到"),
        409: _("状态不符"),
        422: _("无法办理"),
    }
    return {
        "type": f"about:blank#{kind}",
        "title": str(titles.get(status, _("请求有误"))),
        "status": status,
        "detail": detail,
    }
