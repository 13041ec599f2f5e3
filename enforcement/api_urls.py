"""Routes."""

from django.urls import URLPattern

app_name = "enforcement-api"
urlpatterns: list[URLPattern] = []
