"""Bringing in files: kept whole or refused whole, named columns remembered, corrected, taken back."""

from pathlib import Path

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.audit.models import AuditEvent
from carbonwatch.jobs.models import Job
from carbonwatch.jobs.service import run
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing, WrongState
from carbonwatch.worklist.models import WorkItem
from emitters.models import OutsideFile, OutsideMapping, OutsideRecord
from emitters.outside.headers import Choice
from emitters.services.outside import (
    outside_discard,
    outside_map,
    outside_withdraw,
)
from tests.emitters.outside.files import GRID, OTHER, UNIT, grid_rows, text, xlsx
from tests.emitters.outside.world import World, work
from tests.factories import NOW, make_actor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return World()


def book(**more):
    return xlsx(("电网结算", grid_rows(**more)))


def rules(file):
    return [p["rule"] for p in file.problems if p["weight"] != "notice"]


def test_a_file_comes_into_force_with_its_rows(world, settings):
    file = world.bring("grid", book(), "一季度.xlsx")
    assert (file.status, file.rows, file.years) == ("in_force", 12, [2024])
    row = OutsideRecord.objects.order_by("number").first()
    assert row.values == {
        "credit_code": UNIT, "year": 2024, "month": 1, "generator": "1#", "out_mwh": "1001",
        "buy_mwh": "5",
    }  # fmt: skip
    assert (row.owner, row.about, row.year, row.month) == (UNIT, UNIT, 2024, 1)
    kept = Path(settings.MEDIA_ROOT) / file.file
    assert kept.read_bytes() == book()
    assert file.columns[0] == ["A", "统一社会信用代码", "credit_code", ""]
    said = list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))
    assert said[-2:] == ["outside.start", "outside.in_force"]
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_a_bad_file_leaves_nothing_but_its_problems(world):
    rows = grid_rows()
    rows[3][4] = "约一千"
    file = world.bring("grid", xlsx(("电网结算", rows)))
    assert file.status == "refused"
    assert not OutsideRecord.objects.exists()
    problem = file.problems[0]
    assert (problem["sheet"], problem["cell"], problem["field"]) == ("电网结算", "E4", "上网电量")
    assert problem["found"] == "约一千"
    duty = WorkItem.objects.get(closed_at=None)
    assert (duty.organisation_id, duty.perm) == (file.provider_id, "outside.import")


def test_the_same_file_twice_is_one_until_it_is_taken_back(world, settings):
    first = world.bring("grid", book())
    assert world.upload("grid", book()) == first
    assert OutsideFile.objects.count() == Job.objects.filter(kind="outside.read").count() == 1
    assert len([p for p in (Path(settings.MEDIA_ROOT) / "outside").rglob("*") if p.is_file()]) == 1
    outside_withdraw(first.pk, note="口径有误", actor=world.people[OrgKind.DRC], now=NOW)
    assert world.bring("grid", book()).status == "in_force"
    assert OutsideFile.objects.count() == 2


def test_a_correction_replaces_the_file_and_edits_nothing(world):
    older = world.bring("grid", book(out=1000))
    with pytest.raises(Invalid) as refused:
        world.upload("grid", book(out=2000), replaces=older)
    assert "reason" in refused.value.fields
    newer = world.bring("grid", book(out=2000), replaces=older, reason="结算更正")
    older.refresh_from_db()
    assert (newer.status, older.status, older.end_note) == ("in_force", "replaced", "结算更正")
    assert older.ended_by == world.people[OrgKind.DRC].user
    assert OutsideRecord.objects.filter(file=older).count() == 12
    with pytest.raises(WrongState):
        world.upload("grid", book(out=3000), replaces=older, reason="再次更正")


def test_a_failed_correction_leaves_the_file_in_force(world):
    older = world.bring("grid", book())
    rows = [*grid_rows(out=2000), [UNIT, 2024, 99, "1#", 1, 1, 1]]
    failed = world.bring("grid", xlsx(("电网结算", rows)), replaces=older, reason="更正")
    older.refresh_from_db()
    assert (failed.status, older.status) == ("refused", "in_force")
    again = world.bring("grid", book(out=2000), replaces=failed)
    failed.refresh_from_db()
    assert failed.status == "replaced"
    assert not WorkItem.objects.filter(target_id=failed.pk, closed_at=None).exists()
    assert rules(again)[0] == "outside-known"  # it no longer says which file in force it corrects


