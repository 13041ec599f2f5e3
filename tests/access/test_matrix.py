"""Every route and method for every kind of person and every relation of the object."""

import re

import pytest
from django.urls import get_resolver, reverse

from carbonwatch.accounts.permissions import OrgKind, Perm, Role
from carbonwatch.web.pages import PUBLIC, ListPage
from tests.access.asking import Asker, address, text_of, undone
from tests.access.table import TABLE, asked, expected, relations, rows
from tests.access.world import (
    AUTHOR_MARK,
    HANDLER,
    KINDS_OF_MARK,
    OFFICE_MARK,
    PLANTS,
    PUBLIC_MARK,
    TIP_MARK,
    mark,
)

pytestmark = pytest.mark.heavy

PEOPLE = [
    *(str(r) for r in Role),
    "department.supervisor@sasac", "department.supervisor@market",
    "agency.lead@laboratory", "agency.lead@consultancy",
    "another city", "another unit", "sibling unit", "another agency",
    "no post", "post ended", "organisation closed", "anonymous",
]  # fmt: skip
PROGRAMS = ["unit.filler", "agency.member", "city.inspector", "another unit", "post ended"]


def routes(resolver=None, space=""):
    """Every named route with the class of its view."""
    for part in (resolver or get_resolver()).url_patterns:
        if hasattr(part, "url_patterns"):
            inner = f"{space}{part.namespace}:" if part.namespace else space
            yield from routes(part, inner)
        else:
            yield f"{space}{part.name}", getattr(part.callback, "view_class", None)


def test_every_route_has_a_row():
    known = dict(routes())
    assert sorted(known.keys() - TABLE.keys()) == [], "routes without a row"
    assert sorted(TABLE.keys() - known.keys()) == [], "rows without a route"


LISTS = [name for name, view in routes() if view is not None and issubclass(view, ListPage)]


def allowed_marks(person, world):
    """The marks that may reach a person: what the rule of the scope says, nothing else."""
    if Perm.LEDGER_VIEW in person.perms:
        # Auditors read the whole ledger, which never holds what a tip says or who gave it.
        return ALL_MARKS - {TIP_MARK, AUTHOR_MARK}
    allowed = {PUBLIC_MARK}
    if person.kind == OrgKind.PROVINCE:
        allowed.add(OFFICE_MARK)
    if Perm.TIP_VIEW in person.perms and "own" in person.reach:
        allowed.add(TIP_MARK)
    if person.name == HANDLER:
        allowed.add(AUTHOR_MARK)
    if person.name in ("platform.system", "platform.security"):
        allowed |= {mark("name", p) for p in PLANTS}  # whom they keep accounts for
    for plant in person.reach:
        allowed |= {mark("name", plant), mark("data", plant)}
        if person.kind == OrgKind.UNIT:
            allowed.add(mark("draft", plant))
        elif person.kind != OrgKind.VERIFIER:
            allowed.add(mark("inner", plant))
    if person.kind == OrgKind.VERIFIER and "own" in person.reach:
        allowed.add(mark("name", "offered"))  # whom it is asked to verify
    return allowed


ALL_MARKS = {mark(k, p) for k in KINDS_OF_MARK for p in PLANTS} | {
    PUBLIC_MARK, OFFICE_MARK, TIP_MARK, AUTHOR_MARK,
}  # fmt: skip
ALL_NAMES = {mark("name", p) for p in PLANTS}
SIGN_IN = re.compile(r"^/sign-in/\?next=")


def walk(world, person, asker, *, only_api=False):
    """Ask everything; what came out otherwise than the table says, and which marks were seen where."""
    wrong, leaks = [], []
    allowed = allowed_marks(person, world)
    for number, (name, row) in enumerate(rows()):
        is_api = "api" in name
        if only_api and not is_api:
            continue
        for method in ("GET", "POST", *(["PUT"] if row.put else [])):
            for relation in asked(number, row, method, person):
                url = address(world, name, row, relation)
                right = expected(person, row, method, relation, is_api=is_api)
                with undone():
                    answer = asker.ask(method, url, row.body())
                    said = text_of(answer)
                if answer.status_code not in right:
                    wrong.append((method, url, relation, answer.status_code, sorted(right)))
                if answer.status_code == 302 and person.user is None:
                    to = answer["Location"]
                    if row.permission != PUBLIC and not SIGN_IN.match(to):
                        wrong.append((method, url, relation, to, "sign-in with next"))
                hidden = ALL_MARKS - allowed - (ALL_NAMES if row.names else set())
                leaks += [(m, method, url, relation) for m in hidden if m in said]
    return wrong, leaks


def lines(found):
    """A short report: comparing long lists takes pytest minutes."""
    return f"{len(found)}:\n" + "\n".join(map(str, found[:40]))


@pytest.mark.parametrize("name", PEOPLE)
def test_person(world, name):
    person = world.people[name]
    wrong, leaks = walk(world, person, Asker(person))
    assert not wrong, lines(wrong)
    assert not leaks, lines(leaks)


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(world, name):
    person = world.people[name]
    wrong, leaks = walk(world, person, Asker(person, token=True), only_api=True)
    assert not wrong, lines(wrong)
    assert not leaks, lines(leaks)


@pytest.mark.parametrize("name", PEOPLE)
def test_exports_and_tabs_hold_what_the_person_may_see(world, name):
    person = world.people[name]
    asker, allowed = Asker(person), allowed_marks(person, world)
    urls = [f"{reverse(n)}?export=xlsx" for n in LISTS]
    urls += [f"/?tab={tab}" for tab in ("to_do", "to_read", "done", "read")]
    urls += ["/overview/?year=2023", "/overview/?year=2024", "/units/?page=2"]
    said = {}
    for url in urls:
        with undone():
            answer = asker.ask("GET", url)
            said[url] = text_of(answer)
            if url.endswith("xlsx") and answer.status_code == 200:
                assert "[content_types]" in said[url] or "spreadsheetml" in said[url]
    assert [(m, u) for u, text in said.items() for m in ALL_MARKS - allowed if m in text] == []
    if Perm.UNIT_VIEW in person.perms:  # and what is theirs is there
        page = said["/units/?export=xlsx"]
        assert {p for p in PLANTS if mark("name", p) in page} == person.reach


def test_the_marks_do_reach_those_who_may(world):
    """The search finds what is there: otherwise the tests above prove nothing."""
    seen = set()
    for name in ("province.supervisor", "unit.filler", HANDLER):
        person = world.people[name]
        asker = Asker(person)
        for route, row in [
            (n, r) for n, r in rows() if r.get and not r.step and "step" not in r.fixed
        ]:
            for relation in relations(row.kind, person):
                with undone():
                    said = text_of(asker.ask("GET", address(world, route, row, relation)))
                seen |= {m for m in ALL_MARKS if m in said}
    hidden = {mark("draft", p) for p in PLANTS if p != "own"}
    assert seen == ALL_MARKS - hidden
