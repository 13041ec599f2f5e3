"""The same write twice, at once or after a lost reply, has one effect; two people get one winner."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from carbonwatch.jobs import service
from carbonwatch.jobs.models import IdempotencyRecord, Job
from carbonwatch.params.service import load_shipped
from emitters.models import Question, ReportVersion
from emitters.services.questions import question_explain
from tests.factories import NOW, make_actor
from tests.faults.world import make_province, make_try

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def attempt(monkeypatch):
    load_shipped()
    make_province()
    monkeypatch.setattr(service, "ring", lambda pk: None)
    return make_try(1)


def at_once(*calls):
    """Run the calls at the same moment; their answers."""
    start = Barrier(len(calls))

    def one(call):
        try:
            start.wait(20)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def token_client(attempt, actor, **headers):
    token = attempt.tokens[actor.user.username]
    return Client(headers={"Authorization": f"Bearer {token}", **headers})


def book(attempt):
    return SimpleUploadedFile("年度报告.xlsx", attempt.workbook)


def test_one_file_by_many_at_once_is_one_version(attempt):
    path = f"/api/v1/reports/{attempt.report.pk}/versions/"
    people = [attempt.filler, attempt.checker] * 3
    answers = at_once(
        *(
            lambda who=who: token_client(attempt, who).post(path, {"workbook": book(attempt)})
            for who in people
        )
    )
    assert [a.status_code for a in answers] == [202] * 6, [a.content.decode() for a in answers]
    assert len({a.json()["id"] for a in answers}) == 1
    assert ReportVersion.objects.count() == Job.objects.count() == 1


def test_a_double_click_on_the_page_is_one_version(attempt):
    def click():
        client = Client()
        client.force_login(attempt.filler.user, backend=BACKEND)
        path = f"/reports/{attempt.report.pk}/upload/"
        return client.post(path, {"workbook": book(attempt), "_once": "one-form"})

    answers = at_once(click, click, click)
    assert [a.status_code for a in answers] == [302] * 3
    assert len({a["Location"] for a in answers}) == 1
    assert ReportVersion.objects.count() == Job.objects.count() == 1


def test_a_reply_cut_after_the_write_and_repeated_is_one_effect(attempt, live_server):
    body = encode_multipart(BOUNDARY, {"workbook": book(attempt)})
    path = f"/api/v1/reports/{attempt.report.pk}/versions/"
    token = attempt.tokens[attempt.filler.user.username]
    host, port = live_server.thread.host, live_server.thread.port
    head = [f"POST {path} HTTP/1.1", f"Host: {host}:{port}", f"Authorization: Bearer {token}"]
    head += ["Idempotency-Key: cut", f"Content-Type: {MULTIPART_CONTENT}"]
    head += [f"Content-Length: {len(body)}", "", ""]
    with socket.create_connection((host, port)) as line:
        line.sendall("\r\n".join(head).encode() + body)
        deadline = time.monotonic() + 30
        while not IdempotencyRecord.objects.exclude(status=0).exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        # The line is cut here, the reply unread.
    client = token_client(attempt, attempt.filler, **{"Idempotency-Key": "cut"})
    again = client.post(path, {"workbook": book(attempt)})
    assert again.status_code == 202
    assert again["Idempotent-Replay"] == "true"
    assert again.json()["id"] == ReportVersion.objects.get().pk
    assert Job.objects.count() == 1


def checked(attempt):
    """The report read and its questions explained: ready for submission."""
    path = f"/api/v1/reports/{attempt.report.pk}/versions/"
    answer = token_client(attempt, attempt.filler).post(path, {"workbook": book(attempt)})
    service.run(Job.objects.get().pk)
    for question in Question.objects.all():
        question_explain(question.pk, explanation="盘点", actor=attempt.filler, now=NOW)
    return ReportVersion.objects.get(pk=answer.json()["id"])


def test_of_two_people_on_one_record_the_second_is_told(attempt):
    version = checked(attempt)
    others = [attempt.checker, make_actor("unit.approver", attempt.filler.organisation)]

    def submit(who):
        client = Client()
        client.force_login(who.user, backend=BACKEND)
        return client.post(f"/versions/{version.pk}/step/submit/", {"_once": who.user.username})

    answers = at_once(*(lambda who=who: submit(who) for who in others))
    assert sorted(a.status_code for a in answers) == [302, 409]
    told = next(a for a in answers if a.status_code == 409).content.decode()
    assert "当前状态为" in told
    version.refresh_from_db()
    assert version.status == "submitted"
