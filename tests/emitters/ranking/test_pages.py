"""Rankings from the database, and who sees what of them."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.params.service import load_shipped
from emitters.models import CheckResult, CoalTestRow, GeneratorRow
from emitters.ranking.providers import kinds
from emitters.selectors.rankings import Ranking, Seen, years_ranked
from inspections.models import Inspection
from tests.factories import (
    DALIAN,
    NOW,
    SHENYANG,
    AnnualReportFactory,
    OrganisationFactory,
    VersionFactory,
    make_actor,
)
from verification.models import Assignment, Conclusion, Nonconformity

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
KIND = {k.code: k for k in kinds()}


def family(name, r, *codes):
    parts = [{"check": c, "p": str(D(r) / at), "counted": True} for at, c in enumerate(codes, 1)]
    parts.append({"check": "STA-REPEAT-TUPLE", "p": "0.9", "counted": False})
    return {"family": name, "r": r, "parts": parts}


def filed(
    name, city=SHENYANG, *, status="submitted", year=2023, lab="甲检测", advised="", **fields
):
    """A report that counts, with its tests."""
    report = AnnualReportFactory(
        year=year, unit__organisation__name=name, unit__organisation__city=city
    )
    given = {
        "risk_score": D(50), "risk_band": "amber", "money_at_stake": D(1000), "t_at_stake": D(10),
        "risk": {"families": [family("D", "0.5", "LAB-DATE-ORDER", "LAB-BATCH-DISGUISE")]},
        "basic": {"报告编制咨询机构": ["t", f" {advised} ", "基本信息!B9"]},
    }  # fmt: skip
    version = VersionFactory(report=report, status=status, **{**given, **fields})
    report.current = version
    report.save(update_fields=["current"])
    for row, laboratory in enumerate([lab, lab, "乙检测"], 5):
        CoalTestRow.objects.create(
            version=version, row=row, generator="1#", kind="", sample_no="", report_no="",
            laboratory=laboratory, certificate="", tester="", reviewer="",
        )  # fmt: skip
    return version


@pytest.fixture
def world():
    load_shipped()
    return {
        "own": filed("虚构甲厂", advised="丙咨询"),
        "sibling": filed("虚构乙厂", risk_score=D(10), money_at_stake=None),
        "foreign": filed("虚构丙厂", DALIAN, lab="丁检测", advised="丙咨询", risk_score=D(90)),
        "draft": filed("虚构丁厂", status="checked", risk_score=D(99)),
    }


def seen_by(role, **of):
    return Seen(Ranking(years_ranked(), TODAY), make_actor(role, **of))


def test_only_what_was_submitted_counts(world):
    ranking = Ranking([2023], TODAY)
    assert {s.version for s in ranking.standings} == {
        world[n].pk for n in ("own", "sibling", "foreign")
    }
    own = next(s for s in ranking.standings if s.version == world["own"].pk)
    assert (own.families, own.score, own.city) == ({"D": D("0.5")}, D(50), SHENYANG)
    assert own.codes == {"D": ["LAB-DATE-ORDER", "LAB-BATCH-DISGUISE"]}  # the strongest first


def test_the_class_is_that_of_the_largest_generator(world):
    for number, capacity, category in (("1#", 100, "小"), ("2#", 600, "大"), ("3#", None, "无")):
        GeneratorRow.objects.create(
            version=world["own"], row=2, number=number, category=category, product="", boiler="",
            pressure="", cooling="", main_fuel="", capacity_mw=capacity,
        )  # fmt: skip
    found = {s.version: s.plant for s in Ranking([2023], TODAY).standings}
    assert (found[world["own"].pk], found[world["sibling"].pk]) == ("大", "")


def test_a_report_belongs_to_the_laboratory_of_most_tests_and_to_who_wrote_it(world):
    ranking = Ranking([2023], TODAY)
    labs = {p.name: p.units for p in ranking.providers(KIND["laboratory"])}
    assert labs == {"甲检测": 2, "丁检测": 1}
    assert [(p.name, p.units) for p in ranking.providers(KIND["consultancy"])] == [("丙咨询", 2)]


def test_what_svc_effect_said_of_a_laboratory_counts(world):
    CheckResult.objects.create(
        version=world["own"], check_code="SVC-EFFECT", letter="A", severity="info",
        direction="favourable", t_co2=0, t_allowance=0, fingerprint="0" * 64,
        values={"role": "检测机构", "provider": "甲检测", "quantity": "单位热值含碳量",
                "around": {"effect": "-1.5", "mean": "-2.0", "clients": 24,
                           "interval": ["-2.5", "-1.5"]}},
    )  # fmt: skip
    lab = next(
        p for p in Ranking([2023], TODAY).providers(KIND["laboratory"]) if p.name == "甲检测"
    )
    assert next(p for p in lab.parts if p.code == "effect").value == D("0.5000")


def test_a_verifier_that_found_nothing_where_there_was_something(world):
    agency = OrganisationFactory(kind=OrgKind.VERIFIER, name="戊核查")
    boss = make_actor("province.supervisor")
    for name, findings in (("own", 0), ("sibling", 1), ("foreign", 0)):
        version = world[name]
        done = Assignment.objects.create(
            report=version.report, version=version, agency=agency, status="accepted",
            due_on=TODAY, made_by=boss.user, made_at=NOW, submitted_at=NOW,
        )  # fmt: skip
        conclusion = Conclusion.objects.create(
            assignment=done, conformity="", written_by=boss.user, written_at=NOW
        )
        for _n in range(findings):
            Nonconformity.objects.create(
                conclusion=conclusion, kind="data", description="x", result="conforming"
            )
        if name != "foreign":
            CheckResult.objects.create(
                version=version, check_code="LAB-DATE-ORDER", letter="A", severity="fatal",
                direction="unknown", t_co2=0, t_allowance=0, fingerprint="1" * 64,
            )  # fmt: skip
    one = Ranking([2023], TODAY).providers(KIND["verifier"])[0]
    assert (one.name, one.units) == ("戊核查", 3)
    # one of three, 0.3333 × 3 ÷ 11
    assert next(p for p in one.parts if p.code == "missed").value == D("0.0909")


def test_places_are_those_of_the_province_whoever_looks(world):
    whole, own = seen_by("province.supervisor"), seen_by("city.chief", city=SHENYANG)
    everywhere = {p.name: (p.place, p.value) for p in whole.priorities()}
    assert list(everywhere) == ["虚构丙厂", "虚构甲厂", "虚构乙厂"]
    assert {p.name: (p.place, p.value) for p in own.priorities()} == {
        n: everywhere[n] for n in ("虚构甲厂", "虚构乙厂")
    }
    assert [p.name for p in whole.priorities(DALIAN)] == ["虚构丙厂"]


def test_a_city_sees_who_serves_its_units_and_itself(world):
    own = seen_by("city.chief", city=SHENYANG)
    assert [p.name for p in own.providers(KIND["laboratory"])] == ["甲检测"]
    assert [p.name for p in own.providers(KIND["consultancy"])] == ["丙咨询"]
    assert [c.code for c in own.cities()] == [SHENYANG]
    assert {c.code for c in seen_by("province.supervisor").cities()} == {SHENYANG, DALIAN}


def test_the_office_for_laboratories_sees_those_that_are_registered(world):
    office = OrganisationFactory(kind=OrgKind.MARKET)
    OrganisationFactory(kind=OrgKind.LABORATORY, name="丁检测")
    seen = seen_by("department.supervisor", organisation=office)
    assert [p.name for p in seen.providers(KIND["laboratory"])] == ["丁检测"]
    assert (seen.priorities(), seen.providers(KIND["consultancy"])) == ([], [])


@pytest.fixture
def browse(client):
    def get(actor, name, *args, **query):
        client.force_login(actor.user, "django.contrib.auth.backends.ModelBackend")
        return client.get(reverse(f"emitters:{name}", args=args), query)

    return get


def test_the_pages(world, browse):
    chief = make_actor("city.chief", city=SHENYANG)
    units = browse(chief, "rankings").content.decode()
    assert "虚构甲厂" in units
    assert "虚构丙厂" not in units
    assert "0.55 × 风险分÷100" in units  # the formula with the weights in force
    labs = browse(chief, "ranking-providers", tab="laboratory").content.decode()
    assert "甲检测" in labs
    assert "丁检测" not in labs
    assert "客户少，不排名次" in labs
    page = browse(chief, "ranking-provider", "consultancy", "丙咨询").content.decode()
    assert "虚构甲厂" in page
    assert "虚构丙厂" not in page
    assert "另有 1 家客户不在您的查看范围" in page
    city = browse(chief, "ranking-city", SHENYANG).content.decode()
    assert "虚构乙厂" in city
    unit = browse(chief, "unit", world["own"].report.unit.pk).content.decode()
    assert "检查优先值" in unit


@pytest.mark.parametrize(
    ("name", "args", "query"),
    [
        ("ranking-provider", ["laboratory", "丁检测"], {}),
        ("ranking-provider", ["laboratory", "没有这家"], {}),
        ("ranking-provider", ["nobody", "甲检测"], {}),
        ("ranking-city", [DALIAN], {}),
        ("ranking-city", ["x"], {}),
        ("rankings", [], {"year": "1999"}),
        ("rankings", [], {"year": "x"}),
        ("rankings", [], {"city": "x"}),
        ("ranking-providers", [], {"tab": "nobody"}),
    ],
)
def test_what_is_not_there_or_not_theirs(world, browse, name, args, query):
    assert browse(make_actor("city.chief", city=SHENYANG), name, *args, **query).status_code == 404


@pytest.mark.parametrize("role", ["unit.approver", "agency.manager"])
def test_not_for_units_and_agencies(world, browse, role):
    for name, args in (
        ("rankings", []), ("ranking-providers", []), ("ranking-cities", []),
        ("ranking-city", [SHENYANG]), ("ranking-provider", ["laboratory", "甲检测"]),
    ):  # fmt: skip
        assert browse(make_actor(role), name, *args).status_code == 403


def test_an_empty_province_has_pages_too(browse):
    load_shipped()
    boss = make_actor("province.supervisor")
    for name in ("rankings", "ranking-providers", "ranking-cities"):
        assert browse(boss, name).status_code == 200
        assert browse(boss, name, export="xlsx").status_code == 200


def test_all_years_together(world, browse):
    filed("虚构戊厂", year=2024)
    boss = make_actor("province.supervisor")
    assert "虚构甲厂" not in browse(boss, "rankings").content.decode()  # the newest year
    assert "虚构甲厂" in browse(boss, "rankings", year="all").content.decode()


@pytest.mark.parametrize("name", ["rankings", "ranking-provider"])
def test_a_page_asks_as_often_for_many(world, browse, name):
    boss, counts = make_actor("province.supervisor"), []
    args = ["laboratory", "甲检测"] if name == "ranking-provider" else []
    browse(boss, name, *args)  # signs in and reads the parameters
    for at in range(2):
        with CaptureQueriesContext(connection) as found:
            browse(boss, name, *args)
        counts.append(len(found))
        for n in range(8):
            filed(f"虚构{at}{n}厂", advised=f"咨询{n}")
    assert counts[0] == counts[1]


def test_a_visit_on_site_lowers_the_priority(world):
    before = {p.name: p.points("visit") for p in Ranking([2023], TODAY).priorities}
    unit, boss = world["own"].report.unit, make_actor("city.chief")
    Inspection.objects.create(
        unit=unit, city=SHENYANG, organisation=boss.organisation, kind="planned", year=2023,
        manner="on-site", reason="x", planned_on=TODAY, planned_by=boss.user, planned_at=NOW,
        visit_on=TODAY - timedelta(days=366), begun_at=NOW, status="under-way",
    )  # fmt: skip
    after = {p.name: p.points("visit") for p in Ranking([2023], TODAY).priorities}
    assert (before["虚构甲厂"], after["虚构甲厂"]) == (D("10.00"), D("2.00"))
    assert after["虚构乙厂"] == D("10.00")
