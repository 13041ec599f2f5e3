"""Is a handed-in file what it claims to be, and harmless? Its content decides, not its name.

Evidence is kept byte by byte: it is looked at, not written anew.
"""

import re
import unicodedata
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePath

import pypdfium2
import pypdfium2.raw
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile

from carbonwatch.imports.guard import inspect
from carbonwatch.imports.package import Unreadable, inflate
from carbonwatch.imports.rules import cure, describe
from carbonwatch.refusals import Invalid

LIMIT_MB = 20
MAX_PIXELS = 80_000_000
MAX_PAGES = 2000
_ACTIVE_PDF = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_ACTIVE_DOCX = re.compile(r"vbaproject|vbadata|/activex/|oleobject|/embeddings/.*\.bin$", re.I)
_DOCX_TYPE = b"wordprocessingml.document.main+xml"
_WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def check_upload(upload: UploadedFile) -> tuple[bytes, str]:
    """The bytes and the content type of an acceptable file; raises `Invalid` with what to do."""
    if not upload.size:
        raise Invalid(_("文件是空的，请重新选择文件。"))
    if upload.size > LIMIT_MB * 2**20:
        raise Invalid(_("文件超过 %(limit)s MB，请压缩图片或拆分后再上传。") % {"limit": LIMIT_MB})
    ending = PurePath(clean_name(upload.name or "")).suffix.lower()
    if ending not in _KINDS:
        raise Invalid(_("只能上传 PDF、JPEG、PNG、XLSX 或 DOCX 文件，请另存为其中一种格式。"))
    content_type, magic, look = _KINDS[ending]
    source = b"".join(upload.chunks())
    if not source.startswith(magic):
        raise Invalid(
            _("文件内容与扩展名“%(ending)s”不符，请用原软件另存后再上传。") % {"ending": ending}
        )
    look(source)
    return source, content_type


def clean_name(name: str) -> str:
    """The bare file name for display: no folders, control or direction characters, 120 at most."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(" .")
    path = PurePath(name or "file")
    return path.stem[: 120 - len(path.suffix[:10])] + path.suffix[:10]


def _look_at_pdf(source: bytes) -> None:
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        raise Invalid(_("PDF 文件已损坏或设有密码，请去除密码、重新导出后再上传。")) from error
    try:
        if pypdfium2.raw.FPDF_GetSecurityHandlerRevision(document) != -1:
            raise Invalid(_("PDF 文件已加密，请去除密码和权限限制后再上传。"))
        scripts = pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(document)
        if scripts > 0 or _ACTIVE_PDF.search(source):
            raise Invalid(_("PDF 文件含有脚本或内嵌文件，不能接收。请打印为普通 PDF 后再上传。"))
        if not 1 <= len(document) <= MAX_PAGES:
            raise Invalid(_("PDF 文件没有页面或页数过多，请检查后再上传。"))
    finally:
        document.close()


def _look_at_image(source: bytes) -> None:
    # A library that makes PDF turns this on for the whole process; a cut upload must not pass.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit is below
            with Image.open(BytesIO(source), formats=("JPEG", "PNG")) as image:
                too_large = image.width * image.height > MAX_PIXELS
                image.verify()
            if not too_large:
                with Image.open(BytesIO(source), formats=("JPEG", "PNG")) as image:
                    image.draft("RGB", (image.width // 8, image.height // 8))
                    image.load()  # verify() alone lets a cut file pass
    except Image.DecompressionBombError:
        too_large = True
    except (OSError, SyntaxError, ValueError) as error:
        raise Invalid(_("图片已损坏，无法打开，请重新拍摄或另存后再上传。")) from error
    if too_large:
        raise Invalid(_("图片尺寸过大，请缩小到 8000 万像素以内再上传。"))


def _look_at_sheet(source: bytes) -> None:
    found = inspect(source)
    if found.refused:
        worst = next(p for p in found.problems if p.weight == "file")
        raise Invalid(f"{describe(worst)}{cure(worst)}")


def _look_at_text(source: bytes) -> None:
    try:
        parts = inflate(source)
    except Unreadable as error:
        raise Invalid(f"{describe(error.problem)}{cure(error.problem)}") from error
    types = parts.get("[Content_Types].xml", b"")
    if "word/document.xml" not in parts or _DOCX_TYPE not in types:
        raise Invalid(_("文件不是 DOCX 文档，请用 Word 或 WPS 另存为 DOCX 后再上传。"))
    if any(_ACTIVE_DOCX.search(name) for name in parts) or b"macroEnabled" in types:
        raise Invalid(_("文档含有宏或内嵌对象，不能接收。请去除后另存为普通 DOCX 再上传。"))


_KINDS: dict[str, tuple[str, bytes, Callable[[bytes], None]]] = {
    ".pdf": ("application/pdf", b"%PDF-", _look_at_pdf),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff", _look_at_image),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff", _look_at_image),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n", _look_at_image),
    ".xlsx": (f"application/{_SHEET}", b"PK\x03\x04", _look_at_sheet),
    ".docx": (f"application/{_WORD}", b"PK\x03\x04", _look_at_text),
}
