"""Start-up of the app."""

from django.apps import AppConfig


class EmittersConfig(AppConfig):
    """emitters"""

    name = "emitters"
