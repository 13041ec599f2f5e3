"""How a workbook is laid out: declared once, used to write the blank file and to read it back.

Three shapes of sheet: a `FORM` (labels in column A, values in B), a `TABLE` (a row per record)
and a `MONTHLY` sheet (a row per key and parameter, twelve months and the year).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import gettext

from carbonwatch.imports.cells import as_code, as_date, as_integer, as_number, as_text, plain


class Kind(StrEnum):
    """What a cell holds. A `CODE` is text, never a number; a `CHOICE` one of a list."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    CHOICE = "choice"


_CONVERT: dict[Kind, Callable[[object], Any]] = {
    Kind.TEXT: as_text,
    Kind.CODE: as_code,
    Kind.NUMBER: as_number,
    Kind.INTEGER: as_integer,
    Kind.DATE: as_date,
    Kind.CHOICE: as_text,
}
_BRACKETS = re.compile(r"[(\[【〔].*$")


class Shape(StrEnum):
    """See the module's text."""

    FORM = "form"
    TABLE = "table"
    MONTHLY = "monthly"


@dataclass(frozen=True)
class Field:
    """A labelled value: a column of a table, or a line of a form.

    `label` is the text in the file (never translated), `title` the name for pages; `needed` = the
    column or line must exist, `required` = it must be filled too; `signed` = negative
    numbers make sense.
    """

    name: str
    label: str
    title: Any
    kind: Kind = Kind.TEXT
    unit: str = ""
    decimals: int | None = None
    choices: tuple[str, ...] = ()
    hint: Any = ""
    needed: bool = True
    required: bool = False
    signed: bool = False
    aliases: tuple[str, ...] = ()
    width: int = 12

    @cached_property
    def convert(self) -> Callable[[object], Any]:
        """Cell value -> clean value; raises `CellFault`."""
        return _CONVERT[self.kind]

    @property
    def title_with_unit(self) -> str:
        """The name for pages with the unit of the numbers, or the units that they can have."""
        if not self.unit:
            return str(self.title)
        return f"{self.title}（{'、'.join(gettext(unit) for unit in self.unit.split('|'))}）"

    @cached_property
    def by_plain(self) -> dict[str, str]:
        """Choices by their folded form."""
        return {plain(choice): choice for choice in self.choices}


@dataclass(frozen=True)
class Parameter:
    """A kind of row of a monthly sheet. `units` by state of the fuel or unit: (usual, gas)."""

    code: str
    label: str
    title: Any
    unit: str
    decimals: int
    gas_unit: str = ""
    annual_decimals: int | None = None
    choices: tuple[str, ...] = ()
    hint: Any = ""
    signed: bool = False

    def unit_for(self, *, gas: bool) -> str:
        """The unit of the row."""
        return self.gas_unit if gas and self.gas_unit else self.unit


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook. A monthly sheet's months follow its `fields`, then `trailing`."""

    name: str
    title: Any
    shape: Shape
    fields: tuple[Field, ...]
    trailing: tuple[Field, ...] = ()
    hint: Any = ""

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """All columns in writing order."""
        months = MONTHS if self.shape is Shape.MONTHLY else ()
        return (*self.fields, *months, *self.trailing)

    @cached_property
    def by_header(self) -> dict[str, Field]:
        """Columns (or lines of a form) by folded label and aliases."""
        return {header_key(text): f for f in self.columns for text in (f.label, *f.aliases)}


def header_key(text: object) -> str:
    """A header folded for comparing, without a unit in brackets behind it."""
    words = str(text)
    return _known_key(words) if len(words) <= _KNOWN_LENGTH else _key(words)


def _key(text: str) -> str:
    folded = plain(text)
    return _BRACKETS.sub("", folded) or folded


_KNOWN_LENGTH = 40
_known_key = lru_cache(maxsize=1024)(_key)


_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
# Whether a negative month makes sense depends on the row's parameter, not on the column.
MONTHS: tuple[Field, ...] = (
    *(
        Field(
            f"m{m}",
            f"{m}月",
            f"{m}月",
            Kind.NUMBER,
            signed=True,
            aliases=(f"{n}月", f"{m}月份", f"0{m}月"),
        )
        for m, n in enumerate(_NUMERALS, 1)
    ),
    Field(
        "annual",
        "全年",
        "全年",
        Kind.NUMBER,
        signed=True,
        aliases=("全年合计", "年度", "合计"),
        width=14,
    ),
)
