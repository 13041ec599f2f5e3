"""Hostile and careless edits of a workbook's container and XML.

`EDITS`: name -> (what must come of it, edit of the parts). "same": the facts of the original;
"refused": a readable refusal; "either"; otherwise the code of the rule that must be named.
"""

import io
import re
import struct
import zipfile
from collections.abc import Callable

Parts = dict[str, bytes]
EDITS: dict[str, tuple[str, Callable[[Parts], Parts | bytes]]] = {}
FUEL, DAILY = "xl/worksheets/sheet3.xml", "xl/worksheets/sheet8.xml"
SHARED = "xl/sharedStrings.xml"


def edit(name, outcome):
    def keep(function):
        assert name not in EDITS
        EDITS[name] = (outcome, function)
        return function

    return keep


def unzip(source: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(source)) as container:
        return {i.filename: container.read(i) for i in container.infolist()}


def pack(parts: Parts, method=zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return buffer.getvalue()


def swap(part, old, new, count=1):
    """An edit that replaces text of one part."""

    def change(parts):
        assert old in parts[part], (part, old)
        return {**parts, part: parts[part].replace(old, new, count)}

    return change


def cell(part, address, xml):
    """An edit that replaces one cell."""

    def change(parts):
        pattern = rf'<c r="{address}"[^>]*?(?:/>|>.*?</c>)'.encode()
        content, count = re.subn(pattern, lambda _m: xml, parts[part], count=1)
        assert count == 1, address
        return {**parts, part: content}

    return change


def everywhere(old, new):
    return lambda parts: {n: c.replace(old, new) for n, c in parts.items()}


def add(name, content, types=b""):
    def change(parts):
        listed = parts["[Content_Types].xml"].replace(b"</Types>", types + b"</Types>")
        return {**parts, "[Content_Types].xml": listed, name: content}

    return change


def without(name):
    return lambda parts: {n: c for n, c in parts.items() if n != name}


# --- far cells, however they are written
_END = b"</sheetData>"
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
for _name, _xml in {
    "far column and row": b'<row r="20000"><c r="XFD20000"><v>1</v></c></row>',
    "last cell of Excel": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "far row": b'<row r="999999"><c r="A999999"><v>1</v></c></row>',
    "far column": b'<row r="400"><c r="ZZZ400"><v>1</v></c></row>',
    "far cell, other attribute order": b'<row r="9"><c s="1" r="XFD20000"><v>1</v></c></row>',
    "far cell, single quotes": b"<row r='9'><c r='XFD20000'><v>1</v></c></row>",
    "far cell, line break in the tag": b'<row r="9"><c\nr="XFD20000"><v>1</v></c></row>',
    "far cell, address as reference": b'<row r="9"><c r="&#88;FD20000"><v>1</v></c></row>',
    "far cell, prefixed": b'<x:row xmlns:x="%b" r="9"><x:c r="XFD20000"><x:v>1</x:v></x:c></x:row>'
    % _MAIN,
    "far cell beyond Excel": b'<row r="9"><c r="ZZZZZ99999999"><v>1</v></c></row>',
    "lower-case address": b'<row r="9"><c r="xfd20000"><v>1</v></c></row>',
    "row zero": b'<row r="0"><c r="A0"><v>1</v></c></row>',
    "empty address": b'<row r="9"><c r=""><v>1</v></c></row>',
    "cell without address": b"<row><c><v>1</v></c></row>",
}.items():
    edit(_name, "refused")(swap(DAILY, _END, _xml + _END))
edit("twenty thousand rows of nothing", "either")(
    lambda p: swap(
        DAILY,
        _END,
        b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(1000, 20001))
        + _END,
    )(p)
)
edit("wrong dimension", "same")(swap(FUEL, b'ref="A1:S13"', b'ref="A1:A1"'))
edit("huge dimension", "same")(swap(FUEL, b'ref="A1:S13"', b'ref="A1:XFD1048576"'))
edit("one cell twice", "sheet-double-cell")(
    swap(FUEL, b'<c r="G2">', b'<c r="F2"><v>1</v></c><c r="G2">')
)
edit("three thousand merges", "sheet-merges")(
    lambda p: swap(
        DAILY,
        _END,
        _END
        + b"<mergeCells>"
        + b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(3000))
        + b"</mergeCells>",
    )(p)
)

