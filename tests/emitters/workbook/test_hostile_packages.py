"""Files that somebody damaged, forged or crafted: each is refused or read whole."""

import pytest

from carbonwatch.imports.problems import Weight
from emitters.workbook import read_report
from tests.emitters.workbook.package_edits import EDITS, pack, unzip
from tests.emitters.workbook.probe import bare


def require_outcome(outcome, found, original):
    """Hold one reading against what must come of it."""
    reading = found.reading
    assert found.seconds < 5
    assert found.peak_mb < 300
    assert all(any("\u4e00" <= c <= "\u9fff" for c in text) for text in found.texts)
    codes = [p.rule for p in reading.problems]
    if reading.facts is None:
        assert any(p.weight is not Weight.NOTICE for p in reading.problems)
    if outcome == "same":
        assert reading.facts is not None, list(zip(codes, found.texts, strict=True))
        assert bare(reading.facts) == bare(original)
    elif outcome == "either":
        assert reading.facts is None or bare(reading.facts) == bare(original)
    else:
        assert reading.facts is None
        if outcome != "refused":
            assert outcome in codes, found.texts


@pytest.fixture(scope="module")
def original(sample):
    return read_report(sample).facts


@pytest.fixture(scope="module")
def parts(sample):
    return unzip(sample)


@pytest.mark.parametrize("name", EDITS)
def test_edited_package(name, parts, original, probe):
    outcome, change = EDITS[name]
    edited = change(dict(parts))
    source = edited if isinstance(edited, bytes) else pack(edited)
    require_outcome(outcome, probe(source), original)


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        (b"", "file-empty"),
        (b"P", "file-other-type"),
        (b"a,b,c\n1,2,3\n", "file-other-type"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "file-other-type"),
        (b"%PDF-1.7", "file-other-type"),
        (b"{}", "file-other-type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "file-old-format"),
        (pack({"a.txt": b"hello"}), "file-other-type"),
        (pack({"word/document.xml": b"<x/>"}), "file-other-type"),
        (pack({"xl/workbook.bin": b"x"}), "file-other-type"),
        (pack({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "file-other-type"),
        (b"PK\x03\x04" + b"\x00" * (21 << 20), "file-too-large"),
    ],
)
def test_other_files(source, rule, probe, original):
    require_outcome(rule, probe(source), original)
