"""Keeping the register of inspectors: entering, renewing, withdrawing, conflicts."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Membership
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.audit.ledger import record
from carbonwatch.params.service import in_force
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid
from carbonwatch.workflow.moves import move, start
from emitters.models import EmittingUnit
from inspections.inspector_flow import INSPECTOR_FLOW, somebody_else
from inspections.models import Conflict, Inspector
from inspections.models.inspectors import ABLE


@transaction.atomic
def inspector_enter(
    *,
    membership_id: int,
    certificate: str,
    valid_from: date,
    valid_to: date,
    speciality: str = "",
    actor: Actor,
    now: datetime,
) -> Inspector:
    """Put the holder of a post that inspects into the register. Raises `Forbidden`, `Invalid`."""
    if not actor.may(Perm.INSPECTOR_KEEP):
        raise Forbidden()
    posts = Membership.objects.filter(pk=membership_id, role__in=ABLE, until=None)
    if actor.kind != OrgKind.PROVINCE:
        posts = posts.filter(organisation=actor.organisation)
    post = posts.select_related("user", "organisation").first()
    if post is None:
        text = _("只能登记本机关有权实施检查的人员。")
        raise Invalid(text, fields={"post": [text]})
    inspector = Inspector(
        user=post.user,
        organisation=post.organisation,
        speciality=speciality,
        entered_by=actor.user,
        entered_at=now,
    )
    reason = somebody_else(inspector, actor)
    if reason:
        raise GuardFailed(reason)
    if Inspector.objects.filter(user=post.user, status="listed").exists():
        text = _("该人员已在名录中；换证请在其名录页办理。")
        raise Invalid(text, fields={"post": [text]})
    _certify(inspector, certificate, valid_from, valid_to)
    inspector.save()
    start(inspector, actor, now, **_facts(inspector))
    return inspector


def _certify(inspector: Inspector, certificate: str, valid_from: date, valid_to: date) -> None:
    number = certificate.strip()
    if not number:
        text = _("请填写执法证号。")
        raise Invalid(text, fields={"certificate": [text]})
    if valid_to < valid_from:
        text = _("有效期止不能早于有效期起。")
        raise Invalid(text, fields={"valid_to": [text]})
    same = Inspector.objects.filter(certificate=number, status="listed").exclude(pk=inspector.pk)
    if same.exists():
        text = _("该执法证号已登记在另一人名下，请核对。")
        raise Invalid(text, fields={"certificate": [text]})
    inspector.certificate, inspector.valid_from, inspector.valid_to = number, valid_from, valid_to


def _facts(inspector: Inspector) -> dict[str, str]:
    return {
        "certificate": inspector.certificate,
        "valid_from": inspector.valid_from.isoformat(),
        "valid_to": inspector.valid_to.isoformat(),
        "speciality": inspector.speciality,
    }


@transaction.atomic
def inspector_renew(
    inspector_id: int,
    *,
    certificate: str,
    valid_from: date,
    valid_to: date,
    speciality: str = "",
    note: str,
    actor: Actor,
    now: datetime,
) -> Inspector:
    """A new certificate, or a correction, for the reason given. Past inspections keep the number that
    was shown then."""
    inspector: Inspector = Inspector.objects.visible_to(actor).locked(inspector_id)
    INSPECTOR_FLOW.require("renew", inspector, actor)
    before = _facts(inspector)
    _certify(inspector, certificate, valid_from, valid_to)
    inspector.speciality = speciality
    move("renew", inspector, actor, now, note=note, before=before, after=_facts(inspector))
    return inspector


@transaction.atomic
def inspector_withdraw(inspector_id: int, *, note: str, actor: Actor, now: datetime) -> Inspector:
    """Take somebody off the register for the reason given."""
    inspector: Inspector = Inspector.objects.visible_to(actor).locked(inspector_id)
    move("withdraw", inspector, actor, now, note=note)
    return inspector


@transaction.atomic
def conflict_add(
    inspector_id: int,
    *,
    unit_id: int,
    reason: str,
    since: date,
    until: date | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Conflict:
    """An inspector must keep away from a unit. Raises `Forbidden`, `Missing`, `Invalid`."""
    inspector = _kept(inspector_id, actor)
    unit = EmittingUnit.objects.visible_to(actor).one(pk=unit_id)
    _ends_after(since, until)
    if inspector.conflicts.filter(unit=unit, reason=reason, until=None).exists():
        text = _("同一单位的同一情形已登记且未终止。")
        raise Invalid(text, fields={"unit": [text]})
    conflict = Conflict.objects.create(
        inspector=inspector,
        unit=unit,
        reason=reason,
        note=note,
        since=since,
        until=until,
        entered_by=actor.user,
        entered_at=now,
    )
    record(
        "inspector.conflict", inspector, actor, now, unit=unit.credit_code, reason=reason, note=note,
        since=since.isoformat(), until=until.isoformat() if until else None,
    )  # fmt: skip
    return conflict


@transaction.atomic
def conflict_end(
    conflict_id: int, *, until: date, note: str, actor: Actor, now: datetime
) -> Conflict:
    """The conflict no longer holds after `until`, for the reason given."""
    conflict: Conflict = Conflict.objects.visible_to(actor).locked(conflict_id)
    _kept(conflict.inspector_id, actor)
    if conflict.until is not None:
        text = _("该回避情形已登记终止日期。")
        raise Invalid(text, fields={"until": [text]})
    _ends_after(conflict.since, until)
    conflict.until = until
    conflict.save(update_fields=["until"])
    record(
        "inspector.conflict-end", conflict.inspector, actor, now, unit=conflict.unit.credit_code,
        reason=conflict.reason, until=until.isoformat(), note=note,
    )  # fmt: skip
    return conflict


def _kept(inspector_id: int, actor: Actor) -> Inspector:
    if not actor.may(Perm.INSPECTOR_KEEP):
        raise Forbidden()
    inspector: Inspector = Inspector.objects.visible_to(actor).locked(inspector_id)
    reason = somebody_else(inspector, actor)
    if reason:
        raise GuardFailed(reason)
    return inspector


def _ends_after(since: date, until: date | None) -> None:
    if until is not None and until < since:
        text = _("终止日期不能早于起始日期。")
        raise Invalid(text, fields={"until": [text]})


def team_of(
    inspector_ids: Collection[int], unit: EmittingUnit, day: date, actor: Actor
) -> list[Inspector]:
    """The inspectors of an inspection, in the given order. Raises `Invalid` when they are too few or
    one of them may not inspect the unit on that day."""
    ids = list(dict.fromkeys(inspector_ids))
    fewest = int(in_force().get("inspection.fewest_inspectors", day))
    if len(ids) < fewest:
        few = _("检查人员不得少于%(fewest)s人，且不能是同一人。") % {"fewest": fewest}
        raise Invalid(few, fields={"second": [few]})
    listed = Inspector.objects.filter(pk__in=ids, organisation=actor.organisation)
    known = {i.pk: i for i in listed.select_related("user")}
    fit = set(listed.fit_on(day, unit).values_list("pk", flat=True))
    if len(known) < len(ids):
        text = _("检查人员须是本机关执法人员名录中的人员。")
        raise Invalid(text, fields={"first": [text]})
    for pk in ids:
        if pk not in fit:
            reason = _unfit(known[pk], unit, day)
            raise Invalid(reason, fields={"first" if pk == ids[0] else "second": [reason]})
    return [known[pk] for pk in ids]


def _unfit(inspector: Inspector, unit: EmittingUnit, day: date) -> object:
    if inspector.conflicts.on(day).filter(unit=unit).exists():
        return _("%(who)s对该单位有回避情形，请另选检查人员。") % {"who": inspector.user}
    if inspector.valid_from <= day <= inspector.valid_to:
        return _("%(who)s在计划日期不能实施检查（已退出名录或不在岗），请另选检查人员。") % {
            "who": inspector.user
        }
    return _("%(who)s的执法证在计划日期（%(day)s）无效，请先换证或另选检查人员。") % {
        "who": inspector.user,
        "day": day.isoformat(),
    }
