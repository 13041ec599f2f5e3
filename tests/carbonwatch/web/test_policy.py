"""What templates and vendored files keep to: no other host, nothing inline, known hashes."""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
VENDOR = ROOT / "static" / "vendor"
OWN = [
    *sorted((ROOT / "static" / "css").glob("*.css")),
    *sorted((ROOT / "static" / "js").glob("*.js")),
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_templates_stay_inside_the_policy(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", text), "another host"
    assert not re.search(r"\sstyle=", text), "inline style"
    assert not re.search(r"\son[a-z]+=", text), "inline handler"
    assert "<style" not in text
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or "application/json" in tag, tag
    assert "javascript:" not in text


@pytest.mark.parametrize("path", OWN, ids=lambda p: p.name)
def test_own_styles_and_scripts_run_in_old_browsers_and_ask_nobody(path):
    text = path.read_text(encoding="utf-8")
    assert "//" not in re.sub(r"^\s*//.*$|(?<=\s)//.*$", "", text, flags=re.M).replace(
        "://www.w3.org", ""
    )
    for word in (
        ":has(",
        "@container",
        "structuredClone",
        ".at(",
        "Object.hasOwn",
        "eval(",
        "innerHTML",
    ):
        assert word not in text, word


def test_vendored_files_are_the_ones_that_were_named():
    rows = re.findall(
        r"^\| `([^`]+)` \|.*\| ([0-9a-f]{64}) \|$",
        (VENDOR / "VENDOR.md").read_text(encoding="utf-8"),
        re.M,
    )
    named = dict(rows)
    shipped = {p.name for p in VENDOR.iterdir() if p.suffix in {".js", ".css", ".geojson"}}
    assert set(named) == shipped
    for name, digest in named.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.django_db
def test_the_policy_header_is_strict(client):
    policy = client.get(reverse("sign-in"))["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy
    for directive in (
        "default-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
    ):
        assert directive in policy
    assert client.get(reverse("sign-in"))["X-Frame-Options"] == "DENY"
