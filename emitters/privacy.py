"""What a stored result says of other units: kept apart, and named only to those who may see them.

Some checks compare reports of different enterprises (a test report sold twice, rows that repeat).
Their evidence names the other enterprise, whose data its neighbour must not learn of.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from carbonwatch.accounts.models import Actor
from emitters.models import CheckResult, EmittingUnit

OTHER = "其他单位"  # part of stored evidence, like the names that it stands for: not translated
KEY = "others"
NAMING = ("credit_code", "unit")


def without_others(values: Mapping[str, Any], credit_code: str) -> dict[str, Any]:
    """Evidence in which no other unit is named; their credit codes go under `others`.

    A place of another unit (a mapping with its `credit_code` and, as a rule, its name under `unit`)
    loses both, and the name becomes 其他单位 wherever it stands in a text.
    """
    names: dict[str, str] = {}
    _collect(values, credit_code, names)
    if not names:
        return dict(values)
    return {**_cleaned(dict(values), credit_code, names), KEY: sorted(names)}


def _collect(value: Any, own: str, names: dict[str, str]) -> None:
    if isinstance(value, Mapping):
        if value.get("credit_code", own) != own:
            names[value["credit_code"]] = value.get("unit", "")
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            _collect(inner, own, names)


def _cleaned(value: Any, own: str, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        foreign = value.get("credit_code", own) != own
        kept = {k: v for k, v in value.items() if not (foreign and k in NAMING)}
        return {k: _cleaned(v, own, names) for k, v in kept.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(inner, own, names) for inner in value]
    if isinstance(value, str):
        for name in sorted(filter(None, names.values()), key=len, reverse=True):
            value = value.replace(name, OTHER)
    return value


def name_others(results: Iterable[CheckResult], actor: Actor) -> list[CheckResult]:
    """The results, each with `others`: the units it involves that the viewer may see. One query."""
    found = list(results)
    codes = {code for r in found for code in r.values.get(KEY, ())}
    units = EmittingUnit.objects.visible_to(actor).filter(organisation__code__in=codes)
    known = {u.credit_code: u for u in units.select_related("organisation")} if codes else {}
    for result in found:
        result.others = [known[c] for c in result.values.get(KEY, ()) if c in known]
    return found
