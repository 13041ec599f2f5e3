"""Pages and endpoints of verification through the requests of browsers and programs."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from carbonwatch.accounts.permissions import Role
from carbonwatch.web.panels import panels_for
from tests.factories import make_actor
from tests.verification.support import DUE, advance, cast, sign_all
from verification.models import Assignment, Conclusion

pytestmark = pytest.mark.django_db
LEAD, MEMBER = Role.AGENCY_LEAD, Role.AGENCY_MEMBER


@pytest.fixture
def people():
    return cast()


def sign_in(actor):
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def take_step(assignment, actor, step, **data):
    client, url = (
        sign_in(actor),
        reverse("verification:assignment-step", args=[assignment.pk, step]),
    )
    assert client.get(url).status_code == 200
    answer = client.post(url, data)
    assert answer.status_code == 302, text_of(answer)
    return answer


def written_form(page):
    """The fields of the page as a browser would send them."""
    fields = {}
    for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        if name and 'type="checkbox"' not in tag:
            value = re.search(r'value="([^"]*)"', tag)
            fields[name[1]] = value[1] if value else ""
    return fields


def test_the_whole_way_through_the_pages(people):
    url = reverse("verification:assignment-make", args=[people.report.pk])
    office = sign_in(people.supervisor)
    assert str(people.agency) in text_of(office.get(url))
    answer = office.post(url, {"agency": people.agency.pk, "due_on": DUE.isoformat()})
    assignment = Assignment.objects.get()
    assert answer["Location"] == assignment.get_absolute_url()
    lead, member = sign_in(people.team[LEAD]), sign_in(people.team[MEMBER])
    offered = text_of(lead.get(assignment.get_absolute_url()))
    assert people.report.get_absolute_url() not in offered
    take_step(assignment, people.team[LEAD], "take", independence="无利益关系")
    assert people.report.get_absolute_url() in text_of(lead.get(assignment.get_absolute_url()))

    writing = reverse("verification:conclusion-write", args=[assignment.pk])
    page = text_of(member.get(writing))
    assert "1,826,536" in page
    form = {
        **written_form(page), "conformity": "符合", "visited_on": "2024-04-02",
        "v-0-after": "1800000", "v-0-reason": "热值更正",
        "n-0-kind": "data", "n-0-description": "三月热值填错", "n-0-result": "conforming",
        "n-1-kind": "basic", "n-1-result": "conforming",
    }  # fmt: skip
    assert member.post(writing, form).status_code == 302
    conclusion = Conclusion.objects.get()
    assert conclusion.values.count() == 3
    assert [n.description for n in conclusion.nonconformities.all()] == ["三月热值填错"]
    again = text_of(member.get(writing))
    assert "三月热值填错" in again
    assert "热值更正" in again

    for actor in people.team.values():
        sign = reverse("verification:conclusion-sign", args=[assignment.pk])
        assert sign_in(actor).post(sign).status_code == 302
    take_step(assignment, people.team[LEAD], "submit")
    seen = text_of(office.get(assignment.get_absolute_url()))
    for word in ("热值更正", "三月热值填错", "核查组长", "技术复核人", "2024-04-02"):
        assert word in seen
    gone = take_step(assignment, people.supervisor, "accept")
    assert gone["Location"] == assignment.get_absolute_url()
    for address in (assignment.get_absolute_url(), people.report.get_absolute_url(), writing):
        assert lead.get(address).status_code == 404, address


def test_the_reported_values_stay_closed_until_the_work_is_taken_on(people):
    assignment = advance(people, "offered")
    answer = sign_in(people.team[LEAD]).get(
        reverse("verification:conclusion-write", args=[assignment.pk])
    )
    assert answer.status_code == 409
    assert "1,826,536" not in text_of(answer)


def test_a_form_with_gaps_comes_back_with_what_was_written(people):
    assignment = advance(people, "working")
    client = sign_in(people.team[MEMBER])
    url = reverse("verification:conclusion-write", args=[assignment.pk])
    form = written_form(text_of(client.get(url)))
    changed = {**form, "conformity": "符合", "v-0-after": "5"}
    answer = client.post(url, changed)
    assert answer.status_code == 422
    assert "须填写变化原因" in text_of(answer)
    half = {**form, "conformity": "符合", "n-0-cause": "只写了原因", "n-0-kind": "data",
            "n-0-result": "conforming"}  # fmt: skip
    answer = client.post(url, half)
    assert answer.status_code == 422
    assert "只写了原因" in text_of(answer)
    assert not Conclusion.objects.exists()


def test_values_left_out_of_the_form_stay_as_reported(people):
    assignment = advance(people, "working")
    client = sign_in(people.team[MEMBER])
    empty = {f"{p}-{k}": "0" for p in "vn" for k in ("TOTAL_FORMS", "INITIAL_FORMS")}
    url = reverse("verification:conclusion-write", args=[assignment.pk])
    assert client.post(url, {**empty, "conformity": "符合"}).status_code == 302
    assert all(v.after == v.before for v in Conclusion.objects.get().values.all())
    assert Conclusion.objects.get().values.count() == 3


def test_a_row_is_taken_out_of_the_list(people):
    assignment = advance(people, "working")
    client = sign_in(people.team[MEMBER])
    url = reverse("verification:conclusion-write", args=[assignment.pk])
    row = {"n-0-kind": "data", "n-0-description": "一", "n-0-result": "conforming"}
    client.post(url, {**written_form(text_of(client.get(url))), "conformity": "符合", **row})
    form = written_form(text_of(client.get(url)))
    assert form["n-INITIAL_FORMS"] == "1"
    client.post(url, {**form, "conformity": "符合", **row, "n-0-DELETE": "on"})
    assert Conclusion.objects.get().nonconformities.count() == 0


def test_the_list_and_its_export(people):
    assignment = advance(people, "working")
    url = reverse("verification:assignments")
    for actor in (people.supervisor, people.team[MEMBER], make_actor("city.chief")):
        client = sign_in(actor)
        assert str(assignment.report.unit) in text_of(client.get(url))
        assert client.get(url, {"export": "xlsx"}).content[:2] == b"PK"
        assert "没有符合条件" in text_of(client.get(url, {"status": "accepted"}))
    assert sign_in(make_actor("unit.filler", people.report.unit.organisation)).get(url).status_code == 403  # fmt: skip


def test_the_panel_of_a_report(people):
    def panel(actor):
        return panels_for("emitters.annualreport", people.report, actor)[0]

    assert panel(people.supervisor)["may_make"]
    assert not panel(people.approver)["may_make"]
    filler = make_actor("unit.filler", people.report.unit.organisation)
    assignment = advance(people, "submitted")
    assert not panel(people.supervisor)["may_make"]
    assert panel(filler)["assignments"] == []  # not before the province has accepted it
    take_step(assignment, people.approver, "accept")
    page = text_of(sign_in(filler).get(people.report.get_absolute_url()))
    assert "符合核算指南" in page
    assert "1,826,536" in page


class TestEndpoints:
    def test_list(self, people):
        advance(people, "working")
        rows = sign_in(people.team[LEAD]).get("/api/v1/assignments/").json()["results"]
        assert [(r["report"], r["status"]) for r in rows] == [(people.report.pk, "working")]

    def test_conclusion_and_submission(self, people):
        assignment = advance(people, "working")
        client = sign_in(people.team[MEMBER])
        url = f"/api/v1/assignments/{assignment.pk}/conclusion/"
        body = {
            "conformity": "符合",
            "values": [{"generator": "", "code": "e_total", "after": "1800000", "reason": "更正"}],
            "nonconformities": [{"kind": "data", "description": "三月", "result": "conforming"}],
        }
        key = {"Idempotency-Key": "one"}
        answer = client.put(url, body, "application/json", headers=key)
        assert answer.status_code == 200, answer.json()
        assert client.put(url, body, "application/json", headers=key)["Idempotent-Replay"]
        assert Conclusion.objects.get().values.filter(after=1800000).count() == 1
        assert Conclusion.objects.get().values.count() == 3

        submit = f"/api/v1/assignments/{assignment.pk}/submit/"
        lead = sign_in(people.team[LEAD])
        refused = lead.post(submit, content_type="application/json")
        assert refused.status_code == 422
        assert refused["Content-Type"] == "application/problem+json"
        assert "还缺签署" in refused.json()["detail"]
        sign_all(people, Assignment.objects.get())
        assert lead.post(submit, content_type="application/json").json()["status"] == "submitted"
        assert client.put(url, body, "application/json").status_code == 409

    def test_bad_bodies(self, people):
        assignment = advance(people, "working")
        client = sign_in(people.team[MEMBER])
        url = f"/api/v1/assignments/{assignment.pk}/conclusion/"
        for body in ({}, {"conformity": "", "values": [], "nonconformities": []}, [1]):
            answer = client.put(url, body, "application/json")
            assert answer.status_code == 400, body
            assert answer.json()["errors"]
        changed = {"conformity": "x", "nonconformities": [],
                   "values": [{"generator": "", "code": "e_total", "after": None}]}  # fmt: skip
        assert client.put(url, changed, "application/json").status_code == 422
