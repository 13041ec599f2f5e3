"""Reading a file of outside records in the background: whole or not at all."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Organisation
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.imports.bulk import copy_rows
from carbonwatch.imports.problems import Problem, Weight
from carbonwatch.imports.rules import in_order, problem
from carbonwatch.jobs.models import Job
from carbonwatch.jobs.registry import job_handler
from carbonwatch.jobs.service import finish
from carbonwatch.params.regions import REGION_NAMES
from carbonwatch.workflow.moves import shift
from emitters.fingerprint import plain
from emitters.models import EmittingUnit, Generator, OutsideFile, OutsideRecord
from emitters.outside.headers import Header
from emitters.outside.reader import OutsideReading, read_outside
from emitters.outside.rows import Bounds
from emitters.services.intake import problem_json
from emitters.services.outside import READ, lock_provider, remembered
from emitters.services.outside_recheck import ask_recheck

UNREAD = ("received", "reading")
SHOWN = 1000  # problems kept with a file; more are one mistake made a thousand times
_COLUMNS = (
    "file_id", "kind", "number", "owner", "about", "key", "year", "month", "day", "values",
)  # fmt: skip


def give_up(job: Job, reason: str) -> None:
    """The reader died on the file too often: the file is refused with that reason."""
    file = OutsideFile.objects.select_for_update().get(pk=job.target_id)
    if file.status in UNREAD:
        file.problems = [problem_json(problem("reader-died"))]
        shift(file, "refused", None, timezone.now(), reason=reason)


@job_handler(READ, lease_seconds=120, attempts=2, on_refused=give_up)
def read_file(job: Job) -> None:
    """The work of a worker."""
    take_in(job)


def take_in(job: Job, *, at: datetime | None = None) -> None:
    """Read the file and store its rows in one transaction with the end of the job.

    `at` is the moment to put on record; by default the one in which it is stored.
    """
    file = OutsideFile.objects.select_related("provider").get(pk=job.target_id)
    reading = None if file.status not in UNREAD else read_kept(file)
    with transaction.atomic():
        if reading is not None:
            settle(file, reading, at or timezone.now())
        finish(job, _("已完成"), now=at)


def read_kept(file: OutsideFile, *, header: int | None = None, ask: bool = False) -> OutsideReading:
    """The kept file with what is remembered of its columns. `header`: the row to take for the header;
    `ask`: do not read on, only say what the columns are."""
    source = (Path(settings.MEDIA_ROOT) / file.file).read_bytes()
    if hashlib.sha256(source).hexdigest() != file.sha256:
        raise RuntimeError(f"outside file {file.pk} is not the one that was received")
    return read_outside(
        source,
        file.file_name,
        file.record_kind,
        chosen=remembered(file.provider_id, file.kind),
        header=header or file.header,
        ask=ask or (file.ask and file.header is None),
        bounds=bounds_of(file.provider),
    )


def bounds_of(provider: Organisation) -> Bounds:
    """The units on the list with their generators, and what the provider may speak of."""
    units: dict[str, list[str]] = {
        code: [] for code in EmittingUnit.objects.values_list("organisation__code", flat=True)
    }
    for code, number in Generator.objects.values_list("unit__organisation__code", "number"):
        units[code].append(number)
    own = None
    if provider.kind == OrgKind.UNIT:
        own = {provider.code}
    elif provider.kind == OrgKind.CITY:
        here = EmittingUnit.objects.filter(organisation__city=provider.city)
        own = set(here.values_list("organisation__code", flat=True))
    return Bounds(
        units=units,
        own=own,
        laboratory=provider.name if provider.kind == OrgKind.LABORATORY else "",
        city=REGION_NAMES.get(provider.city, "") if provider.kind == OrgKind.CITY else "",
    )


def settle(file: OutsideFile, reading: OutsideReading, now: datetime) -> None:
    """Write what the reading gave and move the file on. Inside a transaction."""
    lock_provider(file.provider)
    provider = file.provider
    file = OutsideFile.objects.select_for_update().get(pk=file.pk)
    file.provider = provider
    older = None
    if file.replaces_id is not None:
        older = OutsideFile.objects.select_for_update().get(pk=file.replaces_id)
    file.sheet, file.columns = reading.sheet[:40], [_column(h) for h in reading.headers]
    file.header = reading.header or file.header
    if reading.asks:
        shift(file, "asking", None, now)
        return
    found = [*reading.problems, *(() if reading.blocked else _known_elsewhere(file, reading))]
    problems = in_order(found)
    file.problems = [problem_json(p) for p in _at_most(problems)]
    if any(p.weight is not Weight.NOTICE for p in problems):
        shift(file, "refused", None, now, problems=len(problems))
        return
    file.rows = copy_rows(OutsideRecord, _COLUMNS, _lines(file, reading))
    file.years = sorted({r.year for r in reading.rows if r.year is not None})
    file.in_force_at = now
    shift(file, "in_force", None, now, rows=file.rows, sha256=file.sha256)
    if older is not None and older.status == "in_force":
        older.ended_by_id, older.ended_at, older.end_note = file.uploaded_by_id, now, file.reason
        shift(older, "replaced", None, now, by=file.pk, reason=file.reason)
        ask_recheck(older, actor=None, now=now)
    ask_recheck(file, actor=None, now=now)


def _column(header: Header) -> list[str]:
    choice = header.choice
    return [
        header.letter,
        header.text[:100],
        choice.field if choice else "",
        choice.unit if choice else "",
    ]


def _at_most(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    if len(problems) <= SHOWN:
        return problems
    more = problem("too-many-problems", count=len(problems), shown=SHOWN)
    return (more, *problems[:SHOWN])


def _known_elsewhere(file: OutsideFile, reading: OutsideReading) -> Iterator[Problem]:
    """Rows whose fact stands in another file in force of the same provider: counted twice they would
    be wrong. The same fact from another provider is a second source, of which one counts."""
    first = {row.key: row for row in reversed(reading.rows)}
    known = (
        OutsideRecord.objects.filter(kind=file.kind, key__in=first, file__status="in_force")
        .exclude(file=file.replaces_id)
        .order_by("file", "number")
        .values_list(
            "key", "number", "file", "file__sheet", "file__file_name", "file__provider",
            "file__provider__name",
        )
    )  # fmt: skip
    letters = {field: letter for letter, _header, field, _unit in file.columns if field}
    name = reading.kind.key[0]
    told = set()
    for key, number, other, sheet, file_name, provider, provider_name in known:
        if (key, other) in told:
            continue
        told.add((key, other))
        row = first[key]
        words = [str(row.values[k]) for k in reading.kind.key if row.values.get(k)]
        own = provider == file.provider_id
        facts: dict[str, Any] = {"name": file_name} if own else {"provider": provider_name}
        yield problem(
            "outside-known" if own else "outside-already",
            sheet=reading.sheet,
            cell=f"{letters[name]}{row.number}",
            field=next(f.label for f in reading.kind.sheet.fields if f.name == name),
            found="、".join(words),
            number=other,
            place=f"{sheet}!A{number}",
            **facts,
        )


def _lines(file: OutsideFile, reading: OutsideReading) -> Iterator[tuple[Any, ...]]:
    for row in reading.rows:
        values = json.dumps(plain(dict(row.values)), ensure_ascii=False)
        yield (
            file.pk, file.kind, row.number, row.owner, row.about, row.key, row.year, row.month,
            row.day, values,
        )  # fmt: skip
