"""Wiring of the interface for programs: tokens, schema, then each app's endpoints."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from carbonwatch.accounts.api import TokenCreate, TokenRevoke

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("v1/token/", TokenCreate.as_view(), name="api-token"),
    path("v1/token/revoke/", TokenRevoke.as_view(), name="api-token-revoke"),
    path("v1/", include("emitters.api_urls")),
    path("v1/", include("verification.api_urls")),
    path("v1/", include("inspections.api_urls")),
    path("v1/", include("enforcement.api_urls")),
]
