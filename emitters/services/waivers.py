"""Waivers: proposed by one person, granted by another, and gone when their time is over."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.checks.registry import Severity
from carbonwatch.documents.service import attach
from carbonwatch.params.service import in_force
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid
from carbonwatch.workflow.deadlines import due_of
from carbonwatch.workflow.moves import move, shift, shift_all, start
from emitters.closing import REFUTED
from emitters.models import AnnualReport, CheckResult, Question, Waiver
from emitters.models.waivers import LIVE
from emitters.services.corrections import corrected
from emitters.services.scores import SCORED, rescore
from emitters.services.summaries import summarised


@transaction.atomic
def waiver_propose(
    result_id: int,
    *,
    closing: str,
    reason: str,
    basis: str,
    valid_from: date,
    valid_to: date,
    files: Sequence[UploadedFile] = (),
    actor: Actor,
    now: datetime,
) -> Waiver:
    """Propose that a result count nothing for a time. Nothing changes before another person grants
    it. Raises `Forbidden`, `Missing`, `GuardFailed`, `Invalid`."""
    if not actor.may(Perm.WAIVER_PROPOSE):
        raise Forbidden()
    result = CheckResult.objects.visible_to(actor).select_related("version").one(pk=result_id)
    report = AnnualReport.objects.visible_to(actor).locked(result.version.report_id)
    result.version.report = report
    reject_waiver(result)
    _check_terms(closing, valid_from, valid_to, now)
    waiver = Waiver.objects.create(
        report=report,
        result=result,
        fingerprint=result.fingerprint,
        check_code=result.check_code,
        letter=result.letter,
        severity=result.severity,
        closing=closing,
        reason=reason,
        basis=basis,
        valid_from=valid_from,
        valid_to=valid_to,
        proposed_by=actor.user,
        proposed_at=now,
        due_at=due_of(Waiver.flow.state("proposed"), now),
    )
    start(
        waiver,
        actor,
        now,
        check=f"{result.check_code}.{result.letter}",
        fingerprint=result.fingerprint,
        reason=reason,
        basis=basis,
        closing=closing,
        valid_from=str(valid_from),
        valid_to=str(valid_to),
    )
    for file in files:
        attach(waiver, file, actor=actor, now=now)
    return waiver


def reject_waiver(result: CheckResult) -> None:
    """Refuse (`GuardFailed`) what cannot be waived."""
    if result.severity == Severity.FATAL:
        raise GuardFailed(_("致命问题必须更正，不能豁免。"))
    if result.version.status not in SCORED:
        raise GuardFailed(_("该版本已被替代。请在最新版本的结果上提出豁免。"))
    if result.cleared:
        raise GuardFailed(_("该结果已不计分，无须豁免。"))
    same = {"report": result.version.report_id, "fingerprint": result.fingerprint}
    if Question.objects.filter(status="upheld", **same).exists():
        raise GuardFailed(_("该疑点已认定成立，须更正数据，不能豁免。"))
    if Waiver.objects.filter(status__in=LIVE, **same).exists():
        raise GuardFailed(_("该结果已有豁免在办理或执行中。"))


def _check_terms(closing: str, valid_from: date, valid_to: date, now: datetime) -> None:
    today = timezone.localdate(now)
    longest = int(in_force().get("waiver.max_days", today))
    wrong: dict[str, list[object]] = {}
    if closing not in REFUTED:
        wrong["closing"] = [_("请选择豁免情形。")]
    if valid_from > today:
        wrong["valid_from"] = [_("豁免针对已有数据，起始日期不能晚于今天。")]
    if valid_to < today:
        wrong["valid_to"] = [_("截止日期不能早于今天。")]
    elif valid_to > valid_from + timedelta(days=longest):
        wrong["valid_to"] = [_("豁免期限最长%(n)s天。") % {"n": longest}]
    if wrong:
        raise Invalid(_("豁免条件不符合规定，请更正后再提出。"), fields=wrong)


def _locked(waiver_id: int, actor: Actor) -> tuple[AnnualReport, Waiver]:
    """Report first: everybody locks in this order."""
    seen = Waiver.objects.visible_to(actor).one(pk=waiver_id)
    report = AnnualReport.objects.visible_to(actor).locked(seen.report_id)
    waiver: Waiver = Waiver.objects.visible_to(actor).locked(waiver_id)
    waiver.report = report
    return report, waiver


@transaction.atomic
def waiver_approve(waiver_id: int, *, note: str = "", actor: Actor, now: datetime) -> Waiver:
    """Grant a waiver: from now on its result counts nothing."""
    report, waiver = _locked(waiver_id, actor)
    with summarised(report):
        waiver.decided_by, waiver.decided_at, waiver.decision_note = actor.user, now, note
        move("approve", waiver, actor, now, note=note)
        question = _question_of(waiver)
        if question is not None and question.status in ("open", "explained"):
            question.closing = waiver.closing
            shift(question, "waived", actor, now, waiver=waiver.pk, closing=waiver.closing)
        rescore(report, actor=actor, now=now, because="waiver.approve")
    return waiver


@transaction.atomic
def waiver_refuse(waiver_id: int, *, note: str, actor: Actor, now: datetime) -> Waiver:
    """Do not grant a waiver."""
    _report, waiver = _locked(waiver_id, actor)
    waiver.decided_by, waiver.decided_at, waiver.decision_note = actor.user, now, note
    move("refuse", waiver, actor, now, note=note)
    return waiver


@transaction.atomic
def waiver_revoke(waiver_id: int, *, note: str, actor: Actor, now: datetime) -> Waiver:
    """Take a waiver back before its time."""
    report, waiver = _locked(waiver_id, actor)

    def take_back() -> None:
        waiver.end_note = note
        move("revoke", waiver, actor, now, note=note)

    _end(report, waiver, take_back, actor, now)
    return waiver


def end_waivers(now: datetime) -> int:
    """End the waivers whose last day has passed, each in its own transaction; how many."""
    over = Waiver.objects.filter(status="in_force", valid_to__lt=timezone.localdate(now))
    return sum(_ended(pk, report_id, now) for pk, report_id in over.values_list("pk", "report_id"))


@transaction.atomic
def _ended(waiver_id: int, report_id: int, now: datetime) -> bool:
    report = AnnualReport.objects.select_for_update().get(pk=report_id)
    waiver = Waiver.objects.select_for_update().filter(pk=waiver_id, status="in_force").first()
    if waiver is None:  # revoked meanwhile
        return False
    waiver.report = report
    _end(report, waiver, lambda: shift(waiver, "ended", None, now), None, now)
    return True


def _end(
    report: AnnualReport,
    waiver: Waiver,
    leave: Callable[[], None],
    actor: Actor | None,
    now: datetime,
) -> None:
    """The result counts again; its question is back where it was, or gone with the data."""
    with summarised(report):
        waiver.ended_at = now
        leave()
        question = _question_of(waiver)
        if question is not None and question.status == "waived":
            _bring_back(question, actor, now)
        rescore(report, actor=actor, now=now, because=f"waiver.{waiver.status}")


def _bring_back(question: Question, actor: Actor | None, now: datetime) -> None:
    newest = question.report.versions.filter(status__in=SCORED).order_by("-number").first()
    if newest is not None and newest.number > question.version.number:
        shift_all(corrected([question], newest, newest.results.current()), now)
        return
    question.closing = ""
    shift(question, "explained" if question.explanation else "open", actor, now)


def _question_of(waiver: Waiver) -> Question | None:
    rows = Question.objects.select_for_update(of=("self",)).select_related("version")
    return rows.filter(report=waiver.report_id, fingerprint=waiver.fingerprint).first()
