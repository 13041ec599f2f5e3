"""The figures of the quarterly supervision report (日常监管季报), section by section.

A section is declared once, with the query behind every figure; an app to the right registers its own
in `ready()`. What a figure says follows from the rows it opens and from nothing else:

- a count is the number of its rows;
- a sum adds up the `amount` of each row;
- a share is the part of its rows whose `amount` is 1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, TextChoices
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from inspections.quarterly.period import Period

Expression = str | Combinable
"""The path of a field, or an expression of the database."""


class Measure(TextChoices):
    """How a figure follows from its rows."""

    COUNT = "count", _("计数")
    SUM = "sum", _("合计")
    SHARE = "share", _("比例")


@dataclass(frozen=True)
class By:
    """A figure told apart by a field: one more figure for each of `choices`, those with none too."""

    code: str
    label: Any
    field: str
    choices: Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class Figure:
    """One figure: the rows of `model` for which `where` holds in the quarter.

    `owner`, `city` and `text` are how a row is named in the list that the figure opens.
    """

    code: str
    label: Any
    unit: Any
    model: type[Model]
    where: Callable[[Period], Q]
    text: Expression
    owner: Expression = "unit__organisation__name"
    city: Expression = "city"
    measure: Measure = Measure.COUNT
    amount: Expression | Callable[[Period], Combinable] | None = None
    by: Sequence[By] = ()


@dataclass(frozen=True)
class Section:
    """A section of the report. `order` places it among the others."""

    code: str
    title: Any
    figures: Sequence[Figure]
    order: int = 50


_SECTIONS: list[Section] = []


def register_section(section: Section) -> None:
    """Called in `ready()`."""
    if any(s.code == section.code for s in _SECTIONS):
        raise ValueError(f"section {section.code} is declared twice")
    _SECTIONS.append(section)
    _SECTIONS.sort(key=lambda s: s.order)


def sections() -> list[Section]:
    """Every section, in the order of the report."""
    return list(_SECTIONS)
