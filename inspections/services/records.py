"""Entries of the on-site record, as they come from a phone: early, late, twice, or against each other."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.ledger import record
from carbonwatch.documents.service import attach
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, WrongState
from inspections.models import EntryRevision, Inspection, RecordEntry
from inspections.record_form import FORM_OF, LONGEST, MUST, EntryForm

CLOCK_AHEAD = timedelta(minutes=10)


@dataclass(frozen=True)
class Written:
    """One version of one entry, as written on a phone. `on_top_of` are the versions it was written
    over: none for a new entry, several when a person settles a dispute."""

    uid: uuid.UUID
    entry: uuid.UUID
    kind: str
    written_at: datetime
    text: str = ""
    detail: dict[str, str] = field(default_factory=dict)
    place: str = ""
    sha256: str = ""
    on_top_of: Sequence[uuid.UUID] = ()


@transaction.atomic
def entry_write(
    inspection_id: int,
    *,
    written: Written,
    file: UploadedFile | None = None,
    actor: Actor,
    now: datetime,
) -> EntryRevision:
    """Take in one version. The same one sent again is answered with what is there. One written on
    top of a version that somebody else has meanwhile replaced stands beside it, until settled.

    Raises `Forbidden`, `Missing`, `WrongState` (the record is signed), `Invalid`.
    """
    if not actor.may(Perm.INSPECTION_DO):
        raise Forbidden()
    inspection: Inspection = Inspection.objects.visible_to(actor).locked(inspection_id)
    known = EntryRevision.objects.filter(uid=written.uid).select_related("entry").first()
    if known is not None:
        if known.entry.inspection_id != inspection.pk or known.author_id != actor.user.pk:
            raise Invalid(_("该条记录的编号已被使用，请重新填写。"))
        return known
    if not inspection.members.filter(user=actor.user).exists():
        raise GuardFailed(_("您不是本次检查的检查人员。"))
    if not inspection.open_record:
        raise WrongState(
            _("笔录未打开或已签字，不能再写入。本机保留该条记录，重新打开笔录后再发送。")
        )
    _check(written, file, now)
    revision = EntryRevision.objects.create(
        entry=_entry(inspection, written),
        uid=written.uid,
        text=written.text.strip(),
        detail={k: v.strip() for k, v in written.detail.items() if v.strip()},
        place=written.place.strip(),
        sha256=written.sha256,
        author=actor.user,
        written_at=min(written.written_at, now),
        received_at=now,
    )
    beside = _supersede(revision, written)
    if file is not None:
        attach(revision, file, actor=actor, now=now)
    record(
        "inspection.write", inspection, actor, now, entry=str(written.entry),
        revision=str(written.uid), kind=written.kind, written_at=written.written_at.isoformat(),
        sha256=written.sha256, beside=beside,
    )  # fmt: skip
    return revision


def _entry(inspection: Inspection, written: Written) -> RecordEntry:
    found = RecordEntry.objects.filter(uid=written.entry).first()
    if found is not None:
        if found.inspection_id != inspection.pk or found.kind != written.kind:
            raise Invalid(_("该条记录不属于本次检查，请刷新页面。"))
        return found
    last = inspection.entries.order_by("-number").first()
    return RecordEntry.objects.create(
        inspection=inspection,
        uid=written.entry,
        number=last.number + 1 if last else 1,
        kind=written.kind,
    )


def _supersede(revision: EntryRevision, written: Written) -> int:
    """Take the place of what it was written over; how many other versions stand beside it."""
    standing = revision.entry.revisions.filter(superseded_by=None).exclude(pk=revision.pk)
    standing.filter(uid__in=list(written.on_top_of)).update(superseded_by=revision)
    return standing.count()


def _check(written: Written, file: UploadedFile | None, now: datetime) -> None:
    form = FORM_OF.get(written.kind)
    if form is None:
        raise _wrong("kind", _("没有这一类记录。"))
    if written.written_at > now + CLOCK_AHEAD:
        raise _wrong("written_at", _("记录时间晚于当前时间，请校准手机时间后重新填写。"))
    if len(written.text) > LONGEST:
        raise _wrong("text", _("内容超过 4000 字，请分条填写。"))
    _check_detail(form, written)
    if form.text == MUST and not written.text.strip():
        raise _wrong("text", _("请填写内容。"))
    if form.picture and file is None:
        raise _wrong("file", _("缺少照片或签名图片，请重新拍摄或签字。"))
    if file is not None:
        _check_file(written, file)


def _check_detail(form: EntryForm, written: Written) -> None:
    for part in form.parts:
        if part.needed and not str(written.detail.get(part.name, "")).strip():
            raise _wrong(part.name, _("请把该条记录填写完整。"))
    for name, value in written.detail.items():
        known = form.by_name.get(name)
        if known is None or not known.accepts(value):
            raise _wrong(name, _("该项内容不符合要求，请重新填写。"))


def _check_file(written: Written, file: UploadedFile) -> None:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    if digest.hexdigest() != written.sha256:
        raise _wrong("sha256", _("图片在传送中损坏，将自动重新发送。"))


def _wrong(name: str, text: Any) -> Invalid:
    return Invalid(text, fields={name: [text]})
