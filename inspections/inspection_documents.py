"""Official documents of inspections: the notice (检查通知书) and the on-site record (现场检查笔录)."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from carbonwatch.documents.render import Document, paragraphs
from carbonwatch.refusals import Missing
from inspections.documents import DAY
from inspections.models import EntryKind, Inspection
from inspections.selectors.records import Line, lines_of

MOMENT = "Y年n月j日 H时i分"


def _people(inspection: Inspection) -> list[dict[str, str]]:
    members = inspection.members.select_related("user")
    return [{"name": m.user.name, "certificate": m.certificate} for m in members]


def _notice_context(inspection: Inspection) -> dict[str, Any]:
    if inspection.notified_at is None or inspection.visit_on is None:
        raise Missing(_("尚未制作检查通知书。"))
    return {
        "issuer": inspection.organisation,
        "number": inspection.notice_number,
        "unit": inspection.unit,
        "kind": inspection.get_kind_display(),
        "year": inspection.year,
        "reason": inspection.reason,
        "visit_on": date_format(inspection.visit_on, DAY),
        "people": _people(inspection),
        "scope": paragraphs(inspection.scope),
        "asked_for": paragraphs(inspection.asked_for),
        "issued_on": date_format(timezone.localtime(inspection.notified_at), DAY),
    }


def _record_context(inspection: Inspection) -> dict[str, Any]:
    if inspection.begun_at is None:
        raise Missing(_("检查尚未开始，没有笔录。"))
    lines = lines_of(inspection)
    ended = inspection.signed_at
    return {
        "issuer": inspection.organisation,
        "number": inspection.notice_number or "—",
        "unit": inspection.unit,
        "credit_code": inspection.unit.credit_code,
        "kind": inspection.get_kind_display(),
        "begun": date_format(timezone.localtime(inspection.begun_at), MOMENT),
        "ended": date_format(timezone.localtime(ended), MOMENT) if ended else "未签字",
        "people": _people(inspection),
        "checks": [_check(n, s) for n, s in _of(lines, EntryKind.CHECK)],
        "facts": [_told(n, s) for k in (EntryKind.FACT, EntryKind.TALK) for n, s in _of(lines, k)],
        "photos": [_photo(n, s) for n, s in _of(lines, EntryKind.PHOTO)],
        "papers": [_told(n, s) for n, s in _of(lines, EntryKind.DOCUMENT)],
        "samples": [_told(n, s) for n, s in _of(lines, EntryKind.SAMPLE)],
        "signatures": [_told(n, s) for n, s in _of(lines, EntryKind.SIGNATURE)],
    }


def _of(lines: list[Line], kind: str) -> list[tuple[int, Any]]:
    """What stands of one kind, numbered; items nobody has answered yet are left out."""
    return list(enumerate((ln for ln in lines if ln.entry.kind == kind and ln.standing), 1))


def _words(line: Line) -> str:
    """Every standing version; a disputed entry shows both, with who wrote which."""
    said = []
    for s in line.standing:
        parts = [f"{label}：{value}" for label, value in s.parts]
        text = "；".join([*parts, *([s.revision.text] if s.revision.text else [])])
        said.append(f"{text}（{s.revision.author.name}）" if line.disputed else text)
    return "　／　".join(said)


def _check(number: int, line: Line) -> dict[str, str]:
    return {
        "n": str(number),
        "prompt": line.entry.prompt,
        "basis": line.entry.basis,
        "said": _words(line),
    }


def _told(number: int, line: Line) -> str:
    revision = line.standing[-1].revision
    at = date_format(timezone.localtime(revision.written_at), "H时i分")
    # The whole hash: a paper copy must let anybody check the file it speaks of.
    proof = f"；校验值（SHA-256）：{revision.sha256}" if revision.sha256 else ""
    return f"{number}. {_words(line)}（{at}）{proof}"


def _photo(number: int, line: Line) -> str:
    revision = line.standing[-1].revision
    at = date_format(timezone.localtime(revision.written_at), MOMENT)
    return (
        f"{number}. {revision.text or '现场照片'}；拍摄时间：{at}；地点：{revision.place or '未记录'}；"
        f"校验值（SHA-256）：{revision.sha256 or '无'}"
    )


INSPECTION_NOTICE = Document(
    "inspection-notice",
    _("检查通知书"),
    "documents/inspection_notice.docx",
    _notice_context,
)
ON_SITE_RECORD = Document(
    "on-site-record",
    _("现场检查笔录"),
    "documents/on_site_record.docx",
    _record_context,
)
