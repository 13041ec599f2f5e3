"""One-time passwords must go, and a change ends the other sessions."""

import pytest
from django.test import Client
from django.urls import reverse

from carbonwatch.accounts.models import User
from carbonwatch.audit.models import AuditEvent
from tests.carbonwatch.pages.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "a-long-word-for-2024"


def change(client, old=PASSWORD, new=NEW, again=NEW):
    return client.post(reverse("password-change"), {"old": old, "new": new, "again": again})


def test_one_time_password_leads_to_the_change(sign_in):
    client, actor = sign_in("unit.filler")
    User.objects.filter(pk=actor.user.pk).update(must_change_password=True)
    assert client.get("/parameters/").url == reverse("password-change")
    assert client.get("/api/v1/token/revoke/").status_code == 403
    assert "一次性密码" in client.get(reverse("password-change")).content.decode()
    assert change(client).url == reverse("home")
    assert client.get("/parameters/").status_code == 200
    assert AuditEvent.objects.filter(action="password.changed").count() == 1


def test_change_ends_other_sessions(sign_in):
    client, actor = sign_in("unit.filler")
    other = Client()
    other.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    change(client)
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"old": "wrong"}, "原密码不正确"),
        ({"again": "something-else-9"}, "不一致"),
        ({"new": "short", "again": "short"}, "10"),
        ({"new": PASSWORD, "again": PASSWORD}, "不能与原密码相同"),
    ],
)
def test_refusals_say_why(sign_in, fields, words):
    client, _actor = sign_in("unit.filler")
    response = change(client, **fields)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_not_for_strangers(client):
    page = reverse("password-change")
    assert client.get(page).url == f"{reverse('sign-in')}?next={page}"
