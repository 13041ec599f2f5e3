"""Who waives how often (check catalogue PRC-SUPPRESS-AUDIT)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

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


def officers(on: date) -> list[Officer]:
    """Everybody who proposed or decided a waiver, the most active first. Two queries."""
    granted = Count("pk", filter=Q(status__in=GRANTED))
    refused = Count("pk", filter=Q(status="refused"))
    by = Waiver.objects.order_by()
    proposers = {
        row["proposed_by"]: row
        for row in by.values("proposed_by", "proposed_by__name", "proposed_by__username").annotate(
            all=Count("pk"), granted=granted
        )
    }
    deciders = {
        row["decided_by"]: row
        for row in by.exclude(decided_by=None)
        .values("decided_by", "decided_by__name", "decided_by__username")
        .annotate(granted=granted, refused=refused)
    }
    ratio = Decimal(in_force().get("waiver.outlier_ratio", on))
    many_granted = ratio * _usual(r["granted"] for r in proposers.values())
    many_approved = ratio * _usual(r["granted"] for r in deciders.values())
    found = []
    for pk in proposers.keys() | deciders.keys():
        own: dict[str, Any] = proposers.get(pk, {})
        other: dict[str, Any] = deciders.get(pk, {})
        name = own.get("proposed_by__name") or other.get("decided_by__name")
        login = own.get("proposed_by__username") or other.get("decided_by__username")
        mine, theirs = own.get("granted", 0), other.get("granted", 0)
        often = mine > many_granted or theirs > many_approved
        found.append(
            Officer(
                f"{name}（{login}）",
                own.get("all", 0),
                mine,
                theirs,
                other.get("refused", 0),
                often,
            )
        )
    return sorted(found, key=lambda o: (-max(o.granted, o.approved), o.name))


def _usual(counts: Iterable[int]) -> Decimal:
    """The median of those who did it at all; 0 when nobody did."""
    active = [n for n in counts if n]
    return Decimal(str(median(active))) if active else Decimal(0)
