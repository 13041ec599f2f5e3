"""What the rows of an outside file must be beyond the kinds of their cells."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stdnum.cn import uscc

from carbonwatch.imports.cells import plain
from carbonwatch.imports.layout import Field, Sheet
from carbonwatch.imports.tables import Cleaner
from emitters.layouts import LAST_YEAR
from emitters.outside.identity import (
    about,
    city_code,
    generator_name,
    key_of,
    owner_of,
    period_of,
)
from emitters.outside.kinds import RecordKind

_YEARS = range(2010, LAST_YEAR + 2)
_LONGEST, _LONGEST_NAME = 2000, 100  # characters of a text; of one by which a row is looked up
_SPANS = (("begin", "end"), ("valid_from", "valid_to"))
_CODES = ("credit_code", "client_code", "customer_code", "supplier_code", "code")


@dataclass(frozen=True)
class Bounds:
    """What is known of the units and what a provider may bring; nothing given, nothing compared.

    `units`: credit code -> generator numbers of every unit on the list; `own`: credit codes of the
    units whose records the provider may bring; `laboratory`, `city`: the only ones it may speak of.
    """

    units: Mapping[str, Sequence[str]] | None = None
    own: Collection[str] | None = None
    laboratory: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record of a file: row number, clean values by field (empty ones left out), and what it is
    looked up by (`emitters.outside.identity`)."""

    number: int
    values: Mapping[str, Any]
    owner: str
    about: str
    key: str
    year: int | None
    month: int | None
    day: date | None


class RowRules:
    """Looks at one row after another and notes what is wrong in the cleaner."""

    def __init__(
        self,
        cleaner: Cleaner,
        kind: RecordKind,
        sheet: Sheet,
        letters: Mapping[str, str],
        bounds: Bounds,
    ) -> None:
        self._cleaner, self._kind, self._sheet = cleaner, kind, sheet
        self._letters, self._bounds = letters, bounds
        self._fields: dict[str, Field] = {f.name: f for f in sheet.fields}
        self._first: dict[str, tuple[int, Mapping[str, Any]]] = {}

    def parse(self, number: int, values: dict[str, Any]) -> Parsed | None:
        """The record of a row; None when it lacks what identifies it (its problem is noted)."""
        self._ranges(number, values)
        self._codes(number, values)
        self._belonging(number, values)
        self._generator(number, values)
        if any(f.required and f.name not in values for f in self._sheet.fields):
            return None
        self._doubled(number, values)
        year, month, day = period_of(values)
        return Parsed(
            number,
            values,
            owner_of(self._kind, values),
            about(self._kind, values),
            key_of(self._kind, values),
            year,
            month,
            day,
        )

    def _note(self, rule: str, number: int, name: str, found: object, **values: object) -> None:
        self._cleaner.add(
            rule,
            sheet=self._sheet.name,
            cell=f"{self._letters[name]}{number}",
            field=self._fields[name].label,
            found=found,
            **values,
        )

    def _ranges(self, number: int, values: Mapping[str, Any]) -> None:
        if values.get("month", 1) not in range(1, 13):
            self._note("month-out-of-range", number, "month", values["month"])
        if values.get("year", _YEARS[0]) not in _YEARS:
            self._note("outside-year", number, "year", values["year"])
        for name, value in values.items():
            limit = _LONGEST_NAME if name in self._kind.key else _LONGEST
            if isinstance(value, str) and len(value) > limit:
                self._note("text-too-long", number, name, value, limit=limit)
        for first, last in _SPANS:
            begin, end = values.get(first), values.get(last)
            if begin and end and end < begin:
                label = self._fields[first].label
                self._note("outside-order", number, last, end, first=label, expected=str(begin))

    def _codes(self, number: int, values: Mapping[str, Any]) -> None:
        units = self._bounds.units
        for name in _CODES:
            code = values.get(name)
            if not code or (units is not None and code in units):
                continue
            subject = name == self._kind.subject
            if not uscc.is_valid(code):
                # By the subject's code a row is found; other codes are what the source wrote.
                rule = "credit-code" if subject else "outside-code-doubtful"
                self._note(rule, number, name, code)
            elif subject and units is not None:
                self._note("outside-unit-unknown", number, name, code)

    def _belonging(self, number: int, values: Mapping[str, Any]) -> None:
        bounds, owner = self._bounds, self._kind.owner
        name = {"laboratory": "laboratory", "city": "city"}.get(owner, self._kind.subject)
        found = values.get(name)
        if not found:
            return
        # A laboratory tests for whom it likes; what it may not do is speak for another one.
        if owner == "unit" and bounds.own is not None and found not in bounds.own:
            self._note("outside-unit-foreign", number, name, found)
        elif owner == "laboratory" and plain(found) != plain(bounds.laboratory or found):
            rule = "outside-laboratory-foreign"
            self._note(rule, number, name, found, expected=bounds.laboratory)
        elif owner == "city" and not city_code(found):
            self._note("outside-city-unknown", number, name, found)
        elif owner == "city" and bounds.city and city_code(found) != city_code(bounds.city):
            self._note("outside-city-foreign", number, name, found, expected=bounds.city)

    def _generator(self, number: int, values: dict[str, Any]) -> None:
        """Spelled as the unit spells it, for checks compare by that name."""
        known = (self._bounds.units or {}).get(about(self._kind, values), ())
        if "generator" not in values or not known:
            return
        values["generator"] = generator_name(values["generator"], known)
        if values["generator"] not in known:
            found, expected = values["generator"], "、".join(known)
            self._note("outside-generator-unknown", number, "generator", found, expected=expected)

    def _doubled(self, number: int, values: Mapping[str, Any]) -> None:
        key = key_of(self._kind, values)
        first = self._first.setdefault(key, (number, values))
        if first[0] == number:
            return
        name = self._kind.key[0]
        found = "、".join(str(values[k]) for k in self._kind.key if values.get(k))
        if not self._kind.several:
            self._note("row-twice", number, name, found, first=first[0])
        elif first[1] == values:
            self._note("outside-repeated", number, name, found, first=first[0])
