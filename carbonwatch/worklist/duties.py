"""Opening and closing duties as matters move, and telling the people who hold them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from carbonwatch.accounts.models import Actor, User
from carbonwatch.accounts.scoping import NOTHING
from carbonwatch.notifications.models import Kind, Notification
from carbonwatch.notifications.service import deliver
from carbonwatch.worklist.models import WorkItem
from carbonwatch.worklist.selectors import people_of


def hand_on(matters: Sequence[Any], actor: Actor | None, now: datetime) -> list[WorkItem]:
    """Close the open duties of matters and open those that their new states ask for; four
    statements however many.

    The holders' people who may do it are told, except the person who has just acted.
    """
    _close(matters, actor, now)
    with translation.override(settings.LANGUAGE_CODE):
        opened = [item for matter in matters if (item := _duty(matter, now))]
    if opened:
        WorkItem.objects.bulk_create(opened)
        tell_holders(opened, Kind.DUTY, now, leave_out=actor.user if actor else None)
    return opened


def _close(matters: Sequence[Any], actor: Actor | None, now: datetime) -> None:
    mine = NOTHING
    for matter in matters:
        mine |= Q(target=matter._meta.label_lower, target_id=matter.pk)
    WorkItem.objects.filter(mine, closed_at__isnull=True).update(
        closed_at=now, closed_by=actor.user if actor else None
    )


def _duty(matter: Any, now: datetime) -> WorkItem | None:
    """What the matter's state asks for (not stored yet)."""
    state = matter.flow.state(matter.status)
    holder = matter.holder(state.who) if state.who else None
    if holder is None:
        return None
    return WorkItem(
        organisation=holder,
        perm=state.who,
        target=matter._meta.label_lower,
        target_id=matter.pk,
        flow=matter.flow.code,
        state=state.code,
        title=str(matter)[:200],
        url=matter.get_absolute_url(),
        opened_at=now,
        due_at=matter.due_at,
    )


def tell_holders(
    items: Sequence[WorkItem], kind: str, now: datetime, *, leave_out: User | None = None
) -> int:
    """One message per duty to each person who may do it; two statements however many. How many."""
    people = people_of({(item.organisation_id, item.perm) for item in items}, now)
    return deliver(
        message(item, user, item.organisation_id, kind, now)
        for item in items
        for user in people[item.organisation_id, item.perm]
        if user != leave_out
    )


def message(
    item: WorkItem, user: User, organisation_id: int, kind: str, now: datetime
) -> Notification:
    """What a person is told of a duty (not stored yet)."""
    return Notification(
        user=user,
        organisation_id=organisation_id,
        kind=kind,
        title=item.title,
        url=item.url,
        due_at=item.due_at,
        at=now,
    )
