"""`manage.py publish_ledger_head [--out FILE]`: the head of the audit chain, for publication."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from carbonwatch.audit.models import AuditEvent


class Command(BaseCommand):
    """Prints the number, digest and time of the newest entry."""

    help = "Print the head of the audit chain (count, digest, algorithm, time) as one JSON line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--out`."""
        parser.add_argument("--out", type=Path, help="append the line to this file as well")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the head, taken from the newest entry itself."""
        last = AuditEvent.objects.order_by("-seq").first()
        head = {
            "count": last.seq if last else 0,
            "digest": last.digest if last else None,
            "algorithm": last.algorithm if last else None,
            "at": last.at.isoformat() if last else None,
        }
        line = json.dumps(head)
        self.stdout.write(line)
        if options["out"]:
            with options["out"].open("a", encoding="utf-8") as out:
                out.write(line + "\n")
