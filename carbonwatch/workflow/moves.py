"""Moving a matter: require, write, record, hand on the duty. Every status is written here.

A matter is a model with `status`, `due_at`, a class attribute `flow`, and three methods:
`holder(perm)` (the organisation that has to act, or None), `get_absolute_url()` and `__str__`.
"""

from datetime import datetime, timedelta
from typing import Any

from carbonwatch.accounts.models import Actor
from carbonwatch.audit.ledger import record
from carbonwatch.worklist.duties import hand_on


def start(matter: Any, actor: Actor | None, now: datetime, **facts: object) -> None:
    """Record the birth of a matter (already saved in its first state) and open the first duty."""
    record(f"{matter.flow.code}.start", matter, actor, now, status=matter.status, **facts)
    hand_on(matter, actor, now)


def move(
    step_code: str,
    matter: Any,
    actor: Actor,
    now: datetime,
    *,
    due_at: datetime | None = None,
    **facts: object,
) -> Any:
    """Take a step with a locked matter inside a transaction.

    `facts` go into the ledger entry. `due_at` overrides the deadline of the new state.
    Raises `Refused` kinds: forbidden (role), wrong state, guard failed.
    """
    step = matter.flow.require(step_code, matter, actor)
    _set(matter, step.target, actor, now, step.code, due_at, facts)
    return step


def shift(
    matter: Any,
    target: str,
    actor: Actor | None,
    now: datetime,
    *,
    due_at: datetime | None = None,
    **facts: object,
) -> None:
    """Set a state as a consequence of something else (the system, another matter): write, record
    under the name of the state, hand on."""
    _set(matter, target, actor, now, target, due_at, facts)


def _set(
    matter: Any,
    target: str,
    actor: Actor | None,
    now: datetime,
    action: str,
    due_at: datetime | None,
    facts: dict[str, object],
) -> None:
    was, matter.status = matter.status, target
    days = matter.flow.state(target).days
    matter.due_at = due_at or (now + timedelta(days=days) if days is not None else None)
    matter.save()
    record(f"{matter.flow.code}.{action}", matter, actor, now, was=was, status=target, **facts)
    hand_on(matter, actor, now)
