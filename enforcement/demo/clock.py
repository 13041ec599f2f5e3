"""When things happen in the made-up province: in the season of their year, never after now."""

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

SATURDAY = 5


class Clock:
    """The time of one made-up matter. It moves on in steps and stops at the present."""

    def __init__(self, start: datetime, now: datetime, rng: Random) -> None:
        self.at = min(start, now)
        self.now = now
        self._rng = rng

    def later(self, days: int = 0) -> datetime:
        """Some minutes later, or some days later during office hours of a working day."""
        then = self.at + timedelta(minutes=self._rng.randint(4, 55))
        if days:
            day = timezone.localtime(self.at) + timedelta(days=days)
            then = day.replace(hour=self._rng.randint(9, 16), minute=self._rng.randint(0, 59))
        while timezone.localtime(then).weekday() >= SATURDAY:
            then += timedelta(days=1)
        self.at = min(then, self.now)
        return self.at


def local(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    """A moment by the clocks of the province."""
    return datetime(year, month, day, hour, minute, tzinfo=timezone.get_default_timezone())


def season(year: int, now: datetime, rng: Random) -> Clock:
    """The weeks in March in which a year is reported; the last weeks when those are yet to come."""
    march = local(year + 1, 3, rng.randint(1, 18), 9, rng.randint(0, 59))
    return Clock(march, now, rng) if march + timedelta(days=90) < now else recent(30, now, rng)


def recent(days: int, now: datetime, rng: Random) -> Clock:
    """That many days ago."""
    return Clock(now - timedelta(days=days, minutes=rng.randint(0, 300)), now, rng)
