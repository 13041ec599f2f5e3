"""Addresses of the embedded servers."""

from urllib.parse import unquote

import environ
import pytest

from carbonwatch.runtime import locations


def test_sockets_lie_under_var(monkeypatch, tmp_path):
    monkeypatch.setenv("CARBONWATCH_VAR", "/srv/cw/var")
    assert str(locations.socket_dir()) == "/srv/cw/var/run"


def test_deep_checkout_gets_a_short_socket_folder(monkeypatch, tmp_path):
    deep = tmp_path / ("d" * 90) / "var"
    monkeypatch.setenv("CARBONWATCH_VAR", str(deep))
    assert str(locations.socket_dir()).startswith("/tmp/carbonwatch-")
    assert locations.socket_dir() == locations.socket_dir()
    assert len(str(locations.socket_dir() / locations.POSTGRES_SOCKET)) < locations.LONGEST_SOCKET


def test_database_url_survives_odd_folder_names(monkeypatch):
    monkeypatch.setenv("CARBONWATCH_VAR", "/srv/碳 监管/var")
    parsed = environ.Env.db_url_config(locations.embedded_database_url())
    assert unquote(parsed["HOST"]) == "/srv/碳 监管/var/run"
    assert parsed["NAME"] == "carbonwatch"


@pytest.mark.parametrize(
    ("redis", "celery"),
    [
        ("redis://127.0.0.1:6379/3", "redis://127.0.0.1:6379/3"),
        ("unix:///var/run/redis.sock", "redis+socket:///var/run/redis.sock"),
        ("unix:///r.sock?db=2", "redis+socket:///r.sock?virtual_host=2"),
    ],
)
def test_celery_spelling(redis, celery):
    assert locations.celery_broker_url(redis) == celery
