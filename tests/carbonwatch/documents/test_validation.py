"""The content decides whether a file is taken."""

import struct
import zlib

import pytest

from carbonwatch.documents.validation import LIMIT_MB, check_upload, clean_name
from carbonwatch.refusals import Invalid
from tests.carbonwatch.documents.files import SAMPLES, docx, image, pdf, upload, with_part, xlsx

BOMB = with_part(docx(), "word/media/big.bin", b"\0" * 30_000_000)
MACRO = (b"document.main+xml", b"document.macroEnabled.main+xml")


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("报告.pdf", pdf(), "application/pdf"),
        ("现场.JPG", image(), "image/jpeg"),
        ("现场.jpeg", image(), "image/jpeg"),
        ("截图.png", image("PNG"), "image/png"),
        ("台账.xlsx", xlsx(), "spreadsheetml.sheet"),
        ("说明.docx", docx(), "wordprocessingml.document"),
    ],
)
def test_good_files_are_kept_byte_by_byte(name, content, content_type):
    kept, found = check_upload(upload(name, content))
    assert kept == content
    assert found.endswith(content_type)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.pdf", b"", "空的"),
        ("网页.html", b"<html>", "只能上传"),
        ("程序.exe", b"MZ", "只能上传"),
        ("打包.zip", xlsx(), "只能上传"),
        ("图.svg", b"<svg/>", "只能上传"),
        ("没有扩展名", pdf(), "只能上传"),
        ("双重.pdf.exe", pdf(), "只能上传"),
        ("假.pdf", image(), "不符"),
        ("假.jpg", b"<script>", "不符"),
        ("假.png", image(), "不符"),
        ("断.pdf", pdf()[:40], "已损坏"),
        ("锁.pdf", (SAMPLES / "locked.pdf").read_bytes(), "密码"),
        ("限.pdf", (SAMPLES / "restricted.pdf").read_bytes(), "已加密"),
        (
            "脚本.pdf",
            pdf().replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/JavaScript/JS(a)>>"),
            "脚本",
        ),
        ("断.jpg", image()[:3000], "已损坏"),
        ("断.png", image("PNG")[:3000], "已损坏"),
        ("坏.jpg", b"\xff\xd8\xff" + b"\0" * 500, "已损坏"),
        ("坏.xlsx", xlsx()[:500], ""),
        ("宏.xlsx", with_part(xlsx(), "xl/vbaProject.bin"), "宏"),
        ("表.docx", xlsx(), "不是 DOCX"),
        ("文.xlsx", docx(), ""),
        ("宏.docx", with_part(docx(), "word/vbaProject.bin"), "宏"),
        ("宏.docx", with_part(docx(), "", replace=MACRO), "DOCX"),
        ("对象.docx", with_part(docx(), "word/embeddings/oleObject1.bin"), "内嵌对象"),
        ("炸弹.docx", BOMB, ""),
    ],
)  # fmt: skip
def test_bad_files_are_refused_with_a_cure(name, content, words):
    with pytest.raises(Invalid) as refusal:
        check_upload(upload(name, content))
    text = str(refusal.value.message)
    assert words in text
    assert text.endswith("。")


def test_the_size_is_limited():
    large = upload("大.pdf", pdf())
    large.size = LIMIT_MB * 2**20 + 1
    with pytest.raises(Invalid, match="超过 20 MB"):
        check_upload(large)


def test_a_flood_of_pixels_is_refused_without_decoding():
    with pytest.raises(Invalid, match="尺寸过大"):
        check_upload(upload("大图.png", _huge_png()))


def _huge_png():
    """A header that claims 60,000 by 60,000 points."""

    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("报告.pdf", "报告.pdf"),
        ("..\\..\\windows\\报告.pdf", "报告.pdf"),
        ("/etc/passwd", "passwd"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("发票\u202efdp.exe", "发票fdp.exe"),
        (" .pdf. ", "pdf"),
        ("", "file"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_names_are_for_display_only(given, kept):
    assert clean_name(given) == kept
