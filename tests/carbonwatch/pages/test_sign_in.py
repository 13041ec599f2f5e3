"""The door: limits, lock-out, one answer for every failure, and entries in the ledger."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisGone

from carbonwatch.accounts.models import User
from carbonwatch.audit.models import AuditEvent
from tests.carbonwatch.pages.conftest import PASSWORD
from tests.factories import UserFactory, make_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_actor("unit.filler").user


def try_in(client, username, password, **extra):
    return client.post(reverse("sign-in"), {"username": username, "password": password, **extra})


def actions():
    return list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))


def test_right_password_enters_with_a_new_session(client, person):
    client.get(reverse("sign-in"))
    before = client.session.session_key
    response = try_in(client, person.username, PASSWORD)
    assert response.status_code == 302
    assert response.url == reverse("home")
    assert client.session.session_key != before
    assert client.session[SESSION_KEY] == str(person.pk)
    event = AuditEvent.objects.get(action="sign-in.done")
    assert (event.target, event.target_id) == ("carbonwatch.user", str(person.pk))


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/parameters/?page=2", "/parameters/?page=2"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
    ],
)
def test_next_stays_here(client, person, wanted, target):
    assert try_in(client, person.username, PASSWORD, next=wanted).url == target


def test_unknown_wrong_and_closed_look_the_same(client, person):
    closed = make_actor("unit.filler").user
    User.objects.filter(pk=closed.pk).update(is_active=False)
    bodies = []
    for username, password in (
        (person.username, "wrong"),
        ("nobody-here", "wrong"),
        (closed.username, PASSWORD),
    ):
        response = try_in(client, username, password)
        assert response.status_code == 401
        assert SESSION_KEY not in client.session
        text = response.content.decode().replace(username, "")
        bodies.append(
            text.split("<form", 2)[2].split("csrfmiddlewaretoken")[0]
            + text.split('role="alert"')[1][:200]
        )
    assert len(set(bodies)) == 1


def test_failures_are_recorded_with_the_name_that_was_tried(client):
    try_in(client, "nobody-here", "wrong")
    event = AuditEvent.objects.get(action="sign-in.failed")
    assert "nobody-here" in event.payload
    assert event.actor_id is None


@pytest.mark.parametrize("known", [True, False])
def test_five_failures_lock_and_even_the_right_password_waits(client, person, known):
    username = person.username if known else "nobody-here"
    codes = [try_in(client, username, "wrong").status_code for _try in range(5)]
    assert codes == [401, 401, 401, 401, 429]
    response = try_in(client, username, PASSWORD)
    assert response.status_code == 429
    assert "锁定" in response.content.decode()
    assert "sign-in.locked" in actions()
    assert SESSION_KEY not in client.session


def test_limit_comes_before_hashing(client, settings, monkeypatch):
    settings.SIGN_IN_LIMIT = 3
    for n in range(3):
        assert try_in(client, f"somebody{n}", "x").status_code == 401

    def never(*_args, **_kwargs):
        raise AssertionError("hashing after the limit")

    monkeypatch.setattr("carbonwatch.accounts.signin.authenticate", never)
    response = try_in(client, "somebody9", "x")
    assert response.status_code == 429
    assert "频繁" in response.content.decode()


def test_without_redis_the_limit_opens_but_the_lock_holds(client, person, monkeypatch):
    class Gone:
        def add(self, *_args):
            raise RedisGone("no redis")

    monkeypatch.setattr("carbonwatch.web.limits.cache", Gone())
    codes = [try_in(client, person.username, "wrong").status_code for _try in range(5)]
    assert codes == [401, 401, 401, 401, 429]


def test_demo_accounts_stay_out_when_they_are_off(client, settings):
    settings.ALLOW_DEMO_ACCOUNTS = False
    demo = make_actor("unit.filler").user
    User.objects.filter(pk=demo.pk).update(is_demo=True)
    response = try_in(client, demo.username, PASSWORD)
    assert response.status_code == 422
    assert SESSION_KEY not in client.session
    assert "sign-in.refused" in actions()


def test_sign_out_needs_a_post_and_is_recorded(client, person):
    try_in(client, person.username, PASSWORD)
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out")).url == reverse("sign-in")
    assert SESSION_KEY not in client.session
    assert "sign-out.done" in actions()


def test_an_account_without_a_post_reads_why(client):
    user = UserFactory()
    response = client.post(
        reverse("sign-in"), {"username": user.username, "password": PASSWORD}, follow=True
    )
    assert response.status_code == 403
    assert "尚未授权" in response.content.decode()


def test_people_not_signed_in_are_led_to_the_door(client):
    assert client.get("/").url == reverse("sign-in") + "?next=/"


def test_the_password_is_nowhere_in_ledger_or_page(client, person):
    response = try_in(client, person.username, "secret-wrong-word")
    assert "secret-wrong-word" not in response.content.decode()
    assert not AuditEvent.objects.filter(payload__contains="secret-wrong-word").exists()


def test_touch_tells_whether_the_session_lives(client, person):
    assert client.post(reverse("session-touch")).status_code == 401
    try_in(client, person.username, PASSWORD)
    assert client.post(reverse("session-touch")).status_code == 204


def test_idle_sessions_end_and_polls_do_not_prolong_them(client, person, settings):
    try_in(client, person.username, PASSWORD)
    assert client.session.get_expiry_age() == settings.IDLE_MINUTES * 60
    session = client.session
    session["touched"] = 0
    session.save()
    client.get("/", headers={"X-Poll": "1"})
    assert client.session["touched"] == 0
    client.get("/")
    assert client.session["touched"] > 0


def test_several_posts_can_be_switched_and_a_foreign_one_cannot(client):
    actor = make_actor("city.chief")
    other = make_actor("province.approver")
    third = make_actor("unit.filler")
    actor.user.memberships.create(organisation=other.organisation, role="province.approver")
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/").content.decode()
    assert other.organisation.name in page
    switch = reverse("organisation-switch")
    assert client.post(switch, {"organisation": other.organisation.pk}).status_code == 302
    assert client.get("/").wsgi_request.actor.organisation == other.organisation
    assert client.post(switch, {"organisation": third.organisation.pk}).status_code == 404
    assert client.post(switch, {"organisation": "x"}).status_code == 404
    actor.user.memberships.filter(organisation=other.organisation).update(until="2020-01-01")
    assert client.get("/", follow=True).wsgi_request.actor.organisation == actor.organisation
