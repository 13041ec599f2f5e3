"""Stored reports compared with each other: at once after the intake, and again later."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carbonwatch.jobs.models import Job
from carbonwatch.jobs.service import run
from carbonwatch.params.service import in_force, load_shipped
from emitters.calc.accounts import account
from emitters.models import AnnualReport, EmittingUnit, ReportFeatures
from emitters.peers import features_of
from emitters.selectors.peers import peers_of
from emitters.services.recheck import PEERS, RECHECK, recheck
from emitters.store import load_facts, store_facts
from tests.emitters.factories import plant
from tests.emitters.services.test_intake import World
from tests.factories import NOW, OrganisationFactory, VersionFactory

CODE = "PEER-ROBUST-Z"
LATER = NOW + timedelta(days=1)


def stored(number, *, year=2024, status="submitted", **given):
    """A version of a made-up plant, current unless it is a draft."""
    facts = plant(year=year, credit_code=f"91210000TEST{number:06d}", **given)
    facts = replace(facts, unit_name=f"虚构{number:03d}", tests=())
    owner = OrganisationFactory(code=facts.credit_code, name=facts.unit_name)
    unit = EmittingUnit.objects.get_or_create(organisation=owner)[0]
    report = AnnualReport.objects.create(
        unit=unit, year=year, city="210100", due_on=f"{year + 1}-03-31", status="filed"
    )
    version = VersionFactory(report=report, status=status)
    store_facts(version, facts)
    version.save()
    if status != "checked":
        report.current = version
        report.save()
    return version


LOW = {"months": {"c_ar": dict.fromkeys(range(1, 13), "0.44")}}


def peer_hits(version):
    return version.results.current().filter(check_code=CODE)


@pytest.mark.django_db
def test_a_far_value_is_found_among_what_is_stored():
    load_shipped()
    versions = [stored(n) for n in range(16)]
    odd = stored(99, **LOW)
    run_of = recheck(odd.pk, reason="比较", now=NOW)
    (hit,) = peer_hits(odd)
    assert (hit.letter, hit.severity, hit.question.status) == ("A", "critical", "open")
    assert hit.begun == run_of
    recheck(versions[0].pk, reason="比较", now=NOW)
    assert not peer_hits(versions[0]).exists()


@pytest.mark.django_db
def test_more_peers_change_the_evidence_but_not_the_question():
    load_shipped()
    for n in range(16):
        stored(n)
    odd = stored(99, **LOW)
    recheck(odd.pk, reason="比较", now=NOW)
    (hit,) = peer_hits(odd)
    for n in range(16, 22):
        stored(n)
    recheck(odd.pk, reason="比较", now=LATER)
    assert peer_hits(odd).get() == hit


@pytest.mark.django_db
def test_a_draft_is_compared_and_counts_for_nobody():
    load_shipped()
    for n in range(7):
        stored(n)
    drafts = [stored(50 + n, status="checked", **LOW) for n in range(9)]
    recheck(drafts[0].pk, reason="比较", now=NOW)
    drafts[0].refresh_from_db()
    assert CODE in drafts[0].not_run  # seven that count are too few
    stored(8)
    recheck(drafts[0].pk, reason="比较", now=NOW)
    assert peer_hits(drafts[0]).exists()


@pytest.mark.django_db
def test_features_are_stored_once_and_asked_for_in_few_queries():
    load_shipped()
    versions = [stored(n) for n in range(9)]
    for version in versions:
        recheck(version.pk, reason="比较", now=NOW)
    assert ReportFeatures.objects.count() == 9
    for version, facts in zip(versions, load_facts(versions).values(), strict=True):
        own = features_of(account(facts, in_force()))
        assert ReportFeatures.objects.get(pk=version.pk).content == own.as_json()
    with CaptureQueriesContext(connection) as asked:
        peers_of([2024], in_force())
    assert len(asked) <= 4  # two for the parameters


@pytest.mark.django_db(transaction=True)
def test_the_intake_asks_for_the_comparison():
    world = World()
    version = world.take_in(world.due(2024))
    assert CODE in version.not_run
    job = Job.objects.get(kind=RECHECK)
    assert (job.target_id, job.payload) == (version.pk, {"reason": PEERS})
    run(job.pk)
    job.refresh_from_db()
    assert job.state == "done"
