"""Outside records read from files, without a database: `precheck --outside`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from carbonwatch.imports.cells import plain
from carbonwatch.imports.problems import Problem
from emitters.facts import ReportFacts
from emitters.outside.choosing import OF_CITIES, OF_LABORATORIES, Concern, one_source
from emitters.outside.files import kinds_in, rows_of
from emitters.outside.identity import about, key_of, owner_of, period_of
from emitters.outside.kinds import KINDS, RecordKind
from emitters.outside.reader import OutsideReading, read_outside
from emitters.outside.records import OutsideRecords, OutsideRow
from emitters.outside.rows import Bounds

SUFFIXES = {".xlsx", ".csv", ".txt"}


@dataclass(frozen=True)
class ReadFile:
    """A file as one kind of record; without a reading nobody could open it or tell what it is."""

    path: Path
    reading: OutsideReading | None

    @property
    def kind(self) -> RecordKind | None:
        """What its rows are."""
        return self.reading.kind if self.reading else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that was met."""
        return self.reading.problems if self.reading else ()

    @property
    def usable(self) -> bool:
        """Whether its rows are looked at."""
        return self.reading is not None and not self.reading.blocked and not self.reading.asks


class Shelf:
    """The records of some files and folders, looked up as those of the database are: where two files
    state the same fact, the one later in order of name counts."""

    def __init__(self, paths: Iterable[Path], reports: Sequence[ReportFacts]) -> None:
        """`reports`: those looked at together; generators are spelled as they spell them."""
        units = {r.credit_code: tuple(g.number for g in r.generators) for r in reports}
        self.files = [file for path in _files(paths) for file in _read(path, units)]
        self._about: Mapping[str, list[OutsideRow]] = defaultdict(list)
        self._owner: Mapping[tuple[str, str], list[OutsideRow]] = defaultdict(list)
        self._company: Mapping[str, list[OutsideRow]] = defaultdict(list)
        for row in self._rows():
            kind = KINDS[row.kind]
            self._owner[row.kind, owner_of(kind, row.values)].append(row)
            if about(kind, row.values):
                self._about[about(kind, row.values)].append(row)
            if row.kind == "business":
                self._company[plain(row["name"])].append(row)

    def _rows(self) -> list[OutsideRow]:
        found = [
            (key_of(file.reading.kind, row.values), file.path, row)
            for file in self.files
            if file.usable and file.reading is not None
            for row in rows_of(file.reading, file.path.name)
        ]
        return list(one_source(found))

    def of(self, facts: ReportFacts) -> OutsideRecords | None:
        """The records that concern a report; None when there are none."""
        concern = Concern.of(facts)
        found = [row for row in self._about[concern.credit_code] if _near(row, concern)]
        for laboratory in concern.laboratories:
            for kind in OF_LABORATORIES:
                rows = self._owner[kind, laboratory]
                if kind == "lab_register":
                    rows = [r for r in rows if period_of(r.values)[0] == concern.year]
                found += rows
        for kind in OF_CITIES:
            found += self._owner[kind, concern.city]
        codes, names = concern.companies(found)
        found += [row for code in codes for row in self._owner["business", code]]
        found += [row for name in names for row in self._company[name]]
        # Twice found is once there; in order of file and place.
        unique = {id(row): row for row in found}.values()
        return OutsideRecords(tuple(map(concern.spelled, unique))) if unique else None


def _near(row: OutsideRow, concern: Concern) -> bool:
    year = period_of(row.values)[0]
    return year is None or year in concern.years


def _read(path: Path, units: Mapping[str, Sequence[str]]) -> list[ReadFile]:
    try:
        source = path.read_bytes()
    except OSError:
        return [ReadFile(path, None)]
    kinds = kinds_in(source, path.name)
    bounds = Bounds(units=units) if units else Bounds()
    readings = [read_outside(source, path.name, kind, bounds=bounds) for kind in kinds]
    return [ReadFile(path, r) for r in readings] or [ReadFile(path, None)]


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            found += sorted(p for p in inside if not p.name.startswith("~$"))
        else:
            found.append(path)
    return list(dict.fromkeys(found))
