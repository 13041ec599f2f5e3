"""Official documents of this app."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from carbonwatch.documents.render import Document, paragraphs
from carbonwatch.refusals import Missing
from enforcement.models import PublicNotice


def _notice_context(notice: PublicNotice) -> dict[str, Any]:
    if notice.published_at is None:
        raise Missing(_("尚未公开。"))
    return {
        "issuer": notice.issuer,
        "number": notice.number,
        "title": notice.title,
        "body": paragraphs(notice.body),
        "published_on": date_format(timezone.localtime(notice.published_at), "Y年n月j日"),
    }


PUBLIC_NOTICE = Document(
    "public-notice", _("公开通报"), "documents/public_notice.docx", _notice_context
)
