"""Files of outside records outside of the database: blank templates, made-up files, recognition."""

from collections.abc import Iterable, Iterator

from carbonwatch.imports.cells import plain
from carbonwatch.imports.guard import inspect
from carbonwatch.imports.package import Unreadable
from emitters.outside.headers import find_header, headers_of
from emitters.outside.kinds import KINDS, RecordKind
from emitters.outside.reader import WORKBOOKS, OutsideReading, open_table
from emitters.outside.records import OutsideRow
from emitters.workbook.writer import Workbook


def blank_file(kind: RecordKind) -> bytes:
    """The template of a kind: its columns with hints, drop-downs and formats, no rows."""
    book = Workbook(guide=True)
    book.table(kind.sheet, ())
    return book.bytes()


def write_file(kind: RecordKind, rows: Iterable[OutsideRow]) -> bytes:
    """A workbook that holds exactly these rows."""
    book = Workbook(guide=False)
    book.table(kind.sheet, ([row[f.name] for f in kind.sheet.fields] for row in rows))
    return book.bytes()


def kinds_in(source: bytes, file_name: str) -> list[RecordKind]:
    """The kinds of record that a file holds: by the names of its sheets, else the one whose required
    columns are all there."""
    if source.startswith(WORKBOOKS):
        sheets = {plain(name) for name in inspect(source).sheets}
        named = [k for k in KINDS.values() if plain(k.sheet.name) in sheets]
        if named:
            return named
    scored = [(_columns_known(source, file_name, kind), kind) for kind in KINDS.values()]
    best, kind = max(scored, key=lambda pair: pair[0])
    return [kind] if best else []


def _columns_known(source: bytes, file_name: str, kind: RecordKind) -> int:
    """How many columns of the kind the file has; 0 when a required one is missing."""
    try:
        _cleaner, _sheet, grid = open_table(source, file_name, kind, {})
    except Unreadable:
        return 0
    row = find_header(grid, kind, {})
    if row is None:
        return 0
    found = {h.choice.field for h in headers_of(grid, row, kind, {}) if h.choice}
    lacking = any(f.needed and f.name not in found for f in kind.sheet.fields)
    return 0 if lacking else len(found)


def rows_of(reading: OutsideReading, source: str) -> Iterator[OutsideRow]:
    """The records of a reading as checks see them; `source` names the file."""
    for row in reading.rows:
        cell = f"{reading.sheet}!A{row.number}"
        yield OutsideRow(reading.kind.code, row.values, source, cell)
