"""The components that every app builds on."""

from datetime import UTC, datetime
from types import SimpleNamespace

import openpyxl
import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from carbonwatch.accounts.permissions import Role
from carbonwatch.dashboards.tiles import city_tiles, level_of
from carbonwatch.params.regions import REGION_NAMES
from carbonwatch.web.forms import StepForm
from carbonwatch.workflow.flow import Flow, Offer, State, step
from tests.carbonwatch.pages.conftest import sign_in  # noqa: F401
from tests.factories import OrganisationFactory

FLOW = Flow(
    "demo",
    "事项",
    (State("a", "已下达", then="由企业答复", who="x", tone="warning"), State("b", "已答复")),
    (step("answer", "答复", ["a"], "b", "p"), step("close", "验收", ["a"], "b", "p")),
)


class Form(StepForm):
    text = forms.CharField(label="情况", help_text="写明原因")
    day = forms.DateField(label="日期", required=False)
    kind = forms.ChoiceField(label="性质", choices=[("a", "甲")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="确认")


def test_fields_tie_label_help_and_error_together():
    html = str(Form({"text": "", "kind": "", "day": "x"}))
    assert 'for="id_text"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_helptext"' in html
    assert 'id="id_text_error"' in html
    assert "<legend" in html
    assert 'type="date"' in html
    assert html.count('type="hidden"') == 1


def test_errors_and_values_are_escaped():
    form = Form({"text": "<script>x</script>", "kind": "<b>"})
    form.add_error(None, "<img src=x>")
    html = str(form)
    assert "<script>" not in html
    assert "<img" not in html


def life(**changes):
    now = datetime(2024, 4, 10, tzinfo=UTC)
    known = {
        "state": FLOW.state("a"),
        "duty": SimpleNamespace(organisation="虚构电厂", due_at=now),
        "late": True,
        "offers": [Offer(FLOW.step("answer"), None), Offer(FLOW.step("close"), "须由另一人办理")],
        "step_url": "person-act",
        "matter": SimpleNamespace(pk=3),
    }
    return render_to_string("components/life.html", {"life": {**known, **changes}})


def test_life_says_state_who_when_and_then():
    html = life()
    for words in ("已下达", "虚构电厂", "2024-04-10", "已逾期", "由企业答复", "须由另一人办理"):
        assert words in html
    assert f'href="{reverse("person-act", args=[3, "answer"])}"' in html
    assert "disabled" in html


def test_life_without_a_duty_says_so():
    html = life(duty=None, late=False, offers=[], state=FLOW.state("b"))
    assert "无须办理" in html
    assert "已逾期" not in html


@pytest.mark.parametrize(
    ("state", "polls"), [("waiting", True), ("running", True), ("done", False), ("refused", False)]
)
def test_progress_polls_only_while_there_is_some(state, polls):
    job = SimpleNamespace(pk=1, state=state, progress=40, note="<b>", get_state_display="…")
    html = render_to_string("components/progress.html", {"job": job, "poll_url": "/x/"})
    assert ("hx-get" in html) is polls
    assert ('"X-Poll": "1"' in html) is polls
    assert "<b>" not in html


def test_tiles_hold_every_city_once():
    tiles = city_tiles({"210100": 8, "210200": 1}, url=lambda code: f"/?city={code}")
    assert {t["code"] for t in tiles} == set(REGION_NAMES)
    assert len({(t["row"], t["column"]) for t in tiles}) == len(tiles)
    shades = {t["code"]: t["level"] for t in tiles}
    assert (shades["210100"], shades["210200"], shades["210300"]) == (4, 1, 0)
    html = render_to_string("components/tile_map.html", {"tiles": tiles, "caption": "x"})
    assert html.count("<li") == len(tiles)
    css = "static/css/app.css"
    with open(css, encoding="utf-8") as text:  # noqa: PTH123
        styles = text.read()
    assert all(
        f".tile-r{t['row']} " in styles and f".tile-c{t['column']} " in styles for t in tiles
    )


@pytest.mark.parametrize(
    ("value", "level"), [(0, 0), (1, 1), (25, 1), (26, 2), (50, 2), (75, 3), (76, 4), (100, 4)]
)
def test_shades_are_quarters(value, level):
    assert level_of(value, 100) == level


@pytest.mark.django_db
class TestList:
    """One real list page stands for all."""

    @pytest.fixture
    def page(self, sign_in):  # noqa: F811
        client, _actor = sign_in(Role.SYSTEM_ADMIN)
        for n in range(60):
            OrganisationFactory(name=f"厂{n:02d}", city="210200" if n % 2 else "210100")
        return lambda query="": client.get(reverse("organisation-list") + query)

    def test_pages_and_total(self, page):
        first = page().content.decode()
        assert "共 61 条" in first
        assert 'aria-current="page" href="?page=1"' in first
        second = page("?page=2").content.decode()
        assert second.count('<tr role="row"') == 1 + 11
        assert page("?page=99").status_code == 200

    def test_sorting_lives_in_the_address(self, page):
        text = page("?sort=-name").content.decode()
        assert 'aria-sort="descending"' in text
        assert text.index("厂59") < text.index("厂58")
        assert page("?sort=nonsense").status_code == 200

    def test_filters_show_chips_that_can_be_taken_away(self, page):
        text = page("?kind=unit&city=210200&sort=name").content.decode()
        assert "共 30 条" in text
        assert "类别：重点排放单位" in text
        assert 'href="?city=210200&amp;sort=name"' in text
        assert page("?kind=nonsense").status_code == 200

    def test_queries_do_not_grow(self, page, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            page()

    def test_the_export_holds_the_filtered_list_and_no_live_formula(self, page, tmp_path):
        OrganisationFactory(
            name='=HYPERLINK("http://evil.example","x")', code="=1+1", city="210300"
        )
        answer = page("?city=210300&export=xlsx")
        assert "attachment" in answer["Content-Disposition"]
        path = tmp_path / "list.xlsx"
        path.write_bytes(answer.content)
        sheet = openpyxl.load_workbook(path).active
        assert sheet.max_row == 2
        cells = {c.value: c.data_type for c in sheet[2]}
        assert cells["=1+1"] == "s"
        assert cells['=HYPERLINK("http://evil.example","x")'] == "s"
        assert not sheet._hyperlinks


@pytest.mark.django_db
def test_errors_have_words(client, rf):
    from django.core.exceptions import RequestDataTooBig, SuspiciousOperation

    from carbonwatch.web import errors

    request = RequestFactory().get("/x/")
    request.user = None
    cases = {
        400: errors.bad_request(request, SuspiciousOperation()),
        413: errors.bad_request(request, RequestDataTooBig()),
        403: errors.csrf_failed(request),
        500: errors.broken(request),
    }
    for status, answer in cases.items():
        assert answer.status_code == status
        assert "<h1>" in answer.content.decode()
        assert 'data-outcome="refused"' in answer.content.decode()
    api = errors.not_found(RequestFactory().get("/api/v1/x/"), Exception())
    assert api["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_form_without_token_is_refused_in_words(sign_in):  # noqa: F811
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(reverse("sign-in"), {"username": "a"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()
