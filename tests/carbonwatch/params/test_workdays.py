"""Working days by the State Council's notices, and Monday to Friday where there is none."""

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from carbonwatch.params.models import Parameter
from carbonwatch.params.service import load_shipped
from carbonwatch.params.values import shipped
from carbonwatch.params.workdays import (
    KEY,
    Workdays,
    add_working_days,
    assumed_years,
    caveat,
    working_days_between,
)
from carbonwatch.workflow.deadlines import assumed_of, due_of
from carbonwatch.workflow.flow import State

FIRST, LAST = 2019, 2026
days = st.dates(date(2018, 1, 1), date(2027, 12, 31))


def shipped_calendar():
    return Workdays(shipped())


def test_every_day_agrees_with_the_published_calendar():
    ours = shipped_calendar()
    day, wrong = date(FIRST, 1, 1), []
    while day.year <= LAST:
        if ours.working(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        # 1 to 7 October 2024 off; Sunday 29 September and Saturday 12 October worked.
        (date(2024, 9, 27), 1, date(2024, 9, 29)),
        (date(2024, 9, 30), 1, date(2024, 10, 8)),
        (date(2024, 9, 30), 5, date(2024, 10, 12)),
        (date(2024, 10, 12), -5, date(2024, 9, 30)),
        # Spring festival of 2020, lengthened by three days to 2 February.
        (date(2020, 1, 23), 1, date(2020, 2, 3)),
        (date(2024, 10, 5), 0, date(2024, 10, 5)),
        # No table for 2031: Monday to Friday, the first of January among them.
        (date(2030, 12, 31), 1, date(2031, 1, 1)),
    ],
)
def test_nth_working_day(start, n, end):
    assert shipped_calendar().add(start, n) == end


@given(days, st.integers(-60, 60))
def test_adding_and_counting_undo_each_other(start, n):
    ours = shipped_calendar()
    end = ours.add(start, n)
    if n:
        assert ours.working(end)
    # Backwards the last step is not counted again when the start is no working day itself.
    assert ours.between(start, end) == (n if n >= 0 or ours.working(start) else n + 1)


def test_tables_hold_only_what_differs_from_monday_to_friday():
    for value in shipped().by_key[KEY]:
        year = value.valid_from.year
        for name, weekend in (("off", False), ("work", True)):
            listed = [date.fromisoformat(text) for text in value.value[name]]
            assert listed == sorted(set(listed))
            assert {d.year for d in listed} == {year}
            assert {d.weekday() >= 5 for d in listed} == {weekend}
        assert (value.valid_to, value.confidence) == (date(year, 12, 31), "KNOWN")


@pytest.mark.django_db
def test_a_year_without_table_says_so():
    assert assumed_years(date(2024, 12, 30), date(2025, 1, 3)) == [2024, 2025]
    load_shipped()
    assert assumed_years(date(2024, 12, 30), date(2025, 1, 3)) == []
    assert caveat([]) == ""
    assert assumed_years(date(2031, 1, 1), date(2026, 12, 31)) == [2027, 2028, 2029, 2030, 2031]
    assert "2027、2028" in str(caveat([2027, 2028]))


@pytest.mark.django_db
def test_what_people_enter_counts_at_once():
    load_shipped()
    assert add_working_days(date(2027, 1, 1), 1) == date(2027, 1, 4)
    Parameter.objects.create(
        key=KEY,
        value={"off": ["2027-01-04"], "work": ["2027-01-02"]},
        valid_from=date(2027, 1, 1),
        valid_to=date(2027, 12, 31),
        source="通知",
        confidence="SEEN",
    )
    assert add_working_days(date(2027, 1, 1), 2) == date(2027, 1, 5)
    assert working_days_between(date(2027, 1, 1), date(2027, 1, 5)) == 2


@pytest.mark.django_db
def test_a_state_in_working_days_ends_with_its_day():
    load_shipped()
    evening = datetime(2024, 9, 30, 16, 30, tzinfo=timezone.get_fixed_timezone(0))  # 1 October
    due = due_of(State("answered", "", who="x", days=2, working=True), evening)
    assert timezone.localtime(due).isoformat() == "2024-10-09T23:59:59.999999+08:00"
    assert due_of(State("ordered", "", who="x", days=2), evening) == evening + timedelta(days=2)
    assert due_of(State("closed", ""), evening) is None


@pytest.mark.django_db
def test_a_page_says_which_deadline_was_counted_without_a_table():
    counted = State("answered", "", who="x", days=2, working=True)
    evening = datetime(2026, 12, 31, 2, tzinfo=timezone.get_fixed_timezone(0))
    due = due_of(counted, evening)
    assert assumed_of(counted, evening, due) == [2026, 2027]
    load_shipped()
    assert assumed_of(counted, evening, due) == [2027]
    assert assumed_of(State("ordered", "", who="x", days=2), evening, due) == []
    assert assumed_of(counted, evening, None) == []
