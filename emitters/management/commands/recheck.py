"""Check the stored reports of a year again, at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from carbonwatch.jobs.service import by_hand, job_for, run
from carbonwatch.refusals import Refused
from emitters.services.recheck_year import recheck_year_ask


class Command(BaseCommand):
    """`recheck --year Y [--reason TEXT]`."""

    help = "Check the stored reports of a year again with the rules and parameters in force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The year, and what the ledger shall say."""
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--reason", default="命令行重新校核")

    def handle(self, *args: Any, **options: Any) -> None:
        """Done here and not by a worker; what changed as one line."""
        with by_hand():
            try:
                asked = recheck_year_ask(
                    year=options["year"],
                    reason=options["reason"],
                    actor=None,
                    now=timezone.now(),
                )
            except Refused as refusal:
                raise CommandError(str(refusal.message)) from refusal
            job = job_for(asked)
            if job is not None:
                run(job.pk)
        asked.refresh_from_db()
        if asked.done_at is None:
            raise CommandError("the re-check did not end; see the job list")
        self.stdout.write(
            f"{asked.checked} versions checked, {asked.changed} changed: "
            f"{asked.added} results new, {asked.ended} ended"
        )
