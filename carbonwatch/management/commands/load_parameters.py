"""Load the parameters that ship with the project."""

from typing import Any

from django.core.management.base import BaseCommand

from carbonwatch.params.service import load_shipped


class Command(BaseCommand):
    """Safe to repeat: adds what is missing, leaves what is there."""

    help = "Load the shipped dated parameters into the database (can be repeated)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many."""
        added, kept = load_shipped()
        self.stdout.write(f"{added} parameters added, {kept} kept")
