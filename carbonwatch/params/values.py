"""Dated parameters in memory: the same object from the shipped files or from the database.

The data date of a report decides (the first day of the month or year that a figure belongs to),
not today. A missing value is an error, never a default.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent.parent
DAY = timedelta(days=1)
_APPS = ("carbonwatch/params", "emitters", "verification", "inspections", "enforcement")


class MissingParameter(LookupError):
    """No value of that key is in force on that date."""


@dataclass(frozen=True, slots=True)
class Value:
    """One dated value with its source. Numbers are `Decimal` all the way down."""

    key: str
    value: Any
    unit: str
    valid_from: date
    valid_to: date | None
    source: str
    confidence: str
    note: str = ""

    def covers(self, on: date) -> bool:
        """Whether the value is in force on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def snapshot(self) -> dict[str, Any]:
        """What a stored result keeps of the parameter it used (JSON)."""
        return {
            "key": self.key,
            "value": _plain(self.value),
            "unit": self.unit,
            "from": self.valid_from.isoformat(),
            "source": self.source,
            "confidence": self.confidence,
        }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


@dataclass(frozen=True)
class Parameters:
    """All values, by key. `get(key, on)` takes a date or a reporting year."""

    by_key: Mapping[str, tuple[Value, ...]]
    _cache: dict[tuple[str, date | int], Value | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(cls, values: Iterable[Value]) -> "Parameters":
        """From any collection of values."""
        keyed: dict[str, list[Value]] = {}
        for value in values:
            keyed.setdefault(value.key, []).append(value)
        return cls({k: tuple(sorted(v, key=lambda x: x.valid_from)) for k, v in keyed.items()})

    def _in_force(self, key: str, on: date | int) -> Value | None:
        """The value in force, looked for once; checks ask for the same ones hundreds of times."""
        asked = (key, on)
        if asked not in self._cache:
            day = date(on, 1, 1) if isinstance(on, int) else on
            values = self.by_key.get(key, ())
            self._cache[asked] = next((v for v in values if v.covers(day)), None)
        return self._cache[asked]

    def find(self, key: str, on: date | int) -> Value:
        """The value with its source; `MissingParameter` when none is in force."""
        value = self._in_force(key, on)
        if value is None:
            raise MissingParameter(f"{key} has no value on {on}")
        return value

    def get(self, key: str, on: date | int) -> Any:
        """The bare value."""
        return self.find(key, on).value

    def maybe(self, key: str, on: date | int) -> Any | None:
        """The bare value, or None where a missing one has a meaning of its own."""
        value = self._in_force(key, on)
        return None if value is None else value.value

    def revised(self, new: Value) -> "Parameters":
        """The same parameters after `new` has taken over (see `succession`)."""
        return Parameters({**self.by_key, new.key: succession(self.by_key.get(new.key, ()), new)})


def succession(values: Sequence[Value], new: Value) -> tuple[Value, ...]:
    """The values of one key once `new` holds from its first day: the value that held then ends the day
    before, and `new` ends when that one would have ended, or before the next one.

    Raises `ValueError` when a value starts on that very day: it cannot end before it began.
    """
    if any(v.valid_from == new.valid_from for v in values):
        raise ValueError(f"{new.key} has a value that starts on {new.valid_from}")
    before = next((v for v in values if v.covers(new.valid_from)), None)
    later = min((v.valid_from for v in values if v.valid_from > new.valid_from), default=None)
    last = before.valid_to if before else later and later - DAY
    kept = [replace(v, valid_to=new.valid_from - DAY) if v is before else v for v in values]
    return tuple(sorted([*kept, replace(new, valid_to=last)], key=lambda v: v.valid_from))


def parse_values(items: Iterable[Mapping[str, Any]]) -> list[Value]:
    """From the form of the data files: key, value, unit, from, to, source, confidence, note."""
    return [
        Value(
            key=i["key"],
            value=i["value"],
            unit=i.get("unit", ""),
            valid_from=date.fromisoformat(i["from"]),
            valid_to=date.fromisoformat(i["to"]) if i.get("to") else None,
            source=i["source"],
            confidence=i["confidence"],
            note=i.get("note", ""),
        )
        for i in items
    ]


def shipped_files() -> list[Path]:
    """Every parameter file of the project, foundation first."""
    return [
        p for app in _APPS for p in sorted((_ROOT / app / "data" / "parameters").glob("*.json"))
    ]


@lru_cache(maxsize=1)
def shipped() -> Parameters:
    """The parameters that ship with the project; needs no database."""
    values: list[Value] = []
    for path in shipped_files():
        values += parse_values(
            json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
        )
    return Parameters.of(values)
