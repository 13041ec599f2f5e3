"""`prepare`: bring the database to what this version needs; safe to run at every start."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Migrations, then the dated parameters that ship with the project."""

    help = "Migrate, and load the parameters that ship with the project."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One process for both steps, so that a warm start stays short."""
        call_command("migrate", interactive=False, verbosity=1)
        call_command("load_parameters")
