"""Working days (工作日): Monday to Friday, but for the State Council's holiday notice of the year.

The notices are dated parameters (`calendar.holidays`). A year without one counts Monday to Friday,
and whoever shows such a date says so: `assumed_years`, `caveat`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from carbonwatch.params.service import in_force
from carbonwatch.params.values import DAY, Parameters

KEY = "calendar.holidays"
SATURDAY = 5


@dataclass(frozen=True)
class Workdays:
    """The calendar of one set of parameters; ask for it once when many dates are wanted."""

    parameters: Parameters
    _tables: dict[int, tuple[frozenset[str], frozenset[str]] | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    def _table(self, year: int) -> tuple[frozenset[str], frozenset[str]] | None:
        if year not in self._tables:
            value = self.parameters.maybe(KEY, year)
            self._tables[year] = value and (frozenset(value["off"]), frozenset(value["work"]))
        return self._tables[year]

    def known(self, year: int) -> bool:
        """Whether the holidays of the year are on record."""
        return self._table(year) is not None

    def working(self, day: date) -> bool:
        """Whether offices are open on that day."""
        off, work = self._table(day.year) or (frozenset(), frozenset())
        name = day.isoformat()
        return name in work or (day.weekday() < SATURDAY and name not in off)

    def add(self, start: date, n: int) -> date:
        """The n-th working day after `start` (before it when n is negative). The day on which a
        period begins does not count (Civil Code art. 201); 0 gives the day itself."""
        step = DAY if n > 0 else timedelta(days=-1)
        day, left = start, abs(n)
        while left:
            day += step
            left -= self.working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`; negative when `end`
        comes first."""
        first, last = sorted((start, end))
        days = sum(self.working(first + DAY * n) for n in range(1, (last - first).days + 1))
        return days if end >= start else -days


def calendar() -> Workdays:
    """The calendar in force."""
    return Workdays(in_force())


def add_working_days(start: date, n: int) -> date:
    """The n-th working day after `start`; see `Workdays.add`."""
    return calendar().add(start, n)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start`, up to and including `end`; see `Workdays.between`."""
    return calendar().between(start, end)


def assumed_years(start: date, end: date) -> list[int]:
    """The years of the span whose holidays are not on record, so that Monday to Friday was counted."""
    days = calendar()
    first, last = sorted((start, end))
    return [year for year in range(first.year, last.year + 1) if not days.known(year)]


def caveat(years: Sequence[int]) -> object:
    """What to say beside a date that was counted without the holidays of those years; empty for none."""
    if not years:
        return ""
    return _("%(years)s年放假安排尚未录入参数，工作日暂按周一至周五计算。") % {
        "years": "、".join(map(str, years))
    }
