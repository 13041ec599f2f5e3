"""Start-up of the app."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """inspections"""

    name = "inspections"
