"""Entries about what was tried and what was read, each in its own transaction."""

from datetime import datetime

from django.db import models, transaction

from carbonwatch.accounts.models import Actor
from carbonwatch.audit.ledger import record
from carbonwatch.audit.models import AuditEvent


def record_refusal(
    actor: Actor, what: str, reason: str, now: datetime, target: models.Model | None = None
) -> AuditEvent:
    """Somebody signed in tried what the role forbids; call it after the roll-back."""
    with transaction.atomic():
        return record(
            "refused", target, actor, now, what=what[:300], reason=reason[:300], ip=actor.ip
        )


def record_read(actor: Actor, target: models.Model, name: str, now: datetime) -> AuditEvent:
    """Somebody opened a sensitive file of that object."""
    with transaction.atomic():
        return record("read", target, actor, now, name=name, ip=actor.ip)
