"""What is declared is complete: checks, lists, scopes, rights, flows."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver

from carbonwatch.accounts.permissions import GRANTS, ROLES_OF, OrgKind, Perm, Role
from carbonwatch.accounts.scoping import _RULES
from carbonwatch.checks.registry import all_checks
from carbonwatch.web.api import Endpoint
from carbonwatch.web.pages import DetailPage, ListPage, Page, StepPage
from carbonwatch.workflow.flow import Flow
from tests.architecture.test_layers import LAYERS, python_files

ROOT = Path(settings.BASE_DIR)

HOLDERS = {
    "questionnaire": (OrgKind.PROVINCE,),
    "self-inspection": (OrgKind.UNIT, OrgKind.CITY),
    "report": {OrgKind.UNIT, OrgKind.PROVINCE},
    "annual-report": {OrgKind.UNIT},
    "question": {OrgKind.UNIT, OrgKind.CITY},
    "waiver": {OrgKind.PROVINCE},
    "scheme": {OrgKind.UNIT},
    "outside": {OrgKind.DRC, OrgKind.MARKET, OrgKind.CITY, OrgKind.UNIT, OrgKind.LABORATORY},
    "threshold": {OrgKind.PROVINCE},
    "assignment": {OrgKind.VERIFIER, OrgKind.PROVINCE},
    "finding": {OrgKind.UNIT, OrgKind.CITY},
    "measure": {OrgKind.UNIT, OrgKind.CITY},
    "extension": {OrgKind.CITY},
    "draw": {OrgKind.PROVINCE, OrgKind.CITY},
    "merge": {OrgKind.CITY},
    "tip": {OrgKind.PROVINCE, OrgKind.CITY},
    "inspection": {OrgKind.PROVINCE, OrgKind.CITY},
    "workplan": {OrgKind.PROVINCE},
    "inspector": {OrgKind.PROVINCE, OrgKind.CITY},
    "campaign": {OrgKind.PROVINCE},
    "campaign-unit": set(),
    "campaign-change": {OrgKind.PROVINCE},
    "quarter": {OrgKind.PROVINCE},
    "case": {OrgKind.PROVINCE},
    "notice": {OrgKind.PROVINCE},
}
"""Which kinds of organisations the `holder` of a matter can name."""


def flows():
    """Every flow that a model lives by."""
    return {
        f.code: (m, f) for m in apps.get_models() if isinstance(f := getattr(m, "flow", None), Flow)
    }


def views():
    """Every class-based view of the resolver."""

    def walk(part):
        for inner in part.url_patterns:
            if hasattr(inner, "url_patterns"):
                yield from walk(inner)
            elif cls := getattr(inner.callback, "view_class", getattr(inner.callback, "cls", None)):
                yield cls

    return sorted(set(walk(get_resolver())), key=lambda c: c.__qualname__)


def ours(base):
    """The views of this project that derive from the base."""
    return [v for v in views() if issubclass(v, base)]


def test_every_check_has_a_case_table():
    """Each code stands in a parametrised test, beside the cases that it must and must not hit."""
    text = ""
    for path in (ROOT / "tests" / "emitters").rglob("test_*.py"):
        tree = ast.parse(path.read_text())
        parametrised = any(
            isinstance(n, ast.Attribute) and n.attr == "parametrize" for n in ast.walk(tree)
        )
        if parametrised and "checks" in path.parent.name:
            text += path.read_text()
    assert [c.code for c in all_checks() if not re.search(rf'"{c.code}\b', text)] == []


def test_every_check_says_why_and_how():
    silent = [
        c.code
        for c in all_checks()
        if not all(
            str(getattr(c, part)).strip() for part in ("name", "basis", "what", "why", "explain")
        )
    ]
    assert silent == []


@pytest.mark.parametrize("page", ours(ListPage), ids=lambda p: p.__name__)
def test_every_list_can_be_taken_away(page):
    assert page.file_name != "list", "its export needs a name"
    assert not getattr(page.table_class, "no_export", False)
    text = (ROOT / "templates" / page.template_name).read_text()
    assert "render_table" in text or "list_page.html" in text, "the button comes with the table"


def test_every_page_and_endpoint_names_a_right():
    for view in ours(Page):
        assert view.permission in {*Perm, "public"}, view
    for view in ours(Endpoint):
        assert {view.permission, *view.permissions.values()} - {None} <= set(Perm), view


def test_every_model_about_a_unit_has_a_scope():
    """Rows that hang on a unit, however far, are asked for through `visible_to` and a rule, or belong
    to such a row (a value of a conclusion)."""
    unit = apps.get_model("emitters.EmittingUnit")
    inner = {"emitters.UnitAttributes", "emitters.Generator", "emitters.GeneratorAttributes",
             "verification.VerifiedValue", "verification.Nonconformity", "verification.Signature"}  # fmt: skip
    without = []
    for model in apps.get_models():
        label = model._meta.label
        if model._meta.app_label not in LAYERS or not _hangs_on(model, unit) or label in inner:
            continue
        ruled = any(name == label.lower() for name, _kind in _RULES)
        if not (
            hasattr(model._default_manager, "visible_to")
            and (ruled or hasattr(model, "scope_through"))
        ):
            without.append(label)
    assert [w for w in without if "_" not in w] == []


def _hangs_on(model, unit, seen=frozenset()):
    if model is unit:
        return True
    return any(
        f.related_model not in seen and _hangs_on(f.related_model, unit, seen | {model})
        for f in model._meta.fields
        if f.related_model is not None and f.related_model is not model
    )


def test_every_list_and_detail_page_of_business_starts_from_a_scope():
    free = {"OrganisationList", "PersonList", "MembershipList", "SecurityPersonList", "JobList", "Ledger",
            "ParameterList", "CheckList", "EffectList", "PublicList"}  # fmt: skip
    """Administrators' lists, what belongs to everybody, and what is public."""
    for page in [*ours(ListPage), *ours(DetailPage), *ours(StepPage)]:
        if page.__name__ not in free:
            assert hasattr(page.model._default_manager, "visible_to"), page


