"""The quarterly supervision report: figures made, written about, reviewed, signed, sent."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.documents.numbering import next_number
from carbonwatch.imports.bulk import copy_rows
from carbonwatch.refusals import Forbidden, Invalid
from carbonwatch.workflow.moves import move, start
from inspections.models import QuarterEdition, QuarterFigure, QuarterItem, QuarterReport
from inspections.quarter_flow import QUARTER_FLOW
from inspections.quarterly.collect import Counted, collect
from inspections.quarterly.period import Period

QUARTER_SERIES = "季报"
ITEM_COLUMNS = ("figure_id", "target_id", "owner", "city", "text", "amount")
SIGNED_TEXTS = ("number", "overview", "problems", "next_steps")


@transaction.atomic
def quarter_draft(*, year: int, quarter: int, actor: Actor, now: datetime) -> QuarterReport:
    """Begin the report of a quarter that has begun. Raises `Forbidden`, `Invalid`."""
    if not actor.may(Perm.QUARTER_DRAFT):
        raise Forbidden()
    if now < Period(year, quarter).start:
        raise _refused(_("该季度尚未开始，不能起草季报。"))
    if QuarterReport.objects.filter(year=year, quarter=quarter).exists():
        raise _refused(_("该季度已有季报，请在原季报上办理。"))
    report = QuarterReport.objects.create(
        year=year,
        quarter=quarter,
        organisation=actor.organisation,
        drafted_by=actor.user,
        drafted_at=now,
        due_at=now + timedelta(days=QUARTER_FLOW.state("draft").days or 0),
    )
    report.edition = _edition(report, actor, now)
    report.save(update_fields=["edition"])
    start(report, actor, now, figures=report.standing.digest)
    return report


def _refused(text: object) -> Invalid:
    return Invalid(text, fields={"quarter": [text]})


@transaction.atomic
def quarter_refresh(report_id: int, *, actor: Actor, now: datetime) -> QuarterReport:
    """Make the figures again from the rows as they are now; older editions stay."""
    report = _locked("refresh", report_id, actor)
    report.edition = _edition(report, actor, now)
    move("refresh", report, actor, now, due_at=report.due_at, figures=report.standing.digest)
    return report


@transaction.atomic
def quarter_write(
    report_id: int, *, overview: str, problems: str, next_steps: str, actor: Actor, now: datetime
) -> QuarterReport:
    """What the figures mean, and what is to be done."""
    report = _locked("write", report_id, actor)
    report.overview, report.problems, report.next_steps = overview, problems, next_steps
    report.written_by = actor.user
    move("write", report, actor, now, due_at=report.due_at, text=overview)
    return report


@transaction.atomic
def quarter_review(report_id: int, *, note: str = "", actor: Actor, now: datetime) -> QuarterReport:
    """Another person has compared text and figures."""
    report = _locked("review", report_id, actor)
    report.reviewed_by, report.reviewed_at = actor.user, now
    move("review", report, actor, now, note=note, figures=report.standing.digest)
    return report


@transaction.atomic
def quarter_return(report_id: int, *, note: str, actor: Actor, now: datetime) -> QuarterReport:
    """It does not do, for the reason given; it has to be reviewed anew."""
    report = _locked("return", report_id, actor)
    report.reviewed_by, report.reviewed_at = None, None
    move("return", report, actor, now, note=note)
    return report


@transaction.atomic
def quarter_sign(report_id: int, *, note: str = "", actor: Actor, now: datetime) -> QuarterReport:
    """Give it its number and freeze text, figures and the rows behind them."""
    report = _locked("sign", report_id, actor)
    if not figures_stand(report.standing):
        raise Invalid(_("季报数据与生成时的摘要不一致，不能签发，请联系系统管理员。"))
    report.number = next_number(report.organisation, QUARTER_SERIES, now)
    report.digest = digest_of_report(report)
    report.signed_by, report.signed_at = actor.user, now
    move("sign", report, actor, now, number=report.number, digest=report.digest, note=note)
    return report


@transaction.atomic
def quarter_send(
    report_id: int, *, recipient: str, sent_on: date, sent_via: str, actor: Actor, now: datetime
) -> QuarterReport:
    """It has gone to the ministry."""
    report = _locked("send", report_id, actor)
    if not timezone.localdate(report.signed_at) <= sent_on <= timezone.localdate(now):
        text = _("报送日期不能早于签发日期，也不能晚于今天。")
        raise Invalid(text)
    report.recipient, report.sent_on, report.sent_via = recipient, sent_on, sent_via
    move("send", report, actor, now, recipient=recipient, on=sent_on.isoformat(), note=sent_via)
    return report


def _locked(step: str, report_id: int, actor: Actor) -> QuarterReport:
    report: QuarterReport = QuarterReport.objects.visible_to(actor).locked(report_id)
    QUARTER_FLOW.require(step, report, actor)
    return report


def _edition(report: QuarterReport, actor: Actor, now: datetime) -> QuarterEdition:
    """Figures and items as they are now, with their digest and what they are compared with."""
    with translation.override("zh-hans"):  # goes into a document
        counted = list(collect(report.period, actor))
    edition = QuarterEdition.objects.create(
        report=report,
        compared=_signed_before(report),
        made_by=actor.user,
        made_at=now,
        digest=_digest(_as_collected(counted)),
    )
    figures = QuarterFigure.objects.bulk_create(
        _figure(edition, number, one) for number, one in enumerate(counted, 1)
    )
    rows = (
        (figure.pk, i.target_id, i.owner, i.city, i.text, i.amount)
        for figure, one in zip(figures, counted, strict=True)
        for i in one.items
    )
    copy_rows(QuarterItem, ITEM_COLUMNS, rows)
    return edition


def _figure(edition: QuarterEdition, number: int, one: Counted) -> QuarterFigure:
    return QuarterFigure(
        edition=edition,
        number=number,
        section=one.section,
        section_title=one.section_title,
        code=one.code,
        label=str(one.figure.label),
        unit=str(one.figure.unit),
        measure=one.figure.measure,
        value=one.value,
        size=len(one.items),
        of=one.figure.code,
        by=one.by.code if one.by else "",
        by_label=str(one.by.label) if one.by else "",
        key=one.key,
        key_label=one.key_label,
        target=one.figure.model._meta.label_lower,
    )


def _signed_before(report: QuarterReport) -> QuarterEdition | None:
    """The figures of the newest signed report of an earlier quarter."""
    signed = QuarterReport.objects.filter(status__in=["signed", "sent"]).select_related("edition")
    earlier = [r for r in signed if r.period < report.period]
    return max(earlier, key=lambda r: r.period).edition if earlier else None


def figures_stand(edition: QuarterEdition) -> bool:
    """Whether figures and items are still those that were made."""
    return edition.digest == _digest(_as_stored(edition))


def report_stands(report: QuarterReport) -> bool:
    """Whether a signed report is still what was signed: text, number, figures, items."""
    return report.digest == digest_of_report(report) and figures_stand(report.standing)


def digest_of_report(report: QuarterReport) -> str:
    """Of the figures' digest with number and texts."""
    texts = [getattr(report, name) for name in SIGNED_TEXTS]
    return _digest([[report.standing.digest, report.year, report.quarter, *texts]])


def _as_collected(counted: Iterable[Counted]) -> Iterator[list[object]]:
    for one in counted:
        yield [
            one.code,
            str(one.figure.measure),
            _plain(one.value),
            one.figure.model._meta.label_lower,
        ]
        for i in one.items:
            yield [i.target_id, i.owner, i.city, i.text, _plain(i.amount)]


def _as_stored(edition: QuarterEdition) -> Iterator[list[object]]:
    items: dict[int, list[list[object]]] = {}
    stored = QuarterItem.objects.filter(figure__edition=edition).order_by("pk")
    for figure, target, owner, city, text, amount in stored.values_list(*ITEM_COLUMNS):
        items.setdefault(figure, []).append([target, owner, city, text, _plain(amount)])
    for figure in edition.figures.order_by("number"):
        yield [figure.code, figure.measure, _plain(figure.value), figure.target]
        yield from items.get(figure.pk, [])


def _plain(value: object) -> str | None:
    return None if value is None else f"{value:.2f}"


def _digest(lines: Iterable[list[object]]) -> str:
    found = hashlib.sha256()
    for line in lines:
        found.update(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    return found.hexdigest()
