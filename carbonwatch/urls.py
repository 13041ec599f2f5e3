"""Wiring of pages: the foundation's own, then each app's. Every path is declared once."""

from django.urls import include, path

from carbonwatch.web.health import Readyz, healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", Readyz.as_view(), name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/", include("carbonwatch.api_urls")),
    path("", include("carbonwatch.accounts.urls")),
    path("", include("carbonwatch.web.urls")),
    path("", include("emitters.urls")),
    path("", include("verification.urls")),
    path("", include("inspections.urls")),
    path("", include("enforcement.urls")),
]

handler400 = "carbonwatch.web.errors.bad_request"
handler403 = "carbonwatch.web.errors.forbidden"
handler404 = "carbonwatch.web.errors.not_found"
handler500 = "carbonwatch.web.errors.broken"
