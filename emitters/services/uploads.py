"""Taking in a workbook: the file is kept first, then the version and its job are written together."""

import hashlib
import os
import secrets
import uuid
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.jobs.service import enqueue
from carbonwatch.params.service import in_force
from carbonwatch.refusals import Forbidden, Invalid, Refused, WrongState
from carbonwatch.workflow.moves import shift, start
from emitters.models import AnnualReport, ReportVersion

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: receipts are read aloud
INTAKE = "report.intake"


def receipt_number(year: int) -> str:
    """A receipt that cannot be guessed: `CW2024-XXXX-XXXX-XXXX`."""
    code = "".join(secrets.choice(ALPHABET) for _i in range(12))
    return f"CW{year}-{code[:4]}-{code[4:8]}-{code[8:]}"


def keep_file(upload: UploadedFile, folder: str, suffix: str = ".xlsx") -> tuple[str, str, int]:
    """Write the upload under the private folder and to the disk; returns (relative path, SHA-256, size).

    Raises `Invalid` when it is too large, `Refused` when the disk cannot take it.
    """
    if upload.size and upload.size > settings.UPLOAD_LIMIT_MB * 1024 * 1024:
        raise Invalid(
            _("文件超过 %(mb)s MB。请删去与模板无关的图片和工作表后重新上传。")
            % {"mb": settings.UPLOAD_LIMIT_MB}
        )
    name = f"{folder}/{uuid.uuid4().hex}{suffix}"
    path = Path(settings.MEDIA_ROOT) / name
    digest, size = hashlib.sha256(), 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as out:
            for chunk in upload.chunks():
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Refused(
            _("存储空间暂时不可用，文件未保存。请稍后重试；仍不成功的，请联系系统管理员。")
        ) from error
    if size == 0:
        path.unlink()
        raise Invalid(_("文件是空的。请重新选择填写好的文件。"))
    return name, digest.hexdigest(), size


def report_upload(
    *, report_id: int, upload: UploadedFile, reason: str = "", actor: Actor, now: datetime
) -> ReportVersion:
    """Keep a workbook as the next version of a report and ask for its intake.

    The same file again gives the version that exists already. Raises `Missing`, `Forbidden`,
    `WrongState` (the report is accepted), `Invalid`.
    """
    if not actor.may(Perm.REPORT_UPLOAD):
        raise Forbidden()
    year = AnnualReport.objects.visible_to(actor).one(pk=report_id).year
    name, sha256, size = keep_file(upload, f"reports/{year}")
    try:
        with transaction.atomic():
            version, new = _next_version(
                report_id, name, sha256, size, upload.name or "", reason, actor, now
            )
    except Refused:
        (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
        raise
    # Any other error leaves the file: a commit whose answer was lost may have been made.
    if not new:
        (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
    return version


def _next_version(
    report_id: int,
    name: str,
    sha256: str,
    size: int,
    file_name: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> tuple[ReportVersion, bool]:
    report = AnnualReport.objects.visible_to(actor).locked(report_id)
    same = report.versions.filter(sha256=sha256).first()
    if same is not None:
        return same, False
    latest = report.versions.first()
    _may_follow(report, latest, reason)
    keep_years = int(in_force().get("retention.record_years", now.date()))
    version = ReportVersion.objects.create(
        report=report,
        number=(latest.number if latest else 0) + 1,
        reason=reason,
        file=name,
        file_name=file_name[-200:],
        size=size,
        sha256=sha256,
        receipt=receipt_number(report.year),
        uploaded_by=actor.user,
        uploaded_at=now,
        due_at=report.due_at,
        retain_until=date(now.year + keep_years, 12, 31),
    )
    if report.status != "drafting":
        shift(report, "drafting", actor, now, due_at=report.due_at)
    for answered in report.versions.filter(status__in=["refused", "returned"]):
        shift(answered, "superseded", actor, now)
    start(
        version,
        actor,
        now,
        number=version.number,
        sha256=sha256,
        size=size,
        file=file_name,
        reason=reason,
    )
    enqueue(INTAKE, version, actor=actor, now=now)
    return version, True


def _may_follow(report: AnnualReport, latest: ReportVersion | None, reason: str) -> None:
    """Whether a new version may come now; a correction of what was submitted needs a reason."""
    if latest is None:
        return
    if latest.status in ("received", "reading"):
        raise WrongState(_("上一版本正在读取，请等待完成后再上传。"))
    if latest.status == "submitted":
        raise WrongState(_("报告已提交，正在受理。如需更正，请联系受理人员退回后再上传。"))
    if latest.submitted_at is not None and not reason.strip():
        raise Invalid(
            _("更正已提交过的报告须填写更正原因。"), fields={"reason": [_("请填写更正原因。")]}
        )
