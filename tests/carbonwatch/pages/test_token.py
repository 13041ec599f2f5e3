"""Tokens come through the same door as people."""

import pytest
from knox.models import AuthToken

from carbonwatch.accounts.models import User
from carbonwatch.audit.models import AuditEvent
from tests.carbonwatch.pages.conftest import PASSWORD
from tests.factories import UserFactory, make_actor

pytestmark = pytest.mark.django_db
URL = "/api/v1/token/"


def ask(client, username, password):
    return client.post(
        URL, {"username": username, "password": password}, content_type="application/json"
    )


def test_a_token_works_until_it_is_revoked(client):
    actor = make_actor("unit.filler")
    answer = ask(client, actor.user.username, PASSWORD)
    assert answer.status_code == 201
    head = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert AuditEvent.objects.filter(action="token.created").count() == 1
    assert client.post("/api/v1/token/revoke/", headers=head).status_code == 204
    assert client.post("/api/v1/token/revoke/", headers=head).status_code == 401
    assert not AuthToken.objects.exists()


def test_wrong_credentials_and_lock(client):
    actor = make_actor("unit.filler")
    codes = [ask(client, actor.user.username, "wrong").status_code for _try in range(5)]
    assert codes == [401, 401, 401, 401, 429]
    answer = ask(client, actor.user.username, PASSWORD)
    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"


def test_rate_limit(client, settings):
    settings.SIGN_IN_LIMIT = 1
    assert ask(client, "a", "b").status_code == 401
    assert ask(client, "a", "b").status_code == 429


def test_no_token_without_a_post_or_with_a_one_time_password(client):
    assert ask(client, UserFactory().username, PASSWORD).status_code == 403
    fresh = make_actor("unit.filler").user
    User.objects.filter(pk=fresh.pk).update(must_change_password=True)
    assert ask(client, fresh.username, PASSWORD).status_code == 403
    assert not AuthToken.objects.exists()


def test_missing_fields_are_named(client):
    answer = client.post(URL, {}, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"username", "password"}


def test_the_schema_is_there(client):
    assert client.get("/api/schema/").status_code == 200
