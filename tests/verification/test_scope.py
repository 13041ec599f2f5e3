"""What an agency sees of a unit: the assigned report, from taking the work on until it ends."""

import pytest

from carbonwatch.accounts.permissions import OrgKind, Role
from carbonwatch.accounts.scoping import resolve
from carbonwatch.documents.service import attach, open_attachment
from carbonwatch.refusals import Missing
from emitters.models import AnnualReport, CheckResult, EmittingUnit, Question, ReportVersion
from tests.factories import NOW, OrganisationFactory, VersionFactory, make_actor
from tests.inspections.support import make_question, proof
from tests.verification.support import advance, cast
from verification.models import Assignment, Conclusion
from verification.services.assignments import assignment_decline, assignment_withdraw
from verification.services.conclusions import conclusion_return

pytestmark = pytest.mark.django_db
SEEN = (EmittingUnit, AnnualReport, ReportVersion, Question, CheckResult)


def state_of(people, state):
    """An assignment in that state, however it gets there."""
    lead = people.team[Role.AGENCY_LEAD]
    if state == "returned":
        assignment = advance(people, "submitted")
        return conclusion_return(assignment.pk, note="补", actor=people.supervisor, now=NOW)
    if state == "declined":
        return assignment_decline(advance(people, "offered").pk, note="忙", actor=lead, now=NOW)
    if state == "withdrawn":
        assignment = advance(people, "written")
        return assignment_withdraw(assignment.pk, note="改派", actor=people.supervisor, now=NOW)
    return advance(people, state)


@pytest.mark.parametrize(
    ("state", "report", "assignment"),
    [
        ("offered", False, True),
        ("working", True, True),
        ("submitted", True, True),
        ("returned", True, True),
        ("accepted", False, False),
        ("declined", False, False),
        ("withdrawn", False, False),
    ],
)
def test_the_agency_sees_while_it_works(people_with_data, state, report, assignment):
    people, evidence = people_with_data
    matter = state_of(people, state)
    for role, actor in people.team.items():
        seen = {model: model.objects.visible_to(actor).exists() for model in SEEN}
        assert seen == dict.fromkeys(SEEN, report), role
        assert Assignment.objects.visible_to(actor).filter(pk=matter.pk).exists() is assignment
        if report:
            file = open_attachment(evidence.pk, actor, NOW)
            assert file.status_code == 200
            file.file_to_stream.close()  # closing the response would close the connection too
        else:
            with pytest.raises(Missing):
                open_attachment(evidence.pk, actor, NOW)


@pytest.fixture
def people_with_data():
    people = cast()
    question = make_question(people.version, "explained")
    return people, attach(question, proof(), make_actor("unit.filler"), NOW)


def test_only_the_assigned_report_of_the_unit(people_with_data):
    people, _evidence = people_with_data
    other_year = VersionFactory(report__unit=people.report.unit, report__year=2022)
    advance(people, "working")
    lead = people.team[Role.AGENCY_LEAD]
    assert list(AnnualReport.objects.visible_to(lead)) == [people.report]
    with pytest.raises(Missing):
        resolve("emitters.reportversion", other_year.pk, lead)


def test_a_draft_of_the_assigned_report_stays_the_units_own(people_with_data):
    people, _evidence = people_with_data
    advance(people, "working")
    draft = VersionFactory(report=people.report, status="checked")
    lead = people.team[Role.AGENCY_LEAD]
    with pytest.raises(Missing):
        resolve("emitters.reportversion", draft.pk, lead)


def test_another_agency_sees_nothing(people_with_data):
    people, _evidence = people_with_data
    advance(people, "submitted")
    for kind in (OrgKind.VERIFIER, OrgKind.LABORATORY, OrgKind.CONSULTANCY):
        stranger = make_actor(Role.AGENCY_LEAD, OrganisationFactory(kind=kind))
        for model in (*SEEN, Assignment, Conclusion):
            assert not model.objects.visible_to(stranger).exists(), (kind, model)
