"""Whose a record is, what it is about, when, and which other record would be the same fact."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from carbonwatch.imports.cells import plain
from carbonwatch.params.regions import REGION_CODES
from emitters.outside.kinds import RecordKind

_GENERATOR = re.compile(r"[#＃]?(\d{1,3})(?:[#＃号]?(?:机组?|炉)?)?")
_DATES = ("day", "issued", "tested", "received", "begin")
Period = tuple[int | None, int | None, date | None]


def owner_of(kind: RecordKind, values: Mapping[str, Any]) -> str:
    """Whose records these are: credit code, folded name of the laboratory, code of company or city.

    An unknown city gives an empty text.
    """
    if kind.owner == "laboratory":
        return plain(values["laboratory"])
    if kind.owner == "city":
        return city_code(values["city"])
    return str(values["code" if kind.owner == "company" else "credit_code"])


def city_code(name: str) -> str:
    """The code of a city of the province, also written without 市; "" for another place."""
    return REGION_CODES.get(name) or REGION_CODES.get(f"{name}市", "")


def about(kind: RecordKind, values: Mapping[str, Any]) -> str:
    """The credit code of the emitting unit that a record speaks of; "" when of none."""
    return str(values.get(kind.subject, ""))


def key_of(kind: RecordKind, values: Mapping[str, Any]) -> str:
    """The fact that a record states, in 32 characters: equal keys of one kind are the same fact."""
    text = "|".join(plain(str(values.get(name, ""))) for name in kind.key)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def period_of(values: Mapping[str, Any]) -> Period:
    """(year, month, day) of a record, as far as it has them.

    A sample of December that was tested in January belongs to the year of its month. What is valid
    from one day to another (permits, certificates) has no year of its own.
    """
    day = next((values[name] for name in _DATES if values.get(name)), None)
    year, month = values.get("year"), values.get("month")
    if year is None and day is not None:
        year = day.year - 1 if month and month > day.month else day.year
        month = month or day.month
    return year, month, day


def generator_name(found: str, known: Sequence[str]) -> str:
    """A generator as its unit spells it (`#1`, `1号机组` for `1#`); as found when it is not known."""
    if found in known:
        return found
    number = _number(found)
    alike = [
        name
        for name in known
        if plain(name) == plain(found) or (number and _number(name) == number)
    ]
    return alike[0] if len(alike) == 1 else found


def _number(name: str) -> str:
    match = _GENERATOR.fullmatch(plain(name))
    return str(int(match[1])) if match else ""
