"""A signed-in browser without a screen."""

import pytest
from django.test import Client

from tests.factories import make_actor

PASSWORD = "password"


@pytest.fixture
def sign_in():
    """`sign_in(role)` gives a client and the actor behind it."""

    def enter(role, organisation=None):
        actor = make_actor(role, organisation)
        client = Client()
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client, actor

    return enter
