"""What a sheet's XML says before a reader sees it: extent, doubled cells, faults in cells.

The usual writers put the address first in every cell; then a few passes of `re` and `bytes` in C decide.
Anything unusual goes through expat, slower but exact.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat  # DOCTYPE and entities are refused before any part gets here

from carbonwatch.imports.package import refuse

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_MERGES = 2_000

_CELL = re.compile(rb'<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"')
_ANY_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c[\s/>]")
_WHOLE_CELL = re.compile(rb"<c\s([^>]*?)(?:/>|>(.*?)</c>)", re.S)
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]+)</v>")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = b"0123456789"
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that holds no value although it looks filled: an error value, or a formula never calculated."""

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


def require_bounds(sheet: str, xml: bytes) -> None:
    """Raise `Unreadable` when cells lie too far out, lack an address, or come twice."""
    addresses = _CELL.findall(xml)
    if len(addresses) != _cell_tags(xml):
        addresses = [a.encode() for a, _type, _faulty in _events(sheet, xml)]
    if not addresses:
        return
    joined = b" ".join(addresses)
    rows = max(map(int, set(joined.translate(None, _LETTERS).split())))
    columns = max(column_number(c.decode()) for c in set(joined.translate(None, _DIGITS).split()))
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise refuse("sheet-too-far", sheet=sheet, rows=rows, columns=columns)
    if len(set(addresses)) != len(addresses):
        seen: set[bytes] = set()
        twice = next(a for a in addresses if a in seen or seen.add(a))  # type: ignore[func-returns-value]
        raise refuse("sheet-double-cell", sheet=sheet, found=twice.decode())


def require_few_merges(sheet: str, xml: bytes) -> None:
    """Raise `Unreadable` when merged ranges are beyond what a form can have."""
    count = xml.count(b"mergeCell ")
    if count > MAX_MERGES:
        raise refuse("sheet-merges", sheet=sheet, count=count)


def has_faults(xml: bytes) -> bool:
    """Whether the slow way is needed: formulas or error values."""
    return b"<f" in xml or b":f" in xml or b't="e"' in xml or b"t='e'" in xml


def faults(sheet: str, xml: bytes) -> list[tuple[int, int, Fault]]:
    """(row, column, fault), 1-based, of every cell without a usable value."""
    found = []
    for address, _type, fault in _events(sheet, xml):
        if fault:
            match = _ADDRESS.fullmatch(address)
            if match:
                found.append((int(match[2]), column_number(match[1]), fault))
    return found


def _cell_tags(xml: bytes) -> int:
    """How many cells there are, however written."""
    if b":c" in xml or b"<c\n" in xml or b"<c\t" in xml or b"<c\r" in xml:
        return len(_ANY_CELL.findall(xml))
    return xml.count(b"<c ") + xml.count(b"<c>") + xml.count(b"<c/")


def _events(sheet: str, xml: bytes) -> Iterator[tuple[str, str, Fault | None]]:
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
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise refuse("file-damaged", where=sheet) from error
    yield from cells


def _fault(state: dict[str, str]) -> Fault | None:
    if state["t"] == "e":
        return Fault("cell-error", state["v"])
    # A text formula may well result in nothing; a number never does.
    if "has_f" in state and not state["v"] and not (state["t"] == "str" and "has_v" in state):
        return Fault("formula-without-value")
    return None