@pytest.mark.parametrize("perm", list(Perm), ids=str)
def test_every_right_is_granted_and_used(perm):
    assert any(perm in rights for rights in GRANTS.values()), "no post grants it"
    named = f"Perm.{perm.name}"
    used = [
        p
        for p in python_files()
        if p.name != "permissions.py" and re.search(rf"{re.escape(named)}\b", p.read_text())
    ]
    assert used, "nothing asks for it"


def test_every_post_belongs_to_a_kind_of_organisation():
    assert {r for roles in ROLES_OF.values() for r in roles} == set(Role)
    assert set(GRANTS) == set(Role)


@pytest.mark.parametrize("code", sorted(flows()))
def test_whoever_has_to_act_can(code):
    """The duty of each state can be done by a post in one of the organisations that may hold it."""
    _model, flow = flows()[code]
    rights = {p for kind in HOLDERS[code] for role in ROLES_OF[kind] for p in GRANTS[role]}
    assert {s.code for s in flow.states if s.who and s.who not in rights} == set()


@pytest.mark.parametrize("code", sorted(flows()))
def test_every_state_leads_on_or_is_final(code):
    _model, flow = flows()[code]
    if not flow.steps:  # moved as a consequence of its parts alone
        return
    sources = {s for step in flow.steps for s in step.sources}
    for state in flow.states:
        assert str(state.then).strip(), f"{state.code} does not say what happens then"
        if state.who and code != "report":  # a new version follows a refused or returned one
            assert state.code in sources, f"{state.code} is somebody's turn without a step"


@pytest.mark.parametrize("page", ours(StepPage), ids=lambda p: p.__name__)
def test_a_step_page_offers_every_step_of_its_flow(page):
    assert set(page.steps) == {s.code for s in page.model.flow.steps}
    for _form, service in page.steps.values():
        takes = inspect.signature(service).parameters
        assert takes["actor"].kind is takes["now"].kind is inspect.Parameter.KEYWORD_ONLY
