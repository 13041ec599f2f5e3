"""Pages of findings: the whole way through the browser's requests, scope, lists, the document."""

import re
import zipfile
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document as Docx

from carbonwatch.accounts.models import Actor
from carbonwatch.dashboards.registry import cards
from carbonwatch.params.service import load_shipped
from carbonwatch.web.panels import panels_for
from inspections.documents import RECTIFICATION_ORDER
from inspections.models import Finding
from tests.factories import UnitFactory, VersionFactory, make_actor
from tests.inspections.support import advance, cast, make_question, proof, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


def sign_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def step(finding, actor, name, **data):
    url = reverse("inspections:finding-step", args=[finding.pk, name])
    client = sign_in(actor)
    assert client.get(url).status_code == 200
    answer = client.post(url, data)
    assert answer.status_code == 302, answer.content.decode()
    return answer


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_finding_walks_through_the_pages(people):
    url = reverse("inspections:finding-register")
    client = sign_in(people.inspector)
    page = text_of(client.get(url))
    assert 'capture="environment"' in page
    assert 'accept="image/*"' in page
    answer = client.post(
        url,
        {
            "unit": people.unit.pk,
            "year": 2023,
            "title": "采样记录缺失",
            "finding_class": "quality",
            "severity": "serious",
            "description": "缺12天",
            "source": "tip",
            "source_label": "举报〔2024〕7号",
            "photos": proof("现场.jpg"),
        },
    )
    finding = Finding.objects.get()
    assert answer["Location"] == finding.get_absolute_url()
    step(finding, people.reviewer, "confirm", note="属实")
    step(finding, people.chief, "order", demand="补齐", days=15, basis="条例")
    step(finding, people.filler, "answer", text="已补", files=[proof()])
    step(finding, people.reviewer, "accept")
    step(finding, people.chief, "close")
    inside = text_of(sign_in(people.chief).get(finding.get_absolute_url()))
    for word in ("已销号", "现场.jpg", "整改照片.jpg", "举报〔2024〕7号", "沈阳环责改〔"):
        assert word in inside
    outside = text_of(sign_in(people.filler).get(finding.get_absolute_url()))
    assert "已销号" in outside
    for word in ("举报", people.inspector.user.name, people.reviewer.user.name + "（"):
        assert word not in outside.split('id="content"')[1].split("办理过程")[0]
    assert "确认问题" not in outside


def test_unit_cannot_find_out_that_somebody_told_on_it(people):
    finding = register(people, source="tip")
    Finding.objects.filter(pk=finding.pk).update(
        status="ordered",
        ordered_at=timezone.now(),
        ordered_by=people.chief.user,
        due_on=timezone.localdate(),
    )
    page = text_of(sign_in(people.filler).get(reverse("inspections:findings"), {"source": "tip"}))
    other = text_of(sign_in(people.filler).get(reverse("inspections:findings"), {"source": "self"}))
    assert "入厂煤采样记录缺失" in page
    assert "入厂煤采样记录缺失" in other  # the filter does nothing for them
    assert "举报线索" not in page


@pytest.mark.parametrize("name", ["finding", "finding-order"])
def test_foreign_and_internal_findings_do_not_exist(people, name):
    internal, public = advance(people, "confirmed"), advance(people, "ordered")
    sibling = make_actor("unit.filler", UnitFactory().organisation)
    dalian = make_actor("city.chief", city="210200")
    for actor, finding, status in (
        (people.filler, internal, 404),
        (sibling, public, 404),
        (dalian, public, 404),
        (people.filler, public, 200),
        (make_actor("agency.lead"), public, 403),
        (make_actor("platform.system"), public, 403),
    ):
        url = reverse(f"inspections:{name}", args=[finding.pk])
        assert sign_in(actor).get(url).status_code == status
    assert Client().get(public.get_absolute_url()).status_code == 302


def test_order_form_wants_days_or_a_date(people):
    finding = advance(people, "confirmed")
    url = reverse("inspections:finding-step", args=[finding.pk, "order"])
    client = sign_in(people.chief)
    tomorrow = timezone.localdate() + timedelta(days=1)
    for data in ({}, {"days": 3, "due_on": tomorrow}, {"due_on": timezone.localdate()}):
        assert client.post(url, {"demand": "改", **data}).status_code == 422
    assert client.post(url, {"demand": "改", "due_on": tomorrow}).status_code == 302


def test_double_click_orders_once(people):
    finding = advance(people, "confirmed")
    url = reverse("inspections:finding-step", args=[finding.pk, "order"])
    client, data = sign_in(people.chief), {"demand": "改", "days": 3, "_once": "same-key"}
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 302
    finding.refresh_from_db()
    assert finding.order_number.endswith("〕1号")


def test_registration_from_a_question_is_prefilled_and_bound_to_it(people):
    question = make_question(VersionFactory(report__unit=people.unit))
    url = f"{reverse('inspections:finding-register')}?question={question.pk}"
    client = sign_in(people.inspector)
    page = client.get(url)
    initial = {f.name: f.value() for f in page.context["form"]}
    assert initial["unit"] == people.unit.pk
    assert initial["source"] == "check"
    assert initial["t_co2"] == 500
    assert str(question.rule.name) in initial["title"]
    data = {k: v for k, v in initial.items() if v is not None and k != "_once"}
    assert client.post(url, {**data, "severity": "grave"}).status_code == 302
    assert Finding.objects.get().question == question
    again = client.post(url, data)
    assert again.status_code == 422
    assert "已登记" in text_of(again)


