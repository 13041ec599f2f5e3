"""What reports have in common: test reports, their values, laboratory series, monthly values.

Built once from all the reports that are looked at together (or from rows of the database) so that
a check on one report only looks things up. A report is identified by (credit code, year): its
versions are one report, and the last one given counts.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Generic, NamedTuple, TypeVar

from emitters.facts import COAL, CoalTest, Generator, ReportFacts

Identity = tuple[str, int]
# Two values of one group in one key: any four equal values out of eight lie twice in one group, any
# three out of six as well, so looking up pairs finds every candidate.
LAB_GROUPS = (("mt", "aad", "cad"), ("mad", "vad", "qgrad"), ("stad", "had"))
MONTH_GROUPS = (("fc", "ncv", "c_ar"), ("gen", "heat", "hours"))
LAB_VALUES = tuple(name for group in LAB_GROUPS for name in group)
MONTH_VALUES = tuple(name for group in MONTH_GROUPS for name in group)
DEFAULT = "缺省值"
_EMPTY: tuple[Decimal | None, ...] = (None,) * 12


class LabRef(NamedTuple):
    """One test of one report. `values` in order of `LAB_VALUES`; None where not given.

    `heat_gap` is how far the plant's own heating value of the month lies from the test's, in GJ/t:
    of two holders of one test it tells whose coal was tested. None when either is missing.
    """

    credit_code: str
    year: int
    unit_name: str
    row: int
    generator: str
    month: int | None
    sample_no: str
    report_no: str
    laboratory: str
    issued: date | None
    heat_gap: Decimal | None
    values: tuple[Decimal | None, ...]

    @property
    def identity(self) -> Identity:
        """The report it stands in."""
        return self.credit_code, self.year


class MonthRef(NamedTuple):
    """One generator month. `values` in order of `MONTH_VALUES`; None where not free to vary."""

    credit_code: str
    year: int
    unit_name: str
    generator: str
    month: int
    values: tuple[Decimal | None, ...]

    @property
    def identity(self) -> Identity:
        """The report it stands in."""
        return self.credit_code, self.year


Ref = TypeVar("Ref", LabRef, MonthRef)
Pair = tuple[int, int, Decimal | None, Decimal | None]


class SeriesEntry(NamedTuple):
    """One number of a laboratory's series."""

    serial: int
    issued: date
    identity: Identity


def split_number(number: str) -> tuple[str, int] | None:
    """Series and serial of a report number: `MZ2024-04252` → (`MZ2024-`, 4252)."""
    found = re.fullmatch(r"(.*?)(\d{1,12})", number.strip())
    return (found[1], int(found[2])) if found else None


def shape(number: str) -> str:
    """A report number with its digits blanked: `MZ2024-04252` → `MZ9999-9`.

    The serial at the end grows from 999 to 1000 in all honesty, so its length does not count.
    """
    return re.sub(r"\d", "9", re.sub(r"\d+$", "9", number.strip()))


def lab_ref(report: ReportFacts, test: CoalTest) -> LabRef:
    """The comparable part of a test."""
    return LabRef(
        report.credit_code,
        report.year,
        report.unit_name,
        test.row,
        test.generator,
        test.month,
        test.sample_no.strip(),
        test.report_no.strip(),
        test.laboratory.strip(),
        test.issued,
        _heat_gap(report, test),
        tuple(getattr(test, name) for name in LAB_VALUES),
    )


def _heat_gap(report: ReportFacts, test: CoalTest) -> Decimal | None:
    own = (
        use.value("ncv", test.month)
        for g in report.generators
        if test.month and test.generator in ("", g.number)
        for use in g.fuels
        if use.fuel == COAL
    )
    return heat_gap(test.qnetar, own)


def heat_gap(tested: Decimal | None, own: Iterable[Decimal | None]) -> Decimal | None:
    """How far the nearest of the plant's own heating values of a month is from the tested one."""
    if tested is None:
        return None
    return min((abs(ncv - tested) for ncv in own if ncv), default=None)


