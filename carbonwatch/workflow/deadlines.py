"""When a state is due, in calendar days or in working days."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from carbonwatch.params.workdays import add_working_days, assumed_years
from carbonwatch.workflow.flow import State


def end_of_day(day: date) -> datetime:
    """The last moment of a day by the clocks of the province: a period ends with its last day."""
    return datetime.combine(day, time.max, tzinfo=timezone.get_default_timezone())


def due_of(state: State, now: datetime) -> datetime | None:
    """The deadline that the state itself sets for whoever enters it now; None when it sets none."""
    if state.days is None:
        return None
    if state.working:
        return end_of_day(add_working_days(timezone.localdate(now), state.days))
    return now + timedelta(days=state.days)


def assumed_of(state: State, opened_at: datetime, due_at: datetime | None) -> list[int]:
    """The years counted without their holidays in the deadline of a state; see `assumed_years`."""
    if not state.working or due_at is None:
        return []
    return assumed_years(timezone.localdate(opened_at), timezone.localdate(due_at))
