"""Self-inspection: the questionnaire in Excel, versions, drafts in two windows, declared problems."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from carbonwatch.audit.models import AuditEvent
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, WrongState
from inspections import questionnaires, services
from inspections.models import Finding, Questionnaire, SelfAnswer, SelfInspection
from inspections.services.selfinspections import AnswerMoved
from tests.factories import UnitFactory, make_actor

pytestmark = pytest.mark.django_db

HEAD = (
    ("问卷编号", "ZC-2024"),
    ("问卷名称", "自查问卷"),
    ("填写对象", "重点排放单位"),
    ("涉及年度", 2024),
    ("填写说明", "如实填写。"),
)
ROW = ("1", "计量", "皮带秤是否按期检定？", "是否", "", "是", "指南第1条", "", "有问题时",
       "检定证书", "否", "核算数据")  # fmt: skip
OTHER = ("2", "计量", "当年用煤量（t）", "数值", "", "否", "", "", "不需要", "", "", "")


def book(*rows, head=HEAD):
    return SimpleUploadedFile("q.xlsx", questionnaires.write(head, rows))


@pytest.fixture
def people():
    unit = UnitFactory()
    city = make_actor("city.reviewer", city=unit.organisation.city)
    return {
        "unit": unit,
        "author": make_actor("province.supervisor"),
        "publisher": make_actor("province.approver"),
        "city": city,
        "filler": make_actor("unit.filler", unit.organisation),
        "approver": make_actor("unit.approver", unit.organisation),
    }


def bring(people, *rows):
    return services.questionnaire_import(
        upload=book(*(rows or (ROW, OTHER))), actor=people["author"], now=timezone.now()
    )


def publish(people, questionnaire):
    due = timezone.localdate() + timedelta(days=20)
    return services.questionnaire_publish(
        questionnaire.pk, due_on=due, actor=people["publisher"], now=timezone.now()
    )


@pytest.fixture
def asked(people):
    publish(people, bring(people))
    return SelfInspection.objects.get(unit=people["unit"])


def save(people, asked, number="1", base=0, **content):
    item = asked.questionnaire.questions.get(number=number)
    return services.self_answer_save(
        inspection_id=asked.pk, question_id=item.pk, base=base, content=content,
        actor=people["filler"], now=timezone.now(),
    )  # fmt: skip


def submit(people, asked):
    return services.self_inspection_submit(asked.pk, actor=people["approver"], now=timezone.now())


PROBLEM = {"value": "否", "note": "超期三个月。", "correction": "已送检。", "evidence": "送检单"}


def test_every_faulty_cell_is_named_and_nothing_is_kept(people):
    bad = (
        ("1", "", "", "是否", "", "是", "", "", "不需要", "", "也许", ""),
        ("1", "", "乙", "选择", "只有一个", "是", "", "", "不需要", "", "", ""),
        ("3", "", "丙", "数值", "", "或", "", "", "不需要", "", "否", "核算数据"),
    )
    with pytest.raises(Invalid) as refused:
        bring(people, *bad)
    text = "\n".join(map(str, refused.value.fields["upload"]))
    for cell in ("C2", "K2", "L2", "A3", "E3", "F4", "K4"):
        assert f"题目!{cell} " in text, cell
    assert not Questionnaire.objects.exists()


def test_the_page_shows_the_cells_and_the_template_reads_back(people):
    client = Client()
    client.force_login(people["author"].user, "django.contrib.auth.backends.ModelBackend")
    blank = client.get(reverse("inspections:questionnaire-template"))
    assert openpyxl.load_workbook(BytesIO(blank.content)).sheetnames == ["问卷信息", "题目"]
    url = reverse("inspections:questionnaire-import")
    answer = client.post(url, {"upload": SimpleUploadedFile("b.xlsx", blank.content)})
    assert answer.status_code == 422
    assert "问卷信息!B1" in answer.content.decode()
    assert "题目!A2" in answer.content.decode()
    good = client.post(url, {"upload": book(ROW)})
    assert good.status_code == 302
    assert ROW[2] in client.get(good["Location"]).content.decode()


def test_the_importer_does_not_publish(people):
    questionnaire = bring(people)
    with pytest.raises(Forbidden):
        services.questionnaire_publish(
            questionnaire.pk, due_on=timezone.localdate() + timedelta(days=9),
            actor=people["author"], now=timezone.now(),
        )  # fmt: skip


def test_a_new_version_leaves_old_answers_on_the_old_one(people, asked):
    idle = UnitFactory()
    SelfInspection.objects.create(questionnaire=asked.questionnaire, organisation=idle.organisation,
                                  unit=idle)  # fmt: skip
    save(people, asked, value="是")
    newer = publish(people, bring(people))
    assert newer.version == 2
    asked.refresh_from_db()
    assert asked.questionnaire.version == 1
    assert asked.questionnaire.status == "replaced"
    assert asked.latest()[asked.questionnaire.questions.get(number="1").pk].value == "是"
    assert SelfInspection.objects.get(unit=idle).questionnaire == newer
    assert SelfInspection.objects.filter(unit=people["unit"]).count() == 1


def test_the_same_content_again_changes_nothing(people, asked):
    first = save(people, asked, value="是")
    assert save(people, asked, value="是").pk == first.pk
    assert SelfAnswer.objects.count() == 1
    assert AuditEvent.objects.filter(action="self-inspection.save").count() == 1


def test_two_windows_do_not_erase_each_other(people, asked):
    save(people, asked, value="是")
    with pytest.raises(AnswerMoved) as moved:
        save(people, asked, base=0, **PROBLEM)
    assert moved.value.answer.value == "是"
    save(people, asked, base=1, **PROBLEM)
    assert list(asked.answers.values_list("value", flat=True)) == ["是", "否"]


def test_a_conflict_on_the_page_shows_both_and_keeps_what_was_typed(people, asked):
    item = asked.questionnaire.questions.get(number="1")
    client = Client()
    client.force_login(people["filler"].user, "django.contrib.auth.backends.ModelBackend")
    url = reverse("inspections:self-answer", args=[asked.pk, item.pk])
    assert client.post(url, {"base": "0", "value": "是", "note": "甲窗口"}).json()["revision"] == 1
    page = client.post(
        reverse("inspections:self-fill", args=[asked.pk]),
        {f"base-{item.pk}": "0", f"value-{item.pk}": "否", f"note-{item.pk}": "乙窗口"},
    )
    assert page.status_code == 409
    assert "甲窗口" in page.content.decode()
    assert "乙窗口" in page.content.decode()
    assert client.post(url, {"base": "0", "value": "否"}).status_code == 409


def test_nothing_is_handed_in_half(people, asked):
    with pytest.raises(GuardFailed, match="第1题未回答"):
        submit(people, asked)
    save(people, asked, value="否")
    with pytest.raises(GuardFailed, match="第1题未说明问题情况"):
        submit(people, asked)
    save(people, asked, base=1, **PROBLEM)
    save(people, asked, number="2", value="many")
    with pytest.raises(GuardFailed, match="第2题的回答格式不符"):
        submit(people, asked)
    assert not Finding.objects.exists()


def test_a_declared_problem_is_a_finding_that_another_confirms(people, asked):
    save(people, asked, **PROBLEM)
    submit(people, asked)
    finding = Finding.objects.get()
    assert (finding.source, finding.status, finding.year) == ("self", "registered", 2024)
    assert finding.found_by == people["approver"].user
    assert finding.declaration.correction == "已送检。"
    with pytest.raises(WrongState):
        save(people, asked, base=1, value="是")
    services.finding_confirm(finding.pk, actor=people["city"], now=timezone.now())
    now = timezone.now()
    services.self_inspection_return(asked.pk, note="补充", actor=people["city"], now=now)
    save(people, asked, base=1, value="是")
    submit(people, asked)
    services.self_inspection_accept(asked.pk, actor=people["city"], now=now)
    asked.refresh_from_db()
    assert asked.status == "reviewed"
    assert Finding.objects.get().declaration.inspection == asked  # what was declared stays so


def test_others_do_not_read_before_it_is_handed_in(people, asked):
    save(people, asked, **PROBLEM)
    url = reverse("inspections:self-inspection", args=[asked.pk])
    client = Client()
    client.force_login(people["city"].user, "django.contrib.auth.backends.ModelBackend")
    assert "超期三个月" not in client.get(url).content.decode()
    submit(people, asked)
    assert "超期三个月" in client.get(url).content.decode()
    stranger = make_actor("unit.filler", UnitFactory().organisation)
    client.force_login(stranger.user, "django.contrib.auth.backends.ModelBackend")
    assert client.get(url).status_code == 404


def test_a_unit_registers_nothing_but_what_it_declares(people):
    with pytest.raises(Forbidden):
        services.finding_register(
            unit_id=people["unit"].pk, year=2024, title="x", description="x", finding_class="data",
            severity="general", actor=people["approver"], now=timezone.now(),
        )  # fmt: skip
