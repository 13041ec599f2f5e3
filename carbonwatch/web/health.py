"""`/healthz`: the process is alive. `/readyz`: database, cache, broker and a worker answer."""

import asyncio

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from health_check.views import HealthCheckView
from redis.asyncio import Redis

from carbonwatch.celery import app


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Plain "ok"; touches nothing, so that a lost database does not restart a healthy process."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


def broker() -> Redis:
    """A new client of the broker for one check."""
    return Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


class Readyz(HealthCheckView):
    """JSON `{"status": "ok" | "failed", "checks": {name: "ok" | "failed"}}`; 503 when one fails.

    Details stay in the log: the page is public.
    """

    checks = (
        "health_check.checks.Database",
        "health_check.checks.Cache",
        ("health_check.contrib.redis.Redis", {"client_factory": broker}),
        ("health_check.contrib.celery.Ping", {"app": app, "limit": 1}),
    )
    names = {"Database": "database", "Cache": "cache", "Redis": "broker", "Ping": "worker"}

    async def get(self, request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
        """Run all checks side by side."""
        results = await asyncio.gather(*(check.get_result() for check in self.get_checks()))
        checks = {
            self.names[type(r.check).__name__]: "failed" if r.error else "ok" for r in results
        }
        failed = "failed" in checks.values()
        return JsonResponse(
            {"status": "failed" if failed else "ok", "checks": checks},
            status=503 if failed else 200,
        )
