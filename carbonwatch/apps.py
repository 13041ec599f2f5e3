"""Start-up of the app."""

from django.apps import AppConfig


class CarbonwatchConfig(AppConfig):
    """carbonwatch"""

    name = "carbonwatch"