def month_refs(report: ReportFacts) -> Iterator[MonthRef]:
    """Generator months with the values that a plant is free to report.

    Defaults, zeros and whole days of running hours repeat in all honesty and are left out.
    """
    for generator in report.generators:
        for month, row in enumerate(zip(*_columns(generator), strict=True), 1):
            values = tuple(v or None for v in row)
            hours = values[-1]
            if hours is not None and hours % 24 == 0:
                values = (*values[:-1], None)
            if values.count(None) <= len(values) - 3:
                yield MonthRef(
                    report.credit_code,
                    report.year,
                    report.unit_name,
                    generator.number,
                    month,
                    values,
                )


def _columns(generator: Generator) -> list[tuple[Decimal | None, ...]]:
    """The months of the values of `MONTH_VALUES` for the main fuel."""
    main = next(iter(generator.fuels), None)
    columns: list[tuple[Decimal | None, ...]] = []
    for code in MONTH_GROUPS[0]:
        row = main.get(code) if main else None
        declared = row is None or (code != "fc" and row.method == DEFAULT)
        columns.append(_EMPTY if declared or row is None else row.months)
    for code in MONTH_GROUPS[1]:
        row = generator.production.get(code)
        columns.append(row.months if row else _EMPTY)
    return columns


def equal_values(names: Sequence[str], a: Ref, b: Ref) -> dict[str, Decimal]:
    """Values that two rows share to the last digit."""
    rows = zip(names, a.values, b.values, strict=True)
    return {n: x for n, x, y in rows if x is not None and x == y}


class TwinIndex(Generic[Ref]):
    """Rows by pairs of values; `twins` finds the rows that share at least so many values."""

    def __init__(self, groups: Sequence[Sequence[str]], refs: Iterable[Ref] = ()) -> None:
        """Rows whose `values` follow the names of the groups in order."""
        self.names = tuple(name for group in groups for name in group)
        at = {name: i for i, name in enumerate(self.names)}
        self._slots = [(at[a], at[b]) for group in groups for a, b in combinations(group, 2)]
        self._by_pair: dict[Pair, list[Ref]] = {}
        for ref in refs:
            for key in self._keys(ref):
                self._by_pair.setdefault(key, []).append(ref)

    def _keys(self, ref: Ref) -> list[Pair]:
        values = ref.values
        return [
            (i, j, values[i], values[j])
            for i, j in self._slots
            if values[i] is not None and values[j] is not None
        ]

    def twins(self, ref: Ref, least: int) -> Iterator[tuple[Ref, dict[str, Decimal]]]:
        """Other rows with at least `least` equal values, each once, in order of their place."""
        seen = {id(ref)}
        for key in self._keys(ref):
            for other in self._by_pair.get(key, ()):
                if id(other) not in seen:
                    seen.add(id(other))
                    shared = equal_values(self.names, ref, other)
                    if len(shared) >= least and other != ref:
                        yield other, shared