def test_the_same_fact_twice_is_refused_with_both_places(world):
    older = world.bring("grid", book(), "上半年.xlsx")
    rows = [GRID, [OTHER, 2024, 1, "1#", 1, 1, 1], [UNIT, 2024, 3, "1#", 1, 1, 1]]
    file = world.bring("grid", xlsx(("电网结算", rows)))
    assert rules(file) == ["outside-known"]
    problem = file.problems[0]
    assert problem["cell"] == "A3"
    assert problem["values"] == {"number": older.pk, "name": "上半年.xlsx", "place": "电网结算!A4"}
    assert OutsideRecord.objects.filter(file=file).count() == 0


def test_a_second_source_of_a_fact_is_taken_and_noted(world):
    labels = ["统一社会信用代码", "开票日期", "销售方", "发票号码", "数量"]
    line = [UNIT, "2024-03-01", "样本煤业", "25210001", 100]
    first = world.bring("invoice", text([labels, line]), "a.csv")
    second = world.bring("invoice", text([labels, line]), "b.csv", by=OrgKind.MARKET)
    assert (first.status, second.status) == ("in_force", "in_force")
    assert [p["rule"] for p in second.problems] == ["outside-already"]


def test_columns_are_named_once_and_known_from_then_on(world):
    rows = [["企业代码", "年", "月", "电量"], [UNIT, 2024, 1, 7]]
    file = world.bring("grid", text(rows, "gb18030"), "电网.csv")
    assert file.status == "asking"
    assert WorkItem.objects.get(closed_at=None).state == "asking"
    said = {"企业代码": Choice("credit_code"), "电量": Choice("out_mwh", "万千瓦时")}
    drc = world.people[OrgKind.DRC]
    outside_map(file.pk, columns=said, header=1, actor=drc, now=NOW)
    work()
    file.refresh_from_db()
    assert (file.status, file.rows) == ("in_force", 1)
    assert OutsideRecord.objects.get().values["out_mwh"] == "70"
    assert OutsideMapping.objects.get().columns["电量"] == ["out_mwh", "万千瓦时"]
    rows[1][2] = 2
    assert world.bring("grid", text(rows, "gb18030"), "电网2.csv").status == "in_force"
    rows[1][2] = 3
    other = make_actor("department.supervisor", kind=OrgKind.MARKET)
    labels = ["企业代码", "开票日期", "销售方", "发票号码", "数量"]
    line = [UNIT, "2024-03-01", "样本煤业", "25210001", 100]
    asked = world.bring("invoice", text([labels, line]), "c.csv", by=other)
    assert asked.status == "asking", "another provider or kind has a memory of its own"


def test_columns_can_be_named_anew(world):
    source = text([["企业代码", "年", "月", "上", "下"], [UNIT, 2024, 1, 7, 8]])
    drc = world.people[OrgKind.DRC]
    first = world.bring("grid", source, "a.csv")
    wrong = {"企业代码": Choice("credit_code"), "上": Choice("buy_mwh"), "下": Choice("out_mwh")}
    outside_map(first.pk, columns=wrong, header=1, actor=drc, now=NOW)
    work()
    outside_withdraw(first.pk, note="列对应有误", actor=drc, now=NOW)
    assert world.bring("grid", source, "a.csv").status == "in_force"
    outside_withdraw(OutsideFile.objects.first().pk, note="仍有误", actor=drc, now=NOW)
    again = world.bring("grid", source, "a.csv", ask=True)
    assert again.status == "asking"
    right = {"上": Choice("out_mwh"), "下": Choice("buy_mwh")}
    outside_map(again.pk, columns=right, header=1, actor=drc, now=NOW)
    work()
    assert OutsideRecord.objects.get(file=again).values["out_mwh"] == "7"


