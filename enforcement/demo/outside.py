"""Files of outside records in every state, and what the checks make of them."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from carbonwatch.jobs.models import Job, JobState
from carbonwatch.jobs.service import by_hand, claim, job_for, run
from emitters.models import OutsideFile
from emitters.outside import KINDS, OutsideRow
from emitters.outside.files import write_file
from emitters.outside.identity import key_of
from emitters.services.outside import outside_upload
from emitters.services.outside_reading import take_in
from emitters.services.outside_recheck import FOLLOW
from emitters.services.recheck import RECHECK
from enforcement.demo.clock import Clock
from enforcement.demo.people import LABORATORIES, Cast

PROVIDERS = {
    "grid": "drc-supervisor",
    "heat": "drc-supervisor",
    "weather": "drc-supervisor",
    "invoice": "market-supervisor",
    "business": "market-supervisor",
    "cems": "ecology-supervisor",
    "permit": "ecology-supervisor",
}
CORRECTED = "补报两家单位12月结算数据"
_SHORT = 2  # units whose December the first file lacks


@dataclass
class Bringing:
    """The offices and laboratories that hand in what they recorded."""

    cast: Cast
    clock: Clock

    def run(self, rows: Sequence[OutsideRow]) -> None:
        """Every kind of file once: in force, replaced, refused, waiting for its columns to be named."""
        by_kind: dict[str, list[OutsideRow]] = {kind: [] for kind in (*PROVIDERS, "lab_register")}
        for row in rows:
            if row.kind in by_kind:
                by_kind[row.kind].append(row)
        if not rows:
            return
        for kind, login in PROVIDERS.items():
            if by_kind[kind]:
                self._office(kind, _once(kind, by_kind[kind]), login)
        self._registers(by_kind["lab_register"])
        self._unfinished(by_kind["heat"], by_kind["grid"])
        self._follow()

    def _office(self, kind: str, rows: list[OutsideRow], login: str) -> None:
        name = f"{KINDS[kind].sheet.name}{rows[-1]['year'] or ''}.xlsx"
        if kind != "grid":
            self._hand_in(kind, write_file(KINDS[kind], rows), name, login)
            return
        codes = sorted({row["credit_code"] for row in rows})[:_SHORT]
        short = [r for r in rows if r["month"] != 12 or r["credit_code"] not in codes]
        first = self._hand_in(kind, write_file(KINDS[kind], short), name, login)
        full = write_file(KINDS[kind], rows)
        self._hand_in(kind, full, f"更正{name}", login, replaces=first, reason=CORRECTED)

    def _registers(self, rows: Iterable[OutsideRow]) -> None:
        """A laboratory with an account brings its own register, the regulator those of the others."""
        members = [f"laboratory-{n + 1}-member" for n in range(LABORATORIES)]
        login_of = {self.cast[m].organisation.name: m for m in members}
        by_login: dict[str, list[OutsideRow]] = {}
        for row in rows:
            by_login.setdefault(login_of.get(row["laboratory"], "market-supervisor"), []).append(
                row
            )
        for login, own in sorted(by_login.items()):
            content = write_file(KINDS["lab_register"], own)
            self._hand_in("lab_register", content, "检测登记.xlsx", login)

    def _unfinished(self, heat: Sequence[OutsideRow], grid: Sequence[OutsideRow]) -> None:
        """A file with a cell that is no number, and one with names that nobody knows yet."""
        if heat:
            fields = KINDS["heat"].sheet.fields
            first = [heat[0][f.name] if f.name != "heat_gj" else "约三万" for f in fields]
            source = _text([[f.label for f in fields], first])
            self._hand_in("heat", source, "供热快报.csv", "drc-supervisor")
        if grid:
            names = ["企业代码", "年", "月份", "机组", "上网结算量", "备注"]
            lines = [
                [r["credit_code"], r["year"] - 1, r["month"], r["generator"], r["out_mwh"], "快报"]
                for r in grid[:12]
            ]
            self._hand_in("grid", _text([names, *lines]), "快报导出.csv", "drc-supervisor")

    def _hand_in(
        self, kind: str, content: bytes, name: str, login: str, **more: Any
    ) -> OutsideFile:
        """Hand a file in and have it read at once."""
        at = self.clock.later(1)
        with by_hand():
            with transaction.atomic():
                file = outside_upload(
                    kind=kind,
                    upload=SimpleUploadedFile(name, content),
                    actor=self.cast[login],
                    now=at,
                    **more,
                )
                job = job_for(file)
                # Claimed before anybody else can see it: a worker may be running already.
                claimed = claim(job.pk, timezone.now()) if job else None
            if claimed is not None:
                take_in(claimed, at=self.clock.later())
        file.refresh_from_db()
        return file

    def _follow(self) -> None:
        """What the checks say now."""
        with by_hand():
            for kind in (FOLLOW, RECHECK):
                waiting = Job.objects.filter(kind=kind, state=JobState.WAITING).order_by("pk")
                for pk in list(waiting.values_list("pk", flat=True)):
                    run(pk)


def _once(kind: str, rows: Iterable[OutsideRow]) -> list[OutsideRow]:
    """Plants share laboratories, sellers and the weather of a city: each fact once."""
    known = KINDS[kind]
    if known.several:
        return list(rows)
    return list({key_of(known, row.values): row for row in rows}.values())


def _text(lines: Iterable[Sequence[object]]) -> bytes:
    """As an older system exports it."""
    text = StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("gb18030")