class Population:
    """Lookups over all the reports given together. Never changed after it was built."""

    def __init__(self, tests: Iterable[LabRef], months: Iterable[MonthRef]) -> None:
        """From rows of any source; one version of each report."""
        kept, rows = list(tests), list(months)
        self._identities = {r.identity for r in kept} | {r.identity for r in rows}
        self.tests: TwinIndex[LabRef] = TwinIndex(LAB_GROUPS, kept)
        self.months: TwinIndex[MonthRef] = TwinIndex(MONTH_GROUPS, rows)
        self._numbers: dict[tuple[str, str], list[LabRef]] = defaultdict(list)
        self._shapes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        series: dict[tuple[str, str], list[SeriesEntry]] = defaultdict(list)
        for ref in kept:
            if not ref.report_no or not ref.laboratory:
                continue
            self._numbers[ref.laboratory, ref.report_no].append(ref)
            self._shapes[ref.laboratory][shape(ref.report_no)] += 1
            parts = split_number(ref.report_no)
            if parts and ref.issued:
                entry = SeriesEntry(parts[1], ref.issued, ref.identity)
                series[ref.laboratory, parts[0]].append(entry)
        self._series = {key: sorted(entries) for key, entries in series.items()}
        self._calendars: dict[tuple[str, str], list[SeriesEntry]] = {}
        self._held: dict[Identity, list[LabRef]] = defaultdict(list)
        for ref in kept:
            self._held[ref.identity].append(ref)

    @classmethod
    def from_reports(cls, reports: Iterable[ReportFacts]) -> "Population":
        """From facts; of several versions of one report the last one counts."""
        latest = {(r.credit_code, r.year): r for r in reports}
        tests = [lab_ref(r, t) for r in latest.values() for t in r.tests]
        return cls(tests, (m for r in latest.values() for m in month_refs(r)))

    def knows(self, report: ReportFacts) -> bool:
        """Whether a version of that report is part of the population."""
        return (report.credit_code, report.year) in self._identities

    def with_number(self, laboratory: str, report_no: str) -> list[LabRef]:
        """Tests under that number of that laboratory."""
        return self._numbers.get((laboratory, report_no), [])

    def held(self, identity: Identity, laboratory: str) -> list[LabRef]:
        """The tests of a report that come from a laboratory."""
        return [r for r in self._held.get(identity, ()) if r.laboratory == laboratory]

    def shapes(self, laboratory: str) -> dict[str, int]:
        """How often the laboratory uses each shape of number."""
        return self._shapes.get(laboratory, {})

    def series_size(self, laboratory: str, prefix: str, without: Identity) -> int:
        """How many numbers of the series other reports hold."""
        rows = self._series.get((laboratory, prefix), [])
        return sum(1 for row in rows if row.identity != without)

    def joint_numbers(
        self, laboratory: str, prefix: str, without: Identity, near: int
    ) -> tuple[int, int]:
        """How many close numbers of the series pass from one report to another, and how many of
        these with dates in order.

        A laboratory that numbers all its clients in one series has nearly all of them in order; one
        that numbers every client by itself has about half.
        """
        rows = [r for r in self._series.get((laboratory, prefix), []) if r.identity != without]
        passing = [
            (low, high)
            for low, high in pairwise(rows)
            if low.identity != high.identity and 0 < high.serial - low.serial <= near
        ]
        return len(passing), sum(1 for low, high in passing if low.issued <= high.issued)

    def neighbours(
        self, laboratory: str, prefix: str, serial: int, without: Identity
    ) -> tuple[SeriesEntry | None, SeriesEntry | None]:
        """The nearest lower and higher numbers of the series in other reports, of those whose dates
        agree with the series: a neighbour's date may itself be wrong."""
        rows = self._calendar(laboratory, prefix)
        at = bisect_left(rows, serial, key=lambda row: row.serial)
        lower = next((r for r in reversed(rows[:at]) if r.identity != without), None)
        higher = next((r for r in rows[at:] if r.serial > serial and r.identity != without), None)
        return lower, higher

    def _calendar(self, laboratory: str, prefix: str) -> list[SeriesEntry]:
        """The longest part of a series whose dates never run back."""
        key = laboratory, prefix
        if key not in self._calendars:
            self._calendars[key] = _in_order(self._series.get(key, []))
        return self._calendars[key]


def _in_order(rows: Sequence[SeriesEntry]) -> list[SeriesEntry]:
    """The longest subsequence with dates that do not fall (patience sorting)."""
    ends: list[int] = []  # ends[n]: the row with the earliest date that ends n + 1 rows in order
    before: list[int] = []
    for at, row in enumerate(rows):
        place = bisect_right(ends, row.issued, key=lambda i: rows[i].issued)
        before.append(ends[place - 1] if place else -1)
        ends[place : place + 1] = [at]
    chain = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(rows[at])
        at = before[at]
    return chain[::-1]
