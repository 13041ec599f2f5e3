"""Which column of a file is which field: by the declared labels, else by what a person said before.

A header is known by its whole text (units in brackets included), because “电量（上网）” and “电量（下网）”
differ only there; a second column of the same text is told apart by its number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from stdnum.cn import uscc

from carbonwatch.imports.cells import is_blank, plain
from carbonwatch.imports.layout import Field, header_key
from carbonwatch.imports.tables import LETTERS, Grid
from carbonwatch.imports.units import factor, in_brackets
from carbonwatch.refusals import Invalid
from emitters.outside.kinds import RecordKind

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
SEARCHED = 20  # rows in which the header may stand
_SAMPLES = 3
_LIKE = 0.5  # similarity from which a field is proposed
_CODE_LIKE = 0.75  # values that are credit codes say more than a header like “代码”


@dataclass(frozen=True, slots=True)
class Choice:
    """What a column is: a field (empty: left out) and the unit of its numbers (empty: as the header or
    the layout says)."""

    field: str
    unit: str = ""


Chosen = Mapping[str, Choice]  # key of a header -> what a person said of it


@dataclass(frozen=True, slots=True)
class Header:
    """A column as the file names it. `choice` is None when nobody knows yet what it is; `samples` are
    its first values."""

    index: int
    text: str
    key: str
    choice: Choice | None
    samples: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        """Column letter."""
        return LETTERS[self.index]

    @property
    def numeric(self) -> bool:
        """Whether a value of the column is a number."""
        return any(_NUMBER.fullmatch(sample.replace(",", "")) for sample in self.samples)


def find_header(grid: Grid, kind: RecordKind, chosen: Chosen) -> int | None:
    """Index of the row that names the columns; None when no row looks like names.

    The row with most known names; when all names are strange, the first that fills most of the
    table's width with words.
    """
    best, most = None, 1
    for index, row in enumerate(grid[:SEARCHED]):
        known = sum(1 for key, text in _keys(row) if _declared(key, text, kind, chosen) is not None)
        if known > most:
            best, most = index, known
    return _first_of_words(grid) if best is None else best


def headers_of(grid: Grid, row: int, kind: RecordKind, chosen: Chosen) -> tuple[Header, ...]:
    """The named columns of the row, in order."""
    names = {i: pair for i, pair in enumerate(_keys(grid[row], blanks=True)) if pair[0]}
    return tuple(
        Header(index, text, key, _declared(key, text, kind, chosen), _samples(grid, row, index))
        for index, (key, text) in names.items()
    )


def undecided(headers: Sequence[Header], kind: RecordKind) -> bool:
    """Whether a person must be asked: a strange column might be one of the fields that lack theirs."""
    found = {h.choice.field for h in headers if h.choice}
    strange = any(h.choice is None for h in headers)
    return strange and any(f.name not in found for f in kind.sheet.fields)


def suggestions(headers: Sequence[Header], kind: RecordKind) -> dict[str, Choice]:
    """What each column probably is, by key of the header: what is known, else the likest free field."""
    known = {h.key: h.choice for h in headers if h.choice is not None}
    taken = {c.field for c in known.values()}
    pairs = sorted(
        (
            (_likeness(h, f, kind), h.index, h.key, f.name)
            for h in headers
            if h.key not in known
            for f in kind.sheet.fields
            if f.name not in taken
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    for likeness, _index, key, name in pairs:
        if likeness >= _LIKE and key not in known and name not in taken:
            known[key] = Choice(name)
            taken.add(name)
    return known


def choices_of(kind: RecordKind, said: Mapping[str, Mapping[str, str]]) -> dict[str, Choice]:
    """What a program says of columns (text of the header -> field, unit), by key of the header.

    Raises `Invalid` that names every column of which something impossible is said.
    """
    fields = {f.name: f for f in kind.sheet.fields}
    wrong: dict[str, list[Any]] = {}
    chosen: dict[str, Choice] = {}
    for text, one in said.items():
        name, unit = one["field"], one["unit"]
        if name and name not in fields:
            wrong[text] = [_("没有项目“%(field)s”。") % {"field": name}]
        elif name and name in {c.field for c in chosen.values()}:
            wrong[text] = [_("“%(field)s”已对应到另一列。") % {"field": name}]
        elif name and unit and factor(unit, fields[name].unit) is None:
            told = {"field": name, "unit": unit}
            wrong[text] = [_("“%(field)s”不能以 %(unit)s 计。") % told]
        chosen[plain(" ".join(text.split()))] = Choice(name, unit)
    if wrong:
        raise Invalid(_("列的对应关系有误，请按 errors 逐列改正。"), fields=wrong)
    return chosen


def _keys(row: Sequence[object], *, blanks: bool = False) -> list[tuple[str, str]]:
    """(key, text) of the cells of a row; ("", "") for those without text when `blanks` are kept."""
    seen: dict[str, int] = {}
    keys = []
    for cell in row:
        text = "" if is_blank(cell) else " ".join(str(cell).split())
        key = plain(text)
        if key:
            seen[key] = seen.get(key, 0) + 1
            keys.append((key if seen[key] == 1 else f"{key}#{seen[key]}", text))
        elif blanks:
            keys.append(("", ""))
    return keys


def _declared(key: str, text: str, kind: RecordKind, chosen: Chosen) -> Choice | None:
    if key in chosen:
        return chosen[key]
    known = kind.sheet.by_header.get(header_key(text))
    return Choice(known.name) if known else None


def _first_of_words(grid: Grid) -> int | None:
    width = max((_filled(row) for row in grid[: SEARCHED * 2]), default=0)
    for index, row in enumerate(grid[:SEARCHED]):
        words = [c for c in row if not is_blank(c)]
        if len(words) >= max(2, 0.6 * width) and all(map(_is_word, words)):
            return index
    return None


def _filled(row: Sequence[object]) -> int:
    return sum(1 for c in row if not is_blank(c))


def _is_word(cell: object) -> bool:
    return isinstance(cell, str) and not cell.strip().replace(".", "").replace(",", "").isdigit()


def _samples(grid: Grid, row: int, index: int) -> tuple[str, ...]:
    values = (r[index] for r in grid[row + 1 : row + 30] if index < len(r))
    found = [str(v).strip()[:40] for v in values if not is_blank(v)]
    return tuple(dict.fromkeys(found))[:_SAMPLES]


def _likeness(header: Header, field: Field, kind: RecordKind) -> float:
    """How much a column looks like a field: shared letters, one name inside the other, its values."""
    if (
        field.name in (kind.subject, "code")
        and header.samples
        and all(map(uscc.is_valid, header.samples))
    ):
        return _CODE_LIKE
    text = header_key(header.text)
    names = [header_key(n) for n in (field.label, *field.aliases)]
    best = 0.0
    for name in names:
        shared = SequenceMatcher(None, text, name).ratio()
        inside = text.endswith(name) or (len(name) > 1 and (name in text or text in name))
        best = max(best, shared, 0.7 + shared / 10 if inside else 0.0)
    bracket = plain(in_brackets(header.text))
    return best + (0.05 if bracket and bracket == plain(field.unit) else 0.0)
