"""Shared by all tests: closed network, own files, a fresh cache, quick passwords, the browser."""

import ipaddress
import os
import shutil
import socket
import uuid
from pathlib import Path

import pytest
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation
from playwright.sync_api import sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """Path of an installed Chromium; `CHROMIUM` names another one."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_configure(config):
    # Playwright's loop runs in the thread of the test, where Django would otherwise refuse queries.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items):
    for item in items:
        if "django_db_setup" in item.fixturenames or item.get_closest_marker("django_db"):
            item.add_marker("stored")
    if find_browser() or os.environ.get("REQUIRE_BROWSER") == "1":
        return
    missing = pytest.mark.skip(reason="no Chromium found; REQUIRE_BROWSER=1 makes this a failure")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(missing)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = find_browser()
    if path is None:
        pytest.fail("REQUIRE_BROWSER=1, but no Chromium is installed")
    return path


@pytest.fixture(scope="session")
def chromium(chromium_path):
    """One browser for the session: Playwright allows one loop in a thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        browser.close()


def _is_local(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _closed_network():
    """No test reaches another machine."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)

        def guarded(self, address, original=original):
            if not _is_local(address):
                raise AssertionError(f"a test tried to reach {address!r}")
            return original(self, address)

        patch.setattr(socket.socket, name, guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _own_world(settings, tmp_path_factory):
    """Nothing leaks between tests: files, ledger head and cache are new for each of them."""
    translation.deactivate()  # a request of an earlier test may have left its language behind
    folder: Path = tmp_path_factory.mktemp("world")
    settings.MEDIA_ROOT = folder / "files"
    settings.LEDGER_ANCHOR = folder / "ledger" / "head.jsonl"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Tests run side by side on one Redis, so a key prefix instead of flushing it.
    default = {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid.uuid4().hex}"}
    settings.CACHES = {"default": default}


@pytest.fixture(autouse=True, scope="session")
def _emptying_is_quick_and_passes_the_triggers():
    """Tests with real commits empty every table afterwards, which the ledger itself refuses.

    Deleting the few rows of a test is far quicker than truncating over a hundred tables, each of which
    then gets a new file. What migrating fills stays, so that it need not be filled again.
    """
    patch = pytest.MonkeyPatch()
    filled = {"django_content_type", "auth_permission"}

    def deletions(self, _style, tables, **_options):
        return [
            "SET LOCAL session_replication_role = replica",
            *(f"DELETE FROM {self.quote_name(table)}" for table in tables if table not in filled),
        ]

    patch.setattr(DatabaseOperations, "sql_flush", deletions)
    patch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_options: None)
    yield
    patch.undo()
