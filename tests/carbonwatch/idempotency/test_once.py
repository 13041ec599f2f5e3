"""A repeated write has one effect and gets the same answer, by page and by programme."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from carbonwatch.accounts.models import Organisation
from carbonwatch.jobs.models import IdempotencyRecord
from carbonwatch.refusals import Invalid, WrongState
from carbonwatch.web.idempotency import KeyReused, once, purge
from tests.factories import OrganisationFactory, make_actor

pytestmark = pytest.mark.django_db
rf = RequestFactory()


@pytest.fixture
def actor():
    return make_actor("unit.filler")


def form(key="k1", **fields):
    return rf.post(
        "/reports/1/submit/", {"note": "同意", **({"_once": key} if key else {}), **fields}
    )


def rest(key="k1", data=None):
    request = Request(
        rf.post(
            "/api/v1/findings/", data or {"a": 1}, content_type="application/json",
            headers={"Idempotency-Key": key},
        ),
        parsers=[JSONParser(), MultiPartParser()],
    )  # fmt: skip
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), "application/json"
    return request


def act(status=302):
    """An effect that can be counted."""
    OrganisationFactory(name="效果")
    if status == 302:
        return HttpResponseRedirect("/done/")
    return HttpResponse("正文", status=status)


def effects():
    return Organisation.objects.filter(name="效果").count()


def test_a_form_sent_twice_has_one_effect(actor):
    first = once(form(), actor, act)
    again = once(form(csrfmiddlewaretoken="another"), actor, act)
    assert effects() == 1
    assert (again.status_code, again["Location"]) == (first.status_code, first["Location"])
    assert again["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first


def test_a_call_sent_twice_has_one_effect_and_the_same_body(actor):
    def create():
        act()
        return Response({"id": 7, "name": "厂"}, status=201)

    first = once(rest(), actor, create)
    again = once(rest(), actor, create)
    assert effects() == 1
    assert again.content == first.content == '{"id":7,"name":"厂"}'.encode()
    assert (again.status_code, again["Content-Type"]) == (201, "application/json")


@pytest.mark.django_db(transaction=True)
def test_a_reply_cut_after_the_write_is_given_again():
    """The effect is committed, the connection breaks before the client hears of it, it repeats."""
    actor = make_actor("unit.filler")
    once(form(), actor, act)
    connection.close()
    assert once(form(), actor, act)["Location"] == "/done/"
    assert effects() == 1


@pytest.mark.parametrize(
    "other",
    [
        lambda: form(note="不同意"),
        lambda: form(file=SimpleUploadedFile("a.pdf", b"two")),
        lambda: rf.post("/reports/2/submit/", {"note": "同意", "_once": "k1"}),
        lambda: rest(),
    ],
)
def test_the_same_key_with_another_content_is_refused(actor, other):
    once(form(), actor, act)
    with pytest.raises(KeyReused) as refusal:
        once(other(), actor, act)
    assert refusal.value.status == 422
    assert effects() == 1


def test_files_count_by_content_and_stay_readable(actor):
    seen = []

    def upload(content):
        request = form(file=SimpleUploadedFile("a.pdf", content))
        return once(request, actor, lambda: seen.append(request.FILES["file"].read()) or act())

    upload(b"one")
    upload(b"one")
    with pytest.raises(KeyReused):
        upload(b"two")
    assert (seen, effects()) == ([b"one"], 1)


def test_rest_uploads_count_by_content(actor):
    def upload(content):
        request = Request(
            rf.post(
                "/api/v1/reports/", {"file": SimpleUploadedFile("a.xlsx", content)},
                headers={"Idempotency-Key": "k"},
            ),
            parsers=[MultiPartParser()],
        )  # fmt: skip
        return once(request, actor, act)

    upload(b"one")
    upload(b"one")
    assert effects() == 1
    with pytest.raises(KeyReused):
        upload(b"two")


def test_keys_belong_to_people(actor):
    once(form(), actor, act)
    once(form(), make_actor("unit.checker"), act)
    assert effects() == 2


def test_without_a_key_every_request_counts(actor):
    once(form(key=""), actor, act)
    once(form(key=""), actor, act)
    once(form(), None, act)
    assert effects() == 3


@pytest.mark.parametrize("status", [400, 409, 500])
def test_failures_are_undone_and_may_be_tried_again(actor, status):
    assert once(form(), actor, lambda: act(status)).status_code == status
    assert effects() == 0
    assert once(form(), actor, act).status_code == 302
    assert effects() == 1


def test_refusals_are_undone_and_may_be_tried_again(actor):
    def refuse():
        act()
        raise WrongState("已提交")

    with pytest.raises(WrongState):
        once(form(), actor, refuse)
    assert (effects(), IdempotencyRecord.objects.count()) == (0, 0)
    once(form(), actor, act)
    assert effects() == 1


@pytest.mark.parametrize("key", ["有", "a b", "x" * 129, "a\x7f"])
def test_a_key_that_is_none_is_refused(actor, key):
    with pytest.raises(Invalid):
        once(form(key=key), actor, act)


def test_a_stream_cannot_be_kept(actor):
    with pytest.raises(TypeError):
        once(form(), actor, lambda: StreamingHttpResponse([b"x"]))


def test_answers_are_forgotten_after_two_days(actor):
    once(form(), actor, act)
    now = timezone.now()
    assert purge(now + timedelta(hours=47)) == 0
    assert purge(now + timedelta(hours=49)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_have_one_effect():
    actor = make_actor("unit.filler")
    started = Event()

    def slow():
        started.set()
        connection.cursor().execute("SELECT pg_sleep(0.5)")
        return act()

    def send(work):
        try:
            return once(form(), actor, work)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(send, slow)
        assert started.wait(5)
        second = pool.submit(send, act)
        answers = [first.result(), second.result()]
    assert [a.get("Idempotent-Replay") for a in answers] == [None, "true"]
    assert effects() == 1