def test_only_the_provider_puts_a_file_right(world):
    file = world.bring("grid", text([["代码", "年", "月", "电"], [UNIT, 2024, 1, 7]]), "a.csv")
    province, market = world.people[OrgKind.PROVINCE], world.people[OrgKind.MARKET]
    with pytest.raises(GuardFailed):
        outside_map(file.pk, columns={}, header=1, actor=province, now=NOW)
    with pytest.raises(Missing):
        outside_discard(file.pk, actor=market, now=NOW)
    colleague = make_actor("department.supervisor", file.provider)
    outside_discard(file.pk, note="选错文件", actor=colleague, now=NOW)
    file.refresh_from_db()
    assert (file.status, file.end_note) == ("withdrawn", "选错文件")
    with pytest.raises(WrongState):
        outside_discard(file.pk, actor=colleague, now=NOW)


@pytest.mark.parametrize(
    ("by", "kind"),
    [
        (OrgKind.MARKET, "grid"),
        (OrgKind.UNIT, "grid"),
        (OrgKind.LABORATORY, "accreditation"),
        (OrgKind.SASAC, "statistics"),
        (OrgKind.VERIFIER, "retest"),
    ],
)
def test_each_brings_what_it_provides(world, by, kind):
    with pytest.raises(Invalid):
        world.upload(kind, book(), by=by)
    assert not OutsideFile.objects.exists()


def test_bringing_in_is_a_right_of_its_own(world):
    with pytest.raises(Forbidden):
        world.upload("receipt", book(), by=make_actor("unit.approver", world.unit.organisation))


@pytest.mark.parametrize(
    ("by", "code", "rule"),
    [
        (OrgKind.UNIT, UNIT, None),
        (OrgKind.UNIT, OTHER, "outside-unit-foreign"),
        (OrgKind.CITY, UNIT, None),
        (OrgKind.CITY, OTHER, "outside-unit-foreign"),
    ],
)
def test_each_speaks_of_its_own_units(world, by, code, rule):
    rows = [["统一社会信用代码", "到厂日期", "入厂煤量"], [code, "2024-01-02", 3000]]
    file = world.bring("receipt", text(rows), "a.csv", by=by)
    assert rules(file) == ([rule] if rule else [])


def test_a_laboratory_registers_its_own_reports(world):
    labels = ["检测机构", "报告编号", "委托单位信用代码"]
    own = [labels, ["样本煤质中心(沈阳)", "A1", UNIT]]
    assert world.bring("lab_register", text(own), "a.csv", by=OrgKind.LABORATORY).rows == 1
    foreign = [labels, ["样本另一中心", "A1", UNIT]]
    file = world.bring("lab_register", text(foreign), "b.csv", by=OrgKind.LABORATORY)
    assert rules(file) == ["outside-laboratory-foreign"]


def test_rows_are_never_changed_or_lost(world):
    file = world.bring("grid", book())
    for act in (
        lambda: OutsideRecord.objects.update(year=2020),
        lambda: OutsideRecord.objects.all().delete(),
        lambda: OutsideFile.objects.filter(pk=file.pk).update(sha256="0" * 64),
        lambda: OutsideFile.objects.filter(pk=file.pk)._raw_delete("default"),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            act()
    assert OutsideRecord.objects.count() == 12


def test_a_file_that_kills_its_reader_is_refused_with_a_reason(world, monkeypatch):
    file = world.upload("grid", book())

    def dies(*args, **kwargs):
        raise MemoryError

    monkeypatch.setattr("emitters.services.outside_reading.read_outside", dies)
    job = Job.objects.get()
    for _attempt in range(2):
        Job.objects.update(lease_until=None)
        run(job.pk)
    file.refresh_from_db()
    assert (file.status, rules(file)) == ("refused", ["reader-died"])


def test_thousands_of_problems_are_cut_short(world):
    rows = [GRID, *([UNIT, 2024, 1, f"{n}#", "x", 1, 1] for n in range(1500))]
    file = world.bring("grid", xlsx(("电网结算", rows)))
    assert len(file.problems) == 1001
    assert file.problems[0]["rule"] == "too-many-problems"
    assert file.problems[0]["values"]["count"] >= 1500


def test_reading_takes_as_many_queries_for_many_rows(world):
    counts = []
    for months in (1, 12):
        world.upload("grid", book(months=months, year=2000 + 10 + months))
        job = Job.objects.order_by("-pk").first()
        with CaptureQueriesContext(connection) as found:
            run(job.pk)
        counts.append(len(found))
    assert counts[0] == counts[1]
