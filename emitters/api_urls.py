"""Routes."""

from django.urls import URLPattern

app_name = "emitters-api"
urlpatterns: list[URLPattern] = []
