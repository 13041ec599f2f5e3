"""Entries about what was tried and what was read, each in its own transaction."""

from datetime import datetime
from typing import Any

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


def record_read(target: models.Model, actor: Actor, now: datetime, **facts: Any) -> AuditEvent:
    """Somebody opened a sensitive file."""
    with transaction.atomic():
        return record("read", target, actor, now, ip=actor.ip, **facts)
