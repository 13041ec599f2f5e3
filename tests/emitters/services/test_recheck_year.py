"""Whole years checked again: the same as one by one, for every version, and at night where needed."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carbonwatch.audit.models import AuditEvent
from carbonwatch.jobs.models import Job
from carbonwatch.jobs.service import run
from carbonwatch.params.models import Parameter
from carbonwatch.params.service import load_shipped
from carbonwatch.refusals import Forbidden, Invalid
from emitters.models import CheckResult, CheckRun, ReportFeatures, YearRecheck
from emitters.services.recheck import recheck
from emitters.services.recheck_year import (
    RECHECK_YEAR,
    recheck_changed,
    recheck_year,
    recheck_year_ask,
)
from tests.emitters.services.test_peers import LOW, stored
from tests.factories import NOW, make_actor

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def told():
    """What is stored of the results, without the re-check that found them."""
    rows = CheckResult.objects.current().order_by("version", "check_code", "letter", "fingerprint")
    return list(rows.values_list("version", "check_code", "letter", "fingerprint", "t_co2"))


def test_a_year_together_says_what_one_by_one_says():
    load_shipped()
    versions = [stored(n) for n in range(16)]
    versions += [stored(98, **LOW), stored(99, status="checked", **LOW)]
    last = [tally for _at, _n, tally in recheck_year(2024, "复查")][-1]
    together = told()
    assert (last.checked, last.changed) == (18, len(set(CheckRun.objects.values_list("version"))))
    assert {"PEER-ROBUST-Z"} <= {code for _v, code, *_rest in together}
    for version in versions:
        assert recheck(version.pk, reason="复查", now=LATER) is None
    assert told() == together


def test_features_that_the_pass_changes_are_compared_once_more():
    load_shipped()
    for n in range(16):
        stored(n)
    odd = stored(99, **LOW)
    [*recheck_year(2024, "复查")]
    row = ReportFeatures.objects.get(version=odd)
    twin = ReportFeatures.objects.exclude(version=odd).first()
    row.content = twin.content  # as if its rows had said something else
    row.save()
    odd.results.current().filter(check_code="PEER-ROBUST-Z").update(
        ended=CheckRun.objects.create(version=odd, at=NOW, reason="x")
    )
    [*recheck_year(2024, "复查")]
    assert odd.results.current().filter(check_code="PEER-ROBUST-Z").exists()


def test_the_comparison_is_made_once_however_many_there_are():
    load_shipped()

    def asked():
        [*recheck_year(2024, "复查")]
        with CaptureQueriesContext(connection) as few:
            n = len([*recheck_year(2024, "复查")])
        whole = [q for q in few if "reportfeatures" in q["sql"] and q["sql"].startswith("SELECT")]
        return len(whole), len(few) / n

    for n in range(4):
        stored(n)
    compared, by_version = asked()
    for n in range(4, 12):
        stored(n)
    again, later = asked()
    assert again == compared
    assert later < 1.2 * by_version


def test_asked_by_the_province_and_done_once():
    load_shipped()
    stored(1)
    supervisor, filler = make_actor("province.supervisor"), make_actor("unit.filler")
    with pytest.raises(Forbidden):
        recheck_year_ask(year=2024, reason="复查", actor=filler, now=NOW)
    with pytest.raises(Invalid):
        recheck_year_ask(year=2019, reason="复查", actor=supervisor, now=NOW)
    asked = recheck_year_ask(year=2024, reason="复查", actor=supervisor, now=NOW)
    assert recheck_year_ask(year=2024, reason="复查", actor=supervisor, now=NOW) == asked
    run(Job.objects.get(kind=RECHECK_YEAR).pk)
    asked.refresh_from_db()
    assert (asked.done_at is not None, asked.checked, asked.changed) == (True, 1, 1)
    assert AuditEvent.objects.filter(action=RECHECK_YEAR).count() == 1


def test_at_night_only_where_something_has_changed():
    load_shipped()
    stored(1)
    stored(2, year=2023)

    def night():
        found = recheck_changed(LATER)
        for job in Job.objects.filter(kind=RECHECK_YEAR, state="waiting"):
            run(job.pk)
        return [one.year for one in found]

    assert night() == [2023, 2024]
    assert night() == []
    Parameter.objects.filter(key="check.CON-STOCK-BALANCE.plug_share").update(value=1)
    assert night() == [2023, 2024]


def test_the_command_does_the_work_itself():
    load_shipped()
    stored(1)
    out = StringIO()
    call_command("recheck", year=2024, stdout=out)
    assert out.getvalue().startswith("1 versions checked, 1 changed")
    assert YearRecheck.objects.get().asked_by is None
    with pytest.raises(CommandError):
        call_command("recheck", year=2019)
