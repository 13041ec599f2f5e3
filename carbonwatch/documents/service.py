"""Attachments: taken in after a look at their content, served through the scope of their object."""

import errno
import hashlib
from datetime import datetime
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.scoping import resolve
from carbonwatch.audit.ledger import record
from carbonwatch.audit.refusals import record_read
from carbonwatch.documents.models import Attachment, attachment_path
from carbonwatch.documents.scanner import scan
from carbonwatch.documents.validation import check_upload, clean_name
from carbonwatch.refusals import Forbidden, Missing, Refused


class DiskFull(Refused):
    """No room for the file (507): the person keeps it and tries later."""

    status = 507
    kind = "disk-full"


def attach(
    target: models.Model,
    upload: UploadedFile,
    actor: Actor | None,
    now: datetime,
    *,
    stem: str = "",
) -> Attachment:
    """Keep one file with an object that the caller has already found through scope and locked.

    `stem` takes the place of a file name that might tell who handed it in (then without an actor).
    Raises `Invalid` (type, size, content), `DiskFull`. The file is written before its row and
    removed when the row cannot be written.
    """
    source, content_type = check_upload(upload)
    scan(source)
    row = Attachment(
        target=target._meta.label_lower,
        target_id=target.pk,
        name=_name(upload, stem),
        content_type=content_type,
        size=len(source),
        sha256=hashlib.sha256(source).hexdigest(),
        uploaded_by=actor.user if actor else None,
        organisation=actor.organisation if actor else None,
        uploaded_at=now,
    )
    storage = row.file.storage
    path = attachment_path(row, "")
    try:
        row.file.name = storage.save(path, ContentFile(source))
        with transaction.atomic():
            row.save()
            record("document.attach", target, actor, now, attachment=row.pk, name=row.name,
                   sha256=row.sha256, size=row.size)  # fmt: skip
    except Exception as error:
        storage.delete(path)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                _("服务器存储空间不足，文件没有保存。请稍后重试或联系系统管理员。")
            ) from error
        raise
    return row


def _name(upload: UploadedFile, stem: str) -> str:
    name = clean_name(upload.name or "")
    return stem + PurePath(name).suffix.lower() if stem else name


def attachments_of(target: models.Model) -> QuerySet[Attachment]:
    """The files of an object that the caller has found through scope, oldest first."""
    return Attachment.objects.filter(
        target=target._meta.label_lower, target_id=target.pk
    ).select_related("uploaded_by", "organisation")


def open_attachment(pk: int, actor: Actor, now: datetime) -> FileResponse:
    """The file for whoever may see its object; leaves an entry in the ledger.

    The scope says whose objects one sees, the `view_perm` of the model whether one's post looks at
    such objects at all (an auditor reads the ledger alone). Raises `Missing`, `Forbidden`.
    """
    row = Attachment.objects.filter(pk=pk).first()
    if row is None:
        raise Missing()
    target = resolve(row.target, row.target_id, actor)
    if not actor.may(getattr(target, "view_perm", "")):
        raise Forbidden()
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Missing(_("文件已不在存储中，请联系系统管理员从备份恢复。")) from error
    record_read(actor, target, row.name, now)
    response = FileResponse(
        content, as_attachment=True, filename=row.name, content_type=row.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
