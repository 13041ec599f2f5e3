"""The manner of requests: what reading leaves alone, forged forms, sign-in, odd ids, problem details."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from carbonwatch.web.pages import PUBLIC
from tests.access.asking import Asker, address, text_of, undone
from tests.access.table import ACCOUNT, relations, rows, sees

HUGE = 10**30
ODD = ["0", str(2**31), str(2**63), str(HUGE), "-1", "1.5", "abc", "%27%20OR%201=1", "１", "1%00"]
BY_READING = ("carbonwatch_auditevent", "carbonwatch_audithead", "django_session", "axes_", "knox_")
"""Reading may leave a ledger entry (files are opened, acts refused) and touch the session."""


def written(queries):
    """The tables that the statements write to, but for those above."""
    verbs = ("INSERT INTO", "UPDATE", "DELETE FROM")
    return [
        q["sql"][:80]
        for q in queries
        if q["sql"].startswith(verbs) and not any(t in q["sql"][:80] for t in BY_READING)
    ]


@pytest.mark.parametrize(
    "name", ["province.supervisor", "unit.filler", "agency.lead", "city.chief", "platform.security"]
)
def test_reading_changes_nothing(world, name):
    person = world.people[name]
    asker = Asker(person)
    wrote = []
    for route, row in rows():
        for relation in [r for r in relations(row.kind, person)[:1] if row.get]:
            url = address(world, route, row, relation)
            with undone(), CaptureQueriesContext(connection) as seen:
                text_of(asker.ask("GET", url))
            wrote += [(url, sql) for sql in written(seen)]
    assert not wrote, wrote[:10]


def test_a_form_without_its_token_is_refused(world):
    person = world.people["province.supervisor"]
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    taken = []
    for route, row in rows():
        if row.post is None or "api" in route:
            continue
        url = address(world, route, row, relations(row.kind, person)[0])
        with undone():
            answer = client.post(url, {})
        if answer.status_code != 403 or "页面已过期" not in answer.content.decode():
            taken.append((url, answer.status_code))
    assert taken == []


def test_a_program_signed_in_by_cookie_needs_the_token_too(world):
    person = world.people["unit.filler"]
    client = Client(enforce_csrf_checks=True)
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("emitters-api:versions", args=[world.things["report"]["own"].pk])
    assert client.post(url, {}).status_code == 403


def test_strangers_are_led_to_the_door_and_back(world):
    asker = Asker(world.people["anonymous"])
    for route, row in rows():
        if row.permission == PUBLIC or "api" in route:
            continue
        url = address(world, route, row, relations(row.kind, world.people["anonymous"])[0])
        for method in ("GET", "POST"):
            answer = asker.ask(method, url)
            assert answer.status_code == 302, (method, url)
            door, _, back = answer["Location"].partition("?next=")
            assert (door, back[:1]) == (reverse("sign-in"), "/"), (method, url)


def test_programs_without_a_token_get_401_as_a_problem(world):
    asker = Asker(world.people["anonymous"])
    for route, row in rows():
        if row.permission in (PUBLIC, ACCOUNT) or "api" not in route:
            continue
        url = address(world, route, row, relations(row.kind, world.people["anonymous"])[0])
        answer = asker.ask("GET", url)
        assert answer.status_code == 401, url
        assert answer["WWW-Authenticate"] == "Bearer"
        assert_problem(answer)


def assert_problem(answer):
    """RFC 9457."""
    assert answer["Content-Type"] == "application/problem+json", answer.content[:200]
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"]
    assert body["title"]
    assert body["detail"]


def test_refusals_of_programs_are_problems(world):
    person = world.people["unit.filler"]
    asker = Asker(person, token=True)
    seen = set()
    for route, row in rows():
        if "api" not in route or row.permission == PUBLIC:
            continue
        for relation in relations(row.kind, person):
            for method in ("GET", "POST", "PUT", "DELETE"):
                url = address(world, route, row, relation)
                with undone():
                    answer = asker.ask(method, url, row.body() if method == "POST" else None)
                if answer.status_code >= 400:
                    assert_problem(answer)
                    seen.add(answer.status_code)
    assert {403, 404, 405} <= seen


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\u00e9"])
def test_a_wrong_token_is_401(world, token):
    headers = {"Authorization": f"Bearer {token}"}
    answer = Client().get("/api/v1/units/", headers=headers)
    assert answer.status_code == 401
    assert_problem(answer)


def test_odd_ids_are_not_found(world):
    asker = Asker(world.people["province.supervisor"])
    wrong = []
    for route, row in {r: row for r, row in rows() if row.kind}.items():
        try:
            pattern = reverse(route, kwargs={row.argument: 424242, **row.fixed})
        except NoReverseMatch:
            pattern = f"{reverse(route)}?{row.query}=424242"
        for odd in ODD:
            method = "GET" if row.get else "POST"
            with undone():
                status = asker.ask(method, pattern.replace("424242", odd)).status_code
            if status not in (403, 404, 405):
                wrong.append((method, pattern.replace("424242", odd), status))
    assert not wrong, wrong[:10]


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=99999999999999999999", "page=x", "sort=-nothing", "sort=unit;drop", "year=x",
     "year=99999999999", "city=000000", "status=nothing", "export=pdf", "tab=x", "export=xlsx&page=9", "q=%00"],
)  # fmt: skip
def test_odd_queries_never_break_a_page(world, query):
    asker = Asker(world.people["province.supervisor"])
    broken = []
    for route, row in rows():
        if not row.kind and row.get:
            url = f"{reverse(route, kwargs=dict(row.fixed))}?{query}"
            with undone():
                if asker.ask("GET", url).status_code >= 500:
                    broken.append(url)
    assert broken == []


def test_files_are_kept_never_shown(world):
    person = world.people["province.supervisor"]
    asker = Asker(person)
    for route in ("attachment", "emitters:version-file"):
        for name, row in rows():
            if name == route and sees(person, row.kind, "own"):
                answer = asker.ask("GET", address(world, route, row, "own"))
                assert answer["Content-Disposition"].startswith("attachment")
                assert answer["X-Content-Type-Options"] == "nosniff"
                b"".join(answer.streaming_content)
