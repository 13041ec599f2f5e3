"""Preparing a draw, freezing its pool, drawing, publishing, arranging what was drawn."""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.ledger import record
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, WrongState
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.workflow.moves import move, start
from emitters.models import EmittingUnit
from inspections import lots
from inspections.draw_flow import DRAW_FLOW, own_draw
from inspections.models import (
    Draw,
    DrawExclusion,
    DrawnUnit,
    Inspection,
    InspectionKind,
    Inspector,
    Manner,
)
from inspections.selectors.draws import listing, pool_of_listing, units_of
from inspections.services.inspections import inspection_make

SEED_BYTES = 32


@transaction.atomic
def draw_make(
    *, title: str, year: int, mode: str, count: int, inspect_on: date, actor: Actor, now: datetime
) -> Draw:
    """Prepare a draw of `count` units of the authority's. Raises `Forbidden`, `Invalid`."""
    if not actor.may(Perm.INSPECTION_PLAN):
        raise Forbidden()
    if inspect_on <= timezone.localdate(now):
        text = _("计划检查日期须晚于今天。")
        raise Invalid(text, fields={"inspect_on": [text]})
    draw = Draw.objects.create(
        organisation=actor.organisation,
        title=title,
        year=year,
        mode=mode,
        count=count,
        inspect_on=inspect_on,
        prepared_by=actor.user,
        prepared_at=now,
        due_at=due_of(DRAW_FLOW.state("preparing"), now),
    )
    start(draw, actor, now, title=title, mode=mode, count=count)
    return draw


def _require_own(draw: Draw, actor: Actor) -> None:
    if not actor.may(Perm.INSPECTION_PLAN):
        raise Forbidden()
    reason = own_draw(draw, actor)
    if reason:
        raise GuardFailed(reason)


@transaction.atomic
def draw_exclude(draw_id: int, *, unit_id: int, reason: str, actor: Actor, now: datetime) -> Draw:
    """Leave a unit out of the pool for a reason that will be public."""
    draw: Draw = Draw.objects.visible_to(actor).locked(draw_id)
    _require_own(draw, actor)
    if draw.status != "preparing":
        raise WrongState(_("名单已冻结，不能再改。"))
    unit = EmittingUnit.objects.visible_to(actor).one(pk=unit_id)
    if draw.exclusions.filter(unit=unit).exists():
        text = _("该单位已排除。")
        raise Invalid(text, fields={"unit": [text]})
    DrawExclusion.objects.create(draw=draw, unit=unit, reason=reason, by=actor.user, at=now)
    record("draw.exclude", draw, actor, now, unit=unit.credit_code, reason=reason)
    return draw


@transaction.atomic
def draw_freeze(draw_id: int, *, actor: Actor, now: datetime) -> Draw:
    """Fix the pool and promise a seed. Raises `GuardFailed` when the pool allows no draw."""
    draw: Draw = Draw.objects.visible_to(actor).locked(draw_id)
    DRAW_FLOW.require("freeze", draw, actor)
    draw.listed = listing(draw, actor)
    try:
        draw.pool_hash = pool_of_listing(draw.listed).digest
    except lots.NotDrawable as reason:
        raise GuardFailed(_not_drawable(draw.listed, str(reason))) from reason
    draw.seed = secrets.token_hex(SEED_BYTES)
    draw.commitment = lots.commitment(draw.seed)
    draw.frozen_by, draw.frozen_at = actor.user, now
    move(
        "freeze", draw, actor, now, pool_hash=draw.pool_hash, commitment=draw.commitment,
        units=len(draw.listed["units"]), excluded=len(draw.listed["excluded"]),
        inspectors=len(draw.listed["inspectors"]),
    )  # fmt: skip
    return draw


