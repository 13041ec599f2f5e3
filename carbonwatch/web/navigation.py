"""The menu: each app declares its entries; a person sees those that the posts allow."""

from dataclasses import dataclass
from typing import Any

from carbonwatch.accounts.models import Actor


@dataclass(frozen=True)
class Entry:
    """One entry of the menu."""

    label: Any
    url_name: str
    perm: str
    order: int = 50


_ENTRIES: list[Entry] = []


def register_entry(entry: Entry) -> None:
    """Called in `ready()`."""
    _ENTRIES.append(entry)
    _ENTRIES.sort(key=lambda e: e.order)


def menu(actor: Actor) -> list[Entry]:
    """The entries of one person."""
    return [e for e in _ENTRIES if actor.may(e.perm)]
