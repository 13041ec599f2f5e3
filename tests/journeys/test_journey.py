"""The whole way of a report through all sign-ins, with real parts, in Chinese, at a desk and on a phone.

Pictures of the key pages go to the folder that `SCREENSHOTS` names.
"""

import pytest

from carbonwatch.accounts.permissions import OrgKind, Role
from carbonwatch.audit.verify import verify as verify_ledger
from emitters.models import Question
from tests.journeys import filing, supervising
from tests.journeys.world import neighbour

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(world):
    """With earlier years of the plant, and a neighbour that has filed."""
    world.submitted(2020, "chp1_2020.xlsx")
    world.submitted(2022, "chp1_2022.xlsx")
    neighbour("91214180ECQJ5GJUGG", "样本癸009发电有限公司", "211000", "big2_2024.xlsx")
    return world


def test_the_whole_journey(world, system, visit):
    def enter(role, size="desk"):
        return visit(size).enter(world.people[role].user.username)

    report_url, unit_url = world.report.get_absolute_url(), world.unit.get_absolute_url()
    filler = enter(Role.UNIT_FILLER)
    filling(filler, system, report_url)
    filing.submit(enter(Role.UNIT_CHECKER), report_url)
    supervisor = enter(Role.PROVINCE_SUPERVISOR)
    filing.oversee(supervisor, unit_url)
    filing.assign(supervisor, report_url, world.bodies[OrgKind.VERIFIER])
    filing.verify(visit, world)
    filing.take_conclusion(supervisor)

    questions = [q.get_absolute_url() for q in Question.objects.filter(report=world.report)]
    inspector = enter(Role.CITY_INSPECTOR, "phone")
    finding = supervising.register(inspector, questions[0])
    supervising.rectify(visit, world, inspector, finding)
    supervising.decide_questions(enter(Role.CITY_REVIEWER), questions)
    world.report.refresh_from_db()
    supervising.accept_report(supervisor, world.report.current)
    case = supervising.bring_case(visit, world, finding)
    supervising.read_in_public(visit("phone"), world.report.current)
    supervising.in_english(
        supervisor,
        {
            "dashboard": "/overview/?year=2024",
            "reports": "/reports/",
            "unit": unit_url,
            "version": world.report.current.get_absolute_url(),
            "question": questions[0],
            "finding": finding,
            "case": case,
        },
    )
    supervising.prove(enter(Role.AUDIT_ADMIN))
    assert verify_ledger().ok


def filling(filler, system, report_url):
    filing.upload_with_mistakes(filler, report_url)
    filing.upload_again(filler, system, report_url)
    filing.explain(filler, report_url)
