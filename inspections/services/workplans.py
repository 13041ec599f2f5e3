"""Work plans: drafting, filling in, approval by another person, amendment as a new version."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.ledger import record
from carbonwatch.params.regions import REGION_NAMES
from carbonwatch.refusals import Forbidden, Invalid, WrongState
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.workflow.moves import move, shift, start
from inspections.models import PlanQuota, RiskClass, WorkPlan
from inspections.models.workplans import QUARTERS
from inspections.workplan_flow import WORKPLAN_FLOW

Place = tuple[str, int, str]
"""City, quarter, risk class."""


@transaction.atomic
def workplan_make(
    *, year: int, title: str, text: str = "", carbon_text: str = "", actor: Actor, now: datetime
) -> WorkPlan:
    """Begin the plan of a year. Raises `Forbidden`, `Invalid` when the year has one."""
    if not actor.may(Perm.WORKPLAN_EDIT):
        raise Forbidden()
    known = list(WorkPlan.objects.select_for_update().filter(year=year))
    if any(plan.status != "dropped" for plan in known):
        taken = _("%(year)s年度已有工作计划，需要改动的请办理修订。") % {"year": year}
        raise Invalid(taken, fields={"year": [taken]})
    again = str(_("上一稿未采用，重新起草。")) if known else ""
    plan = WorkPlan.objects.create(
        year=year,
        version=max((p.version for p in known), default=0) + 1,
        title=title,
        text=text,
        carbon_text=carbon_text,
        reason=again,
        drafted_by=actor.user,
        drafted_at=now,
        due_at=due_of(WORKPLAN_FLOW.state("drafted"), now),
    )
    start(plan, actor, now, year=year, version=plan.version)
    return plan


@transaction.atomic
def workplan_write(
    plan_id: int,
    *,
    title: str,
    text: str,
    carbon_text: str,
    quotas: Mapping[Place, int],
    actor: Actor,
    now: datetime,
) -> WorkPlan:
    """Put down text and quotas of a draft; places that are not named have none. What changed goes
    into the ledger. Raises `Forbidden`, `WrongState`, `Invalid`."""
    if not actor.may(Perm.WORKPLAN_EDIT):
        raise Forbidden()
    plan: WorkPlan = WorkPlan.objects.visible_to(actor).locked(plan_id)
    if plan.status != "drafted":
        raise WrongState(_("计划已提交，不能再编辑；批准后需要改动的请办理修订。"))
    new = {place: number for place, number in quotas.items() if number}
    for city, quarter, risk in new:
        if city not in REGION_NAMES or quarter not in QUARTERS or risk not in RiskClass.values:
            raise Invalid(_("检查数量的城市、季度或风险类别不存在。"))
    old = {(q.city, q.quarter, q.risk): q.number for q in plan.quotas.all()}
    plan.title, plan.text, plan.carbon_text = title, text, carbon_text
    plan.save(update_fields=["title", "text", "carbon_text"])
    plan.quotas.all().delete()
    _put(plan, new)
    changed = sorted(p for p in old.keys() | new.keys() if old.get(p, 0) != new.get(p, 0))
    record(
        "workplan.write", plan, actor, now, total=sum(new.values()),
        changed=[[*p, old.get(p, 0), new.get(p, 0)] for p in changed],
    )  # fmt: skip
    return plan


def _put(plan: WorkPlan, quotas: Mapping[Place, int]) -> None:
    PlanQuota.objects.bulk_create(
        PlanQuota(plan=plan, city=city, quarter=quarter, risk=risk, number=number)
        for (city, quarter, risk), number in quotas.items()
    )


@transaction.atomic
def workplan_submit(plan_id: int, *, actor: Actor, now: datetime) -> WorkPlan:
    """Ask for approval."""
    plan: WorkPlan = WorkPlan.objects.visible_to(actor).locked(plan_id)
    plan.submitted_by, plan.submitted_at = actor.user, now
    total = sum(plan.quotas.values_list("number", flat=True))
    move("submit", plan, actor, now, total=total)
    return plan


@transaction.atomic
def workplan_approve(plan_id: int, *, note: str = "", actor: Actor, now: datetime) -> WorkPlan:
    """Put it in force; the version that was in force stays readable as amended."""
    plan: WorkPlan = WorkPlan.objects.visible_to(actor).locked(plan_id)
    WORKPLAN_FLOW.require("approve", plan, actor)
    for old in plan.versions().filter(status="approved").select_for_update():
        shift(old, "amended", actor, now, by=plan.version)
    plan.approved_by, plan.approved_at = actor.user, now
    move("approve", plan, actor, now, note=note)
    return plan


@transaction.atomic
def workplan_return(plan_id: int, *, note: str, actor: Actor, now: datetime) -> WorkPlan:
    """It does not do: back to the planners with the reason."""
    plan: WorkPlan = WorkPlan.objects.visible_to(actor).locked(plan_id)
    move("return", plan, actor, now, note=note)
    return plan


@transaction.atomic
def workplan_drop(plan_id: int, *, note: str, actor: Actor, now: datetime) -> WorkPlan:
    """Give up a draft, for the reason given."""
    plan: WorkPlan = WorkPlan.objects.visible_to(actor).locked(plan_id)
    move("drop", plan, actor, now, note=note)
    return plan


@transaction.atomic
def workplan_amend(plan_id: int, *, note: str, actor: Actor, now: datetime) -> WorkPlan:
    """Begin the next version with the text and quotas of this one, for the reason given; this one
    stays in force until the new one is approved."""
    plan: WorkPlan = WorkPlan.objects.visible_to(actor).locked(plan_id)
    move("amend", plan, actor, now, note=note)
    last = plan.versions().first()
    new = WorkPlan.objects.create(
        year=plan.year,
        version=(last.version if last else plan.version) + 1,
        title=plan.title,
        text=plan.text,
        carbon_text=plan.carbon_text,
        reason=note,
        drafted_by=actor.user,
        drafted_at=now,
        due_at=due_of(WORKPLAN_FLOW.state("drafted"), now),
    )
    _put(new, {(q.city, q.quarter, q.risk): q.number for q in plan.quotas.all()})
    start(new, actor, now, year=new.year, version=new.version, reason=note, amends=plan.version)
    return new
