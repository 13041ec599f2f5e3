"""Nothing typed is lost: drafts, the idle time-out, the double click."""

import re

import pytest
from django.contrib.sessions.models import Session

from carbonwatch.accounts.models import Organisation
from carbonwatch.accounts.permissions import Role
from carbonwatch.audit.models import AuditEvent
from tests.factories import make_actor
from tests.web.conftest import enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORM = "/admin/organisations/new/"
MADE = re.compile(r"/admin/organisations/\d+/$")


def drafts(page):
    return page.evaluate(
        "Object.keys(localStorage).filter((k) => k.startsWith('carbonwatch:draft:'))"
    )


def fill(page, name="虚构新厂", code="9121NEW"):
    page.select_option("#id_kind", "unit")
    page.fill("#id_name", name)
    page.fill("#id_code", code)


def test_typing_survives_a_lost_session_and_goes_after_success(visit):
    person = make_actor(Role.SYSTEM_ADMIN).user
    page = visit()
    enter(page, person)
    page.goto(FORM)
    fill(page)
    Session.objects.all().delete()
    page.click("main form button[type=submit]")
    page.wait_for_url("**/sign-in/**")
    page.fill("#id_username", person.username)
    page.fill("#id_password", "password")
    page.click(".gate-form button")
    page.wait_for_url(f"**{FORM}")
    assert page.input_value("#id_name") == "虚构新厂"
    assert "已恢复" in page.inner_text(".draft-notice")
    page.click("main form > .action-bar button[type=submit]")
    page.wait_for_url(MADE)
    assert Organisation.objects.filter(code="9121NEW").count() == 1
    assert drafts(page) == []
    visit.wrong.clear()  # the refused request of the lost session is on the console


def test_a_draft_can_be_thrown_away_and_another_person_never_sees_it(visit):
    page = visit()
    first, second = make_actor(Role.SYSTEM_ADMIN).user, make_actor(Role.SYSTEM_ADMIN).user
    enter(page, first)
    page.goto(FORM)
    fill(page)
    page.goto("/")
    page.goto(FORM)
    assert page.input_value("#id_name") == "虚构新厂"
    page.click(".draft-notice button")
    assert page.input_value("#id_name") == ""
    assert drafts(page) == []
    fill(page)
    page.context.clear_cookies()
    enter(page, second)
    page.goto(FORM)
    assert page.input_value("#id_name") == ""


def test_signing_out_leaves_no_draft_behind(visit):
    page = visit()
    enter(page, make_actor(Role.SYSTEM_ADMIN).user)
    page.goto(FORM)
    fill(page)
    assert drafts(page)
    page.click(".who")
    page.click("text=退出登录")
    page.wait_for_url("**/sign-in/")
    assert drafts(page) == []


def test_mistakes_keep_the_typing(visit):
    page = visit()
    enter(page, make_actor(Role.SYSTEM_ADMIN).user)
    page.goto(FORM)
    fill(page, code="")
    page.click("main form button[type=submit]")
    page.wait_for_selector("[aria-invalid=true]")
    assert page.input_value("#id_name") == "虚构新厂"
    assert page.evaluate("document.activeElement.id") == "id_code"
    visit.wrong.clear()  # 422 is on the console


def test_passwords_are_never_kept(visit):
    page = visit()
    enter(page, make_actor(Role.SYSTEM_ADMIN).user)
    page.goto("/password/")
    page.fill("#id_old", "secret-word")
    assert drafts(page) == []
    assert "secret-word" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_double_click_creates_once(visit):
    page = visit()
    enter(page, make_actor(Role.SYSTEM_ADMIN).user)
    page.goto(FORM)
    fill(page)
    page.dblclick("main form button[type=submit]")
    page.wait_for_url(MADE)
    assert AuditEvent.objects.filter(action="organisation.created").count() == 1


def test_the_warning_comes_in_time_and_working_on_prolongs(visit, settings):
    settings.IDLE_MINUTES, settings.IDLE_WARNING_MINUTES = 2, 1
    page = visit()
    page.clock.install()
    enter(page, make_actor(Role.SYSTEM_ADMIN).user)
    page.goto(FORM)
    page.clock.fast_forward(50_000)
    assert not page.is_visible("#idle-dialog")
    page.clock.fast_forward(15_000)
    page.wait_for_selector("#idle-dialog", state="visible")
    with page.expect_response("**/session/touch/") as answer:
        page.click("[data-idle-stay]")
    assert answer.value.status == 204
    page.clock.run_for(1500)
    page.wait_for_selector("#idle-dialog", state="hidden")
    page.clock.fast_forward(125_000)
    page.wait_for_selector("#ended-dialog", state="visible")
    assert "next=" in page.get_attribute("#ended-dialog a", "href")


def test_dangerous_buttons_ask_first(visit):
    page = visit()
    actor = make_actor(Role.SYSTEM_ADMIN)
    plant = make_actor("unit.filler").organisation
    enter(page, actor.user)
    page.goto(f"/admin/organisations/{plant.pk}/")
    page.click("button[data-confirm]")
    page.click("#confirm-dialog button[value=no]")
    assert Organisation.objects.get(pk=plant.pk).active
    page.click("button[data-confirm]")
    page.click("#confirm-dialog button[value=yes]")
    page.wait_for_selector(".messages .alert")
    assert not Organisation.objects.get(pk=plant.pk).active
