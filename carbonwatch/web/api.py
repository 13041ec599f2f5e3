"""Endpoints: each names its permission, starts from the viewer, and answers errors as problem details."""

from typing import Any, ClassVar

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import exceptions, serializers
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


def _page(out: Any) -> Any:
    """A page of rows as the paginator gives it."""
    fields = {
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": out(many=True),
    }
    return inline_serializer(f"{out.__name__}Page", fields)


def answers(
    out: Any, *, takes: Any = None, many: bool = False, paged: bool = False, status: int = 200
) -> Any:
    """Describe an endpoint's method for the schema: what it takes, what it gives (one, `many`, or a
    page of them with `paged`), how it refuses."""
    answer = _page(out) if paged else out(many=many)
    responses = {status: answer}
    responses |= {
        (code, "application/problem+json"): PROBLEM for code in (400, 401, 403, 404, 409, 422)
    }

    def described(method: Any) -> Any:
        app, owner = method.__module__.split(".")[0], method.__qualname__.replace(".", "_")
        return extend_schema(
            operation_id=f"{app}_{owner}".lower(),
            request=takes,
            responses=responses,
            parameters=[REPEATABLE] if method.__name__ != "get" else [],
        )(method)

    return described


class BearerScheme(OpenApiAuthenticationExtension):
    """How the schema names our tokens."""

    target_class = "carbonwatch.web.rest.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """`Authorization: Bearer …`."""
        return {"type": "http", "scheme": "bearer"}


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
        rows: Any = pages.paginate_queryset(queryset, request, view=self)
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
