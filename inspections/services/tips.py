"""Tips (举报): taking one in without a name, deciding on it, handling it, answering its author.

Nothing here hands the author on: entries of the ledger about the intake have no actor, titles carry
the number alone, and the only way to the author is `tip_author_open`, which leaves an entry.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Membership
from carbonwatch.accounts.permissions import GRANTS, OrgKind, Perm
from carbonwatch.audit.ledger import record
from carbonwatch.documents.service import attach
from carbonwatch.params.service import in_force
from carbonwatch.refusals import Forbidden, Invalid
from carbonwatch.sealing import seal
from carbonwatch.workflow.moves import move, start
from emitters.models import EmittingUnit
from inspections.models import Finding, Inspection, Tip, TipAuthor
from inspections.selectors.tips import hash_of
from inspections.tipflow import TIP_FLOW

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L
CODE_LENGTH = 16
MOST_FILES, MOST_BYTES = 10, 60 * 2**20


@dataclass(frozen=True)
class Receipt:
    """What the author takes along; the code is written down nowhere else."""

    tip: Tip
    code: str


@transaction.atomic
def tip_submit(
    *,
    subject: str,
    named: str,
    text: str,
    city: str = "",
    year: int | None = None,
    name: str = "",
    contact: str = "",
    files: Sequence[UploadedFile] = (),
    key: str = "",
    now: datetime,
) -> Receipt:
    """Take a tip in. There is no actor: who is signed in is not asked for.

    The same content with the same `key` of a form gives the same receipt, without storing it.
    """
    _check_files(files)
    told = {"subject": subject, "named": named, "text": text, "city": city, "year": year,
            "name": name, "contact": contact}  # fmt: skip
    once = _once(key or secrets.token_hex(16), told, files)
    code = _code(once)
    tip, new = Tip.objects.get_or_create(
        once_hash=hash_of(once),
        defaults={
            "number": _number(now),
            "code_hash": hash_of(code),
            "subject": subject,
            "named": named,
            "text": text,
            "city": city,
            "year": year,
            "received_at": now,
            "due_at": _due("tip.accept_days", now),
        },
    )
    if new:
        if name or contact or files:
            _keep_author(tip, name, contact, files, now)
        start(tip, None, now, subject=subject)
    return Receipt(tip, code)


def _check_files(files: Sequence[UploadedFile]) -> None:
    if len(files) > MOST_FILES or sum(f.size or 0 for f in files) > MOST_BYTES:
        limits = {"count": MOST_FILES, "size": MOST_BYTES // 2**20}
        text = _("附件不超过 %(count)s 个，合计不超过 %(size)s MB。") % limits
        raise Invalid(text, fields={"files": [text]})


def _once(key: str, told: Mapping[str, object], files: Sequence[UploadedFile]) -> str:
    """The form's key and all that was sent with it."""
    digest = hashlib.sha256(json.dumps([key, told], sort_keys=True).encode())
    for file in files:
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)
    return digest.hexdigest()


def _code(once: str) -> str:
    """The secret code: made anew from the same form, and by nobody without the server's key."""
    number = int(salted_hmac("inspections.tip", once, algorithm="sha256").hexdigest(), 16)
    letters = []
    for _position in range(CODE_LENGTH):
        number, index = divmod(number, len(LETTERS))
        letters.append(LETTERS[index])
    return "".join(letters)


def _number(now: datetime) -> str:
    """At random: a running number would tell who was the third to write on Tuesday."""
    while True:
        number = f"JB{timezone.localtime(now).year}-{secrets.randbelow(10**8):08d}"
        if not Tip.objects.filter(number=number).exists():
            return number


def _keep_author(
    tip: Tip, name: str, contact: str, files: Sequence[UploadedFile], now: datetime
) -> None:
    told = json.dumps({"name": name, "contact": contact}, ensure_ascii=False)
    author = TipAuthor.objects.create(tip=tip, sealed=seal(told))
    for number, file in enumerate(files, 1):
        attach(author, file, None, now, stem=f"{number:02d}")


def _due(key: str, now: datetime) -> datetime:
    days = int(in_force().get(key, timezone.localdate(now)))
    return now + timedelta(days=days)


@transaction.atomic
def tip_accept(tip_id: int, *, handler: Membership, actor: Actor, now: datetime) -> Tip:
    """Take it up and name the one person who handles it and may ask its author."""
    tip: Tip = Tip.objects.visible_to(actor).locked(tip_id)
    tip.decided_by, tip.decided_at = actor.user, now
    return _name("accept", tip, handler, actor, now)


