"""What can be wrong with an uploaded workbook, said so that a person can put it right."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Weight(StrEnum):
    """`file`: the whole file cannot be used (first verdict); `blocker`: a cell must be corrected;
    `notice`: read, but worth knowing."""

    FILE = "file"
    BLOCKER = "blocker"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: rule code, place, what was found, and a text and cure in lazy translation.

    `sheet` and `cell` are empty for a problem of the whole file. `values` fill `{placeholders}` of
    the rule's text and cure (see `carbonwatch.imports.rules`).
    """

    rule: str
    weight: Weight
    sheet: str = ""
    cell: str = ""
    field: str = ""
    found: str = ""
    values: tuple[tuple[str, Any], ...] = ()

    @property
    def place(self) -> str:
        """`sheet!cell`, or what there is of it."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet
