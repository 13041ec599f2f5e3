"""Sending one request as one person, and looking for marks in whatever comes back."""

import io
import zipfile
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from tests.access.table import NONE, Row
from tests.access.world import Person, World

MISSING_ID = 999_999_999


@contextmanager
def undone():
    """What happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Asker:
    """A person at a browser, or a program with the person's token."""

    def __init__(self, person: Person, *, token: bool = False) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        if token:
            self.headers["Authorization"] = (
                f"Bearer {AuthToken.objects.create(user=person.user)[1]}"
            )
        elif person.user is not None:
            self.client.force_login(
                person.user, backend="django.contrib.auth.backends.ModelBackend"
            )
        self.cookies = dict(self.client.cookies.items())

    def ask(self, method: str, url: str, body: dict[str, Any] | None = None, **more: Any) -> Any:
        """The answer; the session is the same for every request."""
        self.client.cookies.clear()
        self.client.cookies.update(self.cookies)
        send = getattr(self.client, method.lower())
        if method == "GET":
            return send(url, headers=self.headers, **more)
        if method == "PUT" or (url.endswith("/submit/") and "/api/" in url):
            return send(url, body or {}, "application/json", headers=self.headers)
        return send(url, body or {}, headers=self.headers)


def address(world: World, name: str, row: Row, relation: str) -> str:
    """The address of a row for the object of that relation."""
    if not row.kind:
        return reverse(name, kwargs=dict(row.fixed))
    pk = MISSING_ID if relation == NONE else world.things[row.kind][relation].pk
    if row.query:
        return f"{reverse(name)}?{row.query}={pk}"
    return reverse(name, kwargs={row.argument: pk, **row.fixed})


def text_of(response: Any) -> str:
    """All that an answer says: headers, body, the parts of a compressed file."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    parts = [str(response.headers).encode(), body]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts += [packed.read(name) for name in packed.namelist()]
    return b"\n".join(parts).decode("utf-8", "replace").lower()
