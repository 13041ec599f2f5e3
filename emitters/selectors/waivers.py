"""Who waives how often (check catalogue PRC-SUPPRESS-AUDIT)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from django.db.models import Count, Q

from carbonwatch.params.service import in_force
from emitters.models import Waiver
from emitters.models.waivers import GRANTED


@dataclass(frozen=True)
class Officer:
    """What one person did: waivers proposed, proposed and granted, granted to others, refused.
    `often`: clearly more than the median of those who do the same."""

    name: str
    proposed: int
    granted: int
    approved: int
    refused: int
    often: bool


class _Acts(NamedTuple):
    """What one person did on one side."""

    name: str
    all: int = 0
    granted: int = 0
    refused: int = 0


def officers(on: date) -> list[Officer]:
    """Everybody who proposed or decided a waiver, the most active first. Two queries."""
    proposers, deciders = _acts("proposed_by"), _acts("decided_by")
    ratio = Decimal(in_force().get("waiver.outlier_ratio", on))
    many_granted = ratio * _usual(a.granted for a in proposers.values())
    many_approved = ratio * _usual(a.granted for a in deciders.values())
    found = []
    for pk in proposers.keys() | deciders.keys():
        own, other = proposers.get(pk, _Acts("")), deciders.get(pk, _Acts(""))
        often = own.granted > many_granted or other.granted > many_approved
        name = own.name or other.name
        found.append(Officer(name, own.all, own.granted, other.granted, other.refused, often))
    return sorted(found, key=lambda o: (-max(o.granted, o.approved), o.name))


def _acts(side: str) -> dict[int, _Acts]:
    """By person, on the side that the field names."""
    rows = (
        Waiver.objects.exclude(**{side: None})
        .order_by()
        .values_list(side, f"{side}__name", f"{side}__username")
        .annotate(
            n=Count("pk"),
            granted=Count("pk", filter=Q(status__in=GRANTED)),
            refused=Count("pk", filter=Q(status="refused")),
        )
    )
    return {pk: _Acts(f"{name}（{login}）", *counts) for pk, name, login, *counts in rows}


def _usual(counts: Iterable[int]) -> Decimal:
    """The median of those who did it at all; 0 when nobody did."""
    active = [n for n in counts if n]
    return Decimal(str(median(active))) if active else Decimal(0)
