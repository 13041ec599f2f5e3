"""When units were last visited on site: told by the app that inspects them."""

from collections.abc import Callable, Mapping
from datetime import date

Source = Callable[[], Mapping[int, date]]
_SOURCES: list[Source] = []


def register_visits(source: Source) -> None:
    """Called in `ready()`: a function from nothing to the last visit by unit id, in one query."""
    _SOURCES.append(source)


def last_visits() -> dict[int, date]:
    """The last visit of every unit that had one."""
    found: dict[int, date] = {}
    for source in _SOURCES:
        for unit, day in source().items():
            found[unit] = max(day, found.get(unit, day))
    return found
