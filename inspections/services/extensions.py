"""More time (延期): the unit asks, another person of the bureau than who set the deadline decides."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.params.service import in_force
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, WrongState
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.workflow.moves import move, postpone, shift, start
from inspections.flows import WITH_UNIT
from inspections.models import Extension, Finding
from inspections.rectification_flows import EXTENSION_FLOW
from inspections.services.deadlines import deadline
from inspections.services.measures import measures_due


def reject_extension(finding: Finding, now: datetime) -> datetime:
    """The deadline that would be moved; raises the refusal when no extension can be asked for now."""
    if finding.status not in WITH_UNIT:
        raise WrongState(_("问题不在整改期间，不能申请延期。"))
    if finding.due_at is None or finding.due_at < now:
        raise GuardFailed(_("整改期限已过，不能申请延期，请尽快提交整改答复。"))
    if finding.extensions.filter(status="asked").exists():
        raise GuardFailed(_("已有一份延期申请等待决定，不能重复申请。"))
    return finding.due_at


@transaction.atomic
def extension_ask(
    finding_id: int, *, wanted_on: date, reason: str, actor: Actor, now: datetime
) -> Extension:
    """Ask for more time before the deadline has passed. One open wish a finding."""
    if not actor.may(Perm.FINDING_ANSWER):
        raise Forbidden()
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    old = reject_extension(finding, now)
    _later(old, wanted_on, "wanted_on", now)
    extension = Extension.objects.create(
        finding=finding,
        old_due_at=old,
        wanted_on=wanted_on,
        reason=reason,
        asked_by=actor.user,
        asked_at=now,
        due_at=due_of(EXTENSION_FLOW.state("asked"), now),
    )
    start(extension, actor, now, text=reason, wanted_on=wanted_on.isoformat(), finding=finding.pk)
    return extension


def _later(was: datetime, day: date, field: str, now: datetime) -> datetime:
    """The new deadline; raises `Invalid` unless it is later than the old one, but not too late."""
    due_at = deadline(day, now, field=field)
    old = timezone.localdate(was)
    if day <= old:
        text = _("延期后的期限须晚于原期限（%(day)s）。") % {"day": old.isoformat()}
        raise Invalid(text, fields={field: [text]})
    longest = in_force().maybe("rectification.longest_extension", timezone.localdate(now))
    if longest is not None and day > old + timedelta(days=int(longest)):
        text = _("一次延期最多 %(days)s 日。") % {"days": int(longest)}
        raise Invalid(text, fields={field: [text]})
    return due_at


@transaction.atomic
def extension_grant(
    extension_id: int, *, granted_on: date, note: str = "", actor: Actor, now: datetime
) -> Extension:
    """Give more time, as asked or less: the finding and what of its measures was due with it."""
    finding, extension = _locked(extension_id, actor)
    EXTENSION_FLOW.require("grant", extension, actor)
    old = extension.old_due_at
    due_at = _later(old, granted_on, "granted_on", now)
    extension.granted_on = granted_on
    _decide("grant", extension, note, actor, now)
    for measure in measures_due(finding, old):
        postpone(measure, due_at, "extend", actor, now, extension=extension.pk)
    postpone(
        finding, due_at, "extend", actor, now,
        extension=extension.pk, was=old.isoformat(), note=note,
    )  # fmt: skip
    return extension


@transaction.atomic
def extension_refuse(extension_id: int, *, note: str, actor: Actor, now: datetime) -> Extension:
    """The deadline stands, for the reason given."""
    _finding, extension = _locked(extension_id, actor)
    _decide("refuse", extension, note, actor, now)
    return extension


def _locked(extension_id: int, actor: Actor) -> tuple[Finding, Extension]:
    """Finding first, then extension: everybody locks in this order."""
    wanted = Extension.objects.visible_to(actor).one(pk=extension_id)
    finding = Finding.objects.visible_to(actor).locked(wanted.finding_id)
    extension = Extension.objects.visible_to(actor).locked(extension_id)
    extension.finding = finding
    return finding, extension


def _decide(step: str, extension: Extension, note: str, actor: Actor, now: datetime) -> None:
    extension.decided_by, extension.decided_at, extension.note = actor.user, now, note
    granted = extension.granted_on
    move(step, extension, actor, now, note=note, until=granted.isoformat() if granted else "")


def extension_lapse(finding: Finding, actor: Actor, now: datetime) -> None:
    """The answer has come before the decision: nothing is left to decide."""
    waiting = finding.extensions.filter(status="asked").select_for_update(of=("self",))
    for extension in waiting:
        shift(extension, "lapsed", actor, now)
