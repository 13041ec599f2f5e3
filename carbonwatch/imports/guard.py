"""Looks at an uploaded workbook before any reader does, and refuses what could harm or mislead one.

calamine ends the whole process on a cell far out, empties cells with errors, and skips formulas
that were never calculated; openpyxl reads nothing from some files without a word. So the guard
looks at the bytes themselves, in one pass.
"""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from carbonwatch.imports import sheetscan
from carbonwatch.imports.package import Unreadable, inflate, refuse
from carbonwatch.imports.problems import Problem, Weight
from carbonwatch.imports.rules import problem
from carbonwatch.imports.sheetscan import Fault

MAX_SHEETS = 60
MAX_STRINGS = 2_000_000
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']""")
_ACTIVE = re.compile(
    r"vbaproject|(^|/)(embeddings|activex|macrosheets|dialogsheets)/|oleobject|vbadata|webextension|\.exe$|\.dll$",
    re.I,
)


_COUNT = re.compile(rb"""\buniqueCount\s*=\s*["']\s*([0-9]+)""", re.I)


@dataclass(frozen=True)
class Guarded:
    """What the guard learnt. `problems` with weight `file` mean: do not read.

    `sheets`: names in the file's order; `hidden`: those hidden;
    `faults`: sheet -> (row, column, fault).
    """

    source: bytes = field(repr=False)
    problems: tuple[Problem, ...] = ()
    sheets: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    faults: dict[str, tuple[tuple[int, int, Fault], ...]] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether the file must not be read."""
        return any(p.weight is Weight.FILE for p in self.problems)


def inspect(source: bytes) -> Guarded:
    """Inspect an uploaded file; never raises for what a file may hold."""
    try:
        return _inspect(source)
    except Unreadable as error:
        return Guarded(source, (error.problem,))


def _inspect(source: bytes) -> Guarded:
    parts = inflate(source)
    _require_workbook(parts)
    for name, content in parts.items():
        if name.endswith((".xml", ".rels", ".vml")) or content[:5] == b"<?xml":
            _require_plain_xml(name, content)
    book = _parse("xl/workbook.xml", parts)
    sheets = _sheets(book, parts)
    notices = _notices(parts, book)
    _require_true_counts(parts)
    found = {}
    for sheet in sheets:
        if sheet.part is None:
            continue
        scan = sheetscan.scan(sheet.name, sheet.part)
        if scan.shared and not any(n.lower().endswith("sharedstrings.xml") for n in parts):
            raise refuse("file-damaged", where="sharedStrings.xml")
        if scan.faults:
            found[sheet.name] = scan.faults
    hidden = frozenset(s.name for s in sheets if s.hidden)
    return Guarded(source, tuple(notices), tuple(s.name for s in sheets), hidden, found)


@dataclass(frozen=True, slots=True)
class _SheetPart:
    name: str
    hidden: bool
    part: bytes | None  # None: a chart sheet


def _require_workbook(parts: dict[str, bytes]) -> None:
    for name in parts:
        if _ACTIVE.search(name):
            raise refuse("file-active", where=name)
    types = parts.get("[Content_Types].xml", b"")
    if b"macroEnabled" in types:
        raise refuse("file-active", where="macroEnabled")
    if "xl/workbook.xml" in parts:
        return
    kinds = {
        "xl/workbook.bin": "xlsb",
        "word/document.xml": "Word",
        "ppt/presentation.xml": "PowerPoint",
    }
    kind = next((k for n, k in kinds.items() if n in parts), None)
    if kind is None:
        kind = "ODS" if b"opendocument" in parts.get("mimetype", b"") else "ZIP"
    raise refuse("file-other-type", kind=kind)


def _require_plain_xml(name: str, content: bytes) -> None:
    """UTF-8, without entities: what the byte searches below rely on."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content:
        raise refuse("file-encoding", where=name)
    declared = _ENCODING.match(content[:200].lstrip(b"\xef\xbb\xbf \t\r\n"))
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"utf8"):
        raise refuse("file-encoding", where=name)
    if b"!" in content and (b"<!DOCTYPE" in content or b"<!ENTITY" in content):
        raise refuse("file-entity", where=name)


def _require_true_counts(parts: dict[str, bytes]) -> None:
    """calamine reserves memory for as many strings as claimed, and dies where there is less."""
    for name, content in parts.items():
        if name.lower().endswith("sharedstrings.xml"):
            head = content[: content.find(b"<si") + 1 or 2000]
            if any(int(claimed) > MAX_STRINGS for claimed in _COUNT.findall(head)):
                raise refuse("file-damaged", where=name)


def _parse(name: str, parts: dict[str, bytes]) -> Element:
    try:
        return fromstring(parts[name])
    except (ParseError, DefusedXmlException, KeyError, ValueError) as error:
        raise refuse("file-damaged", where=name) from error


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _sheets(book: Element, parts: dict[str, bytes]) -> list[_SheetPart]:
    """Sheets in order, with the XML of each."""
    targets = {
        r.get("Id"): (r.get("Type", ""), r.get("Target", ""))
        for r in _parse("xl/_rels/workbook.xml.rels", parts)
        if r.get("TargetMode") != "External"
    }
    entries = [e for e in book.iter() if _local(e) == "sheet"]
    if not entries:
        raise refuse("file-no-sheets")
    if len(entries) > MAX_SHEETS:
        raise refuse("file-too-many-sheets", count=len(entries), limit=MAX_SHEETS)
    sheets: list[_SheetPart] = []
    for entry in entries:
        name = entry.get("name", "")
        link = next((v for k, v in entry.items() if k.endswith("}id")), None)
        kind, target = targets.get(link, ("", ""))
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path not in parts:
            raise refuse("file-damaged", where=name or target)
        sheets.append(
            _SheetPart(
                name,
                entry.get("state", "visible") != "visible",
                parts[path] if kind.endswith("/worksheet") else None,
            )
        )
    names = [s.name.strip().lower() for s in sheets]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice is not None:
        raise refuse("file-sheet-names", where=twice)
    return sheets


def _notices(parts: dict[str, bytes], book: Element) -> list[Problem]:
    notices = []
    links = [n for n in parts if n.startswith("xl/externalLinks/")]
    if any(b"ddeLink" in parts[n] for n in links):
        raise refuse("file-active", where="DDE")
    if links or "xl/connections.xml" in parts:
        notices.append(problem("external-links"))
    if "xl/cellimages.xml" in parts:
        notices.append(problem("pictures-unread"))
    for element in book:
        if _local(element) == "workbookPr" and element.get("date1904") in ("1", "true"):
            notices.append(problem("date-1904"))
    return notices
