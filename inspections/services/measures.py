"""Measures of an order: listing them, answering them, reviewing the answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.audit.ledger import record
from carbonwatch.refusals import Invalid
from carbonwatch.workflow.moves import move, start
from inspections.models import Finding, Measure
from inspections.rectification_flows import MEASURE_FLOW
from inspections.services.answers import answer_add, answer_review
from inspections.services.deadlines import deadline


@dataclass(frozen=True)
class Item:
    """One measure as the order lists it; without a day of its own it is due with the order."""

    text: str
    due_on: date | None = None


def measures_add(
    finding: Finding, items: Sequence[Item], until: date, actor: Actor, now: datetime
) -> None:
    """Store the measures of an order whose finding is locked. Raises `Invalid` for a day that does not
    lie between tomorrow and the deadline of the order."""
    first = finding.measures.count() + 1
    for number, item in enumerate(items, first):
        due_on = item.due_on or until
        if due_on > until:
            text = _("第%(number)s项措施的期限晚于责令改正期限。") % {"number": number}
            raise Invalid(text, fields={"measures": [text]})
        measure = Measure.objects.create(
            unit=finding.unit,
            order_number=finding.order_number,
            number=number,
            text=item.text,
            due_on=due_on,
            due_at=deadline(due_on, now, field="measures"),
            ordered_by=actor.user,
            ordered_at=now,
        )
        measure.findings.add(finding)
        start(measure, actor, now, text=item.text, due_on=due_on.isoformat(), finding=finding.pk)


def measures_share(finding: Finding, ids: Sequence[int], actor: Actor, now: datetime) -> None:
    """Measures of the unit that are under way may serve this finding, too."""
    for pk in sorted(set(ids)):
        measure: Measure = Measure.objects.visible_to(actor).locked(pk)
        if measure.unit_id != finding.unit_id or measure.status == "accepted":
            text = _("所选措施不属于本单位，或已审查通过。")
            raise Invalid(text, fields={"shared": [text]})
        measure.findings.add(finding)
        record("measure.share", measure, actor, now, finding=finding.pk)


def measures_due(finding: Finding, at: datetime) -> list[Measure]:
    """The measures that wait for the unit and are due then, locked."""
    waiting = finding.measures.filter(status__in=["open", "returned"], due_at=at)
    return list(waiting.select_for_update(of=("self",)).order_by("pk"))


@transaction.atomic
def measure_answer(
    measure_id: int, *, text: str, files: Sequence[UploadedFile], actor: Actor, now: datetime
) -> Measure:
    """Say what was done about one measure, with proof. Raises `Invalid` without a file."""
    measure: Measure = Measure.objects.visible_to(actor).locked(measure_id)
    MEASURE_FLOW.require("answer", measure, actor)
    answer, proof = answer_add(measure, text, files, actor, now)
    measure.answered_by, measure.reviewed_by = actor.user, None
    move("answer", measure, actor, now, round=answer.number, text=text, proof=proof)
    return measure


@transaction.atomic
def measure_accept(measure_id: int, *, note: str = "", actor: Actor, now: datetime) -> Measure:
    """Another person than the one who ordered it finds it done."""
    measure: Measure = Measure.objects.visible_to(actor).locked(measure_id)
    MEASURE_FLOW.require("accept", measure, actor)
    answer_review(measure, note, actor, now, accepted=True)
    move("accept", measure, actor, now, note=note)
    return measure


@transaction.atomic
def measure_return(
    measure_id: int, *, note: str, due_on: date, actor: Actor, now: datetime
) -> Measure:
    """Not done yet: back to the unit with the reason and a new deadline."""
    measure: Measure = Measure.objects.visible_to(actor).locked(measure_id)
    MEASURE_FLOW.require("return", measure, actor)
    answer_review(measure, note, actor, now, accepted=False)
    due_at = deadline(due_on, now)
    move("return", measure, actor, now, due_at=due_at, note=note, due_on=due_on.isoformat())
    return measure
