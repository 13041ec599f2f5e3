"""What the page of a version shows."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from carbonwatch.checks.registry import get_check
from carbonwatch.imports.problem_export import compare_problems
from carbonwatch.imports.problems import Problem, Weight
from carbonwatch.imports.rules import cure, describe
from carbonwatch.params.service import in_force
from emitters.calc.accounts import account
from emitters.calc.figures import Figure, figures
from emitters.facts import Generator, ReportFacts, Series
from emitters.layouts import PARAMETERS, label_of
from emitters.models import CheckResult, ReportVersion, Waiver
from emitters.models.waivers import LIVE
from emitters.privacy import name_others
from emitters.store import load_facts

ORDER = {"fatal": 0, "critical": 1, "info": 2}


def stored_problems(version: ReportVersion) -> list[Problem]:
    """The problems of a version as records again."""
    return [
        Problem(
            p["rule"],
            Weight(p["weight"]),
            p["sheet"],
            p["cell"],
            p["field"],
            p["found"],
            tuple(p["values"].items()),
        )
        for p in version.problems
    ]


def problems_of(version: ReportVersion) -> list[dict[str, Any]]:
    """Problems with text and cure in the reader's language, blockers first."""
    rows = [{"problem": p, "text": describe(p), "cure": cure(p)} for p in stored_problems(version)]
    order = {Weight.FILE: 0, Weight.BLOCKER: 1, Weight.NOTICE: 2}
    return sorted(rows, key=lambda r: order[r["problem"].weight])


def changes_since(version: ReportVersion, actor: Actor) -> dict[str, int] | None:
    """Problems fixed, left and new against the version before, when the viewer may see that one; None
    for the first version."""
    before = version.report.versions.visible_to(actor).filter(number=version.number - 1).first()
    if before is None or not (before.problems or version.problems):
        return None
    fixed, left, new = compare_problems(stored_problems(before), stored_problems(version))
    return {"fixed": len(fixed), "left": len(left), "new": len(new), "number": before.number}


def results_of(version: ReportVersion, actor: Actor) -> list[CheckResult]:
    """Results, worst first, with their questions and waivers and the other units that the viewer may
    see."""
    rows = name_others(version.results.current().select_related("question"), actor)
    waivers = waivers_of(version, actor)
    for row in rows:
        row.waiver = waivers.get(row.fingerprint)
    return sorted(rows, key=lambda r: (ORDER[r.severity], r.check_code, r.letter))


def waivers_of(version: ReportVersion, actor: Actor) -> dict[str, Waiver]:
    """Waivers asked for or in force of a version's report that the viewer may see, by fingerprint."""
    seen = Waiver.objects.visible_to(actor).filter(report=version.report_id, status__in=LIVE)
    return {w.fingerprint: w for w in seen}


def rules_not_run(version: ReportVersion) -> list[tuple[Any, str]]:
    """Checks that lacked data, with the reason: shown as such, never as passed."""
    return [(get_check(code), _(reason)) for code, reason in sorted(version.not_run.items())]


def figures_of(version: ReportVersion) -> list[tuple[str, list[Figure]]]:
    """Every figure of the accounts with formula and inputs, by generator; the plant's own last."""
    facts = load_facts([version])[version.pk]
    groups: dict[str, list[Figure]] = {}
    for figure in figures(account(facts, in_force())):
        groups.setdefault(figure.generator or _("全厂"), []).append(figure)
    return list(groups.items())


def differences(older: ReportVersion, newer: ReportVersion) -> list[dict[str, Any]]:
    """Cells whose values differ: what, where in each version, from, to."""
    facts = load_facts([older, newer])
    left, right = dict(_values(facts[older.pk])), dict(_values(facts[newer.pk]))
    rows = []
    for key in [*right, *(k for k in left if k not in right)]:
        old, new = left.get(key, (None, "")), right.get(key, (None, ""))
        if old[0] != new[0]:
            rows.append({"what": " · ".join(str(k) for k in key if k != ""), "old": old[0], "new": new[0],
                         "old_cell": old[1], "new_cell": new[1]})  # fmt: skip
    return rows


Place = tuple[tuple[Any, ...], tuple[Any, str]]


def _values(facts: ReportFacts) -> Iterator[Place]:
    """Every value of a report by what it is: key, (value, cell)."""
    for label, value in facts.basic.items():
        yield (label,), (value, facts.basic_cells.get(label, ""))
    for generator in facts.generators:
        yield from _of_generator(generator, facts.year)
    if facts.plant_total is not None:
        yield from _months((_label("e_total", facts.year),), facts.plant_total)
    for ledger in facts.stocks:
        for code, row in ledger.series.items():
            yield from _months((ledger.fuel, _label(code, facts.year)), row)
    yield from _of_coal(facts)


def _of_generator(g: Generator, year: int) -> Iterator[Place]:
    for name, cell in g.cells.items():
        yield (g.number, name), (getattr(g, name, None), cell)
    for use in g.fuels:
        for code, row in use.series.items():
            yield from _months((g.number, use.fuel, _label(code, year)), row)
    for code, row in [*g.purchased.items(), *g.production.items()]:
        yield from _months((g.number, _label(code, year)), row)


def _of_coal(facts: ReportFacts) -> Iterator[Place]:
    for test in facts.tests:
        for name in test.cells:
            key: tuple[Any, ...] = (_("煤样检测"), test.generator, test.month, test.sample_no, name)
            yield key, (getattr(test, name), test.cell(name))
    for day in facts.daily:
        for name in ("coal_t", "ncv", "mt"):
            key = (_("日入炉煤"), day.generator, day.day, name)
            yield key, (getattr(day, name), facts.daily_cell(day, name))


def _label(code: str, year: int) -> str:
    return label_of(PARAMETERS[code], year)


def _months(key: tuple[Any, ...], row: Series) -> Iterator[Place]:
    for month, value in enumerate(row.months, 1):
        yield (*key, _("%(n)s月") % {"n": month}), (value, row.cell(month))
    yield (*key, _("全年")), (row.annual, row.cell())
