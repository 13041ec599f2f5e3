"""Proving the ledger: recompute the chain, compare it with its head and with the second place."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Subquery
from django.utils.translation import gettext as _

from carbonwatch.audit.anchor import read_anchors
from carbonwatch.audit.ledger import ALGORITHMS, COLUMNS, GENESIS, digest_of
from carbonwatch.audit.models import AuditEvent, AuditHead


@dataclass(frozen=True)
class Verdict:
    """What the proof found. `broken_seq` names the first bad entry, `what` the kind of break:
    missing, inserted, edited, unlinked, replaced, cut, head."""

    entries: int
    digest: str
    anchored: int
    broken_seq: int | None = None
    what: str = ""
    message: str = ""

    @property
    def ok(self) -> bool:
        """Whether the chain holds."""
        return self.broken_seq is None

    @property
    def unanchored(self) -> int:
        """Entries that the second place does not know: its writer was killed, or it was lost."""
        return self.entries - self.anchored

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"ok": self.ok, "unanchored": self.unanchored, **asdict(self)}


@dataclass
class _Walk:
    """The chain up to the last good entry."""

    anchors: dict[int, str]
    seq: int = 0
    digest: str = GENESIS
    anchored: int = 0
    head_count: int = 0
    head_digest: str = GENESIS

    def verdict(self, seq: int | None = None, what: str = "") -> Verdict:
        message = str(_messages()[what]) % {"seq": seq} if what else ""
        return Verdict(self.seq, self.digest, self.anchored, seq, what, message)

    def fault_of(self, row: Mapping[str, Any]) -> str:
        """What is wrong with the next entry; an empty text when it is good."""
        if row["seq"] > self.seq + 1:
            return "missing"
        if row["seq"] <= self.seq:
            return "inserted"
        if row["algorithm"] not in ALGORITHMS or row["digest"] != digest_of(row):
            return "edited"
        if self.anchors.get(row["seq"], row["digest"]) != row["digest"]:
            return "replaced"
        return "" if row["previous"] == self.digest else "unlinked"


def verify() -> Verdict:
    """Walk the whole chain, streaming; stops at the first entry that does not hold.

    The second place is read first and the rows come with the head in one snapshot, so entries
    written meanwhile do no harm.
    """
    walk = _Walk(read_anchors())
    head = AuditHead.objects.order_by("pk").values("count", "digest").first()
    if head is not None:
        walk.head_count, walk.head_digest = head["count"], head["digest"]
    heads = AuditHead.objects.order_by("pk")
    rows = (
        AuditEvent.objects.order_by("seq")
        .values(*COLUMNS, "digest")
        .annotate(
            head_count=Subquery(heads.values("count")[:1]),
            head_digest=Subquery(heads.values("digest")[:1]),
        )
    )
    for row in rows.iterator(chunk_size=2000):
        fault = walk.fault_of(row)
        if fault:
            return walk.verdict(walk.seq + 1 if fault == "missing" else row["seq"], fault)
        walk.seq, walk.digest = row["seq"], row["digest"]
        walk.anchored += row["seq"] in walk.anchors
        walk.head_count, walk.head_digest = row["head_count"] or 0, row["head_digest"] or GENESIS
    return _against_head(walk)


def _against_head(walk: _Walk) -> Verdict:
    """Compare the end of a chain that holds in itself with the two heads."""
    if max(walk.head_count, max(walk.anchors, default=0)) > walk.seq:
        return walk.verdict(walk.seq + 1, "cut")
    if walk.head_count < walk.seq:
        beyond = walk.head_count + 1
        return walk.verdict(beyond, "head" if beyond in walk.anchors else "inserted")
    if walk.head_digest != walk.digest:
        return walk.verdict(walk.seq, "head")
    return walk.verdict()


def _messages() -> dict[str, str]:
    return {
        "missing": _("第 %(seq)s 条缺失：其后的记录仍在，该条已被删除。"),
        "inserted": _("第 %(seq)s 条是插入的：它不在链首登记的记录之内。"),
        "edited": _("第 %(seq)s 条内容被改动：按现有内容计算的摘要与登记的摘要不符。"),
        "unlinked": _("第 %(seq)s 条与前一条不衔接：前一条的摘要与本条所载不符。"),
        "replaced": _("第 %(seq)s 条被替换：摘要与异地留存的摘要不符。"),
        "cut": _("自第 %(seq)s 条起被截去：链首或异地留存显示其后曾有记录。"),
        "head": _("链首被改动：截至第 %(seq)s 条的记录完好，但链首登记与之不符。"),
    }
