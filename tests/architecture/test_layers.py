"""carbonwatch ← emitters ← verification ← inspections ← enforcement: everything points left only."""

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
LAYERS = ("carbonwatch", "emitters", "verification", "inspections", "enforcement")
RANK = {app: place for place, app in enumerate(LAYERS)}


def python_files():
    """Every module of the product."""
    for app in LAYERS:
        yield from (p for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts)


def test_imports_point_left():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_relations_point_left():
    wrong = [
        f"{model._meta.label}.{f.name} -> {f.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in RANK
        for f in [*model._meta.fields, *model._meta.many_to_many]
        if f.related_model is not None
        and RANK.get(f.related_model._meta.app_label, -1) > RANK[model._meta.app_label]
    ]
    assert wrong == []


def test_templates_of_a_lower_app_do_not_know_a_higher_one():
    """A folder of templates loads tags and includes parts of its own app or of lower ones."""
    tags = {
        p.stem: app
        for app in LAYERS
        for p in (ROOT / app / "templatetags").glob("*.py")
    }  # fmt: skip
    wrong = []
    for path in (ROOT / "templates").rglob("*.html"):
        home = RANK.get(path.relative_to(ROOT / "templates").parts[0], 0)
        text = path.read_text()
        named = [
            tags.get(t) for line in re.findall(r"{%\s*load ([^%]+)%}", text) for t in line.split()
        ]
        named += [
            n.split("/")[0] for n in re.findall(r'{%\s*(?:include|extends)\s+"([^"]+)"', text)
        ]
        named += re.findall(r"{%\s*url\s+'(\w+):", text) + re.findall(r'{%\s*url\s+"(\w+):', text)
        wrong += [f"{path.name}: {n}" for n in named if n and RANK.get(n, 0) > home]
    assert wrong == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_migrations_depend_on_the_left_only():
    wrong = []
    for app in LAYERS:
        for path in (ROOT / app / "migrations").glob("0*.py"):
            others = re.findall(r'\(["\'](\w+)["\'], ["\']\d{4}_', path.read_text())
            wrong += [f"{path}: {o}" for o in others if RANK.get(o, -1) > RANK[app]]
    assert wrong == []
