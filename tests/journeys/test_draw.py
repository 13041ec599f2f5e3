"""A draw through all hands: prepared, frozen, drawn before a witness, published, redone from the public
record by the command, and turned into inspections."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from carbonwatch.accounts.permissions import Role
from inspections.lots import commitment
from inspections.models import Draw, Inspection
from tests.factories import UnitFactory, make_actor
from tests.inspections.support import enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bureau(world):
    """Four more units in the city, and three inspectors in its register."""
    city = world.unit.organisation.city
    for _n in range(4):
        UnitFactory(organisation__city=city)
    first = world.people[Role.CITY_INSPECTOR]
    for n, actor in enumerate(
        (first, *(make_actor("city.inspector", first.organisation) for _n in range(2))), 1
    ):
        enter(actor, f"辽A00{n}")
    return world


def test_a_draw_is_redone_from_its_public_record(bureau, visit, tmp_path, capsys):
    people = bureau.people
    inspector = visit("desk").enter(people[Role.CITY_INSPECTOR].user.username)
    chief = visit("phone").enter(people[Role.CITY_CHIEF].user.username)
    page = inspector.page
    day = timezone.localdate() + timedelta(days=10)
    inspector.go("/draws/new/")
    inspector.send(title="年度抽查", year="2024", count="3", inspect_on=day.isoformat())
    draw = Draw.objects.get()
    inspector.look("draw-preparing")
    inspector.go(f"/draws/{draw.pk}/exclude/")
    page.select_option("#id_unit", str(bureau.unit.pk))
    inspector.send(reason="本年度已接受专项检查")
    inspector.go(f"/draws/{draw.pk}/step/freeze/")
    inspector.send()
    draw.refresh_from_db()

    public = visit("phone")
    public.go(f"/draws/public/{draw.pk}/", "draw-promised")
    text = public.page.inner_text("main")
    assert draw.commitment in text
    assert "本年度已接受专项检查" in text
    assert draw.seed not in public.page.content()

    chief.go(f"/draws/{draw.pk}/step/draw/", "draw-witness")
    chief.send(witness="20240415", witness_name="王见证")
    inspector.go(f"/draws/{draw.pk}/step/publish/")
    inspector.send()
    inspector.look("draw-published")

    public.go(f"/draws/public/{draw.pk}/", "draw-public")
    _name, content = public.download("text=下载记录")
    record = json.loads(content)
    assert commitment(record["seed"]) == draw.commitment
    file = tmp_path / "record.json"
    file.write_bytes(content)
    call_command("replay_draw", str(file))
    said = capsys.readouterr().out
    for number, row in enumerate(record["result"], 1):
        assert f"{number} {row['code']} {', '.join(row['inspectors'])}" in said
    assert "all follows from the record" in said
    assert len(record["result"]) == 3
    assert bureau.unit.credit_code not in {row["code"] for row in record["result"]}

    inspector.go(f"/draws/{draw.pk}/")
    inspector.click("text=按结果安排检查")
    page.wait_for_selector("text=已安排")
    inspector.look("draw-arranged")
    assert Inspection.objects.filter(drawn_as__draw=draw).count() == 3
