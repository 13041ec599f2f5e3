"""Cell values as people mean them: text, numbers and dates by the common rules of the workbook.

Readers give str, float, bool, date, datetime, time or timedelta, and `Fault` where there is
no value.
Every function takes such a value and returns the clean one, or raises `CellFault`.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from carbonwatch.imports.sheetscan import Fault

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.\d*)?(?:[eE][+-]?\d{1,2})?")
_DATES = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00:00)?"),
    re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?: 00:00:00)?"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"),
)
# Control and zero-width characters that copying from other programs leaves behind.
_DIRT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_MINUS = str.maketrans({"−": "-", "–": "-", "，": ","})
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d{1,2}")
_SAFE_INTEGER = 10**15
_MAX_NUMBER = 1e15
_KNOWN_LENGTH = 40
_FIRST_YEAR, _LAST_YEAR = 1949, 2100
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"}


class CellFault(Exception):
    """The cell does not say what its field needs; `rule` is a code of `imports.rules`."""

    def __init__(self, rule: str, found: object = "") -> None:
        super().__init__(rule)
        self.rule = rule
        self.found = str(found)


def is_blank(value: object) -> bool:
    """Empty, or nothing but blanks."""
    return value is None or value == "" or (type(value) is str and not clean(value))


def clean(text: str) -> str:
    """Without surrounding blanks and invisible characters."""
    return _DIRT.sub("", text).strip() if not text.isalnum() else text


def plain(text: str) -> str:
    """For comparing: full-width forms folded, all blanks removed, lower case."""
    return _fold_known(text) if len(text) <= _KNOWN_LENGTH else _fold(text)


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", _DIRT.sub("", text)).split()).casefold()


# Labels and names come back thousands of times; long strangers are not kept.
_fold_known = lru_cache(maxsize=2048)(_fold)


def as_text(value: object) -> str:
    """Text; whole numbers below 15 digits as typed; "" for an empty cell."""
    if type(value) is str:
        text = clean(value)
        if text in _ERRORS:
            raise CellFault("cell-error", text)
        return text
    if value is None:
        return ""
    if isinstance(value, bool | date):
        raise CellFault("not-a-text", value)
    if isinstance(value, int | float):
        if abs(value) >= _SAFE_INTEGER:
            raise CellFault("digits-lost", f"{value:.0f}")
        return f"{value:.15g}"
    raise _fault(value)


def as_code(value: object) -> str:
    """A code made of digits and letters: it must be text, for a number has lost zeros or digits."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise CellFault(
            "digits-lost" if abs(value) >= _SAFE_INTEGER else "code-as-number", f"{value:.15g}"
        )
    text = as_text(value)
    if _SCIENTIFIC.fullmatch(text):  # a spreadsheet program shortened it on the way to a text file
        raise CellFault("digits-lost", text)
    return unicodedata.normalize("NFKC", text).strip() if not text.isascii() else text


def as_number(value: object) -> Decimal | None:
    """A finite number with at most the 15 digits that a person sees; None for an empty cell."""
    if type(value) is float or type(value) is int:
        if not -_MAX_NUMBER < value < _MAX_NUMBER:
            raise CellFault("number-too-large", value)
        # 832429.8800000001 is float noise behind 832429.88: Excel itself shows and keeps 15 digits.
        return Decimal(f"{value:.15g}")
    if value == "" or value is None:
        return None
    if type(value) is str:
        return _number_from_text(value)
    raise _fault(value, "not-a-number")


def _number_from_text(value: str) -> Decimal | None:
    text = "".join(unicodedata.normalize("NFKC", clean(value)).translate(_MINUS).split())
    if not text:
        return None
    if text.upper() in _ERRORS:
        raise CellFault("cell-error", text)
    if len(text) > 40 or not _NUMBER.fullmatch(text):
        raise CellFault("not-a-number", value)
    number = Decimal(text.replace(",", ""))
    if abs(number) >= _SAFE_INTEGER:
        raise CellFault("number-too-large", value)
    return number


def as_integer(value: object) -> int | None:
    """A whole number, also written `3月` or `2024年`; None for an empty cell."""
    if type(value) is str:
        value = clean(value).rstrip("月年")
    number = as_number(value)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise CellFault("not-an-integer", value)
    return int(number)


def as_date(value: object) -> date | None:
    """A calendar day; None for an empty cell."""
    if type(value) is date:
        return _plausible(value)
    if value == "" or value is None:
        return None
    if isinstance(value, datetime):
        return _plausible(value.date())
    if type(value) is str:
        return _date_from_text(value)
    raise _fault(value, "not-a-date")


def _date_from_text(value: str) -> date | None:
    text = unicodedata.normalize("NFKC", clean(value))
    if not text:
        return None
    if text in _ERRORS:
        raise CellFault("cell-error", text)
    for form in _DATES:
        match = form.fullmatch(text)
        if match:
            try:
                return _plausible(date(int(match[1]), int(match[2]), int(match[3])))
            except ValueError:
                break
    raise CellFault("not-a-date", value)


def _plausible(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise CellFault("date-out-of-range", day)
    return day


def _fault(value: object, rule: str = "not-a-text") -> CellFault:
    if type(value) is Fault:
        return CellFault(value.rule, value.found)
    return CellFault(rule, value)


def numbers(column: Sequence[Any], *, signed: bool = True) -> list[Decimal | None] | None:
    """A whole column of `as_number` at once when it holds plain numbers only (none below zero unless
    `signed`), else None."""
    if set(map(type, column)) != {float}:
        return None
    least = min(column)
    if not (least > -_MAX_NUMBER and max(column) < _MAX_NUMBER) or (least < 0 and not signed):
        return None
    if math.isnan(sum(column)):
        return None
    # All at once and in C: this is half of all reading.
    return list(map(Decimal, ("%.15g " * len(column) % tuple(column)).split()))


def dates(column: Sequence[Any]) -> list[date | None] | None:
    """A whole column of `as_date` at once when it holds plausible dates only, else None."""
    if set(map(type, column)) != {date}:
        return None
    first, last = min(column), max(column)
    if first.year < _FIRST_YEAR or last.year > _LAST_YEAR:
        return None
    return list(column)  # type: ignore[arg-type]
