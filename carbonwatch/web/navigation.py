"""The menu: each app declares its entries; a person sees those that the posts allow."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

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


_PUBLIC: list[Entry] = []


def register_public(label: Any, url_name: str, order: int = 50) -> None:
    """A page that needs no sign-in, offered on the sign-in page. Called in `ready()`."""
    _PUBLIC.append(Entry(label, url_name, "", order))
    _PUBLIC.sort(key=lambda e: e.order)


def public_links() -> list[tuple[Any, str]]:
    """What can be seen without signing in: (label, address)."""
    return [(e.label, reverse(e.url_name)) for e in _PUBLIC]