# --- entities, encodings, markup
_DTD = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
for _part in (FUEL, SHARED, "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml", "_rels/.rels"):
    edit(f"entities in {_part}", "file-entity")(swap(_part, b"?>", b"?>" + _DTD))
edit("external entity", "file-entity")(
    swap(SHARED, b"?>", b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')
)
edit("UTF-16 sheet", "file-encoding")(lambda p: {**p, FUEL: p[FUEL].decode().encode("utf-16")})
edit("declared UTF-16", "file-encoding")(swap(FUEL, b'encoding="UTF-8"', b'encoding="UTF-16"'))
edit("declared GBK", "file-encoding")(swap(SHARED, b'encoding="UTF-8"', b'encoding="GBK"'))
edit("byte order mark", "same")(lambda p: {**p, FUEL: b"\xef\xbb\xbf" + p[FUEL]})
edit("NUL in a sheet", "file-encoding")(swap(FUEL, b"<sheetData>", b"\x00<sheetData>"))
edit("broken UTF-8 in texts", "refused")(swap(SHARED, "燃料消耗量".encode(), b"\xff\xfe\xff"))
edit("cut-off sheet", "refused")(lambda p: {**p, FUEL: p[FUEL][:3000]})
edit("empty sheet part", "refused")(lambda p: {**p, FUEL: b""})
edit("unclosed tag", "refused")(swap(FUEL, b"</row>", b""))
edit("XML comment in a sheet", "same")(swap(FUEL, b"<sheetData>", b"<sheetData><!-- note -->"))
edit("two blanks in a cell tag", "same")(swap(FUEL, b'<c r="G2"', b'<c  r="G2"'))
edit("single quotes in a sheet", "same")(lambda p: {**p, FUEL: p[FUEL].replace(b'"', b"'")})
edit("prefixed sheet", "either")(
    lambda p: {
        **p,
        FUEL: re.sub(rb"<(/?)(\w)", rb"<\1x:\2", p[FUEL]).replace(b"xmlns=", b"xmlns:x="),
    }
)
edit("strict namespace", "same")(
    lambda p: everywhere(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )(
        everywhere(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )(p)
    )
)
edit("rows without numbers", "either")(
    lambda p: {**p, FUEL: re.sub(rb'<row r="\d+"', b"<row", p[FUEL])}
)
edit("cells without addresses", "sheet-no-address")(
    lambda p: {**p, FUEL: re.sub(rb'<c r="[A-Z]+\d+"', b"<c", p[FUEL])}
)

# --- container
edit("part of 26 MB", "file-inflated")(lambda p: {**p, "xl/media/image1.png": b"\x00" * (26 << 20)})
edit("sheet of 26 MB", "file-inflated")(
    swap(FUEL, b"<sheetData>", b" " * (26 << 20) + b"<sheetData>")
)
edit("many large parts", "file-inflated")(
    lambda p: {**p, **{f"xl/media/{n}.png": b"\x00" * (20 << 20) for n in range(4)}}
)
edit("cell of 20 MB", "either")(
    cell(FUEL, "A2", b'<c r="A2" t="inlineStr"><is><t>' + b"x" * (20 << 20) + b"</t></is></c>")
)
edit("thousand parts", "file-inflated")(
    lambda p: {**p, **{f"xl/x{n}.xml": b"<x/>" for n in range(1000)}}
)
edit("stored, not compressed", "same")(lambda p: pack(p, zipfile.ZIP_STORED))
edit("bzip2", "refused")(lambda p: pack(p, zipfile.ZIP_BZIP2))
edit("lzma", "refused")(lambda p: pack(p, zipfile.ZIP_LZMA))
edit("folders as members", "same")(lambda p: {"xl/": b"", "docProps/": b"", **p})
edit("absolute member names", "either")(lambda p: {f"/{n}": c for n, c in p.items()})
edit("backslashes in names", "either")(lambda p: {n.replace("/", "\\"): c for n, c in p.items()})
edit("names in capitals", "either")(lambda p: {n.upper(): c for n, c in p.items()})
edit("path traversal", "same")(lambda p: {**p, "../../etc/x.xml": b"<x/>"})
edit("member twice in other case", "file-duplicate-part")(
    lambda p: {**p, "xl/worksheets/SHEET3.xml": p[FUEL]}
)


@edit("member twice", "file-duplicate-part")
def _twice(parts):
    parts = {**parts, "xl/worksheets/sheetX.xml": parts[FUEL]}
    return pack(parts).replace(b"sheetX.xml", b"sheet3.xml")


@edit("other name in the local header", "file-duplicate-part")
def _other_local(parts):
    return pack(parts).replace(b"xl/worksheets/sheet3.xml", b"xl/worksheets/sheet9.xml", 1)


@edit("streamed with data descriptors", "same")
def _streamed(parts):
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise OSError

        def tell(self):
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return pipe.getvalue()


@edit("zip64 members", "same")
def _zip64(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            with container.open(name, "w", force_zip64=True) as member:
                member.write(content)
    return buffer.getvalue()


def _central(source: bytes, name: bytes) -> int:
    at = source.rindex(b"PK\x01\x02", 0, source.rindex(name))
    assert source[at + 46 :].startswith(name)
    return at


@edit("wrong checksum", "file-damaged")
def _checksum(parts):
    source = bytearray(pack(parts))
    struct.pack_into("<L", source, _central(bytes(source), FUEL.encode()) + 16, 12345)
    return bytes(source)


@edit("understated size", "refused")
def _understated(parts):
    source = bytearray(pack({**parts, "xl/bomb.xml": b" " * (30 << 20)}))
    struct.pack_into("<L", source, _central(bytes(source), b"xl/bomb.xml") + 24, 100)
    return bytes(source)


@edit("encrypted member", "file-encrypted")
def _encrypted(parts):
    source = bytearray(pack(parts))
    source[_central(bytes(source), FUEL.encode()) + 8] |= 1
    return bytes(source)


@edit("offset beyond the end", "refused")
def _offset(parts):
    source = bytearray(pack(parts))
    struct.pack_into("<L", source, _central(bytes(source), FUEL.encode()) + 42, 0x7FFFFFFF)
    return bytes(source)


for _percent in (5, 30, 60, 90, 99):
    edit(f"cut off at {_percent} %", "refused")(
        lambda p, n=_percent: pack(p)[: len(pack(p)) * n // 100]
    )
for _percent in (20, 45, 70):

    @edit(f"flipped byte at {_percent} %", "refused")
    def _flipped(parts, percent=_percent):
        source = bytearray(pack(parts))
        source[len(source) * percent // 100] ^= 0x55
        return bytes(source)


edit("garbage in front", "refused")(lambda p: b"garbage" * 9 + pack(p))
edit("garbage behind", "either")(lambda p: pack(p) + b"garbage" * 9)
edit("two archives in a row", "refused")(lambda p: pack({"a.xml": b"<a/>"}) + pack(p))

# --- active content and links
edit("macros", "file-active")(add("xl/vbaProject.bin", b"\xd0\xcf"))
edit("macro content type", "file-active")(
    swap(
        "[Content_Types].xml",
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
)
edit("embedded object", "file-active")(add("xl/embeddings/oleObject1.bin", b"\xd0\xcf"))
edit("ActiveX", "file-active")(add("xl/activeX/activeX1.xml", b"<x/>"))
edit("old macro sheet", "file-active")(add("xl/macrosheets/sheet1.xml", b"<x/>"))
edit("DDE link", "file-active")(
    add("xl/externalLinks/externalLink1.xml", b"<externalLink><ddeLink/></externalLink>")
)
edit("link to another workbook", "same")(
    add("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
)
edit("WPS picture in a cell", "same")(add("xl/cellimages.xml", b"<cellImages/>"))
edit("picture", "same")(add("xl/media/image1.png", b"\x89PNG"))

# --- missing and misleading parts
edit("no shared strings", "refused")(without(SHARED))
edit("no styles: dates become numbers", "refused")(without("xl/styles.xml"))
edit("no theme", "same")(without("xl/theme/theme1.xml"))
edit("no document properties", "same")(
    lambda p: without("docProps/app.xml")(without("docProps/core.xml")(p))
)
edit("no workbook", "file-other-type")(without("xl/workbook.xml"))
edit("no relationships", "file-damaged")(without("xl/_rels/workbook.xml.rels"))
edit("no sheet part", "file-damaged")(without(FUEL))
edit("no content types", "either")(without("[Content_Types].xml"))
edit("wrong string counts", "same")(
    lambda p: {
        **p,
        SHARED: re.sub(rb'count="\d+" uniqueCount="\d+"', b'count="3" uniqueCount="1"', p[SHARED]),
    }
)
edit("huge string counts", "file-damaged")(
    lambda p: {
        **p,
        SHARED: re.sub(
            rb'count="\d+" uniqueCount="\d+"',
            b'count="4000000000" uniqueCount="4000000000"',
            p[SHARED],
        ),
    }
)
edit("huge counts elsewhere", "either")(
    lambda p: {
        n: c if n == SHARED else re.sub(rb'\bcount="\d+"', b'count="4000000000"', c)
        for n, c in p.items()
    }
)
edit("string index beyond the table", "refused")(
    cell(FUEL, "A2", b'<c r="A2" t="s"><v>99999</v></c>')
)
edit("negative string index", "refused")(cell(FUEL, "A2", b'<c r="A2" t="s"><v>-1</v></c>'))
edit("style index beyond the table", "either")(swap(FUEL, b'<c r="F2">', b'<c r="F2" s="9999">'))
edit("sheet name twice", "file-sheet-names")(
    swap("xl/workbook.xml", "购入使用电力".encode(), "生产数据".encode())
)
edit("hidden sheet", "same")(swap("xl/workbook.xml", b'sheetId="4"', b'sheetId="4" state="hidden"'))
edit("very hidden sheet", "same")(
    swap("xl/workbook.xml", b'sheetId="4"', b'sheetId="4" state="veryHidden"')
)
edit("hundred sheets", "file-too-many-sheets")(
    swap(
        "xl/workbook.xml",
        b"</sheets>",
        b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(100, 200))
        + b"</sheets>",
    )
)
edit("1904 dates", "refused")(
    swap("xl/workbook.xml", b"<workbookPr ", b'<workbookPr date1904="1" ')
)
edit("external sheet", "file-damaged")(
    swap(
        "xl/_rels/workbook.xml.rels",
        b'Target="worksheets/sheet3.xml"',
        b'Target="http://h/x.xml" TargetMode="External"',
    )
)
edit("absolute targets", "same")(
    swap("xl/_rels/workbook.xml.rels", b'Target="', b'Target="/xl/', -1)
)


@edit("inline strings throughout", "same")
def _inline(parts):
    texts = re.findall(rb"<si>(.*?)</si>", parts[SHARED], re.S)

    def inline(match):
        return b'<c r="%b"%b t="inlineStr"><is>%b</is></c>' % (
            match[1],
            match[2],
            texts[int(match[3])],
        )

    pattern = rb'<c r="(\w+)"((?: s="\d+")?) t="s"><v>(\d+)</v></c>'
    return {
        name: re.sub(pattern, inline, content) if "/sheet" in name else content
        for name, content in parts.items()
        if name != SHARED
    }


edit("rich text", "same")(
    swap(
        SHARED,
        "<t>燃料消耗量</t>".encode(),
        "<r><t>燃料</t></r><r><rPr><b/></rPr><t>消耗量</t></r>".encode(),
    )
)
edit("phonetic text", "same")(
    swap(
        SHARED,
        "<t>发电量</t>".encode(),
        '<t>发电量</t><rPh sb="0" eb="1"><t>ハツ</t></rPh>'.encode(),
    )
)
edit("escapes in text", "same")(
    swap(SHARED, "<t>发电量</t>".encode(), "<t>发电量_x000D_\n</t>".encode())
)
edit("blank around text", "same")(
    swap(SHARED, "<t>发电量</t>".encode(), '<t xml:space="preserve"> 发电量\t</t>'.encode())
)

# --- values in cells
_F2 = {
    "formula with value": ("same", b'<c r="F2"><f>1+1</f><v>79649.65</v></c>'),
    "formula without value": ("formula-without-value", b'<c r="F2"><f>1+1</f></c>'),
    "formula with empty value": ("formula-without-value", b'<c r="F2"><f>1+1</f><v></v></c>'),
    "formula as empty tag": ("formula-without-value", b'<c r="F2"><f/></c>'),
    "shared formula without value": (
        "formula-without-value",
        b'<c r="F2"><f t="shared" si="0"/></c>',
    ),
    "prefixed formula": (
        "refused",
        b'<c r="F2"><x:f xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">1</x:f></c>',
    ),
    "text formula with text": ("not-a-number", b'<c r="F2" t="str"><f>A1</f><v>abc</v></c>'),
    "text formula with a number": ("same", b'<c r="F2" t="str"><f>A1</f><v>79,649.65</v></c>'),
    "error value": ("cell-error", b'<c r="F2" t="e"><v>#DIV/0!</v></c>'),
    "error value of a formula": ("cell-error", b'<c r="F2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
    "error as text": ("cell-error", b'<c r="F2" t="inlineStr"><is><t>#N/A</t></is></c>'),
    "true": ("not-a-number", b'<c r="F2" t="b"><v>1</v></c>'),
    "exponent": ("same", b'<c r="F2"><v>7.964965E4</v></c>'),
    "float noise": ("same", b'<c r="F2"><v>79649.649999999994</v></c>'),
    "beyond every number": ("refused", b'<c r="F2"><v>1e999</v></c>'),
    "not a number": ("refused", b'<c r="F2"><v>NaN</v></c>'),
    "infinite": ("refused", b'<c r="F2"><v>inf</v></c>'),
    "sixteen digits": ("number-too-large", b'<c r="F2"><v>1234567890123456</v></c>'),
    "letters in a number": ("refused", b'<c r="F2"><v>abc</v></c>'),
    "ISO date in a number": ("refused", b'<c r="F2" t="d"><v>2024-01-01</v></c>'),
    "unknown type": ("either", b'<c r="F2" t="zz"><v>79649.65</v></c>'),
    "live text": ("not-a-number", b'<c r="F2" t="inlineStr"><is><t>=1+1</t></is></c>'),
    "WPS picture text": (
        "not-a-number",
        b'<c r="F2" t="inlineStr"><is><t>=DISPIMG("ID_1",1)</t></is></c>',
    ),
}
for _name, (_outcome, _xml) in _F2.items():
    edit(f"cell: {_name}", _outcome)(cell(FUEL, "F2", _xml))
edit("row of formulas without values", "formula-without-value")(
    lambda p: {**p, FUEL: re.sub(rb'(<c r="[F-R]2")><v>[^<]*</v>', rb"\1><f>1+1</f>", p[FUEL])}
)
