"""Refusals and reads of sensitive files are entries of the ledger too."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model

from carbonwatch.accounts.models import Actor
from carbonwatch.audit.ledger import record


def record_refusal(actor: Actor, what: str, reason: str, now: datetime) -> None:
    """Somebody tried what the role does not allow. Own transaction: nothing else was changed."""
    with transaction.atomic():
        record("access.refused", None, actor, now, what=what[:200], reason=reason[:300], ip=actor.ip)


def record_read(actor: Actor, target: Model, what: str, now: datetime) -> None:
    """Somebody took away a sensitive file of the target."""
    with transaction.atomic():
        record("file.read", target, actor, now, what=what[:200], ip=actor.ip)
