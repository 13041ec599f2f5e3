"""A draw from the pool to the arranged inspections: promised before, redone after, by several people."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from carbonwatch.audit.models import AuditEvent
from carbonwatch.params.service import load_shipped
from carbonwatch.refusals import GuardFailed, Invalid, Missing, Refused, WrongState
from inspections import services
from inspections.lots import commitment, replay
from inspections.models import Draw, Inspection, Inspector
from inspections.selectors.draws import listing, record_of
from tests.factories import NOW, UnitFactory, make_actor
from tests.inspections.support import cast, enter

pytestmark = pytest.mark.django_db
DAY = timezone.localdate(NOW) + timedelta(days=30)


@pytest.fixture
def office():
    """A city with six units, three inspectors, and its chief."""
    load_shipped()
    people = cast()
    bureau = people.chief.organisation
    for _n in range(5):
        UnitFactory(organisation__city=bureau.city)
    UnitFactory(organisation__city="2102")
    others = [make_actor("city.inspector", bureau) for _n in range(2)]
    for n, actor in enumerate((people.inspector, *others), 1):
        enter(actor, f"辽A00{n}")
    return people


def prepared(people, **more):
    facts = {"title": "第三季度抽查", "year": 2023, "mode": "risk", "count": 3, "inspect_on": DAY}
    return services.draw_make(**{**facts, **more}, actor=people.inspector, now=NOW)


def frozen(people, **more):
    draw = prepared(people, **more)
    return services.draw_freeze(draw.pk, actor=people.inspector, now=NOW)


def drawn(people, **more):
    draw = frozen(people, **more)
    return services.draw_draw(
        draw.pk, witness="20240415", witness_name="王见证", actor=people.chief, now=NOW
    )


def published(people, **more):
    draw = drawn(people, **more)
    return services.draw_publish(draw.pk, actor=people.inspector, now=NOW)


def test_only_units_and_inspectors_of_the_authority_are_drawn_from(office):
    draw = frozen(office)
    listed = draw.listed
    assert len(listed["units"]) == 6
    assert {u["city"] for u in listed["units"]} == {office.chief.organisation.city}
    assert {u["weight"] for u in listed["units"]} == {2}  # none has a report: draw.weight.none
    assert [i["certificate"] for i in listed["inspectors"]] == ["辽A001", "辽A002", "辽A003"]
    assert listed["team"] == 2
    assert draw.commitment == commitment(draw.seed)
    assert {u["weight"] for u in frozen(office, mode="plain").listed["units"]} == {1}


def test_the_record_is_redone_by_the_command(office, tmp_path):
    draw = published(office)
    record = record_of(draw)
    assert replay(record) == []
    file = tmp_path / "record.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    call_command("replay_draw", str(file))
    assert len(record["result"]) == 3


def test_the_seed_is_nowhere_before_the_draw(office):
    draw = frozen(office)
    everything = "".join(AuditEvent.objects.values_list("payload", flat=True))
    pages = [f"/draws/public/{draw.pk}/", f"/draws/public/{draw.pk}/record/", "/draws/public/"]
    everything += "".join(Client().get(url).content.decode() for url in pages)
    inside = Client()
    inside.force_login(office.chief.user, backend="django.contrib.auth.backends.ModelBackend")
    everything += inside.get(f"/draws/{draw.pk}/").content.decode()
    assert draw.commitment in everything
    assert draw.seed not in everything
    services.draw_draw(draw.pk, witness="1234", witness_name="甲", actor=office.chief, now=NOW)
    for url in (pages[0],):  # drawn but not yet public
        assert draw.seed not in Client().get(url).content.decode()


def test_drawing_is_for_another_person_and_publishing_for_a_third_hand(office):
    draw = services.draw_freeze(prepared(office).pk, actor=office.chief, now=NOW)
    with pytest.raises(GuardFailed):
        services.draw_draw(draw.pk, witness="1234", witness_name="甲", actor=office.chief, now=NOW)
    draw = drawn(office)
    with pytest.raises(GuardFailed):
        services.draw_publish(draw.pk, actor=office.chief, now=NOW)
    with pytest.raises(WrongState):
        services.draw_draw(draw.pk, witness="9999", witness_name="甲", actor=office.chief, now=NOW)


def test_an_excluded_unit_stands_beside_the_list_with_its_reason(office):
    draw = prepared(office)
    services.draw_exclude(
        draw.pk, unit_id=office.unit.pk, reason="已注销", actor=office.inspector, now=NOW
    )
    with pytest.raises(Invalid):
        services.draw_exclude(
            draw.pk, unit_id=office.unit.pk, reason="再次", actor=office.inspector, now=NOW
        )
    draw = services.draw_freeze(draw.pk, actor=office.inspector, now=NOW)
    (left_out,) = draw.listed["excluded"]
    assert (left_out["code"], left_out["reason"]) == (office.unit.credit_code, "已注销")
    assert office.unit.credit_code not in {u["code"] for u in draw.listed["units"]}
    page = Client().get(f"/draws/public/{draw.pk}/").content.decode()
    assert "已注销" in page
    with pytest.raises(WrongState):
        services.draw_exclude(
            draw.pk, unit_id=office.unit.pk, reason="x", actor=office.inspector, now=NOW
        )


def test_who_must_keep_away_is_never_drawn_for_the_unit(office):
    services.conflict_add(
        Inspector.objects.get(certificate="辽A001").pk, unit_id=office.unit.pk, reason="relative",
        since=DAY, actor=office.chief, now=NOW,
    )  # fmt: skip
    draw = drawn(office, count=6)
    row = draw.drawn_units.get(unit=office.unit)
    assert sorted(row.certificates) == ["辽A002", "辽A003"]
    assert "relative" not in json.dumps(record_of(draw))


def test_a_pool_too_small_is_refused_in_words(office):
    with pytest.raises(GuardFailed, match="只有 6 家"):
        frozen(office, count=7)
    late = prepared(office, inspect_on=DAY + timedelta(days=6000))
    with pytest.raises(GuardFailed, match="执法证的人员只有 0 名"):
        services.draw_freeze(late.pk, actor=office.inspector, now=NOW)
    with pytest.raises(Invalid):
        prepared(office, inspect_on=timezone.localdate(NOW))


def test_what_was_frozen_and_drawn_cannot_be_changed(office):
    draw = published(office)
    for change in ({"seed": "x"}, {"listed": {}}, {"count": 1}, {"witness": "1"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Draw.objects.filter(pk=draw.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        draw.drawn_units.update(certificates=["x"])
    with pytest.raises(DatabaseError), transaction.atomic():
        draw.drawn_units.all().delete()


def test_a_draw_given_up_stays_public_with_its_reason(office):
    draw = services.draw_void(frozen(office).pk, note="见证人未到场", actor=office.chief, now=NOW)
    page = Client().get(f"/draws/public/{draw.pk}/")
    assert page.status_code == 200
    assert "见证人未到场" in page.content.decode()
    record = json.loads(Client().get(f"/draws/public/{draw.pk}/record/").content)
    assert record["void_reason"] == "见证人未到场"
    assert "seed" not in record
    never = services.draw_void(prepared(office).pk, note="误建", actor=office.chief, now=NOW)
    assert Client().get(f"/draws/public/{never.pk}/").status_code == 404


def test_the_inspections_are_arranged_as_drawn_and_once(office):
    with pytest.raises(WrongState):
        services.draw_arrange(drawn(office).pk, actor=office.inspector, now=NOW)
    draw = published(office)
    made = services.draw_arrange(draw.pk, actor=office.inspector, now=NOW)
    assert len(made) == 3
    for row in draw.drawn_units.select_related("inspection"):
        people = set(row.inspection.members.values_list("certificate", flat=True))
        assert people == set(row.certificates)
        assert (row.inspection.unit_id, row.inspection.kind) == (row.unit_id, "planned")
    assert services.draw_arrange(draw.pk, actor=office.inspector, now=NOW) == []
    assert Inspection.objects.count() == 3
    with pytest.raises(Refused):
        services.draw_void(draw.pk, note="x", actor=office.chief, now=NOW)


def test_another_city_sees_it_only_as_everybody_does(office):
    draw = published(office)
    stranger = make_actor("city.chief", city="2102")
    with pytest.raises(Missing):
        services.draw_publish(draw.pk, actor=stranger, now=NOW)
    client = Client()
    client.force_login(stranger.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/draws/{draw.pk}/").status_code == 404
    assert client.get(f"/draws/public/{draw.pk}/").status_code == 200
    province = make_actor("province.supervisor")
    with pytest.raises(GuardFailed):
        services.draw_arrange(draw.pk, actor=province, now=NOW)
    with pytest.raises(GuardFailed):
        services.draw_freeze(prepared(office).pk, actor=province, now=NOW)
    assert listing(Draw.objects.get(pk=draw.pk), office.inspector)["count"] == 3
