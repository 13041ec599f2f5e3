"""Giving out and taking on verification work."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, WrongState
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.workflow.moves import move, start
from emitters.models import AnnualReport
from verification.flows import OPEN_STATES
from verification.models import Assignment


@transaction.atomic
def assignment_make(
    *, report_id: int, agency_id: int, due_on: date, actor: Actor, now: datetime
) -> Assignment:
    """Give a submitted report to a verification agency.

    Refuses an agency that helped to write the report (Decree 775 art. 13), a second open
    assignment, and a deadline that is not ahead.
    """
    if not actor.may(Perm.ASSIGNMENT_MAKE):
        raise Forbidden()
    report = AnnualReport.objects.visible_to(actor).locked(report_id)
    if report.current is None or report.current.status not in ("submitted", "accepted"):
        raise WrongState(_("企业还没有提交报告，不能下达核查任务。"))
    if report.assignments.filter(status__in=OPEN_STATES).exists():
        raise WrongState(_("该报告已有未结束的核查任务。"))
    if due_on <= timezone.localdate(now):
        late = _("核查完成期限须晚于今天。")
        raise Invalid(late, fields={"due_on": [late]})
    agency = Organisation.objects.filter(pk=agency_id, kind=OrgKind.VERIFIER, active=True).first()
    if agency is None:
        raise Invalid(_("请选择有效的核查机构。"), fields={"agency": [_("请选择有效的核查机构。")]})
    consultant = report.current.basic.get("咨询机构信用代码", ["", "", ""])[1]
    if consultant and consultant == agency.code:
        raise GuardFailed(
            _("该机构参与编制了本报告，不得承担核查（《碳排放权交易管理暂行条例》第十三条）。")
        )
    assignment = Assignment(
        report=report,
        version=report.current,
        agency=agency,
        due_on=due_on,
        made_by=actor.user,
        made_at=now,
        due_at=due_of(Assignment.flow.state("offered"), now),
    )
    assignment.save()
    start(assignment, actor, now, agency=agency.pk, report=report.pk, due_on=due_on)
    return assignment


@transaction.atomic
def assignment_take(
    assignment_id: int, *, independence: str, actor: Actor, now: datetime
) -> Assignment:
    """Take the work on, with the declaration of independence."""
    assignment = Assignment.objects.visible_to(actor).locked(assignment_id)
    assignment.taken_by, assignment.independence = actor.user, independence
    move(
        "take", assignment, actor, now, due_at=_end_of(assignment.due_on), independence=independence
    )
    return assignment


@transaction.atomic
def assignment_decline(assignment_id: int, *, note: str, actor: Actor, now: datetime) -> Assignment:
    """Refuse the work, with the reason."""
    assignment = Assignment.objects.visible_to(actor).locked(assignment_id)
    assignment.decision_note = note
    move("decline", assignment, actor, now, note=note)
    return assignment


@transaction.atomic
def assignment_withdraw(
    assignment_id: int, *, note: str, actor: Actor, now: datetime
) -> Assignment:
    """Take the work back, with the reason."""
    assignment = Assignment.objects.visible_to(actor).locked(assignment_id)
    assignment.decision_note = note
    move("withdraw", assignment, actor, now, note=note)
    return assignment


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
