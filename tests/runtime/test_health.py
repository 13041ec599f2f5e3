"""Alive needs nothing; ready needs the database, the cache, the broker and a worker."""

import json
import os
import subprocess
import sys

from django.test import RequestFactory

from carbonwatch.runtime.locations import ROOT
from carbonwatch.web.health import healthz

ASK = """
import sys, django
django.setup()
from django.test import Client
reply = Client().get(sys.argv[1])
print(reply.status_code)
print(reply.content.decode())
"""


def ask(path, **environment):
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "carbonwatch.settings", **environment}
    command = [sys.executable, "-c", ASK, path]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    status, _, body = done.stdout.partition("\n")
    return int(status), body


DOWN = {"DATABASE_URL": "postgres://a@127.0.0.1:1/a", "REDIS_URL": "redis://127.0.0.1:1/0"}


def test_alive_asks_nobody(django_db_blocker):
    with django_db_blocker.block():
        assert healthz(RequestFactory().get("/healthz")).content == b"ok"


def test_alive_without_any_server():
    assert ask("/healthz", **DOWN) == (200, "ok\n")


def test_not_ready_without_servers():
    status, body = ask("/readyz", **DOWN)
    assert status == 503
    assert json.loads(body) == {
        "status": "failed",
        "checks": dict.fromkeys(("database", "cache", "broker", "worker"), "failed"),
    }
