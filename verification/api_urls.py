"""Routes."""

from django.urls import URLPattern

app_name = "verification-api"
urlpatterns: list[URLPattern] = []
