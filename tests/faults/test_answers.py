"""What people are told when disk or database fail under their feet."""

import errno
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from carbonwatch.jobs.models import Job
from carbonwatch.params.service import load_shipped
from emitters.models import ReportVersion
from tests.faults.world import make_province, make_try

pytestmark = pytest.mark.django_db
SIGN_IN = {"username": "a", "password": "b"}
BIG = 3 * 1024 * 1024  # larger than what Django keeps in memory


@pytest.fixture
def attempt():
    load_shipped()
    make_province()
    return make_try(1)


@pytest.fixture
def page(attempt):
    """The filler's browser, which sees errors as people do."""
    client = Client(raise_request_exception=False)
    client.force_login(attempt.filler.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def full(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def api(attempt):
    token = attempt.tokens[attempt.filler.user.username]
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})


def nothing_is_stored():
    kept = [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]
    return not ReportVersion.objects.exists() and not Job.objects.exists() and not kept


def test_a_disk_that_fills_while_the_workbook_is_kept(attempt, page, monkeypatch):
    monkeypatch.setattr("emitters.services.uploads.os.fsync", full)
    for client, url, field in (
        (page, f"/reports/{attempt.report.pk}/upload/", "存储空间"),
        (api(attempt), f"/api/v1/reports/{attempt.report.pk}/versions/", "存储空间"),
    ):
        book = SimpleUploadedFile("年度报告.xlsx", attempt.workbook)
        answer = client.post(url, {"workbook": book, "_once": "a"})
        assert answer.status_code in (422, 503), answer.status_code
        assert field in answer.content.decode()
        assert nothing_is_stored()


def test_a_disk_that_fills_while_the_request_is_received(attempt, page, monkeypatch):
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", full)
    for client, url in (
        (page, f"/reports/{attempt.report.pk}/upload/"),
        (api(attempt), f"/api/v1/reports/{attempt.report.pk}/versions/"),
    ):
        book = SimpleUploadedFile("年度报告.xlsx", attempt.workbook + b"\0" * BIG)
        answer = client.post(url, {"workbook": book, "_once": "a"})
        assert answer.status_code == 507, answer.status_code
        assert "存储空间" in (answer.json()["detail"] if "api" in url else answer.content.decode())
        assert nothing_is_stored()


@pytest.mark.parametrize("path", ["/", "/reports/", "/sign-in/", "/api/v1/reports/"])
def test_a_database_that_is_down(attempt, page, monkeypatch, path):
    client = api(attempt) if path.startswith("/api/") else page

    def gone(_self):
        raise OperationalError("connection to server failed: Connection refused")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", gone)
    answer = client.post(path, SIGN_IN) if path == "/sign-in/" else client.get(path)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "数据库正在恢复" in str(answer.json() if "api" in path else answer.content.decode())
