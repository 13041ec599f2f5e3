"""Running checks and putting their results into words."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carbonwatch.checks.registry import AROUND, Check, Hit, NotRun, all_checks
from carbonwatch.params.values import Parameters

log = logging.getLogger(__name__)

_NO_LONGER = gettext_lazy("该规则已停用。")


@dataclass
class RunReport:
    """What a run found. `not_run` gives the missing data (lazy text) by code, `crashed` the error by
    code. A crash blocks like a fatal result: nobody knows what the check would have found."""

    hits: list[tuple[Check, Hit]] = field(default_factory=list)
    not_run: dict[str, Any] = field(default_factory=dict)
    crashed: dict[str, str] = field(default_factory=dict)


def retirement_key(code: str) -> str:
    """The dated parameter that retires a check (true) or takes it back into use (false)."""
    return f"check.{code}.retired"


def retired(params: Parameters, year: int) -> frozenset[str]:
    """Codes of the checks that people have retired for data of that year."""
    keys = [k for k in params.by_key if k.startswith("check.") and k.endswith(".retired")]
    return frozenset(k.split(".")[1] for k in keys if params.maybe(k, year))


def run_checks(
    context: Any,
    year: int,
    checks: Iterable[Check] | None = None,
    *,
    without: Collection[str] = (),
) -> RunReport:
    """Run the checks in force for data of that year, in order of family and code; those `without` are
    told to be retired."""
    with translation.override(settings.LANGUAGE_CODE):  # evidence is kept in the source language
        return _run(context, year, all_checks() if checks is None else checks, without)


def _run(context: Any, year: int, checks: Iterable[Check], without: Collection[str]) -> RunReport:
    report = RunReport()
    for check in checks:
        if not check.applies_to(year):
            continue
        if check.code in without:
            report.not_run[check.code] = _NO_LONGER
            continue
        try:
            report.hits += [(check, hit) for hit in check.run(context)]
        except NotRun as missing:
            report.not_run[check.code] = missing.args[0] if missing.args else ""
        except Exception as error:
            log.exception("check %s crashed", check.code)
            report.crashed[check.code] = f"{type(error).__name__}: {error}"
    return report


def shown(value: Any) -> str:
    """A value of the evidence as text: numbers read the same in every language (`1234567.89`), terms of
    the source language are translated."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        return _(value) if value else ""
    if isinstance(value, Mapping):
        return "；".join(f"{shown(k)} {shown(v)}" for k, v in value.items())
    if isinstance(value, list | tuple | set):
        return "、".join(shown(v) for v in value)
    return str(value)


def _period(hit: Hit) -> str:
    """The months of a result, or the whole year."""
    return _("{months}月").format(months=shown(hit.months)) if hit.months else _("全年")


def message(check: Check, hit: Hit) -> str:
    """The sentence of a result in the active language, its numbers as in the evidence."""
    values: dict[str, Any] = {
        "generator": hit.generator,
        "months": hit.months,
        "month_list": hit.months,
    }
    values |= {"cells": hit.cells, "t_co2": hit.t_co2, "t_allowance": hit.t_allowance, **hit.values}
    values |= hit.values.get(AROUND, {})
    values.setdefault("period", _period(hit))
    texts = {name: shown(value) for name, value in values.items()}
    return str(check.outcomes[hit.letter].message).format_map(texts)
