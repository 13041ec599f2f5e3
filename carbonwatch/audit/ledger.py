"""Writing and proving the ledger."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from carbonwatch.accounts.models import Actor
from carbonwatch.audit.anchor import append_anchor
from carbonwatch.audit.models import AuditEvent, AuditHead

GENESIS = "0" * 64


def _sm3(data: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


ALGORITHMS: dict[str, Callable[[bytes], str]] = {
    "sm3": _sm3,
    "sha256": lambda data: hashlib.sha256(data).hexdigest(),
}


def digest_of(event: AuditEvent) -> str:
    """The digest that the entry must carry: over every column, in a fixed order."""
    text = json.dumps(
        [
            event.seq,
            event.at.isoformat(),
            event.action,
            event.actor_id,
            event.actor_name,
            event.organisation_id,
            event.target,
            event.target_id,
            event.payload,
            event.algorithm,
            event.previous,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return ALGORITHMS[event.algorithm](text.encode())


def record(
    action: str, target: models.Model | None, actor: Actor | None, now: datetime, **facts: Any
) -> AuditEvent:
    """Append one entry in the running transaction; `facts` must be what JSON can hold.

    Locks the head row until the transaction ends: call it late in long transactions.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a ledger entry belongs to the transaction of the change it records")
    head = AuditHead.objects.select_for_update().get_or_create(pk=1)[0]
    event = AuditEvent(
        seq=head.count + 1,
        at=now.astimezone(tz=None).astimezone() if now.tzinfo is None else now,
        action=action,
        actor_id=actor.user.pk if actor else None,
        actor_name=f"{actor.user.name}（{actor.user.username}）" if actor else "",
        organisation_id=actor.organisation.pk if actor else None,
        target=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        payload=json.dumps(facts, ensure_ascii=False, sort_keys=True, cls=DjangoJSONEncoder),
        algorithm=settings.LEDGER_HASH,
        previous=head.digest,
    )
    event.digest = digest_of(event)
    event.save(force_insert=True)
    head.count, head.digest = event.seq, event.digest
    head.save(update_fields=["count", "digest"])
    transaction.on_commit(lambda: append_anchor(event.seq, event.digest))
    return event
