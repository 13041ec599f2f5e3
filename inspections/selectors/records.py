"""Reads of an on-site record: its lines, for pages, papers and phones."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from carbonwatch.documents.models import Attachment
from inspections.models import EntryRevision, Inspection, RecordEntry
from inspections.record_form import FORM_OF
from inspections.selectors.checklist import Origin


@dataclass(frozen=True)
class Standing:
    """A version that stands, and its file."""

    revision: EntryRevision
    file: Attachment | None

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Its parts in words, in the order of the form."""
        detail = self.revision.detail
        return [
            (str(part.label), part.worded(detail[part.name]))
            for part in FORM_OF[self.revision.entry.kind].parts
            if detail.get(part.name)
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
