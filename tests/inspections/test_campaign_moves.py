"""Units of a campaign move with what is bound to them, in the same transaction; histories add up."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbonwatch.audit.models import AuditEvent
from inspections import questionnaires, services
from inspections.campaign_query import UnitQuery
from inspections.models import CampaignUnit, Inspection, SelfInspection
from inspections.selectors.campaigns import progress_of
from inspections.services.campaign_moves import campaign_unit_advance
from tests.factories import NOW, UnitFactory, make_actor
from tests.inspections.campaign_support import change, office, row_of, running, stages
from tests.inspections.support import Cast, advance, register
from tests.inspections.test_selfinspections import HEAD, ROW

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


def arrange(people, unit, **more):
    """A planned desk inspection, which needs neither notice nor signatures."""
    facts = {
        "unit_id": unit.pk, "kind": "planned", "manner": "desk", "year": 2023, "reason": "专项行动",
        "planned_on": TODAY, "actor": people.inspector, "now": NOW,
        "inspectors": people.team,
    }  # fmt: skip
    return services.inspection_make(**facts | more)


def inspect(people, inspection, outcome="clean", now=NOW):
    doing = {"actor": people.inspector, "now": now}
    services.inspection_begin(inspection.pk, **doing)
    services.inspection_sign(inspection.pk, **doing)
    if outcome == "problems":
        services.finding_register(
            unit_id=inspection.unit_id, year=2023, inspection_id=inspection.pk, title="台账缺页",
            description="缺三日。", finding_class="data", severity="general", **doing,
        )  # fmt: skip
    services.inspection_conclude(inspection.pk, outcome=outcome, conclusion="结论", **doing)
    services.inspection_approve(inspection.pk, actor=people.chief, now=now)


def ask(people, due=TODAY + timedelta(days=20)):
    made = services.questionnaire_import(
        upload=SimpleUploadedFile("q.xlsx", questionnaires.write(HEAD, [ROW])),
        actor=people.planner, now=NOW,
    )  # fmt: skip
    return services.questionnaire_publish(made.pk, due_on=due, actor=people.approver, now=NOW)


def hand_in(unit, value="是", **more):
    matter = SelfInspection.objects.get(unit=unit)
    services.self_answer_save(
        inspection_id=matter.pk, question_id=matter.questionnaire.questions.get().pk, base=0,
        content={"value": value, **more}, now=NOW,
        actor=make_actor("unit.filler", unit.organisation),
    )  # fmt: skip
    services.self_inspection_submit(
        matter.pk, actor=make_actor("unit.approver", unit.organisation), now=NOW
    )
    return matter


def history(row):
    return list(row.states.values_list("state", flat=True))


def test_the_whole_way_of_a_clean_unit():
    people = office(1)
    campaign, unit = running(people), people.units[0]
    ask(people)
    row = row_of(campaign, unit)
    assert (row.status, row.waits_for) == ("self", "unit")
    matter = hand_in(unit)
    assert row_of(campaign, unit).waits_for == "city"
    services.self_inspection_accept(matter.pk, actor=people.chief, now=NOW)
    assert row_of(campaign, unit).status == "reviewed"
    inspection = arrange(people, unit)
    assert inspection.campaign_unit_id == row.pk
    assert row_of(campaign, unit).status == "reviewed", "a plan is not a visit"
    inspect(people, inspection)
    row = row_of(campaign, unit)
    assert (row.status, row.covered_at) == ("clean", NOW)
    assert history(row) == ["included", "self", "reviewed", "on-site", "clean"]
    told = AuditEvent.objects.filter(target="inspections.campaignunit", target_id=str(row.pk))
    assert [e.action for e in told.order_by("seq")] == [
        f"campaign-unit.{s}" for s in history(row)[1:]
    ]


def test_a_unit_with_findings_ends_when_the_last_is_closed():
    people = office(1)
    campaign, unit = running(people), people.units[0]
    crew = Cast(
        unit, people.inspector, make_actor("city.reviewer"), people.chief,
        make_actor("unit.filler", unit.organisation),
        make_actor("unit.approver", unit.organisation),
    )  # fmt: skip
    inspect(people, arrange(people, unit), outcome="problems")
    row = row_of(campaign, unit)
    assert (row.status, row.waits_for) == ("rectifying", "city")
    register(crew)
    advance(crew, "ordered")
    assert row_of(campaign, unit).waits_for == "unit"
    for finding in unit.findings.all():
        assert row_of(campaign, unit).status == "rectifying"
        if finding.status == "registered":
            services.finding_reject(finding.pk, note="不属实", actor=crew.reviewer, now=NOW)
    advance(crew, "closed")
    assert row_of(campaign, unit).status == "rectifying", "one is still ordered"


def test_a_self_inspection_campaign_is_covered_by_the_review():
    people = office(1)
    campaign = running(people, kind="self", stages=stages() | {"inspect_until": None})
    ask(people)
    matter = hand_in(people.units[0])
    services.self_inspection_accept(matter.pk, actor=people.chief, now=NOW)
    row = row_of(campaign, people.units[0])
    assert (row.status, row.covered_at) == ("clean", NOW)


def test_a_tip_does_not_show_in_the_state_before_its_order():
    people = office(1)
    campaign, unit = running(people), people.units[0]
    inspect(people, arrange(people, unit))
    crew = Cast(unit, people.inspector, make_actor("city.reviewer"), people.chief, None, None)
    finding = register(crew, source="tip")
    assert row_of(campaign, unit).status == "clean"
    services.finding_confirm(finding.pk, actor=crew.reviewer, now=NOW)
    services.finding_order(
        finding.pk, demand="改", due_on=TODAY + timedelta(days=9), actor=people.chief, now=NOW
    )
    assert row_of(campaign, unit).status == "rectifying"


def test_two_fitting_campaigns_bind_nothing_by_themselves():
    people = office(1)
    first, unit = running(people), people.units[0]
    running(people, kind="themed")
    assert arrange(people, unit).campaign_unit is None
    named = row_of(first, unit)
    assert arrange(people, unit, campaign_unit_id=named.pk).campaign_unit == named
    assert arrange(people, unit, kind="tip").campaign_unit is None


def test_a_cancelled_visit_takes_the_unit_back():
    people = office(1)
    campaign, unit = running(people), people.units[0]
    inspection = arrange(people, unit, manner="on-site")
    doing = {"actor": people.inspector, "now": NOW}
    services.inspection_notify(inspection.pk, visit_on=TODAY, scope="煤样", **doing)
    assert row_of(campaign, unit).status == "on-site"
    services.inspection_cancel(inspection.pk, note="停产", **doing)
    assert row_of(campaign, unit).status == "included"
    assert history(row_of(campaign, unit)) == ["included", "on-site", "included"]


def test_an_extended_unit_goes_on_and_keeps_its_deadline():
    people = office(1)
    campaign, unit = running(people), people.units[0]
    later = campaign.inspect_until + timedelta(days=7)
    change(people, campaign, unit, "extend", extended_to=later)
    inspection = arrange(people, unit)
    campaign_unit_advance(inspection.campaign_unit_id, because="x", actor=None, now=NOW)
    assert row_of(campaign, unit).status == "extended", "nothing has happened yet"
    services.inspection_begin(inspection.pk, actor=people.inspector, now=NOW)
    row = row_of(campaign, unit)
    assert (row.status, timezone.localdate(row.due_at)) == ("on-site", later)


STEPS = ("self", "review", "visit", "clean", "problems", "finding", "fix", "remove", "add", "back",
         "extend")  # fmt: skip


class Histories:
    """A campaign of a few units and what can happen to them, in any order, a day a step."""

    def __init__(self):
        self.people = office(3)
        ask(self.people)
        self.units = [*self.people.units, UnitFactory(attributes__first_period=True)]
        SelfInspection.objects.update(campaign_unit=None)
        codes = tuple(u.organisation.code for u in self.people.units)
        self.campaign = running(self.people, query=UnitQuery(codes=codes))
        self.now = NOW

    def step(self, what, number):
        self.now += timedelta(days=1)
        unit = self.units[number]
        row = CampaignUnit.objects.filter(campaign=self.campaign, unit=unit).first()
        before = progress_of(
            self.campaign, self.people.planner, timezone.localdate(self.now), self.now
        )
        try:
            with transaction.atomic():
                getattr(self, what)(unit, row)
        except Exception as refused:
            if not hasattr(refused, "kind"):
                raise
        if what == "remove":
            after = progress_of(
                self.campaign, self.people.planner, timezone.localdate(self.now), self.now
            )
            assert after.all.share <= before.all.share

    def moved(self, row):
        campaign_unit_advance(row and row.pk, because="test", actor=None, now=self.now)

    def self(self, unit, row):
        SelfInspection.objects.filter(unit=unit).update(campaign_unit=row)
        self.moved(row)

    def review(self, unit, row):
        SelfInspection.objects.filter(unit=unit).update(status="reviewed")
        self.moved(row)

    def visit(self, unit, row):
        if row:
            made = arrange(self.people, unit, campaign_unit_id=row.pk, now=NOW)
            services.inspection_begin(made.pk, actor=self.people.inspector, now=self.now)

    def _conclude(self, unit, row, outcome):
        Inspection.objects.filter(unit=unit, status="on-site").update(
            status="closed", outcome=outcome, concluded_by=self.people.inspector.user,
            approved_by=self.people.chief.user, approved_at=self.now,
        )  # fmt: skip
        self.moved(row)

    def clean(self, unit, row):
        self._conclude(unit, row, "clean")

    def problems(self, unit, row):
        self._conclude(unit, row, "problems")

    def finding(self, unit, row):
        crew = Cast(unit, self.people.inspector, None, None, None, None)
        register(crew, self.now)

    def fix(self, unit, row):
        for finding in unit.findings.filter(status="registered"):
            services.finding_reject(finding.pk, note="x", actor=self.people.chief, now=self.now)

    def remove(self, unit, row):
        change(self.people, self.campaign, unit, "remove", self.now)

    def add(self, unit, row):
        change(self.people, self.campaign, unit, "add", self.now)

    back = add

    def extend(self, unit, row):
        day = timezone.localdate(self.now) + timedelta(days=40)
        change(self.people, self.campaign, unit, "extend", self.now, extended_to=day)

    def check(self):
        """At every date: each unit in one state, the states sum to the list, coverage as it was seen."""
        days = range((self.now - NOW).days + 1)
        frozen = self.campaign.size
        for n in days:
            on = TODAY + timedelta(days=n)
            past = progress_of(self.campaign, self.people.planner, on, self.now + timedelta(days=9))
            listed = CampaignUnit.objects.filter(
                campaign=self.campaign, included_at__date__lte=on
            ).count()
            assert sum(number for _state, number in past.states) == past.all.total == listed
            assert past.all.total == frozen + past.all.added
            assert past.all.late is None
            yield on, past.all.covered, past.states


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3)), min_size=4, max_size=14))
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_states_sum_to_the_list_at_every_date(steps):
    with transaction.atomic():
        histories, seen = Histories(), []
        for what, number in steps:
            histories.step(what, number)
            today = timezone.localdate(histories.now)
            live = progress_of(histories.campaign, histories.people.planner, today, histories.now)
            seen.append((today, live.all.covered, live.states))
        assert list(histories.check())[1:] == seen, "a past date shows what was shown on it"
        transaction.set_rollback(True)
