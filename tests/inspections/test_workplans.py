"""Work plans: a second person approves, amendments are new versions, progress by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from carbonwatch.audit.models import AuditEvent
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing, WrongState
from inspections import services
from inspections.models import Inspection, RiskClass, WorkPlan
from inspections.selectors.workplans import ends_on, matrix_of
from tests.factories import (
    DALIAN,
    NOW,
    SHENYANG,
    AnnualReportFactory,
    UnitFactory,
    UserFactory,
    VersionFactory,
    make_actor,
)

pytestmark = pytest.mark.django_db
HIGH, MEDIUM, LOW = (str(r) for r in RiskClass)
QUOTAS = {
    (SHENYANG, 1, HIGH): 2, (SHENYANG, 1, LOW): 1, (SHENYANG, 2, MEDIUM): 1, (DALIAN, 1, HIGH): 1,
}  # fmt: skip


class Office:
    """The people of the province, and the plan of 2024."""

    def __init__(self):
        self.planner = make_actor("province.supervisor")
        self.approver = make_actor("province.approver")

    def make(self, year=2024, quotas=QUOTAS):
        plan = services.workplan_make(
            year=year, title="执法工作计划", carbon_text="单列", actor=self.planner, now=NOW
        )
        return self.write(plan, quotas)

    def write(self, plan, quotas, **words):
        words = {"title": plan.title, "text": "", "carbon_text": plan.carbon_text, **words}
        return services.workplan_write(plan.pk, quotas=quotas, actor=self.planner, now=NOW, **words)

    def take(self, plan, step, actor=None, **facts):
        service = getattr(services, f"workplan_{step}")
        return service(plan.pk, actor=actor or self.planner, now=NOW, **facts)

    def approved(self, **facts):
        plan = self.make(**facts)
        self.take(plan, "submit")
        return self.take(plan, "approve", self.approver)


@pytest.fixture
def office():
    return Office()


def test_an_amendment_is_a_new_version_and_the_old_one_stays(office):
    first = office.approved()
    second = office.take(first, "amend", note="任务增加")
    assert (second.version, second.reason, second.status) == (2, "任务增加", "drafted")
    assert second.quotas.count() == first.quotas.count() == len(QUOTAS)
    with pytest.raises(GuardFailed):
        office.take(first, "amend", note="再次")
    office.write(second, QUOTAS | {(SHENYANG, 1, HIGH): 5})
    first.refresh_from_db()
    assert first.status == "approved"  # in force until the new one is
    office.take(second, "submit")
    with pytest.raises(WrongState):
        office.write(second, {})
    office.take(second, "approve", office.approver, note="同意")
    first.refresh_from_db()
    assert first.status == "amended"
    assert first.quotas.get(city=SHENYANG, quarter=1, risk=HIGH).number == 2
    assert second.quotas.get(city=SHENYANG, quarter=1, risk=HIGH).number == 5
    entry = AuditEvent.objects.filter(action="workplan.write").latest("seq")
    assert f'["{SHENYANG}",1,"{HIGH}",2,5]' in entry.payload.replace(" ", "")


def test_another_person_approves(office):
    both = make_actor("province.supervisor")
    approver = make_actor("province.approver", both.organisation)
    both.user.memberships.create(organisation=both.organisation, role="province.approver")
    two_posts = type(both).of(both.user, both.organisation)
    plan = services.workplan_make(year=2024, title="x", actor=two_posts, now=NOW)
    office.planner = two_posts
    office.write(plan, QUOTAS)
    office.take(plan, "submit")
    for step, facts in (("approve", {}), ("return", {"note": "x"})):
        with pytest.raises(GuardFailed):
            office.take(plan, step, two_posts, **facts)
    with pytest.raises(Forbidden):
        office.take(plan, "approve", make_actor("province.supervisor"))
    office.take(plan, "return", approver, note="数量不足")
    office.take(plan, "submit", make_actor("province.supervisor"))
    with pytest.raises(GuardFailed):  # still the one who drafted it
        office.take(plan, "approve", two_posts)
    plan = office.take(plan, "approve", approver)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkPlan.objects.filter(pk=plan.pk).update(approved_by=two_posts.user)


def test_an_empty_plan_is_not_submitted_and_a_year_has_one(office):
    plan = office.make(quotas={})
    with pytest.raises(GuardFailed):
        office.take(plan, "submit")
    with pytest.raises(Invalid):
        office.make()
    office.take(plan, "drop", note="重起")
    assert office.make().version == 2
    with pytest.raises(Invalid):
        office.write(WorkPlan.objects.get(version=2), {("110000", 1, HIGH): 1})
    for who in ("city.chief", "province.approver", "department.supervisor"):
        with pytest.raises(Forbidden):
            services.workplan_make(year=2025, title="x", actor=make_actor(who), now=NOW)


def unit_of(band, city=SHENYANG, before=""):
    """A unit whose latest report has the band; `before`: an older one."""
    unit = UnitFactory(organisation__city=city)
    for year, one in ((2022, before), (2023, band)):
        if one:
            report = AnnualReportFactory(unit=unit, year=year)
            report.current = VersionFactory(report=report, risk_band=one)
            report.save()
    return unit


def inspected(unit, at, status="closed"):
    """An inspection with its conclusion, as the services leave it."""
    one, two = UserFactory(), UserFactory()
    done = status in ("concluded", "closed")
    return Inspection.objects.create(
        unit=unit, city=unit.organisation.city, organisation=unit.organisation, kind="planned",
        manner="desk", year=2023, reason="计划", planned_on=date(2024, 1, 2), planned_by=one,
        planned_at=NOW, status=status, outcome="clean", concluded_by=one if done else None,
        concluded_at=at if done else None, approved_by=two if status == "closed" else None,
        approved_at=at + timedelta(days=9) if status == "closed" else None,
    )  # fmt: skip


def moment(month, day, hour=4):
    return datetime(2024, month, day, hour, tzinfo=UTC)


def figures(matrix, name):
    """(done, quota, late) of the four quarters and the year."""
    row = next(r for r in [*matrix.rows, matrix.total] if r.city == name)
    return [(c.done, c.quota, c.late) for c in [*row.cells, row.total]]


def test_progress_worked_out_by_hand(office):
    """Shenyang, first quarter: 1 of 2 high (three in the class below count 1 of 1 low, not more);
    second quarter: 1 of 1 medium, by a unit without a report. Dalian: nothing of 1.

    31 March 16:30 UTC is 1 April 00:30 in the province: the second quarter.
    """
    plan = office.approved()
    inspected(unit_of("red"), moment(2, 1))
    low = unit_of("green", before="red")
    for _n in range(3):
        inspected(low, moment(3, 31, hour=15))
    inspected(UnitFactory(), datetime(2024, 3, 31, 16, 30, tzinfo=UTC))
    inspected(unit_of("red"), moment(2, 1), status="concluded")  # not approved yet
    inspected(unit_of("red"), moment(2, 1), status="on-site")
    inspected(unit_of("red"), datetime(2023, 2, 1, tzinfo=UTC))  # another year
    matrix = matrix_of(plan, office.planner, date(2024, 4, 1))
    no = (0, 0, False)
    assert figures(matrix, SHENYANG) == [(2, 3, True), (1, 1, False), no, no, (3, 4, False)]
    assert figures(matrix, DALIAN) == [(0, 1, True), no, no, no, (0, 1, False)]
    assert figures(matrix, "") == [(2, 4, True), (1, 1, False), no, no, (3, 5, False)]
    first = matrix.rows[0].cells[0]
    assert [(p.risk, p.done, p.quota) for p in first.parts] == [
        (HIGH, 1, 2), (MEDIUM, 0, 0), (LOW, 3, 1),
    ]  # fmt: skip
    assert not matrix_of(plan, office.planner, date(2024, 3, 31)).rows[0].cells[0].late


def test_quarters_end():
    assert [ends_on(2024, q) for q in (1, 4)] == [date(2024, 4, 1), date(2025, 1, 1)]


def test_cities_read_what_was_approved_their_own_row_first(office, client):
    approved, draft = office.approved(), office.make(year=2025)
    chief = make_actor("city.chief", city=DALIAN)
    assert list(WorkPlan.objects.visible_to(chief)) == [approved]
    with pytest.raises(Missing):
        office.take(
            draft,
            "submit",
            type(chief)(chief.user, chief.organisation, (), frozenset({"workplan.edit"})),
        )
    matrix = matrix_of(approved, chief, date(2024, 4, 1))
    assert [(r.city, r.own) for r in matrix.rows] == [(DALIAN, True), (SHENYANG, False)]
    client.force_login(chief.user)
    page = client.get(approved.get_absolute_url()).content.decode()
    assert page.index("大连市") < page.index("沈阳市")
    assert "修订计划" not in page
    for url, status in (
        (draft.get_absolute_url(), 404),
        (reverse("inspections:workplan-edit", args=[draft.pk]), 403),
        (reverse("inspections:workplan-new"), 403),
    ):
        assert client.get(url).status_code == status
    client.force_login(make_actor("unit.filler").user)
    assert client.get(reverse("inspections:workplans")).status_code == 403


def test_a_plan_is_written_on_the_pages(office, client):
    client.force_login(office.planner.user)
    words = {"title": "计划", "carbon_text": "单列"}
    answer = client.post(reverse("inspections:workplan-new"), {"year": 2024, **words})
    plan = WorkPlan.objects.get()
    assert answer["Location"] == plan.get_absolute_url()
    url = reverse("inspections:workplan-edit", args=[plan.pk])
    for wrong in ("-1", "1.5", "viele", "99999"):
        assert client.post(url, {**words, f"{SHENYANG}-1-{HIGH}": wrong}).status_code == 422
    assert client.post(url, {**words, f"{SHENYANG}-1-{HIGH}": "3"}).status_code == 302
    assert plan.quotas.get().number == 3
    assert 'value="3"' in client.get(url).content.decode()
    step = reverse("inspections:workplan-step", args=[plan.pk, "submit"])
    assert client.post(step, {"_once": "a"}).status_code == 302
    assert client.get(url).status_code == 409


def test_progress_is_one_query_however_many(office):
    plan = office.approved()

    def queries():
        with CaptureQueriesContext(connection) as seen:
            matrix_of(plan, office.planner, date(2024, 4, 1))
        return len(seen)

    inspected(unit_of("red"), moment(2, 1))
    few = queries()
    for city in (SHENYANG, DALIAN):
        for band in RiskClass:
            inspected(unit_of(str(band), city), moment(5, 1))
    assert queries() == few == 2
