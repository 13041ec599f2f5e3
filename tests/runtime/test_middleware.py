"""A lost database gives words; every request leaves one line with its id."""

import json
import logging

import pytest
from django.db import IntegrityError, OperationalError

from carbonwatch.runtime.logs import Formatter


@pytest.fixture
def faults(settings, client):
    settings.ROOT_URLCONF = "tests.runtime.urls_for_faults"
    return client


@pytest.mark.parametrize("path", ["/lost", "/restarting"])
def test_lost_database_gives_a_page_in_both_languages(faults, path):
    response = faults.get(path)
    assert response.status_code == 503
    assert response["Retry-After"]
    text = response.content.decode()
    assert "系统暂时无法使用" in text
    assert "briefly unavailable" in text
    assert "<script" not in text
    assert "style=" not in text


def test_lost_database_gives_the_api_a_problem(faults):
    response = faults.get("/api/v1/lost")
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 503
    assert "数据库" in response.json()["detail"]


@pytest.mark.django_db
def test_a_busy_row_is_not_a_lost_database(faults):
    with pytest.raises(OperationalError, match="busy"):
        faults.get("/lock")


def test_other_database_errors_pass(faults):
    with pytest.raises(IntegrityError):
        faults.get("/integrity")


def test_every_answer_names_its_request(faults, caplog):
    with caplog.at_level(logging.INFO, logger="carbonwatch.web"):
        first, second = faults.get("/good?name=secret"), faults.get("/good")
    assert first["X-Request-ID"] != second["X-Request-ID"]
    lines = [r.getMessage() for r in caplog.records if r.name == "carbonwatch.web"]
    assert lines == ["GET /good 200", "GET /good 200"]


def record(message, *args):
    return logging.LogRecord("carbonwatch.web", logging.INFO, "f.py", 1, message, args, None)


def test_json_line_is_one_line_with_chinese_as_it_is():
    entry = record("上传 %s", "第一行\n第二行")
    entry.ms = 12
    line = Formatter(json=True).format(entry)
    assert "\n" not in line
    assert json.loads(line)["event"] == "上传 第一行\n第二行"
    assert json.loads(line)["ms"] == 12
    assert "上传" in line


def test_readable_line():
    line = Formatter().format(record("GET /good 200"))
    assert "GET /good 200" in line
    assert "carbonwatch.web" in line
