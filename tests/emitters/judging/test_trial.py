"""The comparison of two runs, without a database."""

from datetime import date
from decimal import Decimal

import pytest

from carbonwatch.checks.runner import RunReport
from carbonwatch.params.values import Value, shipped
from emitters.calc.accounts import account
from emitters.facts import CheckContext
from emitters.trial import try_on
from tests.emitters.factories import plant

KEY = "check.PHY-CAPACITY-HOURS.over_limit"


@pytest.fixture
def context():
    facts, params = plant(), shipped()
    return CheckContext(facts, account(facts, params), params)


def value(number, start=date(2019, 1, 2)):
    return Value(KEY, Decimal(number), "", start, None, "测算", "KNOWN")


def test_a_value_that_changes_nothing_has_no_differences(context):
    trial = try_on(context, value(shipped().get(KEY, 2024)), ())
    assert (trial.added, trial.removed, trial.altered, trial.crashed) == ((), (), (), ())
    assert trial.before == trial.after


def test_a_year_before_the_value_begins_is_tried_as_if_it_had_begun(context):
    now = try_on(context, value(0), ())
    later = try_on(context, value(0, date(2099, 1, 1)), ())
    assert [f.check.code for f in now.added] == ["PHY-CAPACITY-HOURS"]
    assert [f.fingerprint for f in now.added] == [f.fingerprint for f in later.added]


def test_the_second_run_remembers_nothing_of_the_first(context, monkeypatch):
    seen = []

    def look(given):
        seen.append(given)
        return RunReport()

    monkeypatch.setattr("emitters.trial.run_in_force", look)
    try_on(context, value(0), ())
    before, after = seen
    assert after.memory is not before.memory
    assert (before.p(KEY), after.p(KEY)) == (shipped().get(KEY, 2024), 0)
