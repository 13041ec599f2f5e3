"""`seed_demo`: fill an empty database with a made-up province."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Organisation
from emitters.simulator.province import YEARS
from enforcement.demo.seeding import Seeding


def _years(text: str) -> tuple[int, ...]:
    first, _dash, last = text.partition("-")
    try:
        years = tuple(range(int(first), int(last or first) + 1))
    except ValueError:
        years = ()
    if not years or not set(years) <= set(YEARS):
        raise ArgumentTypeError(f"expected years within {YEARS[0]}-{YEARS[-1]}, got {text!r}")
    return years


class Command(BaseCommand):
    """The same seed makes the same units, people, reports and states."""

    help = "Fill an empty database with a made-up province: people, units, reports and work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Size and seed."""
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--units", type=int, default=60)
        parser.add_argument("--years", type=_years, default=YEARS, help="e.g. 2019-2025")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there are data already"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Refuses in production and where there are data."""
        if settings.PRODUCTION or not settings.ALLOW_DEMO_ACCOUNTS:
            raise CommandError(_("生产环境不能生成演示数据。"))
        if options["units"] < 1:
            raise CommandError(_("单位数量须为正整数。"))
        if Organisation.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError(
                _("数据库中已有数据，不能生成演示数据。请使用空数据库，或先执行 make demo-reset。")
            )
        seeding = Seeding(options["seed"], options["years"], timezone.now(), self._say)
        seeding.run(options["units"])

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
