"""A real browser on the live server, in the width of a desk or of a phone."""

import pytest

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def visit(chromium, live_server):
    """`visit("phone")` gives a page; asking another host or complaining on the console fails."""
    contexts, wrong = [], []

    def start(size="desk"):
        context = chromium.new_context(
            viewport=SIZES[size],
            base_url=live_server.url,
            locale="zh-CN",
            has_touch=size == "phone",
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request",
            lambda r: (
                wrong.append(r.url) if not r.url.startswith((live_server.url, "data:")) else None
            ),
        )
        page.on(
            "console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda e: wrong.append(str(e)))
        return page

    start.wrong = wrong
    yield start
    for context in contexts:
        context.close()
    assert wrong == []


def enter(page, user, password="password"):
    page.goto("/sign-in/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", password)
    page.click(".gate-form button")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
