"""Start-up of the app."""

from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    """enforcement"""

    name = "enforcement"
