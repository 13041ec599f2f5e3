"""Control schemes: drafted from the last version, filled line by line, approved by another person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.ledger import record
from carbonwatch.refusals import Forbidden, GuardFailed, WrongState
from carbonwatch.workflow.moves import move, shift, start
from emitters.models import ControlScheme, EmittingUnit, SchemeItem
from emitters.schemes import SchemeParameter

EDITABLE = ("draft", "returned")


@transaction.atomic
def scheme_draft(*, year: int, reason: str, actor: Actor, now: datetime) -> ControlScheme:
    """Begin a version with the lines of the one in force, or an empty line per parameter and generator.
    Raises `Forbidden`, `GuardFailed` (another version is being prepared)."""
    if not actor.may(Perm.SCHEME_EDIT):
        raise Forbidden()
    unit = EmittingUnit.objects.visible_to(actor).filter(organisation=actor.organisation).first()
    if unit is None:
        raise Forbidden()
    unit = EmittingUnit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    schemes = list(unit.schemes.order_by("-number"))
    if any(s.status not in ("in_force", "superseded") for s in schemes):
        raise GuardFailed(_("已有一个版本正在编制，请先完成该版本。"))
    scheme = ControlScheme.objects.create(
        unit=unit,
        number=schemes[0].number + 1 if schemes else 1,
        year=year,
        reason=reason,
        drafted_by=actor.user,
        drafted_at=now,
    )
    SchemeItem.objects.bulk_create(
        SchemeItem(scheme=scheme, **values) for values in _first_lines(unit, schemes)
    )
    start(scheme, actor, now, number=scheme.number, year=year, reason=reason)
    return scheme


def _first_lines(unit: EmittingUnit, schemes: Sequence[ControlScheme]) -> list[dict[str, Any]]:
    standing = next((s for s in schemes if s.status == "in_force"), None)
    known = [item.values() for item in standing.items.all()] if standing else []
    there = {(v["generator"], v["parameter"]) for v in known}
    numbers = unit.generators.order_by("number").values_list("number", flat=True)
    return known + [
        {"generator": number, "parameter": parameter}
        for number in numbers
        for parameter in SchemeParameter.values
        if (number, parameter) not in there
    ]


@transaction.atomic
def scheme_fill(
    scheme_id: int, *, lines: Sequence[Mapping[str, Any]], actor: Actor, now: datetime
) -> ControlScheme:
    """Save lines (`id` and the fields of a `SchemeItem`) of a version that is being prepared; lines of
    other schemes are not touched. Raises `Missing`, `Forbidden`, `WrongState`."""
    scheme: ControlScheme = ControlScheme.objects.visible_to(actor).locked(scheme_id)
    if not actor.may(Perm.SCHEME_EDIT):
        raise Forbidden()
    if scheme.status not in EDITABLE:
        raise WrongState(_("该版本已提交，不能再编辑。"))
    items = {item.pk: item for item in scheme.items.all()}
    changed: list[str] = []
    for line in lines:
        item = items.get(line["id"])
        if item is None:
            continue
        fields = [f for f, value in line.items() if f != "id" and getattr(item, f) != value]
        for name in fields:
            setattr(item, name, line[name])
        if fields:
            item.save(update_fields=fields)
            changed.append(f"{item.generator} {item.parameter}: {', '.join(fields)}")
    if changed:
        record("scheme.fill", scheme, actor, now, changed=changed)
    return scheme


def _moved(step: str, scheme_id: int, actor: Actor, now: datetime, **facts: Any) -> ControlScheme:
    scheme: ControlScheme = ControlScheme.objects.visible_to(actor).locked(scheme_id)
    move(step, scheme, actor, now, **facts)
    return scheme


@transaction.atomic
def scheme_submit(scheme_id: int, *, actor: Actor, now: datetime) -> ControlScheme:
    """Hand the version to the person who approves."""
    return _moved("submit", scheme_id, actor, now)


@transaction.atomic
def scheme_return(scheme_id: int, *, note: str, actor: Actor, now: datetime) -> ControlScheme:
    """Ask for changes."""
    return _moved("return", scheme_id, actor, now, note=note)


@transaction.atomic
def scheme_approve(scheme_id: int, *, actor: Actor, now: datetime) -> ControlScheme:
    """Put the version in force; the one before is superseded."""
    scheme: ControlScheme = ControlScheme.objects.visible_to(actor).locked(scheme_id)
    ControlScheme.flow.require("approve", scheme, actor)
    older = ControlScheme.objects.select_for_update().filter(unit=scheme.unit_id, status="in_force")
    for standing in older:
        shift(standing, "superseded", actor, now, by=scheme.number)
    scheme.approved_by, scheme.approved_at = actor.user, now
    move("approve", scheme, actor, now, number=scheme.number)
    return scheme
