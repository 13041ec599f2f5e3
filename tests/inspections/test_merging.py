"""Merging duplicates, the hint that leads to it, and findings of an inspection."""

from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from carbonwatch.audit.models import AuditEvent
from carbonwatch.params.service import load_shipped
from carbonwatch.refusals import GuardFailed, Invalid, Missing
from carbonwatch.worklist.models import WorkItem
from inspections import services
from inspections.models import Finding, FindingMerge
from inspections.selectors.merges import likely_duplicates
from tests.factories import NOW, UnitFactory, VersionFactory, make_actor
from tests.inspections.support import advance, cast, enter, make_question, proof, register

pytestmark = pytest.mark.django_db
CLAUSE = "核算与报告指南 采样要求"


@pytest.fixture
def people():
    return cast()


def propose(people, merged, kept, actor=None):
    return services.merge_propose(
        merged_id=merged.pk, kept_id=kept.pk, reason="同一事项", now=NOW,
        actor=actor or people.inspector,
    )  # fmt: skip


def confirm(people, merge):
    return services.merge_confirm(merge.pk, note="同意", actor=people.reviewer, now=NOW)


def signed_in(actor):
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_kept_one_takes_over_and_nothing_is_lost(people):
    version = VersionFactory(report__unit=people.unit)
    question = make_question(version)
    kept = register(people, t_co2=Decimal(900), severity="general", clause="")
    merged = register(
        people, t_co2=Decimal(1200), severity="grave", clause=CLAUSE, question_id=question.pk,
        source="verifier", source_label="NC-3", files=[proof("证据.jpg")],
    )  # fmt: skip
    results = set(merged.results.all())
    confirm(people, propose(people, merged, kept))
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert merged.status == "merged"
    assert kept.status == "registered"
    assert (kept.t_co2, kept.severity, kept.clause) == (Decimal(1200), "grave", CLAUSE)
    assert (kept.question, kept.version) == (question, version)
    assert set(kept.results.all()) == results == set(merged.results.all())
    assert (merged.question, merged.source_label) == (question, "NC-3")
    entry = AuditEvent.objects.get(action="finding.take-over")
    assert entry.target_id == str(kept.pk)
    assert not WorkItem.objects.filter(
        target="inspections.finding", target_id=merged.pk, closed_at=None
    ).exists()
    pages = [
        signed_in(people.reviewer).get(f.get_absolute_url()).content.decode()
        for f in (kept, merged)
    ]
    assert all(word in pages[0] for word in ("NC-3", "证据.jpg", merged.get_absolute_url()))
    assert "已并入" in pages[1]
    assert kept.get_absolute_url() in pages[1]


def test_one_proposes_another_confirms(people):
    kept, merged = register(people), register(people)
    both = make_actor("province.supervisor")
    merge = propose(people, merged, kept, both)
    with pytest.raises(GuardFailed):
        services.merge_confirm(merge.pk, actor=both, now=NOW)
    with pytest.raises(GuardFailed):
        propose(people, merged, register(people))
    services.merge_refuse(merge.pk, note="两件事", actor=people.reviewer, now=NOW)
    assert {f.status for f in Finding.objects.filter(pk__in=[kept.pk, merged.pk])} == {"registered"}
    propose(people, merged, kept)
    with pytest.raises(IntegrityError), transaction.atomic():
        FindingMerge.objects.filter(status="proposed").update(
            decided_by=people.inspector.user, decided_at=NOW, status="done"
        )


def test_only_open_findings_of_one_unit(people):
    mine, other = register(people), cast()
    with pytest.raises(GuardFailed):
        propose(people, mine, register(other))
    with pytest.raises(GuardFailed):
        propose(people, mine, mine)
    with pytest.raises(GuardFailed):
        propose(people, mine, advance(people, "closed"))
    elsewhere = UnitFactory(organisation__city="210200")
    far = register(people, unit_id=elsewhere.pk, actor=make_actor("province.supervisor"))
    with pytest.raises(Missing):
        propose(people, mine, far)


def test_an_ordered_one_does_not_vanish_into_one_that_is_not(people):
    ordered, fresh = advance(people, "ordered"), register(people)
    with pytest.raises(GuardFailed):
        propose(people, ordered, fresh)
    confirm(people, propose(people, fresh, ordered))


