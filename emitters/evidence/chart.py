"""The chart of a result: the rows that its cells lie in, its months marked."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from emitters.facts import MONTHS, CoalTest, ReportFacts, Series
from emitters.layouts import PARAMETERS, TESTS, label_of
from emitters.models import CheckResult

MOST_SERIES = 3
_TESTED = {f.name: f for f in TESTS.fields if f.unit}


def chart_of(result: CheckResult, facts: ReportFacts) -> dict[str, Any] | None:
    """Title and chart (JSON for the page's script, and for `drawing`); None where the cells are not
    values over time."""
    places = [cell.split("!", 1) for cell in result.cells if "!" in cell]
    series = _rows(facts, places) or _tests(facts, result, places)
    if not series:
        return None
    for number, entry in enumerate(series):
        entry["type"] = "bar" if number == 0 and len(series) > 1 else "line"
    marks = [
        {
            "series": 0,
            "index": m - 1,
            "severity": result.severity,
            "label": result.sentence,
            "href": "",
        }
        for m in result.months
    ]
    return {
        "id": f"result-{result.pk}",
        "title": str(result.rule.name),
        "chart": {
            "kind": "monthly",
            "categories": [_("%(n)s月") % {"n": m} for m in MONTHS],
            "series": series[:MOST_SERIES],
            "marks": marks,
        },
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else str(value.normalize())


def _rows(facts: ReportFacts, places: list[list[str]]) -> list[dict[str, Any]]:
    """The monthly rows that the cells name."""
    wanted = {(sheet, int("".join(c for c in cell if c.isdigit()) or 0)) for sheet, cell in places}
    return [
        {"name": name, "unit": row.unit, "data": [_plain(v) for v in row.months]}
        for name, row in _series(facts)
        if (row.sheet, row.row) in wanted
    ]


def _series(facts: ReportFacts) -> Iterator[tuple[str, Series]]:
    def named(code: str, *of: str) -> str:
        return " ".join(filter(None, [*of, label_of(PARAMETERS[code], facts.year)]))

    for g in facts.generators:
        for use in g.fuels:
            yield from ((named(c, g.number, use.fuel), s) for c, s in use.series.items())
        for rows in (g.purchased, g.production):
            yield from ((named(c, g.number), s) for c, s in rows.items())
    if facts.plant_total is not None:
        yield named("e_total"), facts.plant_total
    for ledger in facts.stocks:
        yield from ((named(c, ledger.fuel), s) for c, s in ledger.series.items())


def _tests(
    facts: ReportFacts, result: CheckResult, places: list[list[str]]
) -> list[dict[str, Any]]:
    """The columns of 煤样检测 that the cells name, by month."""
    letters = {"".join(c for c in cell if c.isalpha()) for s, cell in places if s == CoalTest.SHEET}
    tests = [t for t in facts.tests if result.generator in ("", t.generator) or not t.generator]
    if not tests:
        return []
    first = tests[0].generator
    by_month = {t.month: t for t in tests if t.generator == first}
    return [
        {
            "name": " ".join(filter(None, [first, str(field.title)])),
            "unit": field.unit,
            "data": [_plain(getattr(by_month.get(m), name, None)) for m in MONTHS],
        }
        for name, field in _TESTED.items()
        if tests[0].cells.get(name) in letters
    ]
