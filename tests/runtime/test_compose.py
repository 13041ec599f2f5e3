"""The container files are well formed and keep their promises."""

import json
import shutil
import subprocess

import pytest
import yaml

from carbonwatch.runtime.locations import ROOT


@pytest.fixture(scope="module")
def shape(tmp_path_factory):
    if not shutil.which("docker-compose"):
        pytest.skip("docker-compose is not installed")
    folder = tmp_path_factory.mktemp("compose")
    shutil.copy(ROOT / "docker-compose.yml", folder)
    example = (ROOT / ".env.example").read_text()
    (folder / ".env").write_text(
        example.replace("POSTGRES_PASSWORD=", "POSTGRES_PASSWORD=pw").replace(
            "SECRET_KEY=", f"SECRET_KEY={'k' * 50}"
        )
    )
    command = ["docker-compose", "config"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout)


def test_all_parts_are_there(shape):
    assert set(shape["services"]) == {"db", "redis", "migrate", "web", "worker", "beat"}


def test_nobody_is_root(shape):
    assert all(service["user"] not in ("", "root", "0") for service in shape["services"].values())


def test_running_parts_have_health_checks(shape):
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "HEALTHCHECK" in dockerfile  # of the web, which uses the image's own
    for name in ("db", "redis", "worker", "beat"):
        assert shape["services"][name]["healthcheck"]["test"]


def test_redis_appends_and_data_live_in_volumes(shape):
    assert "--appendonly" in shape["services"]["redis"]["command"]
    assert set(shape["volumes"]) == {"database", "broker", "files", "ledger"}


def test_only_the_web_is_published_and_only_on_loopback(shape):
    published = {name for name, service in shape["services"].items() if service.get("ports")}
    assert published == {"web"}
    assert "127.0.0.1" in json.dumps(shape["services"]["web"]["ports"])


def test_program_waits_for_the_migration(shape):
    for name in ("web", "worker", "beat"):
        condition = shape["services"][name]["depends_on"]["migrate"]["condition"]
        assert condition == "service_completed_successfully"


def test_image_is_complete():
    text = (ROOT / "Dockerfile").read_text()
    for part in ("libreoffice-writer", "fonts-noto-cjk", "libpango", "collectstatic", "USER "):
        assert part in text
