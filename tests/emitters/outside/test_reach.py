"""Records reach the checks, at the intake and whenever they change."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carbonwatch.accounts.permissions import OrgKind as K
from carbonwatch.audit.models import AuditEvent
from carbonwatch.jobs.models import Job
from carbonwatch.jobs.service import run
from emitters.models import OutsideRecord, Question
from emitters.outside.records import without_places
from emitters.selectors.outside import results_on
from emitters.selectors.outside_reach import reports_concerned
from emitters.selectors.outside_records import outside_of
from emitters.services.obligations import obligation_make
from emitters.services.outside import outside_withdraw
from emitters.services.uploads import report_upload
from emitters.store import load_facts
from tests.emitters.outside.files import GRID, OTHER, UNIT, grid_rows, text, xlsx
from tests.emitters.outside.test_scope import sheet
from tests.emitters.outside.world import World, work
from tests.factories import NOW, AnnualReportFactory

GOOD = Path(__file__).parents[2] / "workbooks" / "good" / "chp1_2024.xlsx"
CHECK = "CON-GRID-POWER"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return World()


def file_report(world):
    """The sample report of the first plant, taken in."""
    report = obligation_make(
        unit=world.unit, year=2024, basis="名录", due_on=NOW.date(), actor=None, now=NOW
    )
    upload = SimpleUploadedFile("a.xlsx", GOOD.read_bytes())
    people = world.people
    version = report_upload(report_id=report.pk, upload=upload, actor=people[K.UNIT], now=NOW)
    work()
    version.refresh_from_db()
    assert version.status == "checked", version.problems
    return version


def settled(version, share=1.0, *, first=()):
    """What the grid would have settled: the reported generation, or a share of it, of which 6 % is own
    use; other rows first."""
    facts = load_facts([version])[version.pk]
    rows = [GRID, *first]
    for g in facts.generators:
        made = [float(g.production["gen"][m]) * share for m in range(1, 13)]
        rows += [[UNIT, 2024, m, g.number, v * 0.94, None, v] for m, v in enumerate(made, 1)]
    return xlsx(("电网结算", rows))


def test_a_check_runs_as_soon_as_its_records_are_there(world):
    version = file_report(world)
    assert CHECK in version.not_run
    file = world.bring("grid", settled(version))
    version.refresh_from_db()
    assert CHECK not in version.not_run
    assert not version.results.current().filter(check_code=CHECK).exists()
    said = AuditEvent.objects.filter(action="report.recheck").latest("seq")
    assert f"第{file.pk}号文件（电网结算）启用" in said.payload


def test_a_result_comes_and_goes_with_the_file_that_it_rests_on(world):
    version = file_report(world)
    file = world.bring("grid", settled(version, 0.997))
    found = version.results.current().filter(check_code=CHECK)
    assert found.exists()
    assert {r.pk for r in results_on(file, world.people[K.UNIT])} == {r.pk for r in found}
    assert results_on(file, world.people[K.PROVINCE]) == [], "the report is a draft"
    asked = set(found.exclude(question=None).values_list("question", flat=True))
    drc = world.people[K.DRC]
    outside_withdraw(file.pk, note="结算有误", actor=drc, now=NOW)
    work()
    assert not version.results.current().filter(check_code=CHECK).exists()
    version.refresh_from_db()
    assert CHECK in version.not_run
    closed = Question.objects.filter(pk__in=asked).values_list("status", flat=True)
    assert set(closed) <= {"cleared"}


def test_a_correction_with_the_same_fact_keeps_the_question(world):
    version = file_report(world)
    older = world.bring("grid", settled(version, 0.997))
    before = {q.pk: q.fingerprint for q in Question.objects.filter(status="open")}
    assert CHECK in set(Question.objects.values_list("check_code", flat=True))
    moved = settled(version, 0.997, first=grid_rows(OTHER, months=1)[1:])
    world.bring("grid", moved, replaces=older, reason="补充一家")
    assert {q.pk: q.fingerprint for q in Question.objects.filter(status="open")} == before


def test_two_files_ask_for_one_new_check_of_a_version(world):
    version = file_report(world)
    world.upload("grid", settled(version))
    labels = ["统一社会信用代码", "开票日期", "销售方", "发票号码", "数量"]
    world.upload("invoice", text([labels, [UNIT, "2024-03-01", "甲", "1", 9]]), "b.csv")
    for kind in ("outside.read", "outside.follow"):
        for pk in Job.objects.filter(kind=kind).values_list("pk", flat=True):
            run(pk)
    assert Job.objects.filter(kind="report.recheck", state="waiting").count() == 1


def records(world, version, *, year=2024):
    return outside_of(world.unit, year, load_facts([version])[version.pk])


def test_an_offices_record_counts_before_the_units_own(world):
    version = file_report(world)
    assert records(world, version) is None
    day = {"credit_code": UNIT, "day": "2024-01-02"}
    world.bring("receipt", sheet("receipt", {**day, "tonnes": 100}), by=K.CITY)
    world.bring("receipt", sheet("receipt", {**day, "tonnes": 1}), by=K.UNIT)
    found = records(world, version).of("receipt")
    assert [row["tonnes"] for row in found] == [100]
    file = OutsideRecord.objects.get(values__tonnes="100").file
    assert found[0].place == f"{file.provider.name}第{file.pk}号文件 入厂煤批次!A2"


def test_a_report_is_looked_at_with_its_years_laboratories_and_companies(world):
    version = file_report(world)
    facts = load_facts([version])[version.pk]
    test = next(t for t in facts.tests if t.report_no)
    other_spelling = test.laboratory.replace("检", " 检").replace("心", "心　")
    registers = [
        {"laboratory": other_spelling, "report_no": test.report_no.lower(), "client_code": code,
         "month": test.month, "issued": "2024-06-01"}
        for code in (UNIT, OTHER)
    ]  # fmt: skip
    world.bring("lab_register", sheet("lab_register", *registers), by=K.MARKET)
    strange = [{**registers[0], "laboratory": "样本另一中心", "client_code": OTHER}]
    world.bring("lab_register", sheet("lab_register", *strange), by=world.elsewhere[K.LABORATORY])
    for year in (2022, 2023, 2024, 2025, 2026):
        world.bring("grid", xlsx(("电网结算", grid_rows(months=1, year=year))))
    world.bring("grid", xlsx(("电网结算", grid_rows(OTHER, months=1))))
    invoice = {"credit_code": UNIT, "day": "2024-03-01", "supplier": "样本煤业(集团)", "invoice_no": "1",
               "tonnes": 5}  # fmt: skip
    world.bring("invoice", sheet("invoice", invoice))
    companies = [
        {"name": "样本煤业（集团）", "code": "91210199TEYKUQCJ7H", "status": "存续"},
        {"name": "样本无关公司", "code": "91210199AAAAAAAAA1", "status": "存续"},
    ]  # fmt: skip
    world.bring("business", sheet("business", *companies), by=K.MARKET)
    found = records(world, version)
    assert [row["year"] for row in found.of("grid")] == [2023, 2024, 2025]
    register = found.of("lab_register")
    assert {(row["laboratory"], row["report_no"]) for row in register} == {
        (test.laboratory, test.report_no)
    }
    assert len(register) == 2, "the whole register of the laboratory"
    assert [row["name"] for row in found.of("business")] == ["样本煤业（集团）"]
    assert found.of("rail") == ()


def test_looking_takes_two_queries_however_much_there_is(world):
    version = file_report(world)
    facts = load_facts([version])[version.pk]
    counts = []
    for months in (0, 12):
        if months:
            world.bring("grid", settled(version))
        with CaptureQueriesContext(connection) as queries:
            outside_of(world.unit, 2024, facts)
        counts.append(len(queries))
    assert counts == [2, 2]


@pytest.mark.parametrize(
    ("kind", "row", "years"),
    [
        ("grid", {"credit_code": UNIT, "year": 2024, "month": 1, "out_mwh": 1}, {2023, 2024, 2025}),
        ("permit", {"credit_code": UNIT, "facility": "1"}, {2022, 2023, 2024, 2025}),
        ("grid", {"credit_code": OTHER, "year": 2024, "month": 1, "out_mwh": 1}, set()),
        ("weather", {"city": "沈阳", "year": 2024, "month": 1, "hdd": 1}, {2022, 2023, 2024, 2025}),
        ("weather", {"city": "大连", "year": 2024, "month": 1, "hdd": 1}, set()),
        ("business", {"name": "x", "code": UNIT, "status": "存续"}, {2022, 2023, 2024, 2025}),
        ("business", {"name": "x", "code": OTHER, "status": "存续"}, set()),
    ],
)
def test_which_reports_a_file_concerns(world, kind, row, years):
    for year in (2022, 2023, 2024, 2025):
        AnnualReportFactory(unit=world.unit, year=year)
    by = {"permit": K.ECOLOGY, "business": K.MARKET}.get(kind, K.DRC)
    file = world.bring(kind, sheet(kind, row), by=by)
    assert file.status == "in_force", file.problems
    assert set(reports_concerned(file).values_list("year", flat=True)) == years


def test_reports_are_found_by_laboratory_seller_and_consultant(world):
    version = file_report(world)
    facts = load_facts([version])[version.pk]
    laboratory = next(t.laboratory for t in facts.tests if t.laboratory)
    certificate = {"laboratory": f" {laboratory}", "certificate": "C1", "scope": "煤",
                   "valid_from": "2020-01-01", "valid_to": "2026-01-01"}  # fmt: skip
    invoice = {"credit_code": UNIT, "day": "2024-03-01", "supplier": "样本煤业", "invoice_no": "1",
               "tonnes": 5}  # fmt: skip
    world.bring("invoice", sheet("invoice", invoice))
    for kind, row in (
        ("accreditation", certificate),
        ("business", {"name": "样本煤业", "code": "91210199TEYKUQCJ7H", "status": "存续"}),
        ("business", {"name": laboratory, "code": "91210199TEYKUQCJ99", "status": "存续"}),
    ):
        file = world.bring(kind, sheet(kind, row), by=K.MARKET)
        assert list(reports_concerned(file)) == [version.report], row


def test_the_place_of_a_fact_is_not_what_it_says():
    text = "省发展改革委第17号文件 电网结算!A5；省发展改革委第18号文件 电网结算!B12"
    assert without_places(text) == "；"
    assert without_places("结算 5 MWh，见虚构委第3号文件") == "结算 5 MWh，"
    assert without_places("第3号机组") == "第3号机组"
