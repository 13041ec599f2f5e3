"""How a result is judged: the draft check of the enterprise, its explanation, acceptance with a code, a
waiver by two people; and the score that falls after each.

Pictures of the pages go to the folder that `SCREENSHOTS` names.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from carbonwatch.accounts.permissions import Role
from emitters.models import Question
from tests.journeys import filing
from tests.journeys.samples import good, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


QUESTIONS = 3
"""What chp1_2024 is asked beside its report of 2022: stock, heat rate, heat supplied."""


@pytest.fixture
def world(world):
    """With an earlier year of the plant, so that its report of 2024 raises questions of three kinds."""
    world.submitted(2022, "chp1_2022.xlsx")
    return world


def test_from_draft_check_to_waiver(world, visit):
    def enter(role, size="desk"):
        return visit(size).enter(world.people[role].user.username)

    report_url = world.report.get_absolute_url()
    filler = enter(Role.UNIT_FILLER, "phone")
    version_url = draft_check(filler, report_url)
    explain_from_results(filler, version_url)
    filing.submit(enter(Role.UNIT_CHECKER), report_url)

    reviewer, supervisor = enter(Role.CITY_REVIEWER), enter(Role.PROVINCE_SUPERVISOR)
    *explained_ones, waived = Question.objects.filter(report=world.report).order_by("check_code")
    before = score_on(reviewer, version_url)
    for question in explained_ones:
        accept(reviewer, question)
    explained = score_on(reviewer, version_url, "score-explained")
    assert explained < before
    waiver_url = propose_waiver(reviewer, waived)
    assert score_on(supervisor, version_url) == explained  # one person is not enough
    grant_waiver(supervisor, waiver_url)
    assert score_on(supervisor, version_url, "score-waived") < explained
    assert "可受理" in supervisor.page.inner_text(".kpis")
    filler.go(version_url, "results-judged")
    assert filler.page.locator(".result .badge >> text=不计分").count() == QUESTIONS


def draft_check(filler, report_url):
    """The enterprise uploads and sees, before anybody else, what it would be asked."""
    page = filler.page
    page.goto(f"{report_url}upload/")
    filler.send(workbook=good("chp1_2024.xlsx"))
    page.wait_for_selector("#results")
    filler.look("draft-check")
    text = page.inner_text("#results")
    for said in (
        "须说明",
        f"待说明 {QUESTIONS} 项",
        "位置",
        "燃料购销存",
        "什么可以解释",
        "请附上",
    ):
        assert said in text, said
    name, _content = filler.download("text=下载标注后的工作簿")
    assert name.endswith(".xlsx")
    return page.url.removeprefix(filler.base).partition("#")[0]


def explain_from_results(filler, version_url):
    """Each result leads to its explanation in one press."""
    page = filler.page
    for number in range(QUESTIONS):
        page.goto(version_url)
        filler.click(".result-actions >> text=说明并附证据 >> nth=0")
        filler.look("explain" if number == 0 else "")
        assert "请附上" in page.inner_text("main")
        filler.send(
            explanation="年末盘点按第三方测量结果调整，见盘点报告。", files=[photo("盘点照片.jpg")]
        )
        assert "待认定" in page.inner_text("h1")


def score_on(visitor, version_url, name=""):
    """The risk score as the page shows it."""
    visitor.go(version_url, name)
    shown = visitor.page.locator(".kpi", has_text="风险分").locator(".kpi-value").inner_text()
    return Decimal(shown.split()[0])


def accept(reviewer, question):
    """The city holds an explanation, with the code of the closing."""
    reviewer.go(question.get_absolute_url())
    reviewer.click(".offers >> text=认定可以解释")
    reviewer.look("accept")
    reviewer.send(closing="explained", note="已核对盘点报告。")
    reviewer.look("question-accepted")
    assert "情况属实，可以解释" in reviewer.page.inner_text("main")


def propose_waiver(reviewer, question):
    """The city proposes to waive what is explained by the way the plant is built."""
    reviewer.go(question.get_absolute_url())
    reviewer.click("a.btn >> text=提出豁免")
    reviewer.look("waiver-propose")
    reviewer.send(
        closing="rule_wrong",
        reason="机组当年由发电改为热电联产，与上年不可比，已核对改造验收文件。",
        basis="改造工程验收文件（2024）",
        valid_to=(timezone.localdate() + timedelta(days=180)).isoformat(),
        files=[photo("验收文件.jpg")],
    )
    reviewer.look("waiver-proposed")
    assert "待批准" in reviewer.page.inner_text("h1")
    return reviewer.page.url.removeprefix(reviewer.base)


def grant_waiver(supervisor, waiver_url):
    """The province grants it from its inbox."""
    supervisor.page.goto("/")
    supervisor.click(".inbox-title >> text=豁免")
    assert supervisor.page.url.endswith(waiver_url)
    supervisor.click(".offers >> text=批准豁免")
    supervisor.look("waiver-approve")
    supervisor.send(note="材料齐全，同意。")
    supervisor.look("waiver-in-force")
    assert "豁免中" in supervisor.page.inner_text("h1")
    supervisor.go("/waivers/", "waivers")
