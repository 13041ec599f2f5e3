"""Opening and closing duties as matters move, and telling people about them."""

from datetime import datetime
from typing import Any

from carbonwatch.accounts.models import Actor
from carbonwatch.worklist.models import WorkItem


def hand_on(matter: Any, actor: Actor | None, now: datetime) -> WorkItem | None:
    """Close the matter's open duty and open the one that its new state asks for."""
    label = matter._meta.label_lower
    WorkItem.objects.filter(target=label, target_id=matter.pk, closed_at__isnull=True).update(
        closed_at=now, closed_by=actor.user if actor else None
    )
    state = matter.flow.state(matter.status)
    holder = matter.holder(state.who) if state.who else None
    if holder is None:
        return None
    return WorkItem.objects.create(
        organisation=holder,
        perm=state.who,
        target=label,
        target_id=matter.pk,
        flow=matter.flow.code,
        state=state.code,
        title=str(matter)[:200],
        url=matter.get_absolute_url(),
        opened_at=now,
        due_at=matter.due_at,
    )
