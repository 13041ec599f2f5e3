"""/api/v1/outside/: kinds, upload with a mapping, state, problems, rows; scope and refusals."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from rest_framework.test import APIClient

from carbonwatch.accounts.permissions import OrgKind
from emitters.models import OutsideFile, OutsideMapping, OutsideRecord
from tests.emitters.outside.files import GRID, OTHER, UNIT, grid_rows, text, xlsx
from tests.emitters.outside.world import World, work

pytestmark = pytest.mark.django_db
FILES = reverse("emitters-api:outside-files")


@pytest.fixture
def world():
    return World()


def program(actor):
    client = APIClient()
    client.force_authenticate(actor.user)
    return client


def grid(rows=None, name="结算.xlsx"):
    return SimpleUploadedFile(name, xlsx(("电网结算", rows or grid_rows())))


def one(client, pk, part=""):
    return client.get(f"{FILES}{pk}/{part}")


def test_the_kinds_that_one_provides(world):
    found = program(world.people[OrgKind.DRC]).get(reverse("emitters-api:outside-kinds")).json()
    assert "grid" in [k["code"] for k in found]
    grid_kind = next(k for k in found if k["code"] == "grid")
    field = next(f for f in grid_kind["fields"] if f["name"] == "out_mwh")
    assert (field["unit"], field["required"], field["label"]) == ("MWh", True, "上网电量")
    consultancy = program(world.people[OrgKind.CONSULTANCY])
    assert consultancy.get(reverse("emitters-api:outside-kinds")).json() == []


def test_from_upload_to_rows(world):
    client = program(world.people[OrgKind.DRC])
    reply = client.post(FILES, {"kind": "grid", "file": grid()}, format="multipart")
    assert (reply.status_code, reply.json()["status"]) == (202, "received")
    assert reply["Location"] == f"/api/v1/outside/{reply.json()['id']}/"
    work()
    file = one(client, reply.json()["id"]).json()
    assert (file["status"], file["rows"], file["years"]) == ("in_force", 12, [2024])
    assert file["problems"] == []
    column = file["columns"][4]
    assert (column["letter"], column["header"], column["field"]) == ("E", "上网电量", "out_mwh")
    assert len(file["sha256"]) == 64
    rows = one(client, file["id"], "records/").json()
    assert rows["count"] == 12
    first = rows["results"][0]
    assert (first["about"], first["month"], first["values"]["out_mwh"]) == (UNIT, 1, "1001")
    assert first["place"].endswith("电网结算!A2")


def test_problems_are_named_by_cell(world):
    client = program(world.people[OrgKind.DRC])
    rows = grid_rows()
    rows[3][4] = "many"
    pk = client.post(FILES, {"kind": "grid", "file": grid(rows)}, format="multipart").json()["id"]
    work()
    file = one(client, pk).json()
    assert file["status"] == "refused"
    problem = file["problems"][0]
    assert (problem["sheet"], problem["cell"], problem["found"]) == ("电网结算", "E4", "many")
    assert problem["message"]
    assert problem["cure"]


def test_a_mapping_comes_with_the_file_and_is_remembered(world):
    client = program(world.people[OrgKind.DRC])
    rows = grid_rows()
    rows[0] = [*GRID[:4], "Sold to the grid", *GRID[5:]]
    mapping = {"columns": {"Sold to the grid": {"field": "out_mwh", "unit": "万kWh"}}}
    reply = client.post(
        FILES, {"kind": "grid", "file": grid(rows), "mapping": json.dumps(mapping)},
        format="multipart",
    )  # fmt: skip
    assert reply.status_code == 202
    work()
    assert one(client, reply.json()["id"]).json()["status"] == "in_force"
    record = OutsideRecord.objects.order_by("number").first()
    assert record.values["out_mwh"] == "10010"  # 1001 万kWh
    assert OutsideMapping.objects.get().columns == {"soldtothegrid": ["out_mwh", "万kWh"]}


def test_columns_are_asked_for_and_told(world):
    client = program(world.people[OrgKind.DRC])
    rows = grid_rows()
    rows[0] = [*GRID[:4], "Sold", *GRID[5:]]
    pk = client.post(FILES, {"kind": "grid", "file": grid(rows)}, format="multipart").json()["id"]
    work()
    file = one(client, pk).json()
    assert file["status"] == "asking"
    assert {"letter": "E", "header": "Sold", "known": False}.items() <= file["asked"][4].items()
    told = client.post(
        f"{FILES}{pk}/columns/", {"columns": {"Sold": {"field": "out_mwh"}}}, format="json"
    )
    assert told.status_code == 202
    work()
    assert one(client, pk).json()["status"] == "in_force"
    again = client.post(f"{FILES}{pk}/columns/", {"columns": {}}, format="json")
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")


@pytest.mark.parametrize(
    ("mapping", "status", "named"),
    [
        ({"columns": {"x": {"field": "nobody"}}}, 422, "x"),
        ({"columns": {"x": {"field": "out_mwh", "unit": "GJ"}}}, 422, "x"),
        ({"columns": {"x": {"field": "year"}, "y": {"field": "year"}}}, 422, "y"),
        ({"columns": "x"}, 400, "mapping"),
        ({"columns": {}, "header_row": 0}, 400, "mapping"),
        ([], 202, ""),
        ("x", 400, "mapping"),
    ],
)
def test_a_mapping_that_cannot_be(world, mapping, status, named):
    client = program(world.people[OrgKind.DRC])
    body = {"kind": "grid", "file": grid(), "mapping": json.dumps(mapping)}
    reply = client.post(FILES, body, format="multipart")
    assert reply.status_code == status
    if named:
        assert named in reply.json()["errors"]
        assert not OutsideFile.objects.exists()


def test_not_ones_own_kind_and_no_kind(world):
    client = program(world.people[OrgKind.UNIT])
    for kind in ("grid", "nobody"):
        reply = client.post(FILES, {"kind": kind, "file": grid()}, format="multipart")
        assert reply.status_code == 422
        assert "kind" in reply.json()["errors"]


def test_the_same_key_has_one_effect(world):
    client = program(world.people[OrgKind.DRC])
    answers = [
        client.post(
            FILES, {"kind": "grid", "file": grid()}, format="multipart",
            headers={"Idempotency-Key": "one"},
        )
        for _n in range(2)
    ]  # fmt: skip
    assert answers[0].json() == answers[1].json()
    assert OutsideFile.objects.count() == 1


def test_a_correction_and_a_withdrawal(world):
    client = program(world.people[OrgKind.DRC])
    pk = client.post(FILES, {"kind": "grid", "file": grid()}, format="multipart").json()["id"]
    work()
    body = {"kind": "grid", "file": grid(grid_rows(out=2000)), "replaces": pk}
    assert client.post(FILES, body, format="multipart").status_code == 422  # without a reason
    body = {"kind": "grid", "file": grid(grid_rows(out=2000)), "replaces": pk, "reason": "Meter."}
    newer = client.post(FILES, body, format="multipart").json()
    work()
    assert one(client, pk).json()["status"] == "replaced"
    assert newer["replaces"] == pk
    ended = client.post(f"{FILES}{newer['id']}/withdraw/", {"note": "Wrong."}, format="json")
    assert (ended.status_code, ended.json()["status"]) == (200, "withdrawn")
    late = client.post(f"{FILES}{newer['id']}/discard/", {"note": "x"}, format="json")
    assert late.status_code == 409
    lost = {**body, "replaces": 10**6, "file": grid()}
    assert client.post(FILES, lost, format="multipart").status_code == 404


def test_others_see_only_rows_about_themselves(world):
    rows = [*grid_rows(), *grid_rows(OTHER)[1:]]
    pk = program(world.people[OrgKind.DRC]).post(
        FILES, {"kind": "grid", "file": grid(rows)}, format="multipart"
    ).json()["id"]  # fmt: skip
    work()
    unit = program(world.people[OrgKind.UNIT])
    file = one(unit, pk).json()
    assert (file["sha256"], file["columns"], file["uploaded_by"]) == (None, [], None)
    found = one(unit, pk, "records/").json()
    assert {r["about"] for r in found["results"]} == {UNIT}
    laboratory = program(world.people[OrgKind.LABORATORY])
    assert one(laboratory, pk).status_code == 404
    assert one(laboratory, pk, "records/").status_code == 404
    assert laboratory.get(FILES).json()["count"] == 0


def test_nobody_ends_what_another_brought(world):
    pk = program(world.people[OrgKind.DRC]).post(
        FILES, {"kind": "grid", "file": grid()}, format="multipart"
    ).json()["id"]  # fmt: skip
    work()
    unit = program(world.people[OrgKind.UNIT])
    assert unit.post(f"{FILES}{pk}/withdraw/", {"note": "x"}, format="json").status_code == 422
    assert OutsideFile.objects.get().status == "in_force"


def test_csv_and_lists(world):
    client = program(world.people[OrgKind.DRC])
    upload = SimpleUploadedFile("a.csv", text(grid_rows()))
    client.post(FILES, {"kind": "grid", "file": upload}, format="multipart")
    work()
    assert client.get(FILES, {"kind": "grid", "status": "in_force"}).json()["count"] == 1
    assert client.get(FILES, {"kind": "heat"}).json()["count"] == 0
