"""From an upload to an accepted report, through the real intake."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.jobs.models import Job, JobState
from carbonwatch.jobs.service import run
from carbonwatch.params.service import load_shipped
from carbonwatch.refusals import GuardFailed, Invalid, Missing, WrongState
from carbonwatch.worklist.models import WorkItem
from emitters.models import AnnualReport, MonthlyRow, Question, ReportVersion, YearSummary
from emitters.services.obligations import obligation_make
from emitters.services.questions import question_accept, question_explain
from emitters.services.reports import report_accept, report_return, report_submit
from emitters.services.summaries import rebuild
from emitters.services.uploads import report_upload
from tests.factories import NOW, OrganisationFactory, UnitFactory, make_actor

GOOD = Path(__file__).parents[2] / "workbooks" / "good"
pytestmark = pytest.mark.django_db(transaction=True)


class World:
    """One plant of the samples with its people, its city and the province."""

    def __init__(self, code="91211220T2PNDKCGN4", name="样本辛007热电有限公司", city="210800"):
        load_shipped()
        self.province = OrganisationFactory(kind=OrgKind.PROVINCE)
        self.bureau = OrganisationFactory(kind=OrgKind.CITY, city=city)
        self.unit = UnitFactory(
            organisation__code=code, organisation__name=name, organisation__city=city
        )
        own = self.unit.organisation
        self.filler = make_actor("unit.filler", own)
        self.checker = make_actor("unit.checker", own)
        self.inspector = make_actor("city.inspector", self.bureau)
        self.supervisor = make_actor("province.supervisor", self.province)

    def due(self, year):
        return obligation_make(
            unit=self.unit, year=year, basis="名录", due_on=NOW.date(), actor=None, now=NOW
        )

    def upload(self, report, name="chp1_2024.xlsx", content=None, **more):
        body = (GOOD / name).read_bytes() if content is None else content
        return report_upload(
            report_id=report.pk,
            upload=SimpleUploadedFile(name, body),
            actor=self.filler,
            now=NOW,
            **more,
        )

    def take_in(self, report, *args, **kwargs):
        version = self.upload(report, *args, **kwargs)
        for job in Job.objects.filter(state=JobState.WAITING):
            run(job.pk)
        version.refresh_from_db()
        return version


def test_a_report_from_upload_to_acceptance():
    world = World()
    report = world.due(2024)
    version = world.take_in(report)
    assert version.status == "checked", version.problems
    assert version.t_recomputed == 1477307
    assert MonthlyRow.objects.filter(version=version).exists()
    asked = list(report.questions.all())
    assert {q.check_code for q in asked} == {"CON-STOCK-BALANCE"}
    duty = WorkItem.objects.get(target="emitters.question", closed_at=None)
    assert duty.organisation == world.unit.organisation

    with pytest.raises(GuardFailed):  # the question is not answered yet
        report_submit(version.pk, actor=world.checker, now=NOW)
    with pytest.raises(Missing):  # a draft belongs to the enterprise
        report_accept(version.pk, actor=world.supervisor, now=NOW)
    question_explain(asked[0].pk, explanation="盘点", actor=world.filler, now=NOW)
    with pytest.raises(GuardFailed):  # nobody submits their own upload
        report_submit(
            version.pk, actor=make_actor_with(world, "unit.checker", world.filler.user), now=NOW
        )
    report_submit(version.pk, actor=world.checker, now=NOW)
    summary = YearSummary.objects.get(year=2024, city="210800")
    assert (summary.due, summary.filed, summary.questions) == (1, 1, 1)
    assert summary.t_reported == 1477307

    with pytest.raises(GuardFailed):  # an explained question is not a decided one
        report_accept(version.pk, actor=world.supervisor, now=NOW)
    question_accept(asked[0].pk, note="有盘点报告", actor=world.inspector, now=NOW)
    report_accept(version.pk, actor=world.supervisor, now=NOW)
    report.refresh_from_db()
    assert (report.status, report.current_id) == ("accepted", version.pk)
    assert rebuild(check_only=True) == []
    assert not WorkItem.objects.filter(target="emitters.reportversion", closed_at=None).exists()


def make_actor_with(world, role, user):
    """A second post of the same person."""
    from carbonwatch.accounts.models import Actor, Membership

    Membership.objects.create(user=user, organisation=world.unit.organisation, role=role)
    return Actor.of(user, world.unit.organisation)


def test_the_same_file_twice_is_one_version():
    world = World()
    report = world.due(2024)
    first = world.upload(report)
    assert world.upload(report) == first
    assert ReportVersion.objects.count() == Job.objects.count() == 1


def test_a_wrong_year_is_refused_whole_and_the_correction_replaces_it():
    world = World()
    report = world.due(2024)
    refused = world.take_in(report, "chp1_2022.xlsx")
    assert refused.status == "refused"
    assert refused.problems[0]["weight"] == "file"
    assert not MonthlyRow.objects.exists()
    checked = world.take_in(report)
    refused.refresh_from_db()
    assert (checked.status, checked.number, refused.status) == ("checked", 2, "superseded")


def test_a_returned_report_is_corrected_with_a_reason():
    world = World()
    report = world.due(2022)
    version = world.take_in(report, "chp1_2022.xlsx")
    assert Question.objects.count() == 0
    report_submit(version.pk, actor=world.checker, now=NOW)
    with pytest.raises(WrongState):  # on its way: no new version now
        world.upload(report, "chp1_2020.xlsx")
    report_return(version.pk, note="请补充", actor=world.supervisor, now=NOW)
    assert YearSummary.objects.get().filed == 0
    with pytest.raises(Invalid):
        world.upload(report, "chp1_2020.xlsx")
    world.upload(report, "chp1_2020.xlsx", reason="更正")
    assert AnnualReport.objects.get().status == "drafting"


def test_a_file_that_kills_its_reader_is_refused_with_a_reason(monkeypatch):
    world = World()
    report = world.due(2024)
    version = world.upload(report)

    def dies(*args, **kwargs):
        raise MemoryError

    monkeypatch.setattr("emitters.services.intake.read_report", dies)
    job = Job.objects.get()
    for _attempt in range(2):
        Job.objects.update(lease_until=None)
        run(job.pk)
    version.refresh_from_db()
    job.refresh_from_db()
    assert (version.status, job.state) == ("refused", "refused")
    assert version.problems[0]["rule"] == "reader-died"


def test_history_of_other_years_is_looked_at():
    world = World()
    for year in (2019, 2020, 2022):
        version = world.take_in(world.due(year), f"chp1_{year}.xlsx")
        report_submit(version.pk, actor=world.checker, now=NOW + timedelta(days=1))
    version = world.take_in(world.due(2024))
    assert "CON-HEATRATE-MODEL" in set(version.results.values_list("check_code", flat=True))
