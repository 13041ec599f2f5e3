"""Who finds which records: offices, cities, plants, laboratories, agencies."""

import pytest

from carbonwatch.accounts.permissions import OrgKind as K
from emitters.models import AnnualReport, OutsideFile, OutsideRecord
from emitters.outside import KINDS
from tests.emitters.outside.files import OTHER, UNIT, grid_rows, xlsx
from tests.emitters.outside.world import World
from tests.factories import (
    NOW,
    AnnualReportFactory,
    OrganisationFactory,
    VersionFactory,
    make_actor,
)
from verification.models import Assignment

pytestmark = pytest.mark.django_db


def sheet(kind, *rows):
    """A workbook of one kind with rows given by field."""
    fields = KINDS[kind].sheet.fields
    lines = [[f.label for f in fields], *([row.get(f.name) for f in fields] for row in rows)]
    return xlsx((KINDS[kind].sheet.name, lines))


@pytest.fixture
def world():
    """One file of each sort; every file speaks of both plants where it can."""
    world = World()
    laboratory = world.people[K.LABORATORY].organisation.name
    market, drc = K.MARKET, K.DRC
    both = ({"credit_code": code} for code in (UNIT, OTHER))
    grid = xlsx(("电网结算", [*grid_rows(UNIT, months=1), *grid_rows(OTHER, months=1)[1:]]))
    world.files = {
        "grid": world.bring("grid", grid, by=drc),
        "invoice": world.bring("invoice", sheet("invoice", *(
            {**b, "day": "2024-01-02", "supplier": "甲", "invoice_no": "A1", "tonnes": 1}
            for b in both
        )), by=market),
        "register": world.bring("lab_register", sheet("lab_register", *(
            {"laboratory": laboratory, "report_no": f"R{n}", "client_code": code,
             "issued": "2024-02-01"}
            for n, code in enumerate((UNIT, OTHER))
        )), by=K.LABORATORY),
        "pdf": world.bring("lab_file", sheet(
            "lab_file", {"laboratory": laboratory, "report_no": "R0", "overlays": 3}
        ), by=market),
        "accreditation": world.bring("accreditation", sheet("accreditation", {
            "laboratory": laboratory, "certificate": "C1", "scope": "煤",
            "valid_from": "2020-01-01", "valid_to": "2026-01-01",
        }), by=market),
        "business": world.bring("business", sheet(
            "business", *({"name": "x", "code": code, "status": "存续"} for code in (UNIT, OTHER))
        ), by=market),
        "receipt": world.bring("receipt", sheet(
            "receipt", {"credit_code": UNIT, "day": "2024-01-02", "tonnes": 1}
        ), by=K.UNIT),
        "weather": world.bring("weather", sheet("weather", *(
            {"city": city, "year": 2024, "month": 1, "hdd": 900} for city in ("沈阳市", "大连市")
        )), by=drc),
    }  # fmt: skip
    assert {f.status for f in world.files.values()} == {"in_force"}
    return world


def found(world, actor):
    """How many rows of each file somebody sees."""
    rows = OutsideRecord.objects.visible_to(actor).values_list("file", flat=True)
    names = {f.pk: name for name, f in world.files.items()}
    seen = [names[pk] for pk in rows]
    counts = {name: seen.count(name) for name in set(seen)}
    files = OutsideFile.objects.visible_to(actor).values_list("pk", flat=True)
    assert set(counts) <= {names[pk] for pk in files}
    return counts


EVERYTHING = {
    "grid": 2, "invoice": 2, "register": 2, "pdf": 1, "accreditation": 1, "business": 2,
    "receipt": 1, "weather": 2,
}  # fmt: skip
OF_UNITS = {"grid": 2, "invoice": 2, "register": 2, "receipt": 1, "weather": 2}


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        (K.PROVINCE, EVERYTHING),
        (K.DRC, OF_UNITS),
        (K.ECOLOGY, OF_UNITS),
        (K.SASAC, {"grid": 1, "invoice": 1, "register": 1, "receipt": 1, "weather": 2}),
        (K.MARKET, {"invoice": 2, "register": 2, "pdf": 1, "accreditation": 1, "business": 2,
                    "weather": 2}),
        (K.CITY, {"grid": 1, "invoice": 1, "register": 1, "receipt": 1, "weather": 1}),
        (K.UNIT, {"grid": 1, "invoice": 1, "business": 1, "receipt": 1}),
        (K.LABORATORY, {"register": 2, "accreditation": 1}),
        (K.VERIFIER, {}),
        (K.CONSULTANCY, {}),
    ],
)  # fmt: skip
def test_each_sees_what_concerns_it(world, kind, counts):
    assert found(world, world.people[kind]) == counts


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        (K.CITY, {"grid": 1, "invoice": 1, "register": 1, "weather": 1}),
        (K.UNIT, {"grid": 1, "invoice": 1, "business": 1}),
        (K.LABORATORY, {}),
    ],
)
def test_those_elsewhere_see_theirs(world, kind, counts):
    assert found(world, world.elsewhere[kind]) == counts


def test_an_agency_sees_the_records_of_a_unit_as_long_as_it_works_on_it(world):
    agency = world.people[K.VERIFIER]
    report = AnnualReportFactory(unit=world.unit, year=2024)
    version = VersionFactory(report=report)
    assignment = Assignment.objects.create(
        report=report, version=version, agency=agency.organisation, status="working",
        due_on=NOW.date(), made_by=agency.user, made_at=NOW,
    )  # fmt: skip
    assert AnnualReport.objects.visible_to(agency).count() == 1
    assert found(world, agency) == {"grid": 1, "invoice": 1, "register": 1, "receipt": 1}
    Assignment.objects.filter(pk=assignment.pk).update(status="accepted")
    assert found(world, agency) == {}


def test_people_of_the_platform_see_nothing(world):
    body = OrganisationFactory(kind=K.PLATFORM)
    for role in ("platform.system", "platform.security", "platform.audit"):
        assert found(world, make_actor(role, body)) == {}


def test_only_provider_and_lead_office_see_a_file_whole(world):
    grid = world.files["grid"]
    whole = {kind for kind, actor in world.people.items() if grid.open_to(actor)}
    assert whole == {K.PROVINCE, K.DRC}
