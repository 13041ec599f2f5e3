"""A plant with a question, and the people who judge it."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.jobs.service import by_hand, job_for, run
from carbonwatch.params.service import load_shipped
from emitters.models import AnnualReport, ReportVersion
from emitters.services.obligations import obligation_make
from emitters.services.questions import question_explain
from emitters.services.reports import report_submit
from emitters.services.uploads import report_upload
from emitters.workbook import read_report, write_report
from tests.factories import NOW, OrganisationFactory, UnitFactory, make_actor

SAMPLE = Path(__file__).parents[2] / "workbooks" / "good" / "chp1_2024.xlsx"


class World:
    """The plant of the samples owes 2024; its workbook raises one question (CON-STOCK-BALANCE)."""

    def __init__(self) -> None:
        load_shipped()
        city = "210800"
        self.province = OrganisationFactory(kind=OrgKind.PROVINCE)
        self.bureau = OrganisationFactory(kind=OrgKind.CITY, city=city)
        self.unit = UnitFactory(
            organisation__code="91211220T2PNDKCGN4",
            organisation__name="样本辛007热电有限公司",
            organisation__city=city,
        )
        own = self.unit.organisation
        self.filler = make_actor("unit.filler", own)
        self.checker = make_actor("unit.checker", own)
        self.inspector = make_actor("city.inspector", self.bureau)
        self.reviewer = make_actor("city.reviewer", self.bureau)
        self.supervisor = make_actor("province.supervisor", self.province)
        self.approver = make_actor("province.approver", self.province)
        self.report = self.due(2024)

    def due(self, year: int) -> AnnualReport:
        """The duty to report a year."""
        return obligation_make(
            unit=self.unit, year=year, basis="名录", due_on=NOW.date(), actor=None, now=NOW
        )

    def handed_in(self, year: int) -> ReportVersion:
        """The plant's report of another year, which asks nothing."""
        content = SAMPLE.with_name(f"chp1_{year}.xlsx").read_bytes()
        version = self.take_in(content, self.due(year))
        report_submit(version.pk, actor=self.checker, now=NOW)
        version.refresh_from_db()
        return version

    def take_in(
        self, content: bytes | None = None, report: AnnualReport | None = None, **more: str
    ) -> ReportVersion:
        """Upload and read a workbook; by default the sample of 2024."""
        with by_hand():
            version = report_upload(
                report_id=(report or self.report).pk,
                upload=SimpleUploadedFile("a.xlsx", content or SAMPLE.read_bytes()),
                actor=self.filler,
                now=NOW,
                **more,
            )
            job = job_for(version)
            assert job is not None
            run(job.pk)
        version.refresh_from_db()
        assert version.status == "checked", version.problems
        return version

    def explained(self, version: ReportVersion) -> ReportVersion:
        """Answer every open question of a version."""
        for question in self.report.questions.filter(version=version, status="open"):
            question_explain(question.pk, explanation="年末盘点。", actor=self.filler, now=NOW)
        return version

    def submitted(self, content: bytes | None = None, **more: str) -> ReportVersion:
        """Take in, explain, submit."""
        version = self.explained(self.take_in(content, **more))
        report_submit(version.pk, actor=self.checker, now=NOW)
        version.refresh_from_db()
        return version


def without_stock(total: str = "0") -> bytes:
    """The sample without its stock ledger, which is what the question is about; `total` is added to
    the reported annual total (tCO2)."""
    facts = read_report(SAMPLE.read_bytes()).facts
    assert facts is not None
    assert facts.plant_total is not None
    annual = facts.plant_total.annual
    assert annual is not None
    changed = replace(facts.plant_total, annual=annual + Decimal(total))
    return write_report(replace(facts, stocks=(), plant_total=changed))


def worse_stock() -> bytes:
    """The sample with one more tonne of stock adjustment: the same deviation with other values."""
    facts = read_report(SAMPLE.read_bytes()).facts
    assert facts is not None
    ledgers = []
    for ledger in facts.stocks:
        row = ledger.series["adj"]
        months = (*row.months[:-1], (row.months[-1] or Decimal(0)) - 1)
        series = {**ledger.series, "adj": replace(row, months=months)}
        ledgers.append(replace(ledger, series=series))
    return write_report(replace(facts, stocks=tuple(ledgers)))


def commented() -> bytes:
    """The sample with another note: another file, the same data."""
    facts = read_report(SAMPLE.read_bytes()).facts
    assert facts is not None
    first, *others = facts.generators
    return write_report(replace(facts, generators=(replace(first, note="更正联系人"), *others)))
