"""Writing and proving the ledger."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from carbonwatch.accounts.models import Actor
from carbonwatch.audit.anchor import append_anchors
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


COLUMNS = (
    "seq",
    "at",
    "action",
    "actor_id",
    "actor_name",
    "organisation_id",
    "target",
    "target_id",
    "payload",
    "algorithm",
    "previous",
)
"""Every column but the digest itself, in the order in which they are hashed."""


def digest_of(values: Mapping[str, Any]) -> str:
    """The digest (hex) that an entry with these column values must carry.

    Times are hashed in UTC with microseconds, as PostgreSQL keeps them. Raises `KeyError` for an
    unknown algorithm.
    """
    hashed = [
        v.astimezone(UTC).isoformat() if isinstance(v, datetime) else v
        for v in (values[name] for name in COLUMNS)
    ]
    text = json.dumps(hashed, ensure_ascii=False, separators=(",", ":"))
    return ALGORITHMS[values["algorithm"]](text.encode())


@dataclass(frozen=True)
class Entry:
    """What is to be recorded of one thing; `facts` must be what JSON can hold."""

    action: str
    target: models.Model | None
    facts: Mapping[str, Any]


def record(
    action: str, target: models.Model | None, actor: Actor | None, now: datetime, **facts: Any
) -> AuditEvent:
    """Append one entry in the running transaction; see `record_all`."""
    return record_all([Entry(action, target, facts)], actor, now)[0]


def record_all(entries: Iterable[Entry], actor: Actor | None, now: datetime) -> list[AuditEvent]:
    """Append entries in the running transaction, in three statements however many.

    Locks the head row until the transaction ends (no fork): call it late in long transactions.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a ledger entry belongs to the transaction of the change it records")
    if now.tzinfo is None:
        raise ValueError("a ledger entry needs a time with its zone")
    head = AuditHead.objects.select_for_update().get_or_create(pk=1)[0]
    events = []
    for entry in entries:
        event = _event(entry, actor, now, head)
        event.digest = digest_of({name: getattr(event, name) for name in COLUMNS})
        head.count, head.digest = event.seq, event.digest
        events.append(event)
    AuditEvent.objects.bulk_create(events)
    head.save(update_fields=["count", "digest"])
    anchors = [(event.seq, event.digest) for event in events]
    # A full disk at the second place must not turn a committed change into an error.
    transaction.on_commit(lambda: append_anchors(anchors), robust=True)
    return events


def _event(entry: Entry, actor: Actor | None, now: datetime, head: AuditHead) -> AuditEvent:
    """The entry that follows the head, still without its digest."""
    target = entry.target
    return AuditEvent(
        seq=head.count + 1,
        at=now.astimezone(UTC),
        action=entry.action,
        actor_id=actor.user.pk if actor else None,
        actor_name=f"{actor.user.name}（{actor.user.username}）"[:128] if actor else "",
        organisation_id=actor.organisation.pk if actor else None,
        target=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        payload=_payload(entry.facts),
        algorithm=settings.LEDGER_HASH,
        previous=head.digest,
    )


def _payload(facts: Mapping[str, Any]) -> str:
    """The exact text that is stored and hashed; half characters (lone surrogates) stay escaped."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, cls=DjangoJSONEncoder)
    return text.encode("utf-8", "backslashreplace").decode()
