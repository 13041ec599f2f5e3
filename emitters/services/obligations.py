"""The yearly list: who has to report which year, by when."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.params.service import in_force
from carbonwatch.refusals import Forbidden, Invalid
from carbonwatch.workflow.moves import start
from emitters.models import AnnualReport, EmittingUnit
from emitters.services.summaries import summarised


@dataclass(frozen=True)
class YearList:
    """The list of one year, and how many duties were new."""

    year: int
    added: int

    def get_absolute_url(self) -> str:
        """The list page of the year."""
        return f"{reverse('emitters:reports')}?year={self.year}"


def due_date(year: int) -> date:
    """The day by which the report of a year is due, from the dated parameters; `Invalid` when unknown."""
    text = in_force().maybe("deadline.report", year)
    if text is None:
        raise Invalid(
            _("参数中没有该年度的报告截止日期，请填写截止日期。"),
            fields={"due_on": [_("请填写。")]},
        )
    return date.fromisoformat(str(text))


@transaction.atomic
def obligations_make(
    *, year: int, basis: str, due_on: date | None = None, actor: Actor | None, now: datetime
) -> YearList:
    """Give every active unit that has none the duty to report a year."""
    if actor is not None and not actor.may(Perm.REPORT_DECIDE):
        raise Forbidden()
    day = due_on or due_date(year)
    units = EmittingUnit.objects.filter(organisation__active=True).exclude(reports__year=year)
    added = 0
    for unit in units.select_related("organisation").order_by("pk"):
        obligation_make(unit=unit, year=year, basis=basis, due_on=day, actor=actor, now=now)
        added += 1
    return YearList(year, added)


@transaction.atomic
def obligation_make(
    *, unit: EmittingUnit, year: int, basis: str, due_on: date, actor: Actor | None, now: datetime
) -> AnnualReport:
    """The duty of one unit for one year, with its place in the worklist and the overview."""
    end_of_day = timezone.make_aware(datetime.combine(due_on, time(23, 59)))
    report = AnnualReport(
        unit=unit,
        year=year,
        city=unit.organisation.city,
        due_on=due_on,
        due_at=end_of_day,
        basis=basis,
    )
    report.save()
    with summarised(report, new=True):
        start(report, actor, now, year=year, due_on=due_on, basis=basis)
    return report
