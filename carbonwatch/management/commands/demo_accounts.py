"""`demo_accounts`: with which accounts the made-up province can be tried."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from carbonwatch.accounts.demo import DEMO_PASSWORD, demo_accounts


class Command(BaseCommand):
    """Prints a table; says so when there are no made-up people."""

    help = "Print one made-up account of every role with its password."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Account and role code first: they are Latin letters, so the columns stand straight."""
        if not settings.ALLOW_DEMO_ACCOUNTS:
            raise CommandError(_("本环境不允许使用演示账号。"))
        accounts = demo_accounts()
        if not accounts:
            self.stdout.write(_("没有演示账号：数据库中不是演示数据。"))
            return
        self.stdout.write(_("演示账号（密码均为 %(password)s）：") % {"password": DEMO_PASSWORD})
        wide = max(len(a.username) for a in accounts)
        widest = max(len(a.role) for a in accounts)
        for a in accounts:
            self.stdout.write(
                f"  {a.username:<{wide}}  {a.role:<{widest}}  {a.post}，{a.organisation}"
            )
