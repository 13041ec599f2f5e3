"""Official documents: declared once, filled from an editable DOCX below `templates/documents/`.

    ORDER = Document("rectification-order", _("责令改正通知书"), "documents/order.docx", order_context)

Officials may edit layout and wording in Word or WPS; `{{ fields }}` are filled by docxtpl.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from carbonwatch.web.export import download
from carbonwatch.web.pages import Page

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What XML 1.0 cannot hold would make a document that Word refuses to open.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Document:
    """A kind of document. `context(subject)` gives the fields as texts, or lists and dicts of texts;
    it raises `Missing` while the subject has no such document."""

    code: str
    title: Any
    template: str
    context: Callable[[Any], Mapping[str, Any]]

    def render(self, subject: Any) -> bytes:
        """The filled DOCX."""
        book = DocxTemplate(settings.BASE_DIR / "templates" / self.template)
        environment = SandboxedEnvironment(autoescape=True)  # a template can be edited by many
        with translation.override(settings.LANGUAGE_CODE):  # official documents are in Chinese
            book.render(_clean(self.context(subject)), environment)
        buffer = BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    def response(self, subject: Any) -> HttpResponse:
        """The DOCX as a download, named after the document and its subject."""
        content = self.render(subject)
        name = re.sub(r'[\\/:*?"<>|\s]+', "_", f"{self.title}-{subject}")[:100]
        return download(content, f"{name}.docx", DOCX)


class DocumentPage(Page):
    """A download of one object's document, through scope: `model` and `document`."""

    abstract = True
    model: ClassVar[type[Model]]
    document: ClassVar[Document]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The DOCX."""
        subject = self.model._default_manager.visible_to(self.actor).one(pk=pk)  # type: ignore[attr-defined]
        return self.document.response(subject)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text typed into a form."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _clean(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(v) for v in value]
    return _NOT_IN_XML.sub("", str(value))
