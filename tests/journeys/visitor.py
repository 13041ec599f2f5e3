"""A person at a browser, and what every page must live up to wherever the person goes."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Page

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
AXE = AXE_FILE_PATH.read_text()
GRAVE_FAULTS = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations
    .filter((v) => ["serious", "critical"].includes(v.impact))
    .map((v) => `${v.id}: ${v.nodes.slice(0, 4).map((n) => n.html.slice(0, 160)).join(" | ")}`);
}"""


class Album:
    """Numbered pictures of pages, in the folder that `SCREENSHOTS` names or a temporary one."""

    def __init__(self, otherwise: Path) -> None:
        self.folder = Path(os.environ.get("SCREENSHOTS") or otherwise)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.count = 0
        self.measured: set[tuple[str, ...]] = set()

    def next(self, name: str) -> str:
        """The next number, for the pictures of one page in both widths."""
        self.count += 1
        return f"{self.count:02d}-{name}"


class Visitor:
    """One browser window of one person. `wrong` gathers what no page may do: ask another host,
    complain on the console, break a rule of accessibility, be wider than a phone."""

    def __init__(self, browser: Browser, base: str, album: Album, size: str = "desk", **more: Any):
        self.size, self.base, self.album = size, base, album
        self.context = browser.new_context(
            viewport=SIZES[size],
            base_url=base,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=size == "phone",
            **more,
        )
        self.wrong: list[str] = []
        self.page = self.watch(self.context.new_page())

    def watch(self, page: Page) -> Page:
        """Listen to what a window does."""
        page.set_default_timeout(15_000)
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        return page

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.wrong.append(f"asked {request.url}")

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"console at {self.page.url}: {message.text}")

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Inside, the server refuses something, which Chromium notes on the console."""
        before = len(self.wrong)
        yield
        self.wrong[before:] = [w for w in self.wrong[before:] if "status of 4" not in w]

    def enter(self, login: str) -> "Visitor":
        """Sign in through the door."""
        self.page.goto("/sign-in/")
        self.page.fill("#id_username", login)
        self.page.fill("#id_password", "password")
        self.page.click(".gate-form button")
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        return self

    def go(self, path: str, name: str = "", **more: Any) -> Page:
        """Open an address and look at it."""
        self.page.goto(path)
        self.look(name, **more)
        return self.page

    def click(self, target: str) -> None:
        """Press what leads to another page."""
        with self.page.expect_navigation():
            self.page.click(target)

    def look(self, name: str = "", *, lang: str = "zh-Hans") -> None:
        """Hold the page against the rules in both widths; with a name, picture it."""
        page = self.page
        page.wait_for_load_state("networkidle")
        address = page.url.removeprefix(self.base)
        if page.locator("h1").count() != 1:
            self.wrong.append(f"{address}: {page.locator('h1').count()} h1")
        if page.title().startswith(" ") or page.get_attribute("html", "lang") != lang:
            self.wrong.append(
                f"{address}: {page.title()!r} in {page.get_attribute('html', 'lang')}"
            )
        number = self.album.next(name) if name else ""
        for size in sorted(SIZES, key=lambda s: s == self.size):  # the own width last
            page.set_viewport_size(SIZES[size])
            self._measure(address, lang, size)
            if number:
                self._picture(f"{number}-{size}.png")
                page.set_viewport_size(SIZES[size])

    def _picture(self, name: str) -> None:
        """The whole page, in a window so high that nothing has to stick to its edge."""
        high = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({**self.page.viewport_size, "height": high})
        self.page.screenshot(path=self.album.folder / name)

    def _measure(self, address: str, lang: str, size: str) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            self.wrong.append(f"{address} ({size}): {wide} px wider than the screen")
        state = self.page.locator("h1 .badge").all_inner_texts()
        known = (re.sub(r"\d+", "", address.partition("?")[0]), lang, size, *state)
        if known in self.album.measured:  # the same kind of page in the same state
            return
        self.album.measured.add(known)
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        faults = self.page.evaluate(GRAVE_FAULTS)
        self.wrong += [f"{address} ({size}): {fault}" for fault in faults]

    def download(self, target: str) -> tuple[str, bytes]:
        """Press what gives a file: its name and content."""
        with self.page.expect_download() as taken:
            self.page.click(target)
        return taken.value.suggested_filename, Path(taken.value.path()).read_bytes()

    def send(self, **fields: Any) -> None:
        """Fill the page's form by field name and press its main button. Lists of files and
        ticked boxes are given as lists."""
        for name, value in fields.items():
            self.fill(name, value)
        self.click("main form .action-bar button[type=submit]")

    def fill(self, name: str, value: Any) -> None:
        """One field, whatever its kind."""
        field = self.page.locator(f"main [name='{name}']")
        kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if kind == "select":
            field.select_option(value)
        elif kind == "file":
            field.set_input_files(value)
        elif kind in ("radio", "checkbox"):
            for one in value if isinstance(value, list) else [value]:
                self.page.check(f"main [name='{name}'][value='{one}']")
        else:
            field.fill(str(value))

    def close(self) -> None:
        """Shut the window."""
        self.context.close()
