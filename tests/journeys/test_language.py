"""In English, no page says anything in Chinese but what people, files and laws say.

Data are told apart by the least of rules: the fields that hold what people, files and laws say, and
what the page itself declares as Chinese, as quoted from a file, or as a person's to write (an element
with `lang="zh-Hans"`, `<code>`, fields of forms). Everything else in Chinese is a text without its translation; run
`pytest tests/journeys/test_language.py` to get the list of them.
"""

import re
from collections import defaultdict
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve
from lxml import html

from carbonwatch.accounts.permissions import Role
from tests.journeys.everything import fill
from tests.journeys.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
CHINESE = re.compile(r"[\u3400-\u9fff]")
SAID = ("title", "aria-label", "placeholder", "alt", "data-label", "data-confirm", "content")
QUOTED = "//script|//style|//code|//textarea|//*[starts-with(@lang, 'zh')]"
ONCE = {
    "check-detail", "ledger-entry", "attachment", "emitters:report-template", "emitters:version-file",
    "emitters:version-marked", "emitters:version-evidence", "emitters:result-pdf",
    "emitters:outside-template", "emitters:outside-original", "emitters:outside-problems",
    "emitters:version-problems", "inspections:finding-order", "inspections:inspection-notice",
    "inspections:inspection-record-document", "inspections:questionnaire-template",
    "inspections:quarter-document", "inspections:quarter-workbook", "inspections:quarter-item",
    "inspections:campaign-file",
    "enforcement:notice-document",
}  # fmt: skip
"""Say the same to everybody, or give files: one reader is enough."""
NOT_PAGES = {
    "admin", "api", "healthz", "readyz", "i18n", "set_language", "sign-out", "organisation-switch",
    "session-touch", "messages-read", "message-open", "ledger-verify", "verification:conclusion-sign",
    "emitters:version-progress", "emitters:version-differences", "emitters:threshold-progress",
    "emitters:outside-progress",
    "inspections:record-worker", "inspections:self-answer", "inspections:quarter-verify",
    "inspections:draw-arrange",
    "organisation-act", "person-act", "membership-revoke", "security-person-act",
}  # fmt: skip
"""Not met by links: services for scripts and programs, and steps that only send."""

WRITTEN = (
    "carbonwatch.Organisation.name", "carbonwatch.User.name", "carbonwatch.Parameter.value",
    "carbonwatch.Parameter.source", "carbonwatch.Parameter.note", "emitters.UnitAttributes.ownership",
    "emitters.AnnualReport.basis", "emitters.OutsideFile.problems", "emitters.OutsideFile.columns",
    "emitters.OutsideFile.sheet", "emitters.ReportVersion.problems", "emitters.MonthlyRow.fuel",
    "emitters.Question.explanation", "inspections.Finding.order_number",
    "inspections.Inspection.notice_number", "inspections.QuarterReport.number",
    "enforcement.PublicNotice.number",
)  # fmt: skip
"""Fields whose texts come from people, files and laws."""


@pytest.fixture
def world(transactional_db):
    """Matters of every kind in several states; no running system is needed to read pages."""
    world = make_world()
    fill(world)
    return world


def page_names(patterns=None, space=""):
    """Names of all routes of pages."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        elif str(pattern.pattern) not in ("api/", "i18n/"):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from page_names(pattern.url_patterns, inner)


class Reader:
    """Reads every page that links lead to, as one person after another."""

    def __init__(self, known):
        self.known = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))))
        self.met, self.once = set(), set()
        self.untold = defaultdict(list)

    def walk(self, client, *starts):
        """Everything that can be reached from the starts; each address once."""
        todo, seen = list(starts), set()
        while todo:
            url = todo.pop()
            parts = urlsplit(url)
            key = (parts.path, "tab=" in parts.query and parts.query)
            if key in seen or key in self.once or "export=" in parts.query:
                continue
            seen.add(key)
            name = resolve(parts.path).view_name
            if name in ONCE:
                self.once.add(key)
            self.met.add(name)
            reply = client.get(url, headers={"accept-language": "en"})
            assert reply.status_code in (200, 302), (reply.status_code, url)
            if reply.status_code == 302:
                todo.append(reply["Location"])
            elif reply.headers["Content-Type"].startswith("text/html"):
                todo += self.read(url, reply.content)
            reply.close()

    def read(self, url, content):
        """Note what is said in Chinese; give the links of the same site."""
        page = html.document_fromstring(content)
        links = [a.get("href") for a in page.iter("a") if a.get("href")]
        for quoted in page.xpath(QUOTED):
            quoted.drop_tree()
        said = list(page.itertext())
        said += [e.get(name, "") for e in page.iter() for name in SAID if isinstance(e.tag, str)]
        for text in filter(CHINESE.search, said):
            left = " ".join(self.known.sub("", text).split())
            if CHINESE.search(left):
                self.untold[left].append(url)
        return [self.absolute(url, link) for link in links if not link.startswith(("#", "http"))]

    def absolute(self, url, link):
        """A link as an address of this site."""
        path = urlsplit(url).path
        return path + link if link.startswith("?") else link


def texts_in(value):
    """The texts of a JSON value, keys included."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)
    elif isinstance(value, str):
        yield value
        yield value.partition("［")[0]  # the law that a source names first


def known_texts():
    """What the records of this world say: names, numbers of documents, cells of files, laws."""
    for field in WRITTEN:
        model, _dot, name = field.rpartition(".")
        for value in apps.get_model(model).objects.values_list(name, flat=True):
            yield from texts_in(value)


def test_no_page_speaks_chinese_in_english(world):
    reader = Reader({text for text in known_texts() if CHINESE.search(text)})
    for role in Role:
        client = Client()
        client.force_login(world.people[role].user, "django.contrib.auth.backends.ModelBackend")
        reader.walk(client, "/")
    reader.walk(Client(), "/sign-in/", "/notices/", "/receipt/")
    missed = set(page_names()) - reader.met - NOT_PAGES
    assert missed == set(), "pages that no link leads to"
    listed = [f"{text[:200]}    {urls[0]} ({len(urls)})" for text, urls in reader.untold.items()]
    assert not listed, f"{len(listed)} texts:\n" + "\n".join(sorted(listed))
