"""Messages to people: rows for the inbox, and a line by mail for those who have an address."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor, Organisation, User
from carbonwatch.notifications.models import Kind, Notification


def notify(
    users: Iterable[User],
    organisation: Organisation,
    title: object,
    now: datetime,
    *,
    kind: str = Kind.NEWS,
    text: object = "",
    url: str = "",
    due_at: datetime | None = None,
) -> None:
    """Tell people of one organisation something, in the running transaction."""
    with translation.override(settings.LANGUAGE_CODE):  # the reader's language is not the writer's
        title, text = str(title)[:200], str(text)[:600]
    deliver(
        Notification(
            user=user, organisation=organisation, kind=kind, title=title, text=text,
            url=url, due_at=due_at, at=now,
        )
        for user in users
    )  # fmt: skip


def deliver(messages: Iterable[Notification]) -> int:
    """Store messages in one statement; mail goes out after the commit. How many."""
    rows = Notification.objects.bulk_create(messages)
    by_mail = [row for row in rows if row.user.email]
    if by_mail:
        transaction.on_commit(lambda: _mail(by_mail), robust=True)  # a mail server may be down
    return len(rows)


def _mail(messages: Sequence[Notification]) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        mails = [
            EmailMessage(
                subject=" ".join(f"{m.get_kind_display()}：{m.title}".split()),
                body=_("%(name)s，您好：请登录碳排放数据监管系统办理或查看。")
                % {"name": m.user.name},
                to=[m.user.email],
            )
            for m in messages
        ]
    get_connection().send_messages(mails)


def mark_read(actor: Actor, now: datetime, pks: Sequence[int] | None = None) -> int:
    """Mark the person's own messages as read: those named, or all. How many were unread."""
    mine = Notification.objects.filter(
        user=actor.user, organisation=actor.organisation, read_at__isnull=True
    )
    if pks is not None:
        mine = mine.filter(pk__in=pks)
    return mine.update(read_at=now)
