"""Every value of a report with its name and its cell."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from emitters.facts import Generator, ReportFacts, Series
from emitters.layouts import DAILY, PARAMETERS, TESTS, label_of

Place = tuple[tuple[Any, ...], tuple[Any, str]]


def values_of(facts: ReportFacts) -> Iterator[Place]:
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
    titles = {f.name: str(f.title) for f in (*TESTS.fields, *DAILY.fields)}
    for test in facts.tests:
        for name in test.cells:
            month = "" if test.month is None else _("%(n)s月") % {"n": test.month}
            key: tuple[Any, ...] = (
                _("煤样检测"), test.generator, month, test.sample_no, titles.get(name, name)
            )  # fmt: skip
            yield key, (getattr(test, name), test.cell(name))
    for day in facts.daily:
        for name in ("coal_t", "ncv", "mt"):
            key = (_("日入炉煤"), day.generator, day.day, titles[name])
            yield key, (getattr(day, name), facts.daily_cell(day, name))


def _label(code: str, year: int) -> str:
    return label_of(PARAMETERS[code], year)


def _months(key: tuple[Any, ...], row: Series) -> Iterator[Place]:
    for month, value in enumerate(row.months, 1):
        yield (*key, _("%(n)s月") % {"n": month}), (value, row.cell(month))
    yield (*key, _("全年")), (row.annual, row.cell())
