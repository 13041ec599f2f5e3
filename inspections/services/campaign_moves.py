"""Where the units of campaigns stand, from what is bound to them, in the transaction that changes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q, QuerySet

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.deadlines import end_of_day
from carbonwatch.workflow.moves import shift
from inspections.campaign_flow import EXTENDED, ON_SITE, OUT, SELF, TO_CASE
from inspections.flows import FINDING_FLOW, SEEN_BY_UNIT
from inspections.models import (
    CampaignKind,
    CampaignUnit,
    CampaignUnitState,
    Finding,
    FindingSource,
    WaitsFor,
)
from inspections.selfflows import WRITABLE

UNDER_WAY = ("notified", "on-site", "signed", "concluded")
"""States of an inspection that has begun for the unit and is not over."""
INSPECTING = (CampaignKind.FULL, CampaignKind.THEMED)


@dataclass(frozen=True)
class Standing:
    """The state that the facts ask for, whose turn it is, and whether its inspection is complete."""

    state: str
    waits_for: str
    covered: bool


def campaign_unit_advance(
    row_id: int | None, *, because: str, actor: Actor | None, now: datetime
) -> None:
    """Bring a unit of a running campaign to the state that its self-inspection, inspections and
    findings ask for. Asking again changes nothing."""
    if row_id is None:
        return
    rows = CampaignUnit.objects.select_for_update(of=("self",)).select_related("campaign")
    row = rows.get(pk=row_id)
    if row.campaign.status != "running" or row.status in OUT:
        return
    standing = standing_of(row)
    if standing.covered and row.covered_at is None:
        row.covered_at = max(now, row.included_at)
    row.waits_for = standing.waits_for
    was = row.resumes if row.status == EXTENDED else row.status
    if standing.state == was:
        row.save(update_fields=["covered_at", "waits_for"])
        return
    row.resumes = ""
    enter(row, standing.state, because=because, actor=actor, now=now)


def enter(
    row: CampaignUnit, state: str, *, because: str, actor: Actor | None, now: datetime
) -> None:
    """Set a state, with its line in the history. A clock that went back does not turn it round."""
    row.status_at = max(now, row.status_at)
    shift(row, state, actor, now, due_at=due_of(row, row.resumes or state), because=because)
    CampaignUnitState.objects.create(
        campaign_unit=row, at=row.status_at, state=state, because=because
    )


def due_of(row: CampaignUnit, state: str) -> datetime | None:
    """The last moment of the stage that the state belongs to, or of the extension."""
    campaign = row.campaign
    day: date | None = {
        "included": campaign.self_until or campaign.inspect_until,
        SELF: campaign.self_until or campaign.inspect_until,
        "reviewed": campaign.inspect_until,
        ON_SITE: campaign.inspect_until,
        "rectifying": campaign.rectify_until,
    }.get(state)
    if day is None:
        return None
    return end_of_day(max(day, row.extended_to) if row.extended_to else day)


def findings_of(row: CampaignUnit) -> QuerySet[Finding]:
    """What was found about the unit since it was listed, whoever found it. A tip counts from its
    order on: the state of a unit must not tell it of one."""
    untold = Q(source=FindingSource.TIP) & ~Q(status__in=SEEN_BY_UNIT)
    found = Finding.objects.filter(unit=row.unit_id, found_at__gte=row.included_at)
    return found.exclude(Q(status="rejected") | untold)


def standing_of(row: CampaignUnit) -> Standing:
    """Three small queries."""
    answers = list(row.self_inspections.values_list("status", flat=True))
    visits = list(row.inspections.exclude(status="cancelled").values_list("status", "outcome"))
    reviewed = "reviewed" in answers
    inspected = any(status == "closed" for status, _outcome in visits)
    done = reviewed if row.campaign.kind == CampaignKind.SELF else inspected
    covered = done or row.covered_at is not None
    if any(status in UNDER_WAY for status, _outcome in visits):
        return Standing(ON_SITE, WaitsFor.CITY, covered)
    if covered:
        return _after(row, [outcome for _status, outcome in visits])
    if reviewed:
        return Standing("reviewed", WaitsFor.CITY, covered=False)
    if answers:
        turn = WaitsFor.UNIT if set(answers) & set(WRITABLE) else WaitsFor.CITY
        return Standing(SELF, turn, covered=False)
    return Standing("included", WaitsFor.CITY, covered=False)


def _after(row: CampaignUnit, outcomes: Sequence[str]) -> Standing:
    """After its inspection: what was found has to be put right."""
    statuses = list(findings_of(row).values_list("status", flat=True))
    turns = {FINDING_FLOW.state(s).who for s in statuses} - {None}
    if turns:
        turn = WaitsFor.UNIT if Perm.FINDING_ANSWER in turns else WaitsFor.CITY
        return Standing("rectifying", turn, covered=True)
    if statuses:
        return Standing("closed", WaitsFor.NOBODY, covered=True)
    if set(outcomes) - {"", "clean"}:  # problems were concluded, none is registered yet
        return Standing("rectifying", WaitsFor.CITY, covered=True)
    return Standing("clean", WaitsFor.NOBODY, covered=True)


def running_rows(unit_id: int) -> QuerySet[CampaignUnit]:
    """The places of a unit in running campaigns."""
    rows = CampaignUnit.objects.filter(unit=unit_id, campaign__status="running")
    return rows.exclude(status__in=OUT).order_by("pk")


def campaign_unit_for(unit_id: int) -> CampaignUnit | None:
    """The one place of the unit that a new inspection fits; none when there are several: then a
    person says which."""
    found = list(running_rows(unit_id).filter(campaign__kind__in=INSPECTING, covered_at=None)[:2])
    return found[0] if len(found) == 1 else None


def self_places() -> dict[int, int]:
    """Unit → its one place in a running campaign that has a stage of self-inspection, if nothing is
    bound to it yet."""
    rows = CampaignUnit.objects.filter(campaign__status="running", covered_at=None)
    free = rows.exclude(status__in=OUT).filter(
        campaign__self_until__isnull=False, self_inspections=None
    )
    found = free.order_by().values_list("unit").annotate(place=Min("pk"), n=Count("pk"))
    return {unit: place for unit, place, n in found if n == 1}


def campaign_findings_moved(finding: Finding, *, actor: Actor | None, now: datetime) -> None:
    """A finding was registered or moved: its unit's places follow."""
    rows = running_rows(finding.unit_id).filter(included_at__lte=finding.found_at)
    for pk in rows.values_list("pk", flat=True):
        campaign_unit_advance(pk, because="finding", actor=actor, now=now)


def campaign_units_to_case(unit_id: int, *, actor: Actor, now: datetime) -> None:
    """A case was filed against the unit: it goes on there."""
    rows = running_rows(unit_id).select_for_update(of=("self",)).select_related("campaign")
    for row in rows:
        row.waits_for, row.resumes = WaitsFor.NOBODY, ""
        enter(row, TO_CASE, because="case", actor=actor, now=now)
