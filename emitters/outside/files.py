"""Files of outside records outside of the database: blank templates, made-up files, recognition."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from carbonwatch.imports.cells import plain
from carbonwatch.imports.guard import inspect
from carbonwatch.imports.package import Unreadable
from carbonwatch.imports.problems import Problem
from emitters.outside.headers import find_header, headers_of
from emitters.outside.kinds import KINDS, RecordKind
from emitters.outside.reader import WORKBOOKS, OutsideReading, open_table, read_outside
from emitters.outside.records import OutsideRecords, OutsideRow
from emitters.outside.rows import Bounds
from emitters.workbook.writer import Workbook

SUFFIXES = {".xlsx", ".csv", ".txt"}


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


class Folder:
    """Outside records read from files and folders, without a database.

    `problems`: (path, problem) of everything that could not be read.
    """

    def __init__(self, paths: Iterable[Path], units: dict[str, Sequence[str]]) -> None:
        """`units`: credit code -> generator numbers of the reports looked at together."""
        self.rows: list[OutsideRow] = []
        self.problems: list[tuple[Path, Problem]] = []
        for path in _files(paths):
            self._read(path, units)

    def _read(self, path: Path, units: dict[str, Sequence[str]]) -> None:
        source = path.read_bytes()
        for kind in kinds_in(source, path.name):
            reading = read_outside(source, path.name, kind, bounds=Bounds(units=units))
            self.problems += [(path, p) for p in reading.problems]
            self.rows += rows_of(reading, path.name)

    @property
    def records(self) -> OutsideRecords | None:
        """All rows; None when there are none."""
        return OutsideRecords(tuple(self.rows)) if self.rows else None


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            found += sorted(p for p in inside if not p.name.startswith("~$"))
        else:
            found.append(path)
    return list(dict.fromkeys(found))
