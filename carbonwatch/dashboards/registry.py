"""Cards of the supervision overview: each app declares its own; the page only asks and shows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from carbonwatch.accounts.models import Actor


@dataclass(frozen=True)
class Card:
    """One card: `figures(actor, year)` returns the context of `template` with a constant number of
    queries, from summary rows where the facts are many. `size` is the width in twelfths."""

    code: str
    title: Any
    template: str
    figures: Callable[[Actor, int], dict[str, Any]]
    order: int = 50
    size: int = 4


_CARDS: dict[str, Card] = {}


def register_card(card: Card) -> None:
    """Called in `ready()` of the app that owns the card."""
    _CARDS[card.code] = card


def cards(actor: Actor, year: int) -> list[dict[str, Any]]:
    """Every card with its figures, in order."""
    ordered = sorted(_CARDS.values(), key=lambda c: (c.order, c.code))
    return [
        {
            "code": c.code,
            "title": c.title,
            "template": c.template,
            "size": c.size,
            **c.figures(actor, year),
        }
        for c in ordered
    ]
