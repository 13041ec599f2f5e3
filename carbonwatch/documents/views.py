"""Files, served through the scope of the object that they belong to."""

from django.http import FileResponse, HttpRequest
from django.utils import timezone

from carbonwatch.accounts.permissions import Perm
from carbonwatch.documents.service import open_attachment
from carbonwatch.web.pages import Page


class AttachmentDownload(Page):
    permission = Perm.HOME  # whoever sees the object sees its files

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file, to keep; never shown inline."""
        return open_attachment(pk, self.actor, timezone.now())
