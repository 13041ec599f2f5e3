"""Small files for attachments, made here; the two encrypted PDFs come from LibreOffice."""

import zipfile
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from PIL import Image
from xlsxwriter import Workbook

SAMPLES = Path(__file__).parent / "samples"


def upload(name, content):
    return SimpleUploadedFile(name, content, "application/x-whatever-the-browser-says")


@lru_cache
def pdf():
    document, out = pypdfium2.PdfDocument.new(), BytesIO()
    document.new_page(100, 100)
    document.save(out)
    document.close()
    return out.getvalue()


def image(kind="JPEG", size=(400, 300)):
    out = BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, kind)
    return out.getvalue()


def docx():
    document, out = Document(), BytesIO()
    document.add_paragraph("整改说明")
    document.save(out)
    return out.getvalue()


def xlsx():
    out = BytesIO()
    with Workbook(out) as book:
        book.add_worksheet().write_string(0, 0, "台账")
    return out.getvalue()


def with_part(package, name, content=b"x", replace=None):
    """The same zip with one more part, and with bytes replaced in the others."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for item in old.namelist():
            part = old.read(item)
            new.writestr(item, part.replace(*replace) if replace else part)
        if name:
            new.writestr(name, content)
    return out.getvalue()
