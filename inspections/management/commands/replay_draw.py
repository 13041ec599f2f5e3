"""Redo a published draw and compare."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inspections.lots import NotDrawable, replay


class Command(BaseCommand):
    """`replay_draw RECORD.json`."""

    help = "Redo a published draw from its record alone, without a database (docs/draw.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The record as downloaded from the public page."""
        parser.add_argument("record", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the result; exit 0: all follows from the record; 1: it does not; 2: no record."""
        try:
            record = json.loads(options["record"].read_text(encoding="utf-8"))
            wrong = replay(record)
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = str(error) if isinstance(error, OSError | NotDrawable) else repr(error)
            raise CommandError(f"not a record of a draw: {reason}", returncode=2) from error
        for number, row in enumerate(record["result"], 1):
            self.stdout.write(f"{number} {row['code']} {', '.join(row['inspectors'])}")
        for line in wrong:
            self.stdout.write(f"WRONG {line}")
        if wrong:
            raise SystemExit(1)
        self.stdout.write(f"{len(record['result'])} units: all follows from the record")
