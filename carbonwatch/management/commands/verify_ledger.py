"""`manage.py verify_ledger`: exit 1 and the first bad entry when the chain does not hold."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from carbonwatch.audit.verify import Verdict, verify


class Command(BaseCommand):
    """Recomputes the audit chain."""

    help = "Recompute the audit chain; exit 1 on a break, naming the first broken entry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--json`, `--strict`."""
        parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
        parser.add_argument(
            "--strict", action="store_true", help="fail also when the second place lacks entries"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the verdict."""
        verdict = verify()
        if options["json"]:
            self.stdout.write(json.dumps(verdict.as_json(), ensure_ascii=False))
        else:
            self.stdout.write(_words(verdict))
        if not verdict.ok or (options["strict"] and verdict.unanchored):
            raise SystemExit(1)


def _words(verdict: Verdict) -> str:
    if not verdict.ok:
        return _("台账不完整。%(message)s") % {"message": verdict.message}
    text = _("台账完好：共 %(n)s 条，末条摘要 %(digest)s。") % {
        "n": verdict.entries,
        "digest": verdict.digest,
    }
    if verdict.unanchored:
        text += _("异地留存中缺少 %(n)s 条，这些条目只能由链本身证明。") % {"n": verdict.unanchored}
    return text
