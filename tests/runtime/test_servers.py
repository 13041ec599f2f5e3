"""The embedded servers keep what they acknowledged through `kill -9`, and start again."""

import os
import signal
import tempfile
import time

import psycopg2
import pytest
import redis

from carbonwatch.runtime import locations, servers

pytestmark = pytest.mark.services


@pytest.fixture
def own_var(monkeypatch):
    # Not below pytest's own folder: every new session closes that one to other OS users.
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        monkeypatch.setenv("CARBONWATCH_VAR", folder)
        yield folder


def kill_hard(child):
    os.kill(child.pid, signal.SIGKILL)
    child.process.wait()


def test_redis_keeps_its_queue(own_var):
    child = servers.start_redis()
    try:
        with redis.Redis.from_url(locations.embedded_redis_url()) as client:
            for number in range(500):
                client.rpush("queue", number)
        kill_hard(child)
        child.finish(0)
        child = servers.start_redis()
        with redis.Redis.from_url(locations.embedded_redis_url()) as client:
            assert client.llen("queue") == 500
    finally:
        servers.stop([child])


def test_postgres_keeps_its_commits(own_var):
    child = servers.start_postgres()
    try:
        connection = psycopg2.connect(locations.embedded_database_url())
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept (n integer)")
            for number in range(200):
                cursor.execute("INSERT INTO kept VALUES (%s)", [number])
        kill_hard(child)
        connection.close()
        child.finish(0)
        child = servers.start_postgres()
        connection = psycopg2.connect(locations.embedded_database_url())
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM kept")
            assert cursor.fetchone() == (200,)
        connection.close()
    finally:
        servers.stop([child])
    assert not (locations.postgres_dir() / "postmaster.pid").exists()


def test_half_made_database_folder_is_made_again(own_var):
    servers.prepare_folders()
    (locations.postgres_dir() / "base").mkdir()
    child = servers.start_postgres(durable=False)
    servers.stop([child])
    assert child.exit_code() == 0


def test_foreign_socket_folder_is_refused(own_var, monkeypatch):
    servers.prepare_folders()
    os.chown(locations.socket_dir(), 12345, 12345) if os.geteuid() == 0 else pytest.skip(
        "needs root"
    )
    with pytest.raises(servers.ServerFailed, match="somebody else"):
        servers.prepare_folders()


def test_stop_is_quick(own_var):
    urls, children = servers.start_missing({}, durable=False)
    assert set(urls) == {"DATABASE_URL", "REDIS_URL"}
    began = time.monotonic()
    servers.stop(children)
    assert time.monotonic() - began < 10
    assert all(child.exit_code() is not None for child in children)
