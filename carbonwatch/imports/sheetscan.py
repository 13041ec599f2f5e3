"""What a sheet's XML says before a reader sees it: extent, doubled cells, faults in cells.

The usual writers put the address first in every cell; then a few passes in C decide.
Anything unusual goes through expat, slower but exact.
"""

import re
from collections import Counter
from dataclasses import dataclass
from xml.parsers import expat  # DOCTYPE and entities are refused before any part gets here

from carbonwatch.imports.package import refuse

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_MERGES = 2_000

# The cell as Excel, WPS, LibreOffice, openpyxl and XlsxWriter write it, without a formula and well
# within the bounds (to FZ9999). Nothing is ever tried a second time (`++`), which is quicker.
_PLAIN_CELL = re.compile(
    rb'<c r="([A-Z][1-9][0-9]{0,3}+|[A-F][A-Z][1-9][0-9]{0,3}+)"'
    rb'(?: s="[0-9]++")?+(?: t="[snb]")?+(?:><v>[^<]*+</v></c>|/>)'
)
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell without a value although it looks filled: an error, or a formula never calculated."""

    rule: str
    found: str = ""


def column_number(letters: str) -> int:
    """`A` -> 1, `XFD` -> 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 -> `A`, 27 -> `AA`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found on a sheet: (row, column, fault), 1-based; whether shared strings are used."""

    faults: tuple[tuple[int, int, Fault], ...] = ()
    shared: bool = False


def scan(sheet: str, xml: bytes) -> Scan:
    """Look at every cell; `Unreadable` when one lies too far out, has no address or comes twice."""
    merges = xml.count(b"mergeCell ")
    if merges > MAX_MERGES:
        raise refuse("sheet-merges", sheet=sheet, count=merges)
    _head, tag, body = xml.partition(b"<sheetData>")
    body, _tag, _tail = body.partition(b"</sheetData>")
    addresses = _PLAIN_CELL.findall(body)
    if tag and _only_plain(body, len(addresses)) and len(set(addresses)) == len(addresses):
        return Scan(shared=b't="s"' in body)
    cells = _cells(sheet, xml)
    places = [_place(address) for address, _type, _fault in cells]
    _require_bounds(sheet, places)
    return Scan(
        tuple(
            (*place, fault) for place, (_a, _t, fault) in zip(places, cells, strict=True) if fault
        ),
        any(kind == "s" for _address, kind, _fault in cells),
    )


def _only_plain(body: bytes, cells: int) -> bool:
    """Whether rows and plain cells are all that the sheet holds.

    Every tag is then accounted for: a row has two (or one when empty), a cell with a value four, an
    empty cell one. A formula, an error, another spelling or a comment leaves a difference.
    """
    rows = body.count(b"<row ")
    empty_rows = rows - body.count(b"</row>")
    empty_cells = body.count(b"/>") - empty_rows
    return body.count(b"<") == 2 * rows - empty_rows + 4 * (cells - empty_cells) + empty_cells


def _place(address: str) -> tuple[int, int]:
    """Row and column, 1-based."""
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), column_number(letters)


def _require_bounds(sheet: str, places: list[tuple[int, int]]) -> None:
    rows = max((row for row, _column in places), default=0)
    columns = max((column for _row, column in places), default=0)
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise refuse("sheet-too-far", sheet=sheet, rows=rows, columns=columns)
    if len(set(places)) != len(places):
        (row, column), _count = Counter(places).most_common(1)[0]
        raise refuse("sheet-double-cell", sheet=sheet, found=f"{column_letters(column)}{row}")


def _cells(sheet: str, xml: bytes) -> list[tuple[str, str, Fault | None]]:
    """Every cell by expat: address, type, fault."""
    cells: list[tuple[str, str, Fault | None]] = []
    state: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            address = attributes.get("r", "")
            if not _ADDRESS.fullmatch(address):
                raise refuse("sheet-no-address", sheet=sheet, found=address or "-")
            state.clear()
            state.update(r=address, t=attributes.get("t", ""), v="")
        elif state and name in ("f", "v"):
            state[f"has_{name}"] = "1"
            state["in"] = name

    def text(data: str) -> None:
        if state.get("in") == "v":
            state["v"] += data

    def end(name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            cells.append((state["r"], state["t"], _fault(state)))
            state.clear()
        else:
            state.pop("in", None)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = (
        start,
        text,
        end,
    )
    try:
        parser.Parse(xml, True)  # noqa: FBT003 -- expat takes no keywords
    except expat.ExpatError as error:
        raise refuse("file-damaged", where=sheet) from error
    return cells


def _fault(state: dict[str, str]) -> Fault | None:
    if state["t"] == "e":
        return Fault("cell-error", state["v"])
    # A text formula may well result in nothing; a number never does.
    if "has_f" in state and not state["v"] and not (state["t"] == "str" and "has_v" in state):
        return Fault("formula-without-value")
    return None
