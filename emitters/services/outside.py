"""Bringing in outside records: a file is kept and read, its columns are named, it is taken back."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import Perm
from carbonwatch.documents.validation import clean_name
from carbonwatch.jobs.service import enqueue
from carbonwatch.params.service import in_force
from carbonwatch.refusals import Forbidden, Invalid, Refused, WrongState
from carbonwatch.workflow.moves import move, shift, start
from emitters.models import OutsideFile, OutsideMapping
from emitters.models.outside import LIVE
from emitters.outside import KINDS, RecordKind
from emitters.outside.headers import Choice, Chosen
from emitters.services.outside_recheck import ask_recheck
from emitters.services.uploads import keep_file, receipt_number

READ = "outside.read"
REPLACEABLE = ("asking", "refused", "in_force")


def kinds_of(actor: Actor) -> list[RecordKind]:
    """The kinds of record that the actor's organisation provides."""
    return [k for k in KINDS.values() if actor.kind in k.providers]


def outside_upload(
    *,
    kind: str,
    upload: UploadedFile,
    replaces: OutsideFile | None = None,
    reason: str = "",
    ask: bool = False,
    columns: Chosen | None = None,
    header: int | None = None,
    actor: Actor,
    now: datetime,
) -> OutsideFile:
    """Keep a file of records and ask for its reading. `ask`: name its columns anew; `columns`: what
    they are, remembered as `outside_map` does, with the header in row `header`.

    The same file again gives the one that is there already. A file that replaces one in force takes
    its place when it comes into force itself. Raises `Forbidden`, `Missing`, `Invalid`, `WrongState`.
    """
    if not actor.may(Perm.OUTSIDE_IMPORT):
        raise Forbidden()
    if kind not in {k.code for k in kinds_of(actor)}:
        raise Invalid(_("贵单位不提供该类数据。"), fields={"kind": [_("请重新选择。")]})
    suffix = ".csv" if (upload.name or "").lower().endswith((".csv", ".txt")) else ".xlsx"
    name, sha256, size = keep_file(upload, f"outside/{now.year}", suffix)
    file = OutsideFile(
        kind=kind,
        provider=actor.organisation,
        file=name,
        file_name=clean_name(upload.name or ""),
        size=size,
        sha256=sha256,
        ask=ask,
        header=header,
        reason=reason.strip(),
        replaces=replaces,
        uploaded_by=actor.user,
        uploaded_at=now,
    )
    try:
        with transaction.atomic():
            kept = _keep(file, columns or {}, actor, now)
    except Refused:
        (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
        raise
    # Any other error leaves the file: a commit whose answer was lost may have been made.
    if kept.file != name:
        (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
    return kept


def _keep(file: OutsideFile, columns: Chosen, actor: Actor, now: datetime) -> OutsideFile:
    lock_provider(file.provider)
    same = OutsideFile.objects.filter(
        provider=file.provider, kind=file.kind, sha256=file.sha256, status__in=LIVE
    ).first()
    if same is not None:
        return same
    if file.replaces is not None:
        _make_way(file, actor, now)
    said = _remember(file, columns, actor, now) if columns else {}
    file.receipt = receipt_number(now.year)
    keep_years = int(in_force().get("retention.record_years", now.date()))
    file.retain_until = date(now.year + keep_years, 12, 31)
    file.save()
    start(
        file,
        actor,
        now,
        kind=file.kind,
        sha256=file.sha256,
        size=file.size,
        file=file.file_name,
        replaces=file.replaces_id,
        reason=file.reason,
        **({"columns": said} if said else {}),
    )
    enqueue(READ, file, actor=actor, now=now)
    return file


def _make_way(file: OutsideFile, actor: Actor, now: datetime) -> None:
    """The replaced file must be the provider's own, of the same kind; one that never came into force
    ends at once, with its duty."""
    older = OutsideFile.objects.visible_to(actor).locked(file.replaces_id)
    if older.provider_id != file.provider_id or older.kind != file.kind:
        raise Invalid(_("只能替换本单位提供的同类文件。"), fields={"replaces": [_("请重新选择。")]})
    if older.status not in REPLACEABLE:
        raise WrongState(_("该文件已被替换或撤回，或正在读取，不能替换。"))
    if older.status == "in_force":
        if not file.reason:
            raise Invalid(
                _("替换有效的文件须填写更正原因。"), fields={"reason": [_("请填写更正原因。")]}
            )
        return
    end(older, actor, now, _("已上传更正后的文件"))
    shift(older, "replaced", actor, now, sha256=file.sha256)


def lock_provider(provider: Organisation) -> None:
    """One file of a provider is stored at a time: two could hold the same fact unseen."""
    Organisation.objects.select_for_update(no_key=True).get(pk=provider.pk)


def end(file: OutsideFile, actor: Actor, now: datetime, note: str) -> None:
    """Who ended the file, when and why (not saved yet)."""
    file.ended_by, file.ended_at, file.end_note = actor.user, now, note


@transaction.atomic
def outside_map(
    file_id: int, *, columns: Mapping[str, Choice], header: int, actor: Actor, now: datetime
) -> OutsideFile:
    """Say what the columns of a file are (key of a header -> choice), remember it for the provider's
    next files of this kind, and read the file again with the header in that row."""
    file = OutsideFile.objects.visible_to(actor).locked(file_id)
    file.header, file.problems = header, []
    said = _remember(file, columns, actor, now)
    move("map", file, actor, now, columns=said, header=header)
    enqueue(READ, file, actor=actor, now=now)
    return file


def _remember(
    file: OutsideFile, columns: Chosen, actor: Actor, now: datetime
) -> dict[str, list[str]]:
    """Keep what the columns are for the provider's next files of this kind; what was said."""
    said = {key: [choice.field, choice.unit] for key, choice in columns.items()}
    mapping = OutsideMapping.objects.select_for_update().filter(
        provider=file.provider, kind=file.kind
    )
    known = mapping.values_list("columns", flat=True).first() or {}
    OutsideMapping.objects.update_or_create(
        provider=file.provider,
        kind=file.kind,
        defaults={"columns": known | said, "updated_by": actor.user, "updated_at": now},
    )
    return said


def remembered(provider_id: int, kind: str) -> Chosen:
    """What the columns of a provider's files of a kind are, as far as a person has said."""
    mapping = OutsideMapping.objects.filter(provider=provider_id, kind=kind).first()
    columns = mapping.columns if mapping else {}
    return {key: Choice(field, unit) for key, (field, unit) in columns.items()}


@transaction.atomic
def outside_discard(file_id: int, *, note: str = "", actor: Actor, now: datetime) -> OutsideFile:
    """Give up a file that never came into force."""
    file = OutsideFile.objects.visible_to(actor).locked(file_id)
    end(file, actor, now, note)
    move("discard", file, actor, now, note=note)
    return file


@transaction.atomic
def outside_withdraw(file_id: int, *, note: str, actor: Actor, now: datetime) -> OutsideFile:
    """Take a file back: its rows stay on record but no longer count, and what rested on them is checked
    again."""
    file = OutsideFile.objects.visible_to(actor).locked(file_id)
    end(file, actor, now, note)
    move("withdraw", file, actor, now, note=note)
    ask_recheck(file, actor=actor, now=now)
    return file
