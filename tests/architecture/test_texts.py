"""What the files themselves must not hold: raw HTML, other hosts, too many lines."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.test_layers import python_files

ROOT = Path(settings.BASE_DIR)
MOST_LINES, MOST_OF_A_FUNCTION = 500, 60
NAMES_ONLY = ("http://www.w3.org/", "https://www.w3.org/")
"""Names of XML vocabularies: nothing is fetched from them."""


def templates():
    """Every template of a page."""
    return sorted((ROOT / "templates").rglob("*.html"))


def test_no_text_of_people_is_taken_for_html():
    shown = [p for p in templates() if re.search(r"\|\s*safe\b|{%\s*autoescape off", p.read_text())]
    assert shown == []
    marked = [
        f"{p.relative_to(ROOT)}"
        for p in python_files()
        if re.search(r"\bmark_safe\(\s*(?![rf]?[\"'])|SafeString\(", p.read_text())
    ]
    assert marked == []


def test_nothing_is_fetched_from_another_host():
    files = [*templates(), *(ROOT / "static" / "css").rglob("*"), *(ROOT / "static" / "js").rglob("*"),
             *(ROOT / "static" / "img").rglob("*")]  # fmt: skip
    found = []
    for path in filter(Path.is_file, files):
        for url in re.findall(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}[^\s\"')]*", path.read_text()):
            if not url.startswith(NAMES_ONLY):
                found.append(f"{path.relative_to(ROOT)}: {url}")
    assert found == []


def test_templates_carry_no_inline_script_or_style():
    """The content policy would drop them in silence."""
    wrong = []
    for path in templates():
        text = path.read_text()
        if re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text):
            wrong.append(f"{path.name}: script")
        if re.search(r"<style|\sstyle=\"|\son[a-z]+=\"", text):
            wrong.append(f"{path.name}: style or handler")
    assert wrong == []


def test_files_and_functions_are_short():
    long = []
    for path in python_files():
        text = path.read_text()
        name = path.relative_to(ROOT)
        if text.count("\n") > MOST_LINES:
            long.append(f"{name}: {text.count(chr(10))} lines")
        long += [
            f"{name}: {node.name} has {size} lines"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef)
            and (size := node.end_lineno - node.lineno + 1) > MOST_OF_A_FUNCTION
        ]
    assert long == []


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_nothing_is_left_for_later(word):
    assert [p for p in python_files() if re.search(rf"#.*\b{word}\b", p.read_text())] == []
