"""A quarter of a year, by the clocks of the province."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from django.db.models import Q
from django.utils import timezone

MONTHS = 3
QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, order=True)
class Period:
    """`Period(2026, 3)`: from 1 July until 30 September 2026."""

    year: int
    quarter: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter in which a day lies."""
        return cls(day.year, (day.month - 1) // MONTHS + 1)

    @property
    def previous(self) -> "Period":
        """The quarter before."""
        return Period(self.year, self.quarter - 1) if self.quarter > 1 else Period(self.year - 1, 4)

    @property
    def following(self) -> "Period":
        """The quarter after."""
        return Period(self.year, self.quarter + 1) if self.quarter < MONTHS + 1 else Period(
            self.year + 1, 1
        )  # fmt: skip

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, (self.quarter - 1) * MONTHS + 1, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return self.following.first - timedelta(days=1)

    @property
    def start(self) -> datetime:
        """The moment at which it begins."""
        return datetime.combine(self.first, time.min, timezone.get_default_timezone())

    @property
    def end(self) -> datetime:
        """The moment at which it is over, itself no longer part of it."""
        return self.following.start

    def within(self, field: str) -> Q:
        """The moment in `field` lies in the quarter."""
        return Q(**{f"{field}__gte": self.start, f"{field}__lt": self.end})

    def falls(self, field: str) -> Q:
        """The day in `field` lies in the quarter."""
        return Q(**{f"{field}__gte": self.first, f"{field}__lte": self.last})

    def not_by_end(self, field: str) -> Q:
        """What `field` dates had not happened when the quarter was over."""
        return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": self.end})
