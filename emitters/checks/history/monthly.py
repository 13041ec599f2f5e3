"""Monthly series of a generator over its years, oldest first, for the checks of group E."""

from collections.abc import Iterator
from typing import NamedTuple

from emitters.checks.support import DEFAULT, default_cc
from emitters.facts import COAL, MONTHS, CheckContext, FuelUse, ReportFacts


class Point(NamedTuple):
    """A value of a month. `laboratory` is that of the month's tests, empty without."""

    year: int
    month: int
    value: float
    laboratory: str = ""

    @property
    def at(self) -> int:
        """Months since the year 0, to subtract from each other."""
        return self.year * 12 + self.month


def years(ctx: CheckContext) -> list[ReportFacts]:
    """The unit's earlier years and this one."""
    return [*(h for h in ctx.history if h.year < ctx.report.year), ctx.report]


def measured_carbon(ctx: CheckContext, report: ReportFacts, number: str) -> Iterator[Point]:
    """tC/GJ of the months with measured coal carbon."""
    use = _coal(report, number)
    if use is None or DEFAULT in (use.method("c_ar"), use.method("cc")):
        return
    for month in MONTHS:
        burnt, heat, carbon = (use.value(c, month) for c in ("fc", "ncv", "c_ar"))
        if not (burnt and heat and carbon):
            continue
        if use.value("cc", month) in default_cc(ctx, report.year, month):
            continue
        tests = report.tests_of(number, month)
        laboratory = tests[0].laboratory.strip() if tests else ""
        yield Point(report.year, month, float(carbon / heat), laboratory)


def default_months(ctx: CheckContext, report: ReportFacts, number: str) -> list[int]:
    """Burning months whose carbon is heat × default."""
    use = _coal(report, number)
    if use is None:
        return []
    declared = DEFAULT in (use.method("c_ar"), use.method("cc"))
    return [
        month
        for month in MONTHS
        if use.value("fc", month)
        and (declared or use.value("cc", month) in default_cc(ctx, report.year, month))
    ]


def pure(report: ReportFacts, number: str, name: str) -> Iterator[Point]:
    """A result of the months' tests (`cad`, `vad`), dry and free of ash, %."""
    for month in MONTHS:
        for t in report.tests_of(number, month):
            result = getattr(t, name)
            if result is None or t.mad is None or t.aad is None or t.mad + t.aad >= 100:
                continue
            value = 100 * float(result / (100 - t.mad - t.aad))
            yield Point(report.year, month, value, t.laboratory.strip())


def _coal(report: ReportFacts, number: str) -> FuelUse | None:
    generator = report.generator(number)
    uses = generator.fuels if generator else ()
    return next((u for u in uses if u.fuel == COAL), None)
