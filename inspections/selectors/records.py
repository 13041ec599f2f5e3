"""Reads of an on-site record: its lines, for pages, papers and phones."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carbonwatch.documents.models import Attachment
from inspections.models import EntryRevision, Inspection, RecordEntry
from inspections.selectors.checklist import Origin


class Result(TextChoices):
    """What was seen of an item of the checklist."""

    CONFORM = "conform", _("符合")
    NOT = "not", _("不符合")
    NA = "na", _("不适用")


class SignatureRole(TextChoices):
    """As whom somebody signs."""

    INSPECTOR = "inspector", _("检查人员")
    INSPECTED = "inspected", _("被检查单位")
    WITNESS = "witness", _("见证人")


class PaperForm(TextChoices):
    """What was handed over."""

    ORIGINAL = "original", _("原件")
    COPY = "copy", _("复印件")


WORDS: dict[str, Any] = {
    "result": _("检查结果"),
    "person": _("被询问人"),
    "name": _("名称或姓名"),
    "copies": _("份数"),
    "form": _("原件或复印件"),
    "handed_by": _("提供人"),
    "sample_no": _("样品编号"),
    "keeper": _("保管人"),
    "amount": _("数量"),
    "seal": _("封条编号"),
    "role": _("签字人身份"),
    "position": _("职务"),
}
_CHOICES: dict[str, type[TextChoices]] = {
    "result": Result,
    "role": SignatureRole,
    "form": PaperForm,
}


@dataclass(frozen=True)
class Standing:
    """A version that stands, and its file."""

    revision: EntryRevision
    file: Attachment | None

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The elements in words, in the order of `WORDS`."""
        return [
            (str(label), worded(name, self.revision.detail[name]))
            for name, label in WORDS.items()
            if self.revision.detail.get(name)
        ]


@dataclass(frozen=True)
class Line:
    """An entry with the versions that stand: none yet, one, or several in dispute."""

    entry: RecordEntry
    standing: list[Standing]

    @property
    def origin(self) -> str:
        """Where an item of the checklist comes from."""
        return str(Origin(self.entry.origin).label) if self.entry.origin else ""

    @property
    def disputed(self) -> bool:
        """Whether a person has to settle it."""
        return len(self.standing) > 1


def worded(name: str, value: str) -> str:
    """A coded value in words."""
    choices = _CHOICES.get(name)
    return str(choices(value).label) if choices and value in choices.values else value


def lines_of(inspection: Inspection) -> list[Line]:
    """Every entry with what stands of it, in three queries."""
    heads = list(inspection.heads())
    files = {
        f.target_id: f
        for f in Attachment.objects.filter(
            target="inspections.entryrevision", target_id__in=[h.pk for h in heads]
        )
    }
    standing: dict[int, list[Standing]] = defaultdict(list)
    for head in heads:
        standing[head.entry_id].append(Standing(head, files.get(head.pk)))
    return [Line(e, standing[e.pk]) for e in inspection.entries.order_by("number")]


def record_of(inspection: Inspection) -> dict[str, Any]:
    """The record for a phone: everything it needs to go on without a network."""
    return {
        "inspection": inspection.pk,
        "status": inspection.status,
        "open": inspection.open_record,
        "entries": [_plain(line) for line in lines_of(inspection)],
    }


def _plain(line: Line) -> dict[str, Any]:
    entry = line.entry
    return {
        "uid": str(entry.uid),
        "number": entry.number,
        "kind": entry.kind,
        "prompt": entry.prompt,
        "origin": line.origin,
        "basis": entry.basis,
        "standing": [
            {
                "uid": str(s.revision.uid),
                "text": s.revision.text,
                "detail": s.revision.detail,
                "place": s.revision.place,
                "author": s.revision.author.name,
                "written_at": s.revision.written_at.isoformat(),
                "sha256": s.revision.sha256,
                "file": reverse("attachment", args=[s.file.pk]) if s.file else "",
            }
            for s in line.standing
        ],
    }
