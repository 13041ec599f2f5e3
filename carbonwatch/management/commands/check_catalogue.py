"""The rule book, from the registry of checks."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from carbonwatch.checks.registry import Check, all_checks
from carbonwatch.params.values import Value, shipped


def _values(check: Check) -> list[Value]:
    """The shipped values of the check's parameters, in order of name and time."""
    by_key = shipped().by_key
    return [v for key in check.parameter_keys for v in by_key.get(key, ())]


def as_json(check: Check) -> dict[str, Any]:
    """A check as data."""
    return {
        "code": check.code,
        "name": str(check.name),
        "family": check.family.value,
        "level": check.level,
        "first_year": check.first_year,
        "last_year": check.last_year,
        "basis": str(check.basis),
        "what": str(check.what),
        "why": str(check.why),
        "explain": str(check.explain),
        "ask": str(check.ask),
        "results": {
            letter: {
                "severity": o.severity.value,
                "strength": o.strength,
                "message": str(o.message),
            }
            for letter, o in sorted(check.outcomes.items())
        },
        "parameters": [v.snapshot() for v in _values(check)],
    }


def as_markdown(check: Check) -> str:
    """A check as a section."""
    lines = [
        f"### {check.code} {check.name}",
        "",
        f"- {_('依据')}：{check.basis}",
        f"- {_('比对内容')}：{check.what}",
        f"- {_('发现的问题')}：{check.why}",
        f"- {_('可以解释的情形')}：{check.explain}",
        f"- {_('应调取的材料')}：{check.ask}",
    ]
    for letter, outcome in sorted(check.outcomes.items()):
        lines.append(f"- {letter}（{outcome.severity.label}）：{outcome.message}")
    for value in _values(check):
        lines.append(
            f"- `{value.key}` = {value.value} {value.unit}（{value.source}，{value.confidence}）"
        )
    return "\n".join(lines) + "\n\n"


class Command(BaseCommand):
    """`check_catalogue [--format markdown|json]`."""

    help = "Print the catalogue of checks as Markdown or JSON; needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The format."""
        parser.add_argument("--format", choices=["markdown", "json"], default="markdown")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print all registered checks by family."""
        checks = all_checks()
        if options["format"] == "json":
            text = json.dumps([as_json(c) for c in checks], ensure_ascii=False, indent=1)
            self.stdout.write(text)
            return
        self.stdout.write(f"# {_('校核规则目录')}\n\n")
        family = None
        for check in checks:
            if check.family != family:
                family = check.family
                self.stdout.write(f"## {family.value} {family.label}\n\n")
            self.stdout.write(as_markdown(check))
