"""Reads of the inbox: what a person has to do, to read, has done, has read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from carbonwatch.accounts.models import Actor, Membership, User
from carbonwatch.accounts.permissions import GRANTS
from carbonwatch.accounts.scoping import NOTHING
from carbonwatch.notifications.models import Notification
from carbonwatch.worklist.models import WorkItem, WorkItemQuerySet

Post = tuple[int, str]
"""Organisation and permission."""


@dataclass(frozen=True)
class Inbox:
    """待办, 待阅, 已办, 已阅 of one person in one organisation, with counts."""

    to_do: WorkItemQuerySet
    to_read: QuerySet[Notification]
    done: WorkItemQuerySet
    read: QuerySet[Notification]
    now: datetime

    @cached_property
    def counts(self) -> dict[str, int]:
        """Keys `to_do`, `overdue`, `to_read`, `done`, `read`."""
        return {
            "to_do": self.to_do.count(),
            "overdue": self.to_do.filter(due_at__lt=self.now).count(),
            "to_read": self.to_read.count(),
            "done": self.done.count(),
            "read": self.read.count(),
        }


def inbox(actor: Actor, now: datetime) -> Inbox:
    """The inbox; duties by deadline, all else newest first.

    What is over leaves with the right to see it: an agency's past work shows no names of units.
    """
    seen = _visible(actor)
    gone = WorkItem.objects.filter(organisation=actor.organisation).exclude(seen).values("url")
    messages = Notification.objects.filter(
        user=actor.user, organisation=actor.organisation
    ).exclude(url__in=gone)
    return Inbox(
        to_do=WorkItem.objects.to_do(actor),
        to_read=messages.filter(read_at__isnull=True),
        done=WorkItem.objects.done_by(actor).filter(seen).order_by("-closed_at"),
        read=messages.filter(read_at__isnull=False),
        now=now,
    )


def _visible(actor: Actor) -> Q:
    """The items of the actor's organisation whose matter the actor may still see."""
    condition = NOTHING
    items = WorkItem.objects.filter(organisation=actor.organisation).order_by()
    for label in items.values_list("target", flat=True).distinct():
        matters = apps.get_model(label)._default_manager
        mine = Q(target=label)
        if hasattr(matters, "visible_to"):
            mine &= Q(target_id__in=matters.visible_to(actor).values("pk"))
        condition |= mine
    return condition


def people_of(posts: Iterable[Post], now: datetime) -> dict[Post, list[User]]:
    """Who holds each permission in each organisation on that day; one query for all."""
    wanted = set(posts)
    today = timezone.localdate(now)
    held = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today),
        organisation__in={organisation for organisation, _perm in wanted},
        organisation__active=True,
        since__lte=today,
        user__is_active=True,
    ).select_related("user")
    people: dict[Post, dict[int, User]] = {post: {} for post in wanted}
    for membership in held:
        for perm in GRANTS[membership.role]:
            found = people.get((membership.organisation_id, str(perm)))
            if found is not None:
                found[membership.user_id] = membership.user
    return {post: list(users.values()) for post, users in people.items()}
