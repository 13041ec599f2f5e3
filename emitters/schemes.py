"""The data quality control scheme (数据质量控制方案) as facts, and what it must say.

Sources: guideline appendix B (tables B.4, B.5), verification guide tables 7–12: furnace-entry coal is
metered and tested by day or shift, its carbon by day, batch or monthly composite; a data source may
not drop in priority; meters are verified at least every twelve months.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from emitters.facts import COAL, FuelUse, Generator, ReportFacts


class SchemeParameter(models.TextChoices):
    """Parameters that a scheme has to settle for every generator (codes of the report's rows)."""

    FC = "fc", _("燃料消耗量")
    NCV = "ncv", _("收到基低位发热量")
    C_AR = "c_ar", _("收到基元素碳含量")
    GEN = "gen", _("发电量")
    HEAT = "heat", _("供热量")
    HOURS = "hours", _("运行小时数")


class Frequency(models.TextChoices):
    """How often a value is taken."""

    CONTINUOUS = "continuous", _("连续")
    SHIFT = "shift", _("每班")
    DAY = "day", _("每日")
    BATCH = "batch", _("每批次")
    MONTH = "month", _("每月")


# What the report's 确定方式 may say, by parameter. First the source that has priority.
METHODS: Mapping[str, tuple[str, ...]] = {
    "fc": ("入炉", "入厂"),
    "ncv": ("自测", "外检", "缺省值"),
    "c_ar": ("每日检测", "每批检测", "月缩分样", "缺省值"),
}
FREQUENCIES: Mapping[str, frozenset[str]] = {
    "fc": frozenset({Frequency.CONTINUOUS, Frequency.SHIFT, Frequency.DAY, Frequency.BATCH}),
    "ncv": frozenset({Frequency.SHIFT, Frequency.DAY, Frequency.BATCH}),
    "c_ar": frozenset({Frequency.DAY, Frequency.BATCH, Frequency.MONTH}),
    "gen": frozenset({Frequency.CONTINUOUS}),
    "heat": frozenset({Frequency.CONTINUOUS}),
    "hours": frozenset({Frequency.CONTINUOUS, Frequency.SHIFT, Frequency.DAY}),
}


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """How one parameter of one generator is obtained. `accuracy` in %, `interval` in months; None
    where the scheme does not say."""

    generator: str
    parameter: str
    method: str
    meter: str
    frequency: str
    laboratory: str
    accuracy: float | None
    interval: int | None


@dataclass(frozen=True)
class SchemeFacts:
    """A scheme in force: its number, the first reporting year that it is for, its day of approval."""

    number: int
    year: int
    approved: date
    lines: tuple[SchemeLine, ...]

    def line(self, generator: str, parameter: str) -> SchemeLine | None:
        """The line of a parameter."""
        wanted = (generator, parameter)
        return next((x for x in self.lines if (x.generator, x.parameter) == wanted), None)


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a report leaves its scheme: what the scheme says, what the report says, and its cell."""

    generator: str
    parameter: str
    planned: str
    found: str
    cell: str


def departures(scheme: SchemeFacts, report: ReportFacts) -> Iterator[Departure]:
    """Methods and laboratories of a report that are not those of the scheme. Values that the report
    does not give are no departure."""
    for generator in report.generators:
        for use in generator.fuels:
            if use.fuel == COAL or generator.is_gas:
                yield from _methods(scheme, generator, use)
        line = scheme.line(generator.number, SchemeParameter.C_AR)
        if line is None or not line.laboratory:
            continue
        for test in report.tests:
            strange = test.laboratory and test.laboratory not in line.laboratory
            if strange and test.generator in ("", generator.number):
                cell = test.cell("laboratory") if "laboratory" in test.cells else ""
                yield Departure(
                    generator.number, line.parameter, line.laboratory, test.laboratory, cell
                )
                break


def _methods(scheme: SchemeFacts, generator: Generator, use: FuelUse) -> Iterator[Departure]:
    for parameter in METHODS:
        line, row = scheme.line(generator.number, parameter), use.get(parameter)
        if line is None or row is None or not row.method or not line.method:
            continue
        # Lost samples take the default: that is not another method (guideline, gap treatment).
        if row.method not in (line.method, "缺省值"):
            yield Departure(generator.number, parameter, line.method, row.method, row.cell())


def priority(parameter: str, method: str) -> int:
    """Rank of a source: 0 is the best; a lower-ranked source may not follow a better one."""
    known = METHODS.get(parameter, ())
    return known.index(method) if method in known else 0
