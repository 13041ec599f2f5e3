"""Around every request: an id and a log line; words when the database is down."""

import logging
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from structlog.contextvars import bind_contextvars, clear_contextvars

log = logging.getLogger("carbonwatch.web")
GetResponse = Callable[[HttpRequest], HttpResponse]
RETRY_AFTER_SECONDS = 30
CONNECTION_CLASSES = (
    "08",
    "57P0",
    "53",
)  # connection lost, shutting down or starting, too many connections
UNLOGGED = ("/healthz", "/readyz")  # asked every few seconds
TITLE = "系统暂时无法使用"
TEXT = "数据库正在恢复，您刚才的操作没有保存。请稍候一两分钟后重试；已提交成功的内容不会丢失。"
TITLE_EN = "The system is briefly unavailable"
TEXT_EN = (
    "The database is coming back. What you just did was not saved: please try again in a minute "
    "or two. Nothing that was accepted is lost."
)


class DatabaseDown:
    """A lost database gives 503 with words, wherever in the request it shows."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Views are covered by `process_exception`; this covers the middleware around them."""
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as error:
            if not is_connection_loss(error):
                raise
            return unavailable(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """An exception of the view."""
        if isinstance(error, OperationalError | InterfaceError) and is_connection_loss(error):
            return unavailable(request, error)
        return None


def is_connection_loss(error: Exception) -> bool:
    """Whether the connection is the trouble, rather than the statement (such as a lock)."""
    if isinstance(error, InterfaceError):
        return True
    code = getattr(error.__cause__, "pgcode", None)
    return code is None or str(code).startswith(CONNECTION_CLASSES)  # no code: no server gave one


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer, without templates (their context needs the database)."""
    log.error("database unavailable: %s", str(error).strip().replace("\n", " "))
    if request.path.startswith("/api/"):
        body = {
            "type": "about:blank#unavailable",
            "title": TITLE,
            "status": 503,
            "detail": f"{TEXT} {TEXT_EN}",
        }
        response: HttpResponse = JsonResponse(
            body, status=503, content_type="application/problem+json"
        )
    else:
        response = HttpResponse(page(), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def page() -> str:
    """A whole page in both languages; only the style sheet is fetched."""
    return f"""<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{TITLE} · {TITLE_EN}</title>
<link rel="stylesheet" href="{static("vendor/bootstrap.min.css")}"></head>
<body class="bg-body-tertiary"><main class="container py-5" role="alert">
<h1 class="h3">{TITLE}</h1><p>{TEXT}</p>
<div lang="en"><h2 class="h5 mt-4">{TITLE_EN}</h2><p>{TEXT_EN}</p></div>
</main></body></html>
"""


class RequestLog:
    """One line a request: method, path (no query: it may name people), status, time, person."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Bind the id for every line of this request and give it back in `X-Request-ID`."""
        request_id = uuid.uuid4().hex
        request.id = request_id  # type: ignore[attr-defined]
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        started = time.monotonic()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        actor = None if getattr(request, "nameless", False) else getattr(request, "actor", None)
        log.log(
            logging.DEBUG if request.path in UNLOGGED else logging.INFO,
            "%s %s %s",
            request.method,
            request.path,
            response.status_code,
            extra={
                "ms": round((time.monotonic() - started) * 1000),
                "user": actor.user.pk if actor else None,
            },
        )
        return response


class ClientAddress:
    """Behind our own proxies the caller is named in X-Forwarded-For: sign-in limits need that address.

    `TRUSTED_PROXIES` is how many proxies of ours stand in front; what stands further left in the
    header was written by the caller and is not believed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the caller's address where everybody looks for it."""
        named = [a.strip() for a in request.headers.get("X-Forwarded-For", "").split(",")]
        if 0 < settings.TRUSTED_PROXIES <= len(named) and named[-settings.TRUSTED_PROXIES]:
            request.META["REMOTE_ADDR"] = named[-settings.TRUSTED_PROXIES]
        return self.get_response(request)
