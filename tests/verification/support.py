"""An assignment in any state, made by the services themselves."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind, Role
from emitters.models import AnnualReport, MonthlyRow, ReportVersion
from tests.factories import NOW, OrganisationFactory, UnitFactory, VersionFactory, make_actor
from verification.models import Assignment
from verification.selectors.values import verified_values
from verification.services.assignments import assignment_make, assignment_take
from verification.services.conclusions import (
    conclusion_accept,
    conclusion_save,
    conclusion_sign,
    conclusion_submit,
)

DUE = date(2099, 5, 31)
TEXTS = {"conformity": "符合核算指南。", "changes": "煤质变化。", "uncovered": ""}
SIGNERS = (Role.AGENCY_LEAD, Role.AGENCY_MEMBER, Role.AGENCY_REVIEWER, Role.AGENCY_MANAGER)


def monthly(version: ReportVersion, code: str, annual: str, generator: str = "") -> MonthlyRow:
    """A stored annual figure."""
    return MonthlyRow.objects.create(
        version=version, part="T" if code == "e_total" else "P", row=2, generator=generator,
        fuel="", rank="", code=code, unit="", method="", months=[None] * 12, annual=Decimal(annual),
    )  # fmt: skip


@dataclass
class Cast:
    """A submitted report, an agency with a person in every post, and the province."""

    report: AnnualReport
    version: ReportVersion
    agency: Organisation
    supervisor: Actor
    approver: Actor
    team: dict[str, Actor] = field(default_factory=dict)


def cast(**version: object) -> Cast:
    """New people and a new report with three stored figures."""
    unit = UnitFactory()
    filed = VersionFactory(report__unit=unit, report__status="filed", **version)
    report = filed.report
    report.current = filed
    report.save(update_fields=["current"])
    for code, annual, generator in (
        ("e_total", "1826536", ""), ("e_unit", "1826536", "1#"), ("gen", "2100000.5", "1#"),
    ):  # fmt: skip
        monthly(filed, code, annual, generator)
    agency = OrganisationFactory(kind=OrgKind.VERIFIER)
    return Cast(
        report,
        filed,
        agency,
        make_actor("province.supervisor"),
        make_actor("province.approver"),
        {role: make_actor(role, agency) for role in SIGNERS},
    )


def make(people: Cast, now: datetime = NOW, **fields: object) -> Assignment:
    """Give the report to the agency."""
    known = {"report_id": people.report.pk, "agency_id": people.agency.pk, "due_on": DUE}
    return assignment_make(**{**known, **fields}, actor=people.supervisor, now=now)


def write(
    people: Cast,
    assignment: Assignment,
    given: dict | None = None,
    nonconformities: list | tuple = (),
    now: datetime = NOW,
) -> Assignment:
    """The member writes; `given` maps (generator, code) to (after, reason)."""
    return conclusion_save(
        assignment.pk,
        texts=TEXTS,
        visited_on=date(2024, 4, 1),
        values=verified_values(assignment.version, given or {}),
        nonconformities=nonconformities,
        actor=people.team[Role.AGENCY_MEMBER],
        now=now,
    )


def sign_all(people: Cast, assignment: Assignment, now: datetime = NOW) -> None:
    """Everybody signs who has not yet."""
    signed = set(assignment.conclusion.signatures.values_list("user", flat=True))
    for actor in people.team.values():
        if actor.user.pk not in signed:
            conclusion_sign(assignment.pk, actor=actor, now=now)


def advance(people: Cast, state: str, now: datetime = NOW) -> Assignment:
    """An assignment taken along the straight way; `written` and `signed` are still working."""
    assignment = make(people, now)
    lead = people.team[Role.AGENCY_LEAD]
    straight = {
        "working": lambda: assignment_take(
            assignment.pk, independence="无利益关系。", actor=lead, now=now
        ),
        "written": lambda: write(people, assignment, now=now),
        "signed": lambda: sign_all(people, assignment, now),
        "submitted": lambda: conclusion_submit(assignment.pk, actor=lead, now=now),
        "accepted": lambda: conclusion_accept(assignment.pk, actor=people.approver, now=now),
    }
    if state != "offered":
        for name, go in straight.items():
            go()
            if name == state:
                break
    return Assignment.objects.get(pk=assignment.pk)
