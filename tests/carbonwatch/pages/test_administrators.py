"""Three separated administrators: none can do another's work, none can serve oneself."""

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from carbonwatch.accounts.models import Membership, Organisation, User
from carbonwatch.accounts.permissions import Role
from carbonwatch.audit.models import AuditEvent
from tests.factories import OrganisationFactory, UserFactory, make_actor

pytestmark = pytest.mark.django_db


def last(action):
    return AuditEvent.objects.filter(action=action).order_by("-seq").first()


def test_system_administrator_makes_an_organisation_and_an_account_without_rights(sign_in):
    client, _actor = sign_in(Role.SYSTEM_ADMIN)
    fields = {"kind": "unit", "name": "虚构新厂", "code": "9121NEW", "city": "210200"}
    response = client.post(reverse("organisation-create"), fields)
    body = Organisation.objects.get(code="9121NEW")
    assert response.url == reverse("organisation-detail", args=[body.pk])
    assert client.get(response.url).status_code == 200
    assert client.post(reverse("organisation-create"), fields).status_code == 422
    assert last("organisation.created").target_id == str(body.pk)

    person = {"username": "new.person", "name": "新人", "email": "", "phone": ""}
    page = client.post(reverse("person-create"), person)
    assert page["Cache-Control"] == "no-store"
    user = User.objects.get(username="new.person")
    password = page.context["password"]
    assert user.check_password(password)
    assert user.must_change_password
    assert not user.memberships.exists()
    assert password not in client.get(reverse("person-detail", args=[user.pk])).content.decode()
    assert not AuditEvent.objects.filter(payload__contains=password).exists()
    assert client.post(reverse("person-create"), person).status_code == 422


def test_closing_an_account_ends_its_sessions_and_tokens(sign_in):
    client, actor = sign_in(Role.SYSTEM_ADMIN)
    victim_client, victim = sign_in("unit.filler")
    AuthToken.objects.create(user=victim.user)
    client.post(reverse("person-act", args=[victim.user.pk, "close"]))
    assert victim_client.get("/").status_code == 302
    assert not AuthToken.objects.exists()
    assert client.post(reverse("person-act", args=[victim.user.pk, "close"])).status_code == 409
    client.post(reverse("person-act", args=[victim.user.pk, "reopen"]))
    assert User.objects.get(pk=victim.user.pk).is_active
    own = client.post(reverse("person-act", args=[actor.user.pk, "close"]))
    assert own.status_code == 422
    assert "自己" in own.content.decode()
    assert client.post(reverse("person-act", args=[victim.user.pk, "explode"])).status_code == 404


def test_password_reset_is_shown_once_and_not_for_administrators(sign_in):
    client, _actor = sign_in(Role.SYSTEM_ADMIN)
    person = make_actor("unit.filler").user
    page = client.post(reverse("person-act", args=[person.pk, "reset"]))
    person.refresh_from_db()
    assert person.check_password(page.context["password"])
    assert person.must_change_password
    guard = make_actor(Role.SECURITY_ADMIN).user
    refused = client.post(reverse("person-act", args=[guard.pk, "reset"]))
    assert refused.status_code == 422


def test_closing_an_organisation_locks_its_people_out(sign_in):
    client, _actor = sign_in(Role.SYSTEM_ADMIN)
    their_client, their = sign_in("unit.filler", OrganisationFactory())
    client.post(reverse("organisation-act", args=[their.organisation.pk, "close"]))
    assert their_client.get("/parameters/").status_code == 403
    client.post(reverse("organisation-act", args=[their.organisation.pk, "reopen"]))
    assert their_client.get("/parameters/").status_code == 200
    platform = Organisation.objects.get(kind="platform")
    assert client.post(reverse("organisation-act", args=[platform.pk, "close"])).status_code == 422


def grant(client, user, organisation, role):
    return client.post(
        reverse("membership-grant"),
        {"user": user.pk, "organisation": organisation.pk, "role": role},
    )


def test_security_administrator_grants_and_revokes(sign_in):
    client, _actor = sign_in(Role.SECURITY_ADMIN)
    user, plant = UserFactory(), OrganisationFactory()
    response = grant(client, user, plant, Role.UNIT_FILLER)
    assert response.url == reverse("security-person", args=[user.pk])
    assert last("membership.granted").organisation_id is not None
    assert grant(client, user, plant, Role.UNIT_FILLER).status_code == 422
    post = Membership.objects.get(user=user)
    theirs = Client()
    theirs.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert theirs.get("/parameters/").status_code == 200
    client.post(reverse("membership-revoke", args=[post.pk]))
    assert theirs.get("/parameters/").status_code == 302
    assert Membership.objects.get(pk=post.pk).until is not None
    assert client.post(reverse("membership-revoke", args=[post.pk])).status_code == 409


def test_nobody_grants_to_oneself_or_across_the_three(sign_in):
    client, actor = sign_in(Role.SECURITY_ADMIN)
    plant = OrganisationFactory()
    own = grant(client, actor.user, plant, Role.UNIT_FILLER)
    assert own.status_code == 422
    assert "自己" in own.content.decode()
    wrong_kind = grant(client, UserFactory(), plant, Role.PROVINCE_APPROVER)
    assert wrong_kind.status_code == 422
    system = make_actor(Role.SYSTEM_ADMIN)
    assert grant(client, system.user, system.organisation, Role.AUDIT_ADMIN).status_code == 422
    assert grant(client, system.user, plant, Role.UNIT_FILLER).status_code == 422
    filler = make_actor("unit.filler").user
    assert grant(client, filler, system.organisation, Role.AUDIT_ADMIN).status_code == 422
    own_post = Membership.objects.get(user=actor.user)
    assert client.post(reverse("membership-revoke", args=[own_post.pk])).status_code == 422


def test_unlock_and_end_sessions(sign_in, client):
    guard, _actor = sign_in(Role.SECURITY_ADMIN)
    their_client, their = sign_in("unit.filler")
    for _try in range(5):
        client.post(reverse("sign-in"), {"username": their.user.username, "password": "wrong"})
    page = guard.get(reverse("security-person", args=[their.user.pk])).content.decode()
    assert "已锁定" in page
    guard.post(reverse("security-person-act", args=[their.user.pk, "unlock"]))
    assert not AccessAttempt.objects.filter(username=their.user.username).exists()
    guard.post(reverse("security-person-act", args=[their.user.pk, "end-sessions"]))
    assert their_client.get("/").status_code == 302
    assert last("sessions.ended") is not None


@pytest.mark.parametrize(
    ("role", "route", "status"),
    [
        (Role.SYSTEM_ADMIN, "person-list", 200),
        (Role.SYSTEM_ADMIN, "membership-list", 403),
        (Role.SYSTEM_ADMIN, "ledger", 403),
        (Role.SECURITY_ADMIN, "person-list", 403),
        (Role.SECURITY_ADMIN, "membership-list", 200),
        (Role.SECURITY_ADMIN, "ledger", 403),
        (Role.AUDIT_ADMIN, "person-list", 403),
        (Role.AUDIT_ADMIN, "membership-list", 403),
        (Role.AUDIT_ADMIN, "ledger", 200),
    ],
)
def test_their_pages_are_apart(sign_in, role, route, status):
    client, _actor = sign_in(role)
    assert client.get(reverse(route)).status_code == status