@transaction.atomic
def tip_reassign(
    tip_id: int, *, handler: Membership, note: str, actor: Actor, now: datetime
) -> Tip:
    """Somebody else handles it from now on; the former handler reaches the author no more."""
    tip: Tip = Tip.objects.visible_to(actor).locked(tip_id)
    return _name("reassign", tip, handler, actor, now, note=note)


def _name(
    step: str, tip: Tip, handler: Membership, actor: Actor, now: datetime, **facts: object
) -> Tip:
    able = handler.in_force(timezone.localdate(now)) and Perm.TIP_HANDLE in GRANTS[handler.role]
    if not able or handler.organisation.kind not in (OrgKind.PROVINCE, OrgKind.CITY):
        text = _("承办人须是有权承办举报的在岗人员。")
        raise Invalid(text, fields={"handler": [text]})
    due_at = tip.due_at if step == "reassign" else _due("tip.handle_days", now)
    tip.handler, tip.handler_organisation = handler.user, handler.organisation
    move(step, tip, actor, now, due_at=due_at, handler=handler.user_id, **facts)
    return tip


@transaction.atomic
def tip_decline(tip_id: int, *, reason: str, actor: Actor, now: datetime) -> Tip:
    """It is not taken up, for the reason that its author is told."""
    tip: Tip = Tip.objects.visible_to(actor).locked(tip_id)
    tip.decided_by, tip.decided_at, tip.reason = actor.user, now, reason
    move("decline", tip, actor, now, note=reason)
    return tip


@transaction.atomic
def tip_link(
    tip_id: int,
    *,
    unit_id: int | None = None,
    inspection_id: int | None = None,
    finding_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Tip:
    """Tie it to a unit, an inspection, a finding that the handler may see."""
    tip: Tip = Tip.objects.visible_to(actor).locked(tip_id)
    TIP_FLOW.require("link", tip, actor)
    units = {unit_id} if unit_id else set()
    if inspection_id:
        inspection = Inspection.objects.visible_to(actor).one(pk=inspection_id)
        tip.inspections.add(inspection)
        units.add(inspection.unit_id)
    if finding_id:
        finding = Finding.objects.visible_to(actor).one(pk=finding_id)
        tip.findings.add(finding)
        units.add(finding.unit_id)
    if not units:
        raise Invalid(_("请选择要关联的单位、检查或问题。"))
    for unit in sorted(units):
        tip.units.add(EmittingUnit.objects.visible_to(actor).one(pk=unit))
    move("link", tip, actor, now, due_at=tip.due_at, units=sorted(units),
         inspection=inspection_id, finding=finding_id)  # fmt: skip
    return tip


@transaction.atomic
def tip_answer(tip_id: int, *, outcome: str, feedback: str, actor: Actor, now: datetime) -> Tip:
    """Tell the author, who reads it with number and code, what came of it."""
    tip: Tip = Tip.objects.visible_to(actor).locked(tip_id)
    tip.outcome, tip.feedback, tip.answered_at = outcome, feedback, now
    move("answer", tip, actor, now, due_at=_due("tip.close_days", now), outcome=outcome)
    return tip


@transaction.atomic
def tip_return(tip_id: int, *, note: str, actor: Actor, now: datetime) -> Tip:
    """The answer does not do: the handler goes on."""
    tip: Tip = Tip.objects.visible_to(actor).locked(tip_id)
    move("return", tip, actor, now, due_at=_due("tip.close_days", now), note=note)
    return tip


@transaction.atomic
def tip_close(tip_id: int, *, note: str = "", actor: Actor, now: datetime) -> Tip:
    """Another person than the handler has looked: it is done."""
    tip: Tip = Tip.objects.visible_to(actor).locked(tip_id)
    tip.closed_at = now
    move("close", tip, actor, now, note=note)
    return tip


@transaction.atomic
def tip_author_open(tip_id: int, *, actor: Actor, now: datetime) -> TipAuthor:
    """The author for the handler alone; every look is on record. `Missing` for everybody else, and
    where the author left nothing."""
    if not actor.may(Perm.TIP_HANDLE):
        raise Forbidden()
    tip: Tip = Tip.objects.visible_to(actor).one(pk=tip_id)
    author: TipAuthor = TipAuthor.objects.visible_to(actor).select_related("tip").one(tip=tip)
    record("tip.author-read", tip, actor, now)
    return author
