"""Files that the people of the journeys send."""

from typing import Any

from tests.emitters.workbook.package_edits import FUEL, cell, pack, unzip
from tests.inspections.support import proof
from tests.journeys.world import GOOD

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file(name: str, content: bytes, kind: str = XLSX) -> dict[str, Any]:
    """A file as the browser is given it."""
    return {"name": name, "mimeType": kind, "buffer": content}


def good(name: str) -> dict[str, Any]:
    """A sample as it is."""
    return file(name, (GOOD / name).read_bytes())


def spoiled(name: str) -> dict[str, Any]:
    """A sample in which two cells of the fuel sheet say what is not a number."""
    parts = unzip((GOOD / name).read_bytes())
    for address, text in (("F2", "约8万吨"), ("H5", "见附件")):
        written = f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'
        parts = cell(FUEL, address, written.encode())(parts)
    return file(name, pack(parts))


def photo(name: str) -> dict[str, Any]:
    """A photograph as evidence."""
    return file(name, proof().read(), "image/jpeg")
