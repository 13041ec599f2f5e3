"""Deadlines that people set."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.refusals import Invalid
from carbonwatch.workflow.deadlines import end_of_day

LONGEST_DAYS = 366


def deadline(due_on: date, now: datetime, *, field: str = "due_on") -> datetime:
    """The last moment of the day; raises `Invalid` unless it lies between tomorrow and a year."""
    today = timezone.localdate(now)
    if not today < due_on <= today + timedelta(days=LONGEST_DAYS):
        text = _("整改期限须晚于今天，且不超过一年。")
        raise Invalid(text, fields={field: [text]})
    return end_of_day(due_on)
