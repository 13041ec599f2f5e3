"""What the rules in force ask of a rectification; each is a dated parameter."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from carbonwatch.params.service import in_force
from inspections.guards import GRAVE
from inspections.models import Finding


def site_check_due(finding: Finding, now: datetime) -> bool:
    """Whether somebody has to see it on site, by the rule in force when it is ordered."""
    if finding.severity == GRAVE:
        return True
    rule = in_force().maybe("rectification.site_check", timezone.localdate(now))
    if rule is None:
        return False
    return bool(
        finding.severity in rule["gravities"]
        or finding.finding_class in rule["classes"]
        or max(Decimal(finding.t_co2), Decimal(finding.t_allowance)) >= rule["t_co2"]
    )


def correction_due(finding: Finding) -> bool:
    """Whether it concerns a value of a report, which only a corrected version puts right: a finding
    with no tonnes at stake is one of evidence or of order."""
    return finding.version_id is not None and bool(finding.t_co2 or finding.t_allowance)


def remembered_since(now: datetime) -> date | None:
    """The first day of the time in which what comes back is a recurrence; None where no rule holds."""
    today = timezone.localdate(now)
    months = in_force().maybe("rectification.recurrence_months", today)
    return None if months is None else months_before(today, int(months))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month + 1, last)
            except ValueError:
                continue
    raise ValueError(f"no day {months} months before {day}")  # every month has 28 days
