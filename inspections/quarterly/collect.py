"""Collecting the figures of a quarter: one query for each declared figure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import DecimalField, F, Value
from django.db.models.expressions import Combinable

from carbonwatch.accounts.models import Actor
from inspections.quarterly.period import Period
from inspections.quarterly.registry import By, Expression, Figure, Measure, sections

TEXT_LENGTH = 300
TENTH = Decimal("0.1")
_NO_AMOUNT = Value(None, DecimalField())


@dataclass(frozen=True)
class Item:
    """A row behind a figure, as it was named when the figure was made."""

    target_id: int
    owner: str
    city: str
    text: str
    amount: Decimal | None
    keys: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Counted:
    """A figure with its rows. `by` and `key` say which part of a declared figure it is."""

    section: str
    section_title: str
    figure: Figure
    items: Sequence[Item]
    by: By | None = None
    key: str = ""
    key_label: str = ""

    @property
    def code(self) -> str:
        """Names the figure in every quarter."""
        return f"{self.figure.code}@{self.by.code}={self.key}" if self.by else self.figure.code

    @property
    def value(self) -> Decimal | None:
        """What the rows say."""
        return value_of(self.figure.measure, [i.amount for i in self.items])


def value_of(measure: str, amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The figure that rows with these amounts make; None for a share of nothing."""
    if measure == Measure.COUNT:
        return Decimal(len(amounts))
    total = sum((a for a in amounts if a is not None), Decimal(0))
    if measure == Measure.SUM:
        return total
    if not amounts:
        return None
    return (100 * total / len(amounts)).quantize(TENTH, ROUND_HALF_UP)


def collect(period: Period, actor: Actor) -> Iterator[Counted]:
    """Every figure of the quarter from the stored rows that the actor sees."""
    for section in sections():
        for figure in section.figures:
            named = (section.code, str(section.title), figure)
            items = _items(figure, period, actor)
            yield Counted(*named, items)
            for n, by in enumerate(figure.by):
                for key, label in by.choices:
                    mine = [i for i in items if str(i.keys[n]) == str(key)]
                    yield Counted(*named, mine, by, str(key), str(label))


def _items(figure: Figure, period: Period, actor: Actor) -> list[Item]:
    amount = figure.amount(period) if callable(figure.amount) else figure.amount
    rows = figure.model._default_manager.visible_to(actor).filter(figure.where(period))  # type: ignore[attr-defined]
    values = rows.order_by("pk").values_list(
        "pk",
        *map(_expression, (figure.owner, figure.city, figure.text, amount or _NO_AMOUNT)),
        *(F(by.field) for by in figure.by),
    )
    return [
        Item(
            pk, owner or "", city or "", str(text or "")[:TEXT_LENGTH], _decimal(value), tuple(keys)
        )
        for pk, owner, city, text, value, *keys in values
    ]


def _expression(what: Expression) -> Combinable:
    return F(what) if isinstance(what, str) else what


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
