"""Delimited text (CSV) as a grid of cells: encoding and delimiter are found out, not asked for."""

import csv
import io

from carbonwatch.imports.package import MAX_FILE, refuse
from carbonwatch.imports.sheetscan import MAX_COLUMNS, MAX_ROWS
from carbonwatch.imports.tables import Grid

DELIMITERS = (",", "\t", ";", "|")
_LOOKED_AT = 50  # rows from which the delimiter is told
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_text(source: bytes) -> Grid:
    """All cells as text, row 1 and column A first. Raises `Unreadable`.

    UTF-8, UTF-16 with its mark, else GB 18030, which the usual office programs write.
    """
    if not source:
        raise refuse("file-empty")
    if len(source) > MAX_FILE:
        raise refuse("file-too-large", size=len(source) // 2**20, limit=MAX_FILE // 2**20)
    text = _decoded(source)
    if text.lstrip()[:1] == "<":
        raise refuse("file-other-type", kind="HTML/XML")
    grid = _rows(text, _delimiter(text))
    width = max(map(len, grid), default=0)
    if len(grid) > MAX_ROWS or width > MAX_COLUMNS:
        raise refuse("sheet-too-far", sheet="CSV", rows=len(grid), columns=width)
    return grid


def _decoded(source: bytes) -> str:
    marked = next((name for mark, name in _MARKS if source.startswith(mark)), "")
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = source.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise refuse("text-encoding")


def _delimiter(text: str) -> str:
    """The one by which most of the first rows have the same number of cells, and more than one."""

    def evenness(delimiter: str) -> tuple[int, int]:
        lines = text.splitlines()[:_LOOKED_AT]
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1]
        common = max(set(widths), key=widths.count, default=0)
        return widths.count(common), common

    return max(DELIMITERS, key=evenness)


def _rows(text: str, delimiter: str) -> Grid:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    grid: Grid = []
    try:
        for row in reader:
            grid.append([*row])
            if len(grid) > MAX_ROWS:
                break
    except csv.Error as error:
        raise refuse("text-quotes", row=reader.line_num) from error
    while grid and not any(map(str.strip, grid[-1])):
        grid.pop()
    return grid
