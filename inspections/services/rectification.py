"""The unit's answer to an order, its review by another person, the visit, and closing (销号)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.ledger import record
from carbonwatch.documents.service import attach
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, WrongState
from carbonwatch.workflow.moves import move
from emitters.models import ReportVersion
from inspections.flows import FINAL, FINDING_FLOW, SEEN_BY_UNIT
from inspections.models import EndedCycle, Finding, SiteCheck
from inspections.services.answers import answer_add, answer_review
from inspections.services.campaign_moves import campaign_findings_moved
from inspections.services.deadlines import deadline
from inspections.services.extensions import extension_lapse
from inspections.services.measures import Item, measures_add

KEPT_OF_CYCLE = (
    "cycle",
    "closed_by",
    "closed_at",
    "reviewed_by",
    "verified_by",
    "verified_at",
    "corrected_version",
    "t_corrected",
)


@transaction.atomic
def finding_begin(finding_id: int, *, actor: Actor, now: datetime) -> Finding:
    """The unit has received the order (签收); its deadline stays."""
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    move("begin", finding, actor, now, due_at=finding.due_at)
    return finding


@transaction.atomic
def finding_answer(
    finding_id: int, *, text: str, files: Sequence[UploadedFile], actor: Actor, now: datetime
) -> Finding:
    """Hand in what was done, with proof. Raises `Invalid` without a file."""
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    FINDING_FLOW.require("answer", finding, actor)
    answer, proof = answer_add(finding, text, files, actor, now)
    finding.answered_by, finding.answered_at = actor.user, now
    move("answer", finding, actor, now, number=answer.number, text=text, proof=proof)
    extension_lapse(finding, actor, now)
    campaign_findings_moved(finding, actor=actor, now=now)
    return finding


@transaction.atomic
def finding_accept(finding_id: int, *, note: str = "", actor: Actor, now: datetime) -> Finding:
    """Somebody who neither found nor ordered it accepts the answer."""
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    FINDING_FLOW.require("accept", finding, actor)
    answer_review(finding, note, actor, now, accepted=True)
    finding.reviewed_at = now
    move("accept", finding, actor, now, note=note)
    campaign_findings_moved(finding, actor=actor, now=now)
    return finding


@transaction.atomic
def finding_return(
    finding_id: int, *, note: str, due_on: date, actor: Actor, now: datetime
) -> Finding:
    """The answer does not do, or the visit showed something else: back to the unit with the reason and
    a new deadline; that of the order stays on record."""
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    FINDING_FLOW.require("return", finding, actor)
    answer_review(finding, note, actor, now, accepted=False)
    finding.reviewed_at = now
    due_at = deadline(due_on, now)
    move("return", finding, actor, now, due_at=due_at, note=note, due_on=due_on.isoformat())
    campaign_findings_moved(finding, actor=actor, now=now)
    return finding


@transaction.atomic
def finding_verify(
    finding_id: int,
    *,
    visited_at: datetime,
    place: str,
    note: str,
    files: Sequence[UploadedFile],
    actor: Actor,
    now: datetime,
) -> Finding:
    """Somebody other than who answered has seen on site that it is put right. Raises `Invalid` without a
    photograph or file, or for a visit before the answer or in the future."""
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    FINDING_FLOW.require("verify", finding, actor)
    if not files:
        missing = _("请附现场照片或材料。")
        raise Invalid(missing, fields={"files": [missing]})
    if visited_at > now or (finding.ordered_at and visited_at < finding.ordered_at):
        wrong = _("核实时间须在下达责令改正之后，且不晚于现在。")
        raise Invalid(wrong, fields={"visited_at": [wrong]})
    check = SiteCheck.objects.create(
        finding=finding,
        cycle=finding.cycle,
        visited_at=visited_at,
        place=place,
        note=note,
        by=actor.user,
        at=now,
    )
    proof = [attach(check, file, actor=actor, now=now).sha256 for file in files]
    finding.verified_by, finding.verified_at = actor.user, now
    move("verify", finding, actor, now, place=place, note=note, proof=proof)
    campaign_findings_moved(finding, actor=actor, now=now)
    return finding


@transaction.atomic
def finding_correct(
    finding_id: int, *, version_id: int, t_corrected: Decimal, actor: Actor, now: datetime
) -> Finding:
    """Attach the report version that puts the figure right, and by how many tonnes. The unit or the
    bureau, until the finding is closed."""
    if not actor.may(Perm.FINDING_CORRECT):
        raise Forbidden()
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    reject_correction(finding)
    version: ReportVersion = ReportVersion.objects.visible_to(actor).one(pk=version_id)
    if not corrections_of(finding).filter(pk=version.pk).exists():
        text = _("更正版本须是同一报告中晚于问题所在版本、已提交或已受理的版本。")
        raise Invalid(text, fields={"version": [text]})
    finding.corrected_version, finding.t_corrected = version, t_corrected
    finding.save(update_fields=["corrected_version", "t_corrected"])
    record("finding.correct", finding, actor, now, version=version.pk, t_corrected=str(t_corrected))
    return finding


def reject_correction(finding: Finding) -> None:
    """Raises the refusal when no corrected version can be attached now."""
    if finding.version_id is None:
        raise GuardFailed(_("本问题不涉及报告版本，无须附更正版本。"))
    if finding.status not in SEEN_BY_UNIT or finding.status in FINAL:
        raise WrongState(_("下达责令改正之后、销号之前才能附更正版本。"))


def corrections_of(finding: Finding) -> QuerySet[ReportVersion]:
    """Later versions of the report that were handed in and stand."""
    if finding.version is None:
        return ReportVersion.objects.none()
    return ReportVersion.objects.filter(
        report=finding.version.report_id,
        number__gt=finding.version.number,
        status__in=["submitted", "accepted"],
    )


@transaction.atomic
def finding_close(finding_id: int, *, note: str = "", actor: Actor, now: datetime) -> Finding:
    """Strike it off (销号): by a person other than who found, accepted or verified it."""
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    finding.closed_by, finding.closed_at = actor.user, now
    move("close", finding, actor, now, note=note)
    campaign_findings_moved(finding, actor=actor, now=now)
    return finding


@transaction.atomic
def finding_reopen(
    finding_id: int,
    *,
    note: str,
    due_on: date,
    measures: Sequence[Item] = (),
    actor: Actor,
    now: datetime,
) -> Finding:
    """What was closed is not in order after all: another round (cycle) with a new deadline. What closed
    the last one is kept; nothing of it counts for the next."""
    finding: Finding = Finding.objects.visible_to(actor).locked(finding_id)
    FINDING_FLOW.require("reopen", finding, actor)
    due_at = deadline(due_on, now)
    as_closed = {name: getattr(finding, name) for name in KEPT_OF_CYCLE}
    EndedCycle.objects.create(
        finding=finding,
        reason=note,
        reopened_by=actor.user,
        reopened_at=now,
        due_on=due_on,
        **as_closed,
    )
    finding.cycle += 1
    finding.reopened_by = actor.user
    for name in ("answered", "reviewed", "verified", "closed"):
        setattr(finding, f"{name}_by", None)
        setattr(finding, f"{name}_at", None)
    finding.corrected_version, finding.t_corrected = None, None
    move(
        "reopen", finding, actor, now, due_at=due_at, note=note, due_on=due_on.isoformat(),
        cycle=finding.cycle,
    )  # fmt: skip
    measures_add(finding, measures, due_on, actor, now)
    campaign_findings_moved(finding, actor=actor, now=now)
    return finding
