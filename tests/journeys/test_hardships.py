"""Without scripts, with a lost session, in two windows at once, by keyboard alone: the work gets done."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from carbonwatch.accounts.permissions import Role
from carbonwatch.audit.models import AuditEvent
from emitters.models import Question, ReportVersion
from tests.journeys.samples import good
from tests.journeys.world import owe, take_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEND = "main form .action-bar button[type=submit]"


def login(world, role):
    return world.people[role].user.username


@pytest.fixture
def asked(world):
    """The one question of the plant's report."""
    take_in(world, world.report, "chp1_2024.xlsx")
    return Question.objects.get()


def explanations():
    """How many explanations the ledger knows."""
    return AuditEvent.objects.filter(action="question.explain").count()


def test_without_scripts_a_report_is_uploaded_and_submitted(world, visit):
    report = owe(world.unit, 2022)
    filler = visit(java_script_enabled=False).enter(login(world, Role.UNIT_FILLER))
    page = filler.page
    page.goto(f"{report.get_absolute_url()}upload/")
    filler.send(workbook=good("chp1_2022.xlsx"))
    for _try in range(60):
        if "已校核" in page.inner_text("h1"):
            break
        page.wait_for_timeout(500)
        page.reload()
    checker = visit(java_script_enabled=False).enter(login(world, Role.UNIT_CHECKER))
    checker.page.goto(page.url)
    checker.click(".offers >> text=提交报告")
    checker.send()
    assert "已提交" in checker.page.inner_text("h1")
    assert ReportVersion.objects.get().status == "submitted"


def test_the_idle_session_warns_and_what_was_typed_comes_back(world, asked, visit):
    filler = visit().enter(login(world, Role.UNIT_FILLER))
    page = filler.page
    page.clock.install()
    page.goto(f"{asked.get_absolute_url()}explain/")
    page.fill("[name=explanation]", "盘点报告正在补充。")
    page.clock.fast_forward("26:00")
    page.wait_for_selector("#idle-dialog", state="visible")
    page.clock.fast_forward("05:00")
    page.wait_for_selector("#ended-dialog", state="visible")
    Session.objects.all().delete()
    filler.click("#ended-dialog a")
    page.fill("#id_username", login(world, Role.UNIT_FILLER))
    page.fill("#id_password", "password")
    filler.click(".gate-form button")
    expect(page.locator("[name=explanation]")).to_have_value("盘点报告正在补充。")
    filler.click(SEND)
    asked.refresh_from_db()
    assert (asked.status, asked.explanation) == ("explained", "盘点报告正在补充。")


def test_two_windows_at_once_have_one_effect(world, asked, visit):
    filler = visit().enter(login(world, Role.UNIT_FILLER))
    first, second = filler.page, filler.watch(filler.context.new_page())
    for page in (first, second):
        page.goto(f"{asked.get_absolute_url()}explain/")
        page.fill("[name=explanation]", "盘点报告见附件。")
    with filler.refused():
        for page in (first, second):
            page.click(SEND, no_wait_after=True)
        for page in (first, second):
            page.wait_for_function("!document.querySelector('[name=explanation]')")
    assert explanations() == 1


def test_by_keyboard_alone(world, asked, visit):
    page = visit().page
    page.goto("/sign-in/")

    def tab_to(selector):
        for _press in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        pytest.fail(f"no way to {selector} by keyboard")

    def press_enter():
        with page.expect_navigation():
            page.keyboard.press("Enter")

    tab_to("#id_username")
    page.keyboard.type(login(world, Role.UNIT_FILLER))
    tab_to("#id_password")
    page.keyboard.type("password")
    press_enter()
    tab_to(".skip-link")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    tab_to(f".inbox-title[href='{asked.get_absolute_url()}']")
    press_enter()
    tab_to(".offers a")
    press_enter()
    tab_to("[name=explanation]")
    page.keyboard.type("已重新盘点。")
    tab_to(SEND)
    press_enter()
    assert "待认定" in page.inner_text("h1")
    assert explanations() == 1
