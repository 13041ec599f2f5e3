"""Writing, signing, submitting and deciding a conclusion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm, Role
from carbonwatch.audit.ledger import record
from carbonwatch.refusals import Forbidden, GuardFailed, WrongState
from carbonwatch.workflow.moves import move
from verification.flows import WRITING_STATES
from verification.models import Assignment, Conclusion, Nonconformity, Signature, VerifiedValue

CAPACITY = {
    Role.AGENCY_LEAD: "leader",
    Role.AGENCY_MEMBER: "member",
    Role.AGENCY_REVIEWER: "reviewer",
    Role.AGENCY_MANAGER: "approver",
}


@dataclass(frozen=True)
class ValueChange:
    """One value as reported and as verified."""

    generator: str
    code: str
    unit: str
    before: Decimal | None
    after: Decimal | None
    reason: str = ""


def _writable(assignment_id: int, actor: Actor, perm: str) -> Assignment:
    if not actor.may(perm):
        raise Forbidden()
    assignment = Assignment.objects.visible_to(actor).locked(assignment_id)
    if assignment.status not in WRITING_STATES:
        raise WrongState(_("当前状态不能修改或签署结论。"))
    return assignment


@transaction.atomic
def conclusion_save(
    assignment_id: int,
    *,
    texts: Mapping[str, str],
    visited_on: date | None,
    values: Sequence[ValueChange],
    nonconformities: Sequence[Mapping[str, str]],
    actor: Actor,
    now: datetime,
) -> Assignment:
    """Write the conclusion anew. Signatures given before no longer stand.

    A changed value needs its reason. Raises `Forbidden`, `WrongState`, `GuardFailed`.
    """
    assignment = _writable(assignment_id, actor, Perm.CONCLUSION_EDIT)
    for value in values:
        if value.after != value.before and not value.reason.strip():
            raise GuardFailed(_("核查前后数值不同的，须填写变化原因。"))
    conclusion, _new = Conclusion.objects.update_or_create(
        assignment=assignment,
        defaults={**texts, "visited_on": visited_on, "written_by": actor.user, "written_at": now},
    )
    for rows in (conclusion.signatures, conclusion.values, conclusion.nonconformities):
        rows.all().delete()
    VerifiedValue.objects.bulk_create(
        VerifiedValue(conclusion=conclusion, **vars(v)) for v in values
    )
    Nonconformity.objects.bulk_create(
        Nonconformity(conclusion=conclusion, **n) for n in nonconformities
    )
    record(
        "conclusion.write",
        assignment,
        actor,
        now,
        texts=dict(texts),
        visited_on=visited_on,
        values=[vars(v) for v in values],
        nonconformities=[dict(n) for n in nonconformities],
    )
    return assignment


@transaction.atomic
def conclusion_sign(assignment_id: int, *, actor: Actor, now: datetime) -> Assignment:
    """Sign in the capacity of the actor's post. Each person once and in one capacity; whoever holds
    several posts signs in the first of them that nobody has signed in yet."""
    assignment = _writable(assignment_id, actor, Perm.CONCLUSION_SIGN)
    conclusion = Conclusion.objects.filter(assignment=assignment).first()
    if conclusion is None:
        raise GuardFailed(_("还没有编写核查结论，不能签署。"))
    if conclusion.signatures.filter(user=actor.user).exists():
        raise GuardFailed(_("您已签署。每人只能以一种身份签署一次。"))
    role = _capacity(conclusion, actor)
    Signature.objects.create(conclusion=conclusion, role=role, user=actor.user, signed_at=now)
    record("conclusion.sign", assignment, actor, now, role=role)
    return assignment


def _capacity(conclusion: Conclusion, actor: Actor) -> str:
    held = [CAPACITY[Role(r)] for r in actor.roles if r in CAPACITY]
    signed = set(conclusion.signatures.values_list("role", flat=True))
    return next((r for r in held if r not in signed), held[0])


@transaction.atomic
def conclusion_submit(assignment_id: int, *, actor: Actor, now: datetime) -> Assignment:
    """Send the signed conclusion to the province."""
    assignment = Assignment.objects.visible_to(actor).locked(assignment_id)
    assignment.submitted_by, assignment.submitted_at = actor.user, now
    move("submit", assignment, actor, now)
    return assignment


@transaction.atomic
def conclusion_accept(
    assignment_id: int, *, note: str = "", actor: Actor, now: datetime
) -> Assignment:
    """Accept the conclusion: the verification ends, and with it the agency's view of the unit."""
    assignment = Assignment.objects.visible_to(actor).locked(assignment_id)
    assignment.decided_by, assignment.decision_note = actor.user, note
    move("accept", assignment, actor, now, note=note)
    return assignment


@transaction.atomic
def conclusion_return(assignment_id: int, *, note: str, actor: Actor, now: datetime) -> Assignment:
    """Send the conclusion back with the reason; it has to be signed anew."""
    assignment = Assignment.objects.visible_to(actor).locked(assignment_id)
    assignment.decided_by, assignment.decision_note = actor.user, note
    Signature.objects.filter(conclusion__assignment=assignment).delete()
    move("return", assignment, actor, now, note=note)
    return assignment
