"""Check workbooks before they are submitted; stores nothing."""

import json
import unicodedata
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from carbonwatch.checks.registry import Severity
from carbonwatch.checks.runner import message
from carbonwatch.imports.problems import Weight
from carbonwatch.imports.rules import describe
from carbonwatch.params.service import in_force
from carbonwatch.params.values import shipped
from emitters.models import Acceptance
from emitters.outside.shelf import ReadFile
from emitters.runner import (
    CATALOGUE,
    Prechecked,
    outside_json,
    precheck,
    problem_text,
    report_json,
)

FAIL_ON = {
    "fatal": {Severity.FATAL},
    "critical": {Severity.FATAL, Severity.CRITICAL},
    "never": set(),
}
ORDER = {Severity.FATAL: 0, Severity.CRITICAL: 1, Severity.INFO: 2}


def _padded(text: object, width: int) -> str:
    """Padded to a width in which a Chinese character counts two."""
    used = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in str(text))
    return str(text) + " " * max(0, width - used)


class Command(BaseCommand):
    """`precheck PATH… [--outside PATH] [--json FILE] [--fail-on fatal|critical|never] [--live]`."""

    help = "Check report workbooks together, without storing anything and without a database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Paths and options."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--outside",
            action="append",
            type=Path,
            default=[],
            metavar="PATH",
            help="outside records: files or folders, the kind told by sheet names or headers",
        )
        parser.add_argument("--json", type=Path, dest="target", help="write the results as JSON")
        parser.add_argument("--fail-on", choices=sorted(FAIL_ON), default="fatal")
        parser.add_argument(
            "--live", action="store_true", help="use the parameters in the database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0: nothing at or above `--fail-on`; 1: something; 2: a file could not be read."""
        params = in_force() if options["live"] else shipped()
        found, outside = precheck(options["paths"], params, options["outside"])
        if options["target"]:
            content = {
                "version": 1,
                "catalogue": CATALOGUE,
                "reports": [report_json(item) for item in found],
                "outside": [outside_json(file) for file in outside],
            }
            text = json.dumps(content, ensure_ascii=False, indent=1)
            options["target"].write_text(text + "\n", encoding="utf-8")
        self._table(found)
        for file in outside:
            self.stdout.write(_outside_line(file))
            for line in _outside_details(file):
                self.stdout.write(f"    {line}")
        code = _exit_code(found, FAIL_ON[options["fail_on"]])
        if any(not file.usable for file in outside):
            code = 2
        if code:
            raise SystemExit(code)

    def _table(self, found: list[Prechecked]) -> None:
        titles = (
            _("文件"),
            _("年度"),
            _("合规状态"),
            _("风险分"),
            _("填报tCO2"),
            _("复算tCO2"),
            _("涉及tCO2"),
            _("致命/严重/提示"),
        )
        self.stdout.write(_line(titles))
        for item in found:
            self.stdout.write(_line(_row(item)))
            for line in _details(item):
                self.stdout.write(f"    {line}")
        bad = sum(1 for item in found if item.checked is None)
        self.stdout.write(_("共%(n)s个文件，%(bad)s个无法读取。") % {"n": len(found), "bad": bad})


WIDTHS = (24, 6, 12, 8, 12, 12, 12, 14)


def _line(values: tuple[object, ...]) -> str:
    return " ".join(_padded(v, w) for v, w in zip(values, WIDTHS, strict=True)).rstrip()


def _row(item: Prechecked) -> tuple[object, ...]:
    name, checked = item.path.name, item.checked
    if checked is None:
        return (name, item.reading.meta.year or "", _("无法读取"), "", "", "", "", "")
    accounts, risk = checked.accounts, checked.risk
    counts = Counter(check.outcomes[hit.letter].severity for check, hit in checked.run.hits)
    return (
        name, accounts.report.year, Acceptance(risk.acceptance).label, risk.score, accounts.t_reported,
        accounts.t_co2, risk.t_at_stake, "/".join(str(counts[s]) for s in ORDER),
    )  # fmt: skip


def _details(item: Prechecked) -> list[str]:
    if item.checked is None:
        return [
            f"{p.place} {problem_text(p)}".strip()
            for p in item.reading.problems
            if p.weight != Weight.NOTICE
        ]
    run = item.checked.run
    ranked = sorted(run.hits, key=lambda pair: ORDER[pair[0].outcomes[pair[1].letter].severity])
    lines = [
        f"[{check.outcomes[hit.letter].severity.label}] {check.code}.{hit.letter} {message(check, hit)}"
        for check, hit in ranked
        if check.outcomes[hit.letter].severity != Severity.INFO
    ]
    return lines + [
        _("[未能运行] %(code)s：%(why)s") % {"code": code, "why": why}
        for code, why in run.crashed.items()
    ]


def _outside_line(file: ReadFile) -> str:
    if file.kind is None or file.reading is None:
        return _("部门数据 %(file)s：无法打开，或不能识别是哪一类数据") % {"file": file.path.name}
    names = {"file": file.path.name, "kind": file.kind.title, "n": len(file.reading.rows)}
    if file.reading.asks:
        return _("部门数据 %(file)s（%(kind)s）：有列名不认识，请按模板改正") % names
    if not file.usable:
        return _("部门数据 %(file)s（%(kind)s）：未能读取") % names
    return _("部门数据 %(file)s（%(kind)s）：%(n)s 行") % names


def _outside_details(file: ReadFile) -> list[str]:
    if file.reading is not None and file.reading.asks:
        return [f"{h.letter} {h.text}" for h in file.reading.headers if h.choice is None]
    return [f"{p.place} {describe(p)}".strip() for p in file.problems if p.weight != Weight.NOTICE]


def _exit_code(found: list[Prechecked], failing: set[Severity]) -> int:
    if any(item.checked is None for item in found):
        return 2
    for item in found:
        if item.checked is None:
            continue
        run = item.checked.run
        severities = {check.outcomes[hit.letter].severity for check, hit in run.hits}
        if severities & failing or (failing and run.crashed):
            return 1
    return 0
