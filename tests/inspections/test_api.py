"""/api/v1/findings/: list, one, registration, answer; scope and refusals as problem details."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from carbonwatch.accounts.models import Actor
from inspections.models import Finding
from tests.factories import UnitFactory, make_actor
from tests.inspections.support import advance, cast, proof

pytestmark = pytest.mark.django_db
LIST = "inspections-api:findings"


@pytest.fixture
def people():
    return cast()


def program(actor: Actor) -> APIClient:
    client = APIClient()
    client.force_authenticate(actor.user)
    return client


def new(unit):
    return {
        "unit": unit.pk,
        "year": 2023,
        "title": "采样记录缺失",
        "description": "缺12天",
        "finding_class": "quality",
        "severity": "general",
        "tco2_at_stake": "12.50",
    }


def test_list_and_one(people):
    finding = advance(people, "ordered")
    rows = program(people.chief).get(reverse(LIST)).json()["results"]
    assert [r["id"] for r in rows] == [finding.pk]
    assert rows[0]["tco2_at_stake"] == 1200.5
    assert program(people.chief).get(reverse(LIST), {"status": "closed"}).json()["count"] == 0
    wrong = program(people.chief).get(reverse(LIST), {"status": "nonsense"})
    assert wrong.status_code == 400
    one = program(people.filler).get(reverse("inspections-api:finding", args=[finding.pk])).json()
    assert one["order_number"] == finding.order_number
    assert "source" not in one
    assert "found_by" not in one


def test_create_once_per_key(people):
    client, key = program(people.inspector), {"Idempotency-Key": "k-1"}
    first = client.post(reverse(LIST), new(people.unit), format="json", headers=key)
    again = client.post(reverse(LIST), new(people.unit), format="json", headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert Finding.objects.count() == 1
    assert first["Location"] == reverse("inspections-api:finding", args=[first.json()["id"]])


def test_answer_with_proof(people):
    finding = advance(people, "ordered")
    url = reverse("inspections-api:finding-answer", args=[finding.pk])
    client = program(people.filler)
    assert client.post(url, {"text": "已改"}, format="multipart").status_code == 400
    done = client.post(url, {"text": "已改", "files": [proof()]}, format="multipart")
    assert (done.status_code, done.json()["status"]) == (200, "answered")
    late = client.post(url, {"text": "已改", "files": [proof()]}, format="multipart")
    assert late.status_code == 409
    assert late["Content-Type"] == "application/problem+json"


def test_refusals(people):
    finding = advance(people, "confirmed")
    one = reverse("inspections-api:finding", args=[finding.pk])
    answer = reverse("inspections-api:finding-answer", args=[finding.pk])
    sibling = make_actor("unit.filler", UnitFactory().organisation)
    files = {"text": "已改", "files": [proof()]}
    assert APIClient().get(one).status_code == 401
    assert program(sibling).get(one).status_code == 404
    assert program(people.filler).get(one).status_code == 404  # not ordered yet
    assert program(people.filler).post(answer, files, format="multipart").status_code == 404
    assert program(people.chief).post(answer, files, format="multipart").status_code == 403
    assert program(make_actor("agency.lead")).get(one).status_code == 403
    elsewhere = make_actor("city.inspector", city="210200")
    created = program(elsewhere).post(reverse(LIST), new(people.unit), format="json")
    assert created.status_code == 404
    assert program(people.reviewer).post(reverse(LIST), new(people.unit)).status_code == 403


def test_bad_proof_is_refused_in_words(people):
    finding = advance(people, "ordered")
    url = reverse("inspections-api:finding-answer", args=[finding.pk])
    fake = proof("照片.pdf")
    answer = program(people.filler).post(url, {"text": "改", "files": [fake]}, format="multipart")
    assert answer.status_code == 422
    assert "扩展名" in answer.json()["detail"]
    finding.refresh_from_db()
    assert finding.status == "ordered"
