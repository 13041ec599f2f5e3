"""Overdue rectification climbs: the chief of the city, the province, the bulletin (升级督办).

Each rung is a dated parameter in working days after the missed deadline. Run by beat; running it twice,
or twice at once, has one effect.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Organisation
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.audit.ledger import Entry, record_all
from carbonwatch.notifications.models import Kind, Notification
from carbonwatch.notifications.service import deliver
from carbonwatch.params.values import Value
from carbonwatch.params.workdays import Workdays, calendar
from carbonwatch.worklist.selectors import Post, people_of
from inspections.flows import FINAL
from inspections.models import Climb, Finding, Measure, Rung

BATCH = 200
TOP = Rung.BULLETIN


@dataclass(frozen=True)
class Reached:
    """A rung that a late matter has reached, and the posts that are told."""

    climb: Climb
    matter: Finding | Measure
    posts: Sequence[Post]


def climb_ladder(now: datetime) -> int:
    """Let every overdue finding and measure climb as far as it has to; how many rungs were climbed."""
    return sum(_climb_all(field, now) for field in ("finding", "measure"))


def _climb_all(field: str, now: datetime) -> int:
    total, last = 0, 0
    while True:
        with transaction.atomic():
            late = _late(field, now, last)
            reached = list(_reached(field, late, now)) if late else []
            _write(field, reached, now)
        total += len(reached)
        if len(late) < BATCH:
            return total
        last = late[-1].pk


def _late(field: str, now: datetime, after: int) -> list[Any]:
    """The next overdue matters that have not climbed to the top, locked; those another run holds are
    its own."""
    top = Climb.objects.filter(**{field: OuterRef("pk")}, due_at=OuterRef("due_at"), rung=TOP)
    model = Finding if field == "finding" else Measure
    rows: QuerySet[Any] = model.objects.filter(~Exists(top), due_at__lt=now, pk__gt=after)
    return list(
        rows.exclude(status__in=[*FINAL, "accepted"] if field == "measure" else FINAL)
        .select_related("unit__organisation")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")[:BATCH]
    )


def _reached(field: str, late: Sequence[Any], now: datetime) -> Iterator[Reached]:
    days, above = calendar(), _above()
    known = {
        (getattr(c, f"{field}_id"), c.due_at, c.rung)
        for c in Climb.objects.filter(**{f"{field}__in": late})
    }
    for matter in late:
        waited = days.between(timezone.localdate(matter.due_at), timezone.localdate(now))
        for rung, limit in _rungs(days, matter):
            if waited < int(limit.value) or (matter.pk, matter.due_at, rung) in known:
                continue
            climb = Climb(
                rung=rung,
                status=matter.status,
                due_at=matter.due_at,
                days=waited,
                at=now,
                parameter=limit.snapshot(),
            )
            setattr(climb, field, matter)
            yield Reached(climb, matter, _told(rung, matter, above))


def _rungs(days: Workdays, matter: Finding | Measure) -> Iterator[tuple[Rung, Value]]:
    """The rungs in force on the day that was missed; one without a value is not in use."""
    on = timezone.localdate(matter.due_at)
    for rung in Rung:
        key = f"rectification.ladder.{rung}"
        if days.parameters.maybe(key, on) is not None:
            yield rung, days.parameters.find(key, on)


def _above() -> dict[str, int]:
    """The bureau of each city, and the province under an empty name."""
    bodies = Organisation.objects.filter(kind__in=[OrgKind.CITY, OrgKind.PROVINCE], active=True)
    return {
        body.city if body.kind == OrgKind.CITY else "": body.pk for body in bodies.order_by("-pk")
    }


def _told(rung: Rung, matter: Finding | Measure, above: dict[str, int]) -> list[Post]:
    """The chief; the province and the chief; all of them and the unit."""
    city, who = above.get(matter.unit.organisation.city), str(Perm.FINDING_SUPERVISE)
    posts = [(city, who)]
    if rung != Rung.CHIEF:
        posts.append((above.get(""), who))
    if rung == Rung.BULLETIN:
        posts.append((matter.unit.organisation_id, str(Perm.FINDING_ANSWER)))
    return [(body, perm) for body, perm in posts if body is not None]


def _write(field: str, reached: Sequence[Reached], now: datetime) -> None:
    """Rows, ledger and messages of one batch, in as many statements however many."""
    if not reached:
        return
    Climb.objects.bulk_create(r.climb for r in reached)
    record_all(
        [
            Entry(
                f"{field}.climb",
                r.matter,
                {"rung": r.climb.rung, "days": r.climb.days, "due_at": r.climb.due_at.isoformat(),
                 "name": str(r.climb.get_rung_display())},
            )
            for r in reached
        ],
        None,
        now,
    )  # fmt: skip
    people = people_of({post for r in reached for post in r.posts}, now)
    with translation.override(settings.LANGUAGE_CODE):
        deliver(
            Notification(
                kind=Kind.SUPERVISED,
                user=user,
                organisation_id=post[0],
                title=_title(r)[:200],
                url=r.matter.get_absolute_url(),
                due_at=r.climb.due_at,
                at=now,
            )
            for r in reached
            for post in r.posts
            for user in people[post]
        )


def _title(reached: Reached) -> str:
    return _("%(rung)s：%(matter)s，已逾期 %(days)s 个工作日") % {
        "rung": reached.climb.get_rung_display(),
        "matter": reached.matter,
        "days": reached.climb.days,
    }
