"""Reading and checking workbooks together without storing anything: the engine of `precheck`."""

import json
import multiprocessing
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from carbonwatch.checks.registry import Check, Hit
from carbonwatch.checks.runner import RunReport, message, retired, run_checks
from carbonwatch.imports.problems import Problem, Weight
from carbonwatch.imports.rules import describe
from carbonwatch.params.values import Parameters
from emitters.calc.accounts import Accounts, account
from emitters.facts import CheckContext, ReportFacts
from emitters.outside.shelf import ReadFile, Shelf
from emitters.peers import Peers, features_of
from emitters.population import Population
from emitters.risk import RiskScore, score
from emitters.workbook import Meta, Reading, read_report

CATALOGUE = "2026.1"
SUFFIXES = {".xlsx", ".xlsm", ".xls"}
MANY = 20  # files from which a second process pays
PROCESSES = 2
REGISTERED = ("category", "product", "capacity_mw", "boiler", "pressure", "cooling", "commissioned")
In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(frozen=True)
class Checked:
    """The accounts, results and score of one report."""

    accounts: Accounts
    run: RunReport
    risk: RiskScore


@dataclass(frozen=True)
class Prechecked:
    """One file: `checked` is None when it could not be read."""

    path: Path
    reading: Reading
    checked: Checked | None


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The workbooks that the paths name, folders searched to the bottom, in order of name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            found += sorted(p for p in inside if not p.name.startswith("~$"))
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _read(path: Path) -> Reading:
    try:
        return read_report(path.read_bytes())
    except OSError as error:
        problem = Problem("file.unreadable", Weight.FILE, found=str(error))
        return Reading(None, (problem,), Meta())


def problem_text(problem: Problem) -> str:
    """A problem in words."""
    if problem.rule == "file.unreadable":
        return _("无法打开文件：%(why)s") % {"why": problem.found}
    return describe(problem)


def _map(function: Callable[[In], Out], items: Sequence[In]) -> list[Out]:
    """In order; in two processes when there are many."""
    if len(items) <= MANY:
        return [function(item) for item in items]
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(PROCESSES, mp_context=fork) as pool:
        return list(pool.map(function, items, chunksize=4))


def run_in_force(context: CheckContext) -> RunReport:
    """All checks that are in force for the year of a report, by its parameters."""
    year = context.report.year
    return run_checks(context, year, without=retired(context.params, year))


class Together:
    """Reports that are looked at together: other years of one credit code are its history, its last
    earlier report stands for the registry, all of them are the population."""

    def __init__(
        self, reports: Sequence[ReportFacts], params: Parameters, shelf: Shelf | None = None
    ) -> None:
        """From the readable reports, and the outside records given with them."""
        self.params = params
        self.shelf = shelf
        self.population = Population.from_reports(reports)
        latest = {(r.credit_code, r.year): r for r in reports}
        alone = len({code for code, _year in latest}) == 1  # no peers to compare with
        features = [] if alone else [features_of(account(r, params)) for r in latest.values()]
        self.peers = Peers({}) if alone else Peers.judge(features, params)
        self.by_code: dict[str, list[ReportFacts]] = {}
        for report in sorted(reports, key=lambda r: r.year):
            self.by_code.setdefault(report.credit_code, []).append(report)

    def check(self, report: ReportFacts) -> Checked:
        """All checks on one of the reports."""
        accounts = account(report, self.params)
        context = self.context(report, accounts)
        run = run_in_force(context)
        return Checked(accounts, run, score(run, accounts, self.params))

    def context(self, report: ReportFacts, accounts: Accounts) -> CheckContext:
        """What the checks on the report may look at."""
        history = tuple(r for r in self.by_code[report.credit_code] if r.year != report.year)
        earlier = [r for r in history if r.year < report.year]
        registry = registry_of(earlier[-1]) if earlier else None
        return CheckContext(
            report,
            accounts,
            self.params,
            history,
            self.population,
            registry,
            peers=self.peers,
            outside=self.shelf.of(report) if self.shelf else None,
        )


def registry_of(report: ReportFacts) -> Mapping[str, Mapping[str, object]]:
    """The attributes of a report's generators as what is known of them."""
    return {g.number: {name: getattr(g, name) for name in REGISTERED} for g in report.generators}


_together: Together | None = None  # reaches the second process by fork


def _check(report: ReportFacts) -> Checked:
    if _together is None:
        raise RuntimeError("no population")
    return _together.check(report)


def precheck(
    paths: Iterable[Path], params: Parameters, outside: Iterable[Path] = ()
) -> tuple[list[Prechecked], Sequence[ReadFile]]:
    """Read and check all workbooks as one population, with the outside records of files and folders;
    the workbooks, and the files of records."""
    global _together
    files = files_in(paths)
    readings = _map(_read, files)
    reports = [r.facts for r in readings if r.facts is not None]
    shelf = Shelf(outside, reports)
    _together = Together(reports, params, shelf)
    results = iter(_map(_check, reports))
    found = [
        Prechecked(path, reading, next(results) if reading.facts is not None else None)
        for path, reading in zip(files, readings, strict=True)
    ]
    return found, shelf.files


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _evidence(hit: Hit) -> Any:
    return json.loads(json.dumps(dict(hit.values), cls=DjangoJSONEncoder, default=str))


def result_json(check: Check, hit: Hit) -> dict[str, Any]:
    """One result as promised to other programs."""
    return {
        "check": check.code,
        "result": hit.letter,
        "severity": check.outcomes[hit.letter].severity.value,
        "generator": hit.generator,
        "months": list(hit.months),
        "cells": list(hit.cells),
        "direction": hit.direction.value,
        "tco2_at_stake": float(hit.t_co2),
        "allowance_at_stake": float(hit.t_allowance),
        "message": message(check, hit),
        "evidence": _evidence(hit),
    }


def outside_json(file: ReadFile) -> dict[str, Any]:
    """One file of outside records as promised to other programs."""
    return {
        "file": file.path.name,
        "kind": file.kind.code if file.kind else None,
        "readable": file.usable,
        "rows": len(file.reading.rows) if file.reading else 0,
        "problems": [
            {"sheet": p.sheet, "cell": p.cell, "weight": p.weight.value, "message": describe(p)}
            for p in file.problems
        ],
    }


def report_json(item: Prechecked) -> dict[str, Any]:
    """One file as promised to other programs."""
    meta, facts, checked = item.reading.meta, item.reading.facts, item.checked
    found: dict[str, Any] = {
        "file": item.path.name,
        "path": str(item.path),
        "credit_code": facts.credit_code if facts else meta.credit_code,
        "unit": facts.unit_name if facts else meta.unit_name,
        "year": facts.year if facts else meta.year,
        "readable": facts is not None,
        "problems": [
            {"sheet": p.sheet, "cell": p.cell, "weight": p.weight.value, "message": problem_text(p)}
            for p in item.reading.problems
        ],
    }
    if checked is None:
        return found
    accounts, run, risk = checked.accounts, checked.run, checked.risk
    return found | {
        "acceptance": risk.acceptance,
        "risk_score": float(risk.score),
        "risk_band": risk.band,
        "tco2_reported": _number(accounts.t_reported),
        "tco2_recomputed": float(accounts.t_exact),
        "allowance": _number(accounts.allowance_t),
        "tco2_at_stake": float(risk.t_at_stake),
        "money_at_stake": _number(risk.money),
        "price": risk.price,
        "results": [result_json(check, hit) for check, hit in run.hits],
        "not_run": sorted(run.not_run),
        "crashed": run.crashed,
        "risk": risk.as_json(),
    }
