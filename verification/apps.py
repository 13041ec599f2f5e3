"""Start-up of the app."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """verification"""

    name = "verification"
