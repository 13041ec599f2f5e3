"""Opening and closing duties as matters move, and telling the people who hold them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from carbonwatch.accounts.models import Actor, User
from carbonwatch.notifications.models import Kind, Notification
from carbonwatch.notifications.service import deliver
from carbonwatch.worklist.models import WorkItem
from carbonwatch.worklist.selectors import people_of


def hand_on(matter: Any, actor: Actor | None, now: datetime) -> WorkItem | None:
    """Close the matter's open duty and open the one that its new state asks for.

    The holder's people who may do it are told, except the person who has just acted.
    """
    label = matter._meta.label_lower
    WorkItem.objects.filter(target=label, target_id=matter.pk, closed_at__isnull=True).update(
        closed_at=now, closed_by=actor.user if actor else None
    )
    state = matter.flow.state(matter.status)
    holder = matter.holder(state.who) if state.who else None
    if holder is None:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        title = str(matter)[:200]
    item = WorkItem.objects.create(
        organisation=holder,
        perm=state.who,
        target=label,
        target_id=matter.pk,
        flow=matter.flow.code,
        state=state.code,
        title=title,
        url=matter.get_absolute_url(),
        opened_at=now,
        due_at=matter.due_at,
    )
    tell_holders([item], Kind.DUTY, now, leave_out=actor.user if actor else None)
    return item


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
