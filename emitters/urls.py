"""Routes."""

from django.urls import URLPattern

app_name = "emitters"
urlpatterns: list[URLPattern] = []
