"""Recompute the figures of the overview from the reports, and say what differed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from emitters.services.summaries import rebuild


class Command(BaseCommand):
    """`rebuild_summaries [--check]`: with --check nothing is written and a difference fails."""

    help = "Rebuild the summary rows of the overview, or only compare them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--check`."""
        parser.add_argument("--check", action="store_true", help="compare, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 when `--check` finds a difference."""
        differences = rebuild(check_only=options["check"])
        for row in differences:
            self.stdout.write(f"differs: {row}")
        if differences and options["check"]:
            raise CommandError(f"{len(differences)} summary rows differ from the reports")
        self.stdout.write(
            f"{len(differences)} rows {'differ' if options['check'] else 'rewritten'}"
        )
