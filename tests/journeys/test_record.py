"""The on-site record on two phones without a network: nothing is lost, and what clashes stands side by side."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from carbonwatch.accounts.permissions import Role
from inspections import services
from inspections.models import EntryRevision, Inspection
from tests.factories import make_actor
from tests.inspections.support import enter, proof

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RECORD = "/api/v1/inspections/"


@pytest.fixture
def visited(world):
    """An inspection under way, and the logins of its two inspectors."""
    first = world.people[Role.CITY_INSPECTOR]
    second = make_actor("city.inspector", first.organisation)
    now = timezone.now()
    doing, today = {"actor": first, "now": now}, timezone.localdate(now)
    inspection = services.inspection_make(
        unit_id=world.unit.pk, kind="planned", manner="on-site", year=2024, reason="执法计划",
        planned_on=today, inspectors=[enter(first, "辽A01").pk, enter(second, "辽A02").pk], **doing,
    )  # fmt: skip
    services.inspection_notify(inspection.pk, visit_on=today, scope="燃煤计量", **doing)
    services.inspection_begin(inspection.pk, **doing)
    return inspection, first.user.username, second.user.username


def opened(visit, login, inspection):
    """The record on a phone, kept for work without a network."""
    phone = visit("phone").enter(login)
    phone.go(f"/inspections/{inspection.pk}/record/", f"record-{login}")
    phone.page.wait_for_function(
        "async () => (await caches.keys()).length && (await caches.match(location.href))"
        " && (await caches.match('/static/js/record/store.js'))"
    )
    return phone


def cut(phone):
    """No network from now on; what Chromium notes of it is no fault."""
    phone.context.set_offline(True)
    expect(phone.page.locator("[data-state]")).to_have_attribute("data-state", "offline")


def joined(phone):
    """The network is back and everything has been sent."""
    phone.context.set_offline(False)
    expect(phone.page.locator("[data-count]")).to_have_text("0", timeout=30_000)
    phone.wrong = [w for w in phone.wrong if "net::ERR_" not in w]


def answer_first(phone, text):
    """Answer the first item of the checklist."""
    page = phone.page
    page.locator("[data-list=check] [data-write]").first.click()
    page.select_option("#check-result", "not")
    page.fill("#check-text", text)
    page.click("#entry-dialog button[type=submit]")
    expect(page.locator("[data-list=check] li").first).to_contain_text(text)


def test_two_inspectors_without_a_network_lose_nothing(visited, visit):
    inspection, *logins = visited
    phones = [opened(visit, login, inspection) for login in logins]
    for phone, text in zip(phones, ("甲：皮带秤超期", "乙：皮带秤无铭牌"), strict=True):
        cut(phone)
        answer_first(phone, text)
    page = phones[0].page
    page.click("[data-add=photo]")
    page.set_input_files("#photo-file", {"name": "a.jpg", "mimeType": "image/jpeg",
                                         "buffer": proof().read()})  # fmt: skip
    page.fill("#photo-place", "输煤栈桥")
    page.click("#entry-dialog button[type=submit]")
    expect(page.locator("[data-count]")).to_have_text("2")
    page.click("[data-add=fact]")
    page.fill("#fact-text", "写到一半")
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("2")
    expect(page.locator("[data-list=check] li").first).to_contain_text("甲：皮带秤超期")
    page.click("[data-add=fact]")
    expect(page.locator("#fact-text")).to_have_value("写到一半")
    page.click("#entry-dialog [data-close]")
    assert not EntryRevision.objects.exists()
    for phone in phones:
        joined(phone)
    page.click("[data-send]")
    dispute = page.locator("li.disputed")
    expect(dispute.locator(".record-version")).to_have_count(2)
    left, right = (dispute.locator(".record-version").nth(n).bounding_box() for n in (0, 1))
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]
    phones[0].look("record-disputed")
    said = set(EntryRevision.objects.values_list("text", flat=True))
    assert {"甲：皮带秤超期", "乙：皮带秤无铭牌"} <= said
    photo = EntryRevision.objects.get(entry__kind="photo")
    assert photo.place == "输煤栈桥"
    assert re.fullmatch(r"[0-9a-f]{64}", photo.sha256)
    dispute.locator("[data-adopt]").first.click()
    expect(page.locator("li.disputed")).to_have_count(0)
    expect(page.locator("[data-count]")).to_have_text("0")
    assert not Inspection.objects.get(pk=inspection.pk).disputed().exists()
    assert EntryRevision.objects.filter(entry__kind="check").count() == 3
