"""What production refuses at its start."""

import os
import subprocess
import sys

import pytest

from carbonwatch.runtime.locations import ROOT

SAFE = {
    "CARBONWATCH_ENV": "production",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "carbon.example.cn",
    "DATABASE_URL": "postgres://a@127.0.0.1/a",
    "REDIS_URL": "redis://127.0.0.1/0",
    "PATH": os.environ["PATH"],
}


def load(environment):
    command = [sys.executable, "-c", "import carbonwatch.settings"]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_production_starts_when_safe():
    assert load(SAFE).returncode == 0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "", "SECRET_KEY"),
        ("SECRET_KEY", "development-only-key-never-used-in-production", "SECRET_KEY"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("DEBUG", "true", "DEBUG"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", "a.example.cn,*", "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS"),
        ("ALLOW_DEMO_ACCOUNTS", "true", "ALLOW_DEMO_ACCOUNTS"),
    ],
)
def test_production_refuses(name, value, words):
    result = load({**SAFE, name: value})
    assert result.returncode != 0
    assert "Unsafe for production" in result.stderr
    assert words in result.stderr
