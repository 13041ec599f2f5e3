"""Reads of tips: by number and code for their authors, on pages for those who handle them."""

import hashlib
import json
from typing import Any

from django.utils.crypto import constant_time_compare

from carbonwatch.accounts.models import Actor
from carbonwatch.audit.models import AuditEvent
from inspections.models import Finding, Inspection, Tip
from inspections.selectors.findings import Entry

NOBODY = "0" * 64


def hash_of(secret: str) -> str:
    """What is kept of a code of eighty bits: a plain hash does, there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def tip_of(number: str, code: str) -> Tip | None:
    """The tip of that number, if the code is its own; an unknown number takes as long."""
    tip = Tip.objects.filter(number=number.strip().upper()).first()
    plain = "".join(c for c in code.upper() if c.isalnum())
    fits = constant_time_compare(hash_of(plain), tip.code_hash if tip else NOBODY)
    return tip if fits else None


def timeline_of(tip: Tip) -> list[Entry]:
    """What the ledger says of a tip, oldest first: looks at its author too."""
    events = AuditEvent.objects.filter(target="inspections.tip", target_id=str(tip.pk))
    return [
        Entry(e.at, e.action, e.actor_name, str(json.loads(e.payload).get("note") or ""))
        for e in events.exclude(action__in=["read", "refused"]).order_by("seq")
    ]


def tips_of(matter: Finding | Inspection, actor: Actor) -> dict[str, Any] | None:
    """Panel of a finding or an inspection: the tips that led to it, for those who may see tips."""
    tips = list(Tip.objects.visible_to(actor).filter(pk__in=matter.tips.values("pk")))
    return {"tips": tips} if tips else None