@pytest.mark.parametrize("query", ["question=999999", "result=x", "unit=-1", "version=9" * 30])
def test_registration_from_nothing_is_not_found(people, query):
    url = f"{reverse('inspections:finding-register')}?{query}"
    assert sign_in(people.inspector).get(url).status_code == 404


def test_panels_offer_a_finding_where_it_belongs(people):
    load_shipped()
    version = VersionFactory(report__unit=people.unit)
    question = make_question(version)
    shown = panels_for("emitters.question", question, people.inspector)
    panel = next(p for p in shown if p["template"] == "inspections/_findings_panel.html")
    assert panel["urged"]
    assert panel["origin"] == f"question={question.pk}"
    register(people, question_id=question.pk)
    panel = panels_for("emitters.question", question, people.inspector)[0]
    assert not panel["urged"]
    assert panel["closed"]
    for model, thing in (
        ("emitters.reportversion", version),
        ("emitters.emittingunit", people.unit),
    ):
        panel = next(
            p
            for p in panels_for(model, thing, people.inspector)
            if p["template"] == "inspections/_findings_panel.html"
        )
        assert [f.title for f in panel["findings"]] == ["入厂煤采样记录缺失"]
    assert not [
        p for p in panels_for("emitters.question", question, people.filler) if p.get("findings")
    ]


def test_overdue_shows_in_list_and_card(people):
    long_ago = timezone.now() - timedelta(days=60)
    advance(people, "ordered", long_ago)
    page = text_of(
        sign_in(people.chief).get(reverse("inspections:findings"), {"progress": "overdue"})
    )
    assert "已逾期" in page
    assert "入厂煤采样记录缺失" in page
    by_code = {c["code"]: c for c in cards(people.chief, 2023)}
    late = by_code["findings-overdue"]
    assert (late["overdue"], late["by_unit"], late["by_bureau"]) == (1, 1, 0)
    states = {str(s.code): n for s, n in by_code["findings-by-state"]["states"]}
    assert states["ordered"] == 1
    assert by_code["findings-by-state"]["open"] == 1
    foreign = {c["code"]: c for c in cards(make_actor("city.chief", city="210200"), 2023)}
    assert foreign["findings-overdue"]["overdue"] == 0


def test_list_filters_sorts_and_exports(people):
    register(people, title="甲问题", severity="grave")
    register(people, title="=乙问题", year=2022)
    client, url = sign_in(people.chief), reverse("inspections:findings")
    assert "甲问题" not in text_of(client.get(url, {"year": 2022}))
    assert "乙问题" not in text_of(client.get(url, {"severity": "grave"}))
    book = openpyxl.load_workbook(
        BytesIO(client.get(url, {"export": "xlsx", "sort": "year"}).content)
    )
    rows = list(book.active.values)
    assert rows[0][0] == "问题"
    assert [r[0] for r in rows[1:]] == ["=乙问题", "甲问题"]
    assert {c.data_type for c in book.active["A"]} == {"s"}


@pytest.mark.parametrize("export", [{}, {"export": "xlsx"}])
def test_list_keeps_its_number_of_queries(people, export, django_assert_num_queries):
    client, url = sign_in(people.chief), reverse("inspections:findings")

    def make(n):
        first = register(people)
        rows = [Finding.objects.get(pk=first.pk) for _ in range(n - 1)]
        for row in rows:
            row.pk = None
        Finding.objects.bulk_create(rows)

    make(10)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url, export)
    make(190)
    with django_assert_num_queries(len(few)):
        assert client.get(url, export).status_code == 200


def test_order_document_is_filled_and_opens(people):
    finding = register(
        people, title="数据<缺失>&异常", description="第一段\n第二段\x0b{{ settings.SECRET_KEY }}"
    )
    Finding.objects.filter(pk=finding.pk).update(
        status="ordered",
        order_number="沈阳环责改〔2024〕9号",
        order_demand="一、补齐\n二、报送",
        order_basis="",
        ordered_at=timezone.now(),
        ordered_by=people.chief.user,
        due_on=timezone.localdate(),
    )
    finding.refresh_from_db()
    content = RECTIFICATION_ORDER.render(finding)
    assert zipfile.ZipFile(BytesIO(content)).testzip() is None
    words = "\n".join(p.text for p in Docx(BytesIO(content)).paragraphs)
    for part in (
        "沈阳环责改〔2024〕9号",
        f"{people.unit}：",
        "数据<缺失>&异常（质量保证和文件存档，较重）",
        "第一段\n第二段",
        "{{ settings.SECRET_KEY }}",  # typed text stays text
        "一、补齐\n二、报送",
        "现责令你单位于",
    ):
        assert part in words
    assert "{%" not in words


def test_document_is_chinese_in_an_english_session(people):
    finding = advance(people, "ordered")
    client = sign_in(people.filler)
    client.cookies["django_language"] = "en"
    answer = client.get(reverse("inspections:finding-order", args=[finding.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    words = "\n".join(p.text for p in Docx(BytesIO(answer.content)).paragraphs)
    assert "较重" in words
