"""Pages of cases and notices; the public pages leak nothing."""

import re
from datetime import date
from io import BytesIO

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
from enforcement import services
from enforcement.models import Case, PublicNotice
from tests.enforcement.support import ARTICLE_22, MEASURES_39, draft, propose
from tests.factories import NOW, make_actor
from tests.inspections.support import advance, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def officer():
    return make_actor("province.case_officer")


@pytest.fixture
def approver():
    return make_actor("province.approver")


def sign_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_from_finding_to_public_notice(people, officer, approver):
    load_shipped()
    finding = advance(people, "confirmed")
    panel = panels_for("inspections.finding", finding, officer)[0]
    assert panel["finding"] == finding
    client = sign_in(officer)
    url = f"{reverse('enforcement:case-propose')}?finding={finding.pk}"
    assert "第三十九条" in text_of(client.get(url))
    data = {
        "findings": [finding.pk],
        "reason": "涉嫌虚报",
        "statement": "数据不符",
        "acted_on": "2024-03-20",
        "basis_keys": [ARTICLE_22],
    }
    assert client.post(url, data).status_code == 422  # not in force on that day
    answer = client.post(url, {**data, "basis_keys": [MEASURES_39]})
    case = Case.objects.get()
    assert answer["Location"] == case.get_absolute_url()
    page = text_of(sign_in(approver).get(case.get_absolute_url()))
    assert "1万元以上3万元以下" in page
    assert "已核对公开文本" in page
    step = reverse("enforcement:case-step", args=[case.pk, "file"])
    assert client.post(step, {}).status_code == 403
    assert sign_in(approver).post(step, {"note": "同意"}).status_code == 302

    new = f"{reverse('enforcement:notice-new')}?case={case.pk}"
    assert str(people.unit) in text_of(client.get(new))
    client.post(new, {"title": "通报标题", "body": "第一段\n第二段", "cases": [case.pk]})
    notice = PublicNotice.objects.get()
    assert list(notice.cases.all()) == [case]
    publish = reverse("enforcement:notice-step", args=[notice.pk, "publish"])
    assert sign_in(approver).post(publish, {}).status_code == 302
    public = Client().get(reverse("enforcement:notice", args=[notice.pk]))
    assert "第二段" in text_of(public)
    assert "通报标题" in text_of(Client().get(reverse("enforcement:notices")))
    document = Client().get(reverse("enforcement:notice-document", args=[notice.pk]))
    words = "\n".join(p.text for p in Docx(BytesIO(document.content)).paragraphs)
    assert "通报标题" in words
    assert "第一段\n第二段" in words
    assert f"〔{timezone.localdate().year}〕1号" in words


def test_public_pages_leak_nothing(people, officer, approver):
    case = propose(advance(people, "confirmed"), officer, statement="内部案情标记")
    services.case_file(case.pk, note="内部意见标记", actor=approver, now=NOW)
    out = draft(officer, case_ids=[case.pk], title="已公开标题")
    services.notice_publish(out.pk, note="内部意见标记", actor=approver, now=NOW)
    hidden = [draft(officer, title="草稿标题标记"), draft(officer, title="撤下标题标记")]
    services.notice_publish(hidden[1].pk, actor=approver, now=NOW)
    services.notice_withdraw(hidden[1].pk, note="内部意见标记", actor=approver, now=NOW)
    replies = [
        Client().get(reverse("enforcement:notices")),
        Client().get(reverse("enforcement:notices"), {"q": "标题"}),
        Client().get(reverse("enforcement:notices"), {"export": "xlsx"}),
        Client().get(reverse("enforcement:notice", args=[out.pk])),
    ]
    secrets = [
        "草稿标题标记",
        "撤下标题标记",
        "内部案情标记",
        "内部意见标记",
        officer.user.name,
        approver.user.name,
        officer.user.username,
        str(people.unit),
    ]
    for reply in replies:
        assert reply.status_code == 200
        assert not [s for s in secrets if s in reply.content.decode(errors="ignore")]
    assert set(replies[3].context["notice"]) == {
        "pk",
        "number",
        "title",
        "paragraphs",
        "issuer",
        "published_at",
    }
    for notice in hidden:
        for name in ("notice", "notice-document"):
            url = reverse(f"enforcement:{name}", args=[notice.pk])
            assert Client().get(url).status_code == 404
            assert sign_in(officer).get(url).status_code == 404


def test_work_pages_are_not_public(people, officer):
    notice = draft(officer)
    urls = [
        reverse("enforcement:notice-list"),
        reverse("enforcement:notice-new"),
        reverse("enforcement:notice-work", args=[notice.pk]),
        reverse("enforcement:cases"),
    ]
    for url in urls:
        assert Client().get(url).status_code == 302
    assert sign_in(people.chief).get(urls[2]).status_code == 404
    assert sign_in(people.filler).get(urls[2]).status_code == 403
    assert sign_in(make_actor("agency.lead")).get(urls[3]).status_code == 403


def test_revision_starts_from_the_returned_text(officer, approver):
    notice = draft(officer, title="原标题")
    services.notice_return(notice.pk, note="措辞", actor=approver, now=NOW)
    url = reverse("enforcement:notice-step", args=[notice.pk, "revise"])
    client = sign_in(officer)
    assert "原标题" in text_of(client.get(url))
    assert client.post(url, {"title": "新标题", "body": "新文"}).status_code == 302
    notice.refresh_from_db()
    assert (notice.status, notice.title) == ("drafted", "新标题")


@pytest.mark.parametrize("query", ["", "?finding=999999", "?finding=x"])
def test_no_case_without_a_finding(officer, query):
    answer = sign_in(officer).get(reverse("enforcement:case-propose") + query)
    assert answer.status_code == 404


def test_card_counts_cases_and_notices(people, officer, approver):
    case = propose(advance(people, "confirmed"), officer)
    card = {c["code"]: c for c in cards(officer, 2023)}["enforcement"]
    assert (card["proposed"], card["filed"], card["published"]) == (1, 0, 0)
    services.case_file(case.pk, actor=approver, now=NOW)
    card = {c["code"]: c for c in cards(officer, 2023)}["enforcement"]
    assert (card["proposed"], card["filed"]) == (0, 1)


@pytest.mark.parametrize("name", ["cases", "notice-list", "notices"])
def test_lists_keep_their_number_of_queries(
    people, officer, approver, name, django_assert_num_queries
):
    case = propose(advance(people, "confirmed"), officer)
    notice = draft(officer)
    services.notice_publish(notice.pk, actor=approver, now=NOW)
    notice.refresh_from_db()

    def more(n):
        PublicNotice.objects.bulk_create(
            PublicNotice(
                title="通报",
                body="文",
                number=f"{n}-{i}",
                issuer=notice.issuer,
                drafted_by=officer.user,
                drafted_at=NOW,
                status="published",
                published_by=approver.user,
                published_at=NOW,
            )
            for i in range(n)
        )
        Case.objects.bulk_create(
            Case(
                unit=case.unit,
                city=case.city,
                reason="案由",
                statement="事实",
                acted_on=date(2024, 3, 1),
                opened_by=officer.user,
                opened_at=NOW,
            )
            for _ in range(n)
        )

    client, url = sign_in(officer), reverse(f"enforcement:{name}")
    more(9)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    more(190)
    with django_assert_num_queries(len(few)):
        assert client.get(url).status_code == 200
