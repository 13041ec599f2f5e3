"""The foundation's pages in a real browser: reachable, calm, nothing wider than the screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from carbonwatch.accounts.permissions import Role
from tests.factories import make_actor
from tests.web.conftest import enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    Role.PROVINCE_SUPERVISOR: [
        "/",
        "/?tab=to_read",
        "/overview/",
        "/parameters/",
        "/checks/",
        "/password/",
    ],
    Role.SYSTEM_ADMIN: [
        "/admin/organisations/",
        "/admin/organisations/new/",
        "/admin/people/",
        "/jobs/",
    ],
    Role.SECURITY_ADMIN: ["/security/posts/", "/security/posts/grant/", "/security/people/"],
    Role.AUDIT_ADMIN: ["/ledger/", "/ledger/1/"],
}


def look(page, url):
    page.goto(url)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    grave = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in grave] == [], url
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{url} is {wide} px wider than the screen"


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("role", list(PAGES))
def test_pages_of_a_role(visit, size, role):
    page = visit(size)
    enter(page, make_actor(role).user)
    for url in PAGES[role]:
        look(page, url)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_door(visit, size):
    look(visit(size), "/sign-in/")


def test_the_menu_opens_on_a_phone(visit):
    page = visit("phone")
    enter(page, make_actor(Role.PROVINCE_SUPERVISOR).user)
    assert not page.is_visible("#menu nav")
    page.click(".menu-button")
    page.click("#menu >> text=参数")
    assert page.url.endswith("/parameters/")


def test_language_switch_comes_back_to_the_same_page(visit):
    page = visit()
    enter(page, make_actor(Role.PROVINCE_SUPERVISOR).user)
    page.goto("/parameters/?text=x")
    page.click("text=English")
    assert page.url.endswith("/parameters/?text=x")
    assert page.get_attribute("html", "lang") == "en"


def test_keyboard_users_can_skip_to_the_content(visit):
    page = visit()
    enter(page, make_actor(Role.PROVINCE_SUPERVISOR).user)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
