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
from inspections.models import EntryKind, EntryRevision, Inspection, RecordEntry

CLOCK_AHEAD = timedelta(minutes=10)
NEEDED: dict[str, tuple[str, ...]] = {
    EntryKind.CHECK: ("result",),
    EntryKind.TALK: ("person",),
    EntryKind.DOCUMENT: ("name", "copies"),
    EntryKind.SAMPLE: ("sample_no", "keeper"),
    EntryKind.SIGNATURE: ("role", "name"),
}
"""What an entry of a kind cannot do without."""
ALLOWED: dict[str, tuple[str, ...]] = {
    **NEEDED,
    EntryKind.DOCUMENT: ("name", "copies", "form", "handed_by"),
    EntryKind.SAMPLE: ("sample_no", "keeper", "amount", "seal"),
    EntryKind.SIGNATURE: ("role", "name", "position"),
}
CHOICES = {
    "result": ("conform", "not", "na"),
    "role": ("inspector", "inspected", "witness"),
    "form": ("original", "copy"),
}
LONGEST, LONGEST_PART = 4000, 200


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
    if written.kind not in EntryKind.values:
        raise _wrong("kind", _("没有这一类记录。"))
    if written.written_at > now + CLOCK_AHEAD:
        raise _wrong("written_at", _("记录时间晚于当前时间，请校准手机时间后重新填写。"))
    if len(written.text) > LONGEST:
        raise _wrong("text", _("内容超过 4000 字，请分条填写。"))
    _check_detail(written)
    if written.kind in (EntryKind.FACT, EntryKind.TALK) and not written.text.strip():
        raise _wrong("text", _("请填写内容。"))
    _check_file(written, file)


def _check_detail(written: Written) -> None:
    for name in NEEDED.get(written.kind, ()):
        if not str(written.detail.get(name, "")).strip():
            raise _wrong(name, _("请把该条记录填写完整。"))
    for name, value in written.detail.items():
        known = name in ALLOWED.get(written.kind, ())
        fits = isinstance(value, str) and len(value) <= LONGEST_PART
        if not known or not fits or (value and value not in CHOICES.get(name, (value,))):
            raise _wrong(name, _("该项内容不符合要求，请重新填写。"))


def _check_file(written: Written, file: UploadedFile | None) -> None:
    if written.kind in (EntryKind.PHOTO, EntryKind.SIGNATURE) and file is None:
        raise _wrong("file", _("缺少照片或签名图片，请重新拍摄或签字。"))
    if file is None:
        return
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    if digest.hexdigest() != written.sha256:
        raise _wrong("sha256", _("图片在传送中损坏，将自动重新发送。"))


def _wrong(name: str, text: Any) -> Invalid:
    return Invalid(text, fields={name: [text]})
