"""Reminders before a deadline and after it, each once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from carbonwatch.accounts.permissions import Perm
from carbonwatch.notifications.models import Kind
from carbonwatch.notifications.service import deliver
from carbonwatch.worklist.duties import message, tell_holders
from carbonwatch.worklist.models import WorkItem
from carbonwatch.worklist.selectors import people_of

BATCH = 500


def watch_deadlines(now: datetime) -> int:
    """Remind of every open duty that is nearly due or late, each once; how many duties.

    May run twice at once: each run takes other rows.
    """
    soon = now + timedelta(days=settings.REMIND_DAYS)
    late = Q(due_at__lte=now, reminded_late=False)
    nearly = Q(due_at__gt=now, due_at__lte=soon, reminded_before=False)
    total = 0
    while True:
        with transaction.atomic():
            items = list(
                WorkItem.objects.filter(late | nearly, closed_at__isnull=True)
                .order_by("pk")
                .select_for_update(skip_locked=True)[:BATCH]
            )
            _remind(
                [i for i in items if i.due_at and i.due_at > now],
                [i for i in items if i.due_at and i.due_at <= now],
                now,
            )
        total += len(items)
        if len(items) < BATCH:
            return total


def _remind(nearly: Sequence[WorkItem], late: Sequence[WorkItem], now: datetime) -> None:
    tell_holders(nearly, Kind.DUE, now)
    tell_holders(late, Kind.LATE, now)
    _tell_supervisors(late, now)
    WorkItem.objects.filter(pk__in=[i.pk for i in nearly]).update(reminded_before=True)
    WorkItem.objects.filter(pk__in=[i.pk for i in late]).update(
        reminded_before=True, reminded_late=True
    )


def _tell_supervisors(late: Sequence[WorkItem], now: datetime) -> None:
    """A matter may name the organisation that watches over it: `supervisor_org()`."""
    watched: list[tuple[WorkItem, int]] = []
    for target, group in groupby(sorted(late, key=lambda i: i.target), key=lambda i: i.target):
        items = list(group)
        matters = apps.get_model(target)._base_manager.in_bulk([i.target_id for i in items])
        for item in items:
            matter = matters.get(item.target_id)
            above = matter.supervisor_org() if hasattr(matter, "supervisor_org") else None
            if above is not None and above.pk != item.organisation_id:
                watched.append((item, above.pk))
    perm = str(Perm.DASHBOARD_VIEW)
    people = people_of({(above, perm) for _item, above in watched}, now)
    deliver(
        message(item, user, above, Kind.SUPERVISED, now)
        for item, above in watched
        for user in people[above, perm]
    )