def test_what_has_moved_on_meanwhile_is_not_merged(people):
    kept, merged = register(people), register(people)
    merge = propose(people, merged, kept)
    services.finding_reject(kept.pk, note="不属实", actor=people.reviewer, now=NOW)
    with pytest.raises(GuardFailed):
        confirm(people, merge)


def test_the_unit_reads_only_of_findings_that_it_knows(people):
    kept, known, hidden = advance(people, "ordered"), advance(people, "ordered"), register(people)
    for merged in (known, hidden):
        confirm(people, propose(people, merged, kept))
    client = signed_in(people.filler)
    page = client.get(kept.get_absolute_url()).content.decode()
    assert known.get_absolute_url() in page
    assert f'"{hidden.get_absolute_url()}"' not in page
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(known.get_absolute_url()).status_code == 200
    merge = FindingMerge.objects.first()
    assert client.get(merge.get_absolute_url()).status_code == 404


def test_a_chain_of_mergings_ends_at_the_last(people):
    chain = [register(people, t_co2=Decimal(t)) for t in (3, 2, 1)]
    for merged, kept in pairwise(chain):
        confirm(people, propose(people, merged, kept))
    chain[-1].refresh_from_db()
    assert chain[-1].t_co2 == Decimal(3)


def test_likely_duplicates_are_pointed_out(people):
    first = register(people, clause=CLAUSE)
    register(people, clause="别的条款")
    register(people, clause=CLAUSE, year=2022)
    register(cast(), clause=CLAUSE)
    again = register(people, clause=CLAUSE)
    assert list(likely_duplicates(again, people.inspector)) == [first]
    page = signed_in(people.inspector).get(again.get_absolute_url()).content.decode()
    assert "可能重复" in page
    assert f"{reverse('inspections:merge-new', args=[again.pk])}?kept={first.pk}" in page


def test_what_rests_on_the_same_check_is_a_likely_duplicate(people):
    version = VersionFactory(report__unit=people.unit)
    question = make_question(version)
    first = register(people, question_id=question.pk, clause="")
    results = list(question.results.values_list("pk", flat=True))
    again = register(people, result_ids=results, clause="")
    assert list(likely_duplicates(again, people.inspector)) == [first]


@pytest.fixture
def inspection(people):
    load_shipped()
    second = make_actor("city.inspector")
    doing = {"actor": people.inspector, "now": NOW}
    inspection = services.inspection_make(
        unit_id=people.unit.pk, kind="planned", manner="desk", year=2023, reason="计划",
        planned_on=timezone.localdate(NOW),
        inspectors=[enter(people.inspector, "A1").pk, enter(second, "A2").pk], **doing,
    )  # fmt: skip
    services.inspection_begin(inspection.pk, **doing)
    return inspection


def test_findings_of_an_inspection_stand_in_its_conclusion(people, inspection):
    finding = register(people, inspection_id=inspection.pk)
    doing = {"actor": people.inspector, "now": NOW}
    services.inspection_sign(inspection.pk, **doing)
    with pytest.raises(Invalid):
        services.inspection_conclude(inspection.pk, outcome="clean", conclusion="无。", **doing)
    services.inspection_conclude(inspection.pk, outcome="problems", conclusion="一项。", **doing)
    client = signed_in(people.inspector)
    assert finding.title in client.get(inspection.get_absolute_url()).content.decode()
    assert inspection.get_absolute_url() in client.get(finding.get_absolute_url()).content.decode()
    form = client.get(f"{reverse('inspections:finding-register')}?inspection={inspection.pk}")
    assert f'value="{people.unit.pk}" selected' in form.content.decode()


def test_problems_are_concluded_only_when_registered(people, inspection):
    doing = {"actor": people.inspector, "now": NOW}
    services.inspection_sign(inspection.pk, **doing)
    with pytest.raises(Invalid):
        services.inspection_conclude(inspection.pk, outcome="problems", conclusion="有。", **doing)


def test_a_finding_is_of_the_inspection_of_its_unit(people, inspection):
    with pytest.raises(Invalid):
        register(cast(), inspection_id=inspection.pk, actor=people.inspector)