def _not_drawable(listed: dict[str, list[dict[str, str]]], reason: str) -> object:
    units, people = len(listed["units"]), len(listed["inspectors"])
    if int(str(listed["count"])) > units:
        return _("名单中只有 %(units)s 家单位，少于抽取数，请减少抽取数或核对排除单位。") % {
            "units": units
        }
    if people < int(str(listed["team"])):
        return _("计划检查日持有效执法证的人员只有 %(people)s 名，请先补充执法人员名录。") % {
            "people": people
        }
    return _("部分单位因回避无法组成检查组，请补充执法人员或排除该单位：%(reason)s") % {
        "reason": reason.rpartition(": ")[2]
    }


@transaction.atomic
def draw_draw(
    draw_id: int, *, witness: str, witness_name: str, actor: Actor, now: datetime
) -> Draw:
    """Draw with the witness's number, by a person who did not freeze the pool."""
    draw: Draw = Draw.objects.visible_to(actor).locked(draw_id)
    DRAW_FLOW.require("draw", draw, actor)
    drawn = lots.draw(pool_of_listing(draw.listed), seed=draw.seed, witness=witness)
    units = {u.credit_code: u for u in units_of(actor)}
    if any(d.unit not in units for d in drawn):
        raise GuardFailed(_("抽中的单位已不在管辖范围内，请作废后重新准备。"))
    draw.witness, draw.witness_name = witness, witness_name
    draw.drawn_by, draw.drawn_at = actor.user, now
    move("draw", draw, actor, now, witness=witness, witness_name=witness_name,
         result=[[d.unit, *d.inspectors] for d in drawn])  # fmt: skip
    DrawnUnit.objects.bulk_create(
        DrawnUnit(draw=draw, number=n, unit=units[d.unit], certificates=list(d.inspectors))
        for n, d in enumerate(drawn, 1)
    )
    return draw


@transaction.atomic
def draw_publish(draw_id: int, *, actor: Actor, now: datetime) -> Draw:
    """Make seed and result public."""
    draw: Draw = Draw.objects.visible_to(actor).locked(draw_id)
    draw.published_by, draw.published_at = actor.user, now
    move("publish", draw, actor, now, pool_hash=draw.pool_hash)
    return draw


@transaction.atomic
def draw_void(draw_id: int, *, note: str, actor: Actor, now: datetime) -> Draw:
    """Give it up, for a reason that stays public when the pool was frozen."""
    draw: Draw = Draw.objects.visible_to(actor).locked(draw_id)
    draw.void_by, draw.void_at, draw.void_reason = actor.user, now, note
    move("void", draw, actor, now, note=note)
    return draw


@transaction.atomic
def draw_arrange(draw_id: int, *, actor: Actor, now: datetime) -> list[Inspection]:
    """Arrange an inspection for each drawn unit that has none yet, by the drawn inspectors. Raises
    `Forbidden`, `GuardFailed`, `WrongState` before publication, `Invalid` when somebody is no longer fit."""
    draw: Draw = Draw.objects.visible_to(actor).locked(draw_id)
    _require_own(draw, actor)
    if draw.status != "published":
        raise WrongState(_("公布结果后才能按结果安排检查。"))
    waiting = list(draw.drawn_units.filter(inspection=None).select_for_update().order_by("number"))
    people = {
        p.certificate: p
        for p in Inspector.objects.filter(
            organisation=draw.organisation,
            certificate__in={c for row in waiting for c in row.certificates},
        )
    }
    return [
        _arrange(draw, row, [people[c] for c in row.certificates], actor, now) for row in waiting
    ]


def _arrange(
    draw: Draw, row: DrawnUnit, team: list[Inspector], actor: Actor, now: datetime
) -> Inspection:
    inspection = inspection_make(
        unit_id=row.unit_id,
        kind=InspectionKind.PLANNED,
        manner=Manner.ON_SITE,
        year=draw.year,
        reason=str(_("双随机抽查：%(title)s") % {"title": draw.title}),
        planned_on=max(draw.inspect_on, timezone.localdate(now)),
        inspectors=[p.pk for p in team],
        actor=actor,
        now=now,
    )
    row.inspection = inspection
    row.save(update_fields=["inspection"])
    record("draw.arrange", draw, actor, now, unit=row.unit.credit_code, inspection=inspection.pk)
    return inspection
