"""What the page of a version shows."""

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
from emitters.models import OutsideFile, ReportVersion
from emitters.selectors.cells import values_of
from emitters.store import load_facts


def stored_problems(kept: ReportVersion | OutsideFile) -> list[Problem]:
    """The problems of a file as records again."""
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
        for p in kept.problems
    ]


def problems_of(kept: ReportVersion | OutsideFile) -> list[dict[str, Any]]:
    """Problems with text and cure in the reader's language, blockers first."""
    rows = [{"problem": p, "text": describe(p), "cure": cure(p)} for p in stored_problems(kept)]
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
    left, right = dict(values_of(facts[older.pk])), dict(values_of(facts[newer.pk]))
    rows = []
    for key in [*right, *(k for k in left if k not in right)]:
        old, new = left.get(key, (None, "")), right.get(key, (None, ""))
        if old[0] != new[0]:
            rows.append({"what": " · ".join(str(k) for k in key if k != ""), "old": old[0], "new": new[0],
                         "old_cell": old[1], "new_cell": new[1]})  # fmt: skip
    return rows
