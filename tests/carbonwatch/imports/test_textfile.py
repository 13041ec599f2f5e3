"""Text files: encoding, delimiter, quotes, bounds."""

import pytest

from carbonwatch.imports.package import Unreadable
from carbonwatch.imports.textfile import read_text

ROWS = [["名称", "数量"], ["甲，乙", "1,200"], ["丙", ""]]
TEXT = '名称,数量\r\n"甲，乙","1,200"\r\n丙,\r\n\r\n'


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"], ids=lambda e: e
)
def test_the_usual_encodings(encoding):
    assert read_text(TEXT.encode(encoding)) == ROWS


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_usual_delimiters(delimiter):
    text = "\n".join(delimiter.join(line) for line in (["a b", "c"], ["1", "2"], ["3", "4"]))
    assert read_text(text.encode()) == [["a b", "c"], ["1", "2"], ["3", "4"]]


def test_a_comma_within_numbers_is_no_delimiter():
    assert read_text(b"a;b\n1,5;2,5\n3,5;4,5\n") == [["a", "b"], ["1,5", "2,5"], ["3,5", "4,5"]]


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        (b"", "file-empty"),
        (b"\xff\xff\xff\xff\xfe", "text-encoding"),
        (b"a,b\n\x00,2\n", "text-encoding"),
        (b"<html><table>", "file-other-type"),
        (b'a,b\n"1,2\n3,4\n', "text-quotes"),
        (b"a,b\n" + b"1,2\n" * 20_001, "sheet-too-far"),
        (b",".join([b"1"] * 201), "sheet-too-far"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_cannot_be_read_is_refused(source, rule):
    with pytest.raises(Unreadable) as refused:
        read_text(source)
    assert refused.value.problem.rule == rule
