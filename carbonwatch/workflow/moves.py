"""Moving a matter: require, write, record, hand on the duty. Every status is written here.

A matter is a model with `status`, `due_at`, a class attribute `flow`, and three methods:
`holder(perm)` (the organisation that has to act, or None), `get_absolute_url()` and `__str__`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from carbonwatch.accounts.models import Actor
from carbonwatch.audit.ledger import Entry, record, record_all
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.worklist.duties import hand_on


def start(matter: Any, actor: Actor | None, now: datetime, **facts: object) -> None:
    """Record the birth of a matter (already saved in its first state) and open the first duty."""
    record(f"{matter.flow.code}.start", matter, actor, now, status=matter.status, **facts)
    hand_on([matter], actor, now)


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
    _set([Shift(matter, step.target, facts, due_at, step.code)], actor, now)
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
    _set([Shift(matter, target, facts, due_at)], actor, now)


def postpone(
    matter: Any, due_at: datetime, action: str, actor: Actor, now: datetime, **facts: object
) -> None:
    """Give a locked matter another deadline in the state it is in: write, record under the name of the
    act, hand on the duty with the new deadline."""
    matter.due_at = due_at
    matter.save(update_fields=["due_at"])
    record(f"{matter.flow.code}.{action}", matter, actor, now, due_at=due_at.isoformat(), **facts)
    hand_on([matter], actor, now)


@dataclass(frozen=True)
class Shift:
    """One change of state among several; `action` is its name in the ledger (default: the state)."""

    matter: Any
    target: str
    facts: Mapping[str, object] = field(default_factory=dict)
    due_at: datetime | None = None
    action: str = ""


def shift_all(shifts: Sequence[Shift], now: datetime) -> None:
    """`shift` of the system for several at once, recorded in order; a matter may pass through several
    states. As many statements as matters, and a handful."""
    _set(shifts, None, now)


def _set(shifts: Sequence[Shift], actor: Actor | None, now: datetime) -> None:
    entries = []
    for s in shifts:
        was, s.matter.status = s.matter.status, s.target
        s.matter.due_at = s.due_at or due_of(s.matter.flow.state(s.target), now)
        action = f"{s.matter.flow.code}.{s.action or s.target}"
        entries.append(Entry(action, s.matter, {"was": was, "status": s.target, **s.facts}))
    matters = list({id(s.matter): s.matter for s in shifts}.values())
    for matter in matters:
        matter.save()
    record_all(entries, actor, now)
    hand_on(matters, actor, now)
