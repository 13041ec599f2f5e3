"""The made-up province is built once for each file of this folder and rolled back afterwards."""

import logging

import pytest
from django.db import transaction
from django.test import override_settings

from carbonwatch.web.health import Readyz
from emitters.evidence import paper
from tests.access.world import build


class Unset:
    """A paper's text in place of its PDF: it says the same (`tests/emitters/evidence`), and setting the
    pages of so many people would take minutes."""

    def __init__(self, string, base_url):
        self.text = string

    def write_pdf(self):
        return self.text.encode()


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    media = tmp_path_factory.mktemp("access") / "files"
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            with override_settings(MEDIA_ROOT=media, PASSWORD_HASHERS=quick):
                yield build(media)
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture
def world(made, _own_world, settings, monkeypatch, db):
    """The province; what a test changes is undone after it."""
    settings.MEDIA_ROOT = made.media
    logging.disable(logging.CRITICAL)  # thousands of lines that say what the table says
    monkeypatch.setattr(Readyz, "checks", ())  # they run in other threads, outside the transaction
    monkeypatch.setattr(paper, "HTML", Unset)
    yield made
    logging.disable(logging.NOTSET)
