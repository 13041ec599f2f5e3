"""The zip container of a workbook, opened with suspicion: every part inflated once, within bounds.

calamine, openpyxl and Excel may disagree on a damaged or crafted container. So names must be
unique and equal in both directories, and sizes and checksums are measured, not believed.
"""

import zipfile
import zlib
from io import BytesIO
from struct import unpack_from

from carbonwatch.imports.problems import Problem
from carbonwatch.imports.rules import problem

MAX_FILE = 20 * 2**20
MAX_PART = 24 * 2**20
MAX_TOTAL = 64 * 2**20
MAX_PARTS = 500
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Unreadable(Exception):
    """The file cannot be used at all; carries the problem that says why."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.rule)
        self.problem = found


def refuse(code: str, **values: object) -> Unreadable:
    """The exception for a file-level rule."""
    return Unreadable(problem(code, **values))  # type: ignore[arg-type]


def inflate(source: bytes) -> dict[str, bytes]:
    """All parts of the container: name -> content. Raises `Unreadable`."""
    _require_zip(source)
    try:
        with zipfile.ZipFile(BytesIO(source)) as container:
            entries = container.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise refuse("file-damaged", where="zip") from error
    if len(entries) > MAX_PARTS:
        raise refuse("file-inflated", where=f"{len(entries)} parts")
    parts: dict[str, bytes] = {}
    seen: set[str] = set()
    total = 0
    for entry in entries:
        # Part names are case-insensitive; some writers put a slash in front.
        name = entry.filename.lstrip("/")
        if name.lower() in seen:
            raise refuse("file-duplicate-part", where=name)
        seen.add(name.lower())
        parts[name] = content = _content(source, entry)
        total += len(content)
        if total > MAX_TOTAL:
            raise refuse("file-inflated", where=name)
    return parts


def _require_zip(source: bytes) -> None:
    if not source:
        raise refuse("file-empty")
    if len(source) > MAX_FILE:
        raise refuse("file-too-large", size=len(source) // 2**20, limit=MAX_FILE // 2**20)
    if source.startswith(_OLE):
        # An encrypted xlsx is an OLE container with a stream of this name (UTF-16).
        encrypted = "EncryptedPackage".encode("utf-16-le") in source or _old_and_locked(source)
        raise refuse("file-encrypted" if encrypted else "file-old-format")
    if not source.startswith(b"PK\x03\x04"):
        raise refuse("file-other-type", kind=_kind(source))
    if source.count(b"PK\x05\x06") != 1:
        # None: cut off. Several: two readers may take two different directories.
        raise refuse("file-damaged", where="zip")


def _old_and_locked(source: bytes) -> bool:
    """Old .xls with a FILEPASS record right behind the first BOF (MS-XLS 2.4.117)."""
    start = source.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    return start >= 0 and source[start + 20 : start + 24].startswith(b"\x2f\x00")


def _kind(source: bytes) -> str:
    head = source[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")):
        return "HTML"
    if head.startswith(b"<"):
        return "XML"
    if head.startswith(b"%pdf"):
        return "PDF"
    for mark, kind in (
        (b"rar!", "RAR"),
        (b"7z\xbc", "7z"),
        (b"\x1f\x8b", "gzip"),
        (b"\x89png", "PNG"),
    ):
        if head.startswith(mark):
            return kind
    if b"\x00" not in head and (b"," in head or b"\t" in head):
        return "CSV"
    return "?"


def _content(source: bytes, entry: zipfile.ZipInfo) -> bytes:
    """One part, measured while it is inflated."""
    name = entry.filename
    if entry.flag_bits & 1:
        raise refuse("file-encrypted")
    at = entry.header_offset
    if source[at : at + 4] != b"PK\x03\x04" or at + 30 > len(source):
        raise refuse("file-damaged", where=name)
    name_length, extra_length = unpack_from("<HH", source, at + 26)
    start = at + 30 + name_length
    if source[at + 30 : start] != entry.orig_filename.encode(
        "utf-8" if entry.flag_bits & 0x800 else "cp437"
    ):
        raise refuse("file-duplicate-part", where=name)
    start += extra_length
    packed = source[start : start + entry.compress_size]
    content = _unpack(packed, entry)
    if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        raise refuse("file-damaged", where=name)
    return content


def _unpack(packed: bytes, entry: zipfile.ZipInfo) -> bytes:
    if entry.compress_type == zipfile.ZIP_STORED:
        return packed
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise refuse("file-damaged", where=entry.filename)
    inflater = zlib.decompressobj(-15)
    try:
        content = inflater.decompress(packed, MAX_PART + 1)
    except zlib.error as error:
        raise refuse("file-damaged", where=entry.filename) from error
    if len(content) > MAX_PART:
        raise refuse("file-inflated", where=entry.filename)
    if not inflater.eof:
        raise refuse("file-damaged", where=entry.filename)
    return content
