"""A tip from its intake to its closing; its author stands nowhere, and one person alone may look."""

import json
import logging
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from carbonwatch.audit.models import AuditEvent
from carbonwatch.audit.verify import verify
from carbonwatch.documents.models import Attachment
from carbonwatch.jobs.models import IdempotencyRecord
from carbonwatch.notifications.models import Notification
from carbonwatch.params.service import load_shipped
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing
from carbonwatch.worklist.models import WorkItem
from inspections import services
from inspections.models import Tip, TipAuthor
from inspections.selectors.tips import tip_of
from tests.factories import NOW, UnitFactory, make_actor
from tests.inspections.support import cast, proof, register

pytestmark = pytest.mark.django_db
MARK = "ZQAUTHORQZ"
TOLD = {"subject": "data", "named": "虚构热电厂", "text": "篡改了3月的入炉煤台账。"}


@pytest.fixture(autouse=True)
def _parameters(db):
    load_shipped()


@pytest.fixture
def people():
    """Two supervisors who decide, two inspectors who handle."""
    first, second = make_actor("province.supervisor"), make_actor("province.supervisor")
    return first, second, make_actor("city.inspector"), make_actor("city.inspector")


def submit(**more):
    return services.tip_submit(**{**TOLD, "name": MARK, "contact": MARK, "now": NOW, **more})


def post_of(actor):
    return actor.user.memberships.get()


def in_hand(people, **more):
    receipt = submit(**more)
    tip = services.tip_accept(receipt.tip.pk, handler=post_of(people[2]), actor=people[0], now=NOW)
    return tip


def tables_that_hold(text):
    """Every table with the text in any column, as it is or in bytes."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT count(*) FROM "{model._meta.db_table}" t '
                "WHERE t::text LIKE %s OR t::text LIKE %s",
                [f"%{text}%", f"%{text.encode().hex()}%"],
            )
            if cursor.fetchone()[0]:
                found.append(model._meta.label)
    return found


def test_the_search_of_the_tables_finds_what_is_there():
    submit(text=f"内容{MARK}")
    assert tables_that_hold(MARK) == ["inspections.Tip"]


def test_the_author_stands_nowhere_in_the_database(people):
    tip = in_hand(people, files=[proof(f"{MARK}.jpg")])
    services.tip_author_open(tip.pk, actor=people[2], now=NOW)
    assert tables_that_hold(MARK) == []
    assert [f.name for f in Attachment.objects.all()] == ["01.jpg"]
    told = TipAuthor.objects.get().opened()
    assert told == {"name": MARK, "contact": MARK}


def test_a_whole_life(people):
    first, _second, handler, _other = people
    receipt = submit()
    tip = receipt.tip
    assert tip.due_at == NOW + timedelta(days=15)
    services.tip_accept(tip.pk, handler=post_of(handler), actor=first, now=NOW)
    unit = UnitFactory()
    services.tip_link(tip.pk, unit_id=unit.pk, actor=handler, now=NOW)
    finding = services.finding_register(
        unit_id=unit.pk, year=2023, title="台账被改", description="台账被改", finding_class="data",
        severity="serious", source="tip", source_label=tip.number, tip_id=tip.pk, actor=handler,
        now=NOW,
    )  # fmt: skip
    tip.refresh_from_db()
    assert tip.status == "linked"
    assert tip.due_at == NOW + timedelta(days=60)
    assert (list(tip.units.all()), list(tip.findings.all())) == ([unit], [finding])
    services.tip_answer(
        tip.pk, outcome="true", feedback="情况属实，已责令改正。", actor=handler, now=NOW
    )
    with pytest.raises(Forbidden):
        services.tip_close(tip.pk, actor=handler, now=NOW)
    services.tip_close(tip.pk, actor=first, now=NOW)
    seen = tip_of(tip.number.lower(), f" {receipt.code[:4]}-{receipt.code[4:]} ".lower())
    assert (seen.status, seen.feedback) == ("closed", "情况属实，已责令改正。")
    assert verify().ok


def test_whoever_handled_it_does_not_close_it(people):
    first, second, _handler, _other = people
    tip = submit().tip
    services.tip_accept(tip.pk, handler=post_of(second), actor=first, now=NOW)
    services.tip_answer(tip.pk, outcome="untrue", feedback="不属实。", actor=second, now=NOW)
    with pytest.raises(GuardFailed):
        services.tip_close(tip.pk, actor=second, now=NOW)
    with pytest.raises(GuardFailed):
        services.tip_return(tip.pk, note="再查", actor=second, now=NOW)
    assert services.tip_return(tip.pk, note="再查", actor=first, now=NOW).status == "accepted"


def test_nobody_but_the_handler_handles_or_looks(people):
    first, second, handler, other = people
    tip = in_hand(people)
    for actor in (first, second, other):
        with pytest.raises(Missing):
            services.tip_author_open(tip.pk, actor=actor, now=NOW)
    with pytest.raises(Forbidden):
        services.tip_author_open(tip.pk, actor=make_actor("city.chief"), now=NOW)
    with pytest.raises(GuardFailed):
        services.tip_answer(tip.pk, outcome="true", feedback="是", actor=other, now=NOW)
    assert not AuditEvent.objects.filter(action="tip.author-read").exists()
    services.tip_author_open(tip.pk, actor=handler, now=NOW)
    entry = AuditEvent.objects.get(action="tip.author-read")
    assert (entry.actor_id, entry.target_id) == (handler.user.pk, str(tip.pk))


def test_a_new_handler_takes_the_author_over(people):
    first, _second, handler, other = people
    tip = in_hand(people, files=[proof()])
    services.tip_reassign(tip.pk, handler=post_of(other), note="回避", actor=first, now=NOW)
    with pytest.raises(Missing):
        services.tip_author_open(tip.pk, actor=handler, now=NOW)
    assert services.tip_author_open(tip.pk, actor=other, now=NOW).opened()["name"] == MARK
    url = reverse("attachment", args=[Attachment.objects.get().pk])
    assert signed_in(handler).get(url).status_code == 404
    reply = signed_in(other).get(url)
    assert (reply.status_code, b"".join(reply.streaming_content)[:2]) == (200, b"\xff\xd8")


def test_only_people_who_may_handle_are_named(people):
    tip = submit().tip
    for role in ("city.chief", "unit.filler"):
        with pytest.raises(Invalid):
            services.tip_accept(tip.pk, handler=post_of(make_actor(role)), actor=people[0], now=NOW)


def test_a_tip_is_tied_only_to_what_the_handler_sees(people):
    tip = in_hand(people)
    elsewhere = UnitFactory(organisation__city="210200")
    with pytest.raises(Missing):
        services.tip_link(tip.pk, unit_id=elsewhere.pk, actor=people[2], now=NOW)
    with pytest.raises(Invalid):
        services.tip_link(tip.pk, actor=people[2], now=NOW)


def test_the_intake_has_no_actor_and_no_address():
    tip = submit().tip
    entry = AuditEvent.objects.get(action="tip.start")
    assert (entry.actor_id, entry.actor_name, entry.organisation_id) == (None, "", None)
    assert json.loads(entry.payload) == {"status": "received", "subject": "data"}
    assert entry.target_id == str(tip.pk)


def test_the_unit_never_learns(people):
    """Neither a duty nor a message nor a word on the page of what was found from the tip."""
    crew = cast()
    tip = submit(now=NOW).tip
    services.tip_accept(tip.pk, handler=post_of(crew.inspector), actor=people[0], now=NOW)
    finding = register(crew, source="tip", source_label=tip.number, tip_id=tip.pk)
    services.finding_confirm(finding.pk, actor=crew.reviewer, now=NOW)
    services.finding_order(
        finding.pk,
        demand="改正",
        due_on=(NOW + timedelta(days=9)).date(),
        actor=crew.chief,
        now=NOW,
    )
    page = signed_in(crew.filler).get(finding.get_absolute_url()).content.decode()
    main = page[page.index("<main") :]
    assert finding.title in main
    assert "举报" not in main
    assert tip.number not in main
    unit = crew.unit.organisation
    assert not Notification.objects.filter(organisation=unit, url__contains="/tips/").exists()
    assert not WorkItem.objects.filter(organisation=unit, target="inspections.tip").exists()
    assert (
        signed_in(crew.inspector).get(finding.get_absolute_url()).content.decode().count(tip.number)
    )


def signed_in(actor):
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


FORM = {**TOLD, "name": MARK, "contact": MARK, "_once": "a" * 32}


def test_the_page_of_a_signed_in_person_keeps_nothing_of_them(caplog):
    actor = make_actor("agency.member")
    client = signed_in(actor)
    client.get(reverse("inspections:tip-new"))
    entries = AuditEvent.objects.count()
    before = {s.pk: s.session_data for s in Session.objects.all()}
    with caplog.at_level(logging.INFO, logger="carbonwatch.web"):
        reply = client.post(
            reverse("inspections:tip-new"), {**FORM, "files": [proof(f"{MARK}.jpg")]}
        )
    assert reply.status_code == 200
    assert reply["Cache-Control"] == "no-store"
    assert Tip.objects.get().number in reply.content.decode()
    assert {r.user for r in caplog.records if "/tips/new/" in r.getMessage()} == {None}
    assert not IdempotencyRecord.objects.exists()
    assert {s.pk: s.session_data for s in Session.objects.all()} == before
    new = AuditEvent.objects.order_by("seq")[entries:]
    assert {e.actor_id for e in new} == {None}
    assert all("127.0.0.1" not in e.payload for e in new)
    assert tables_that_hold(MARK) == []


def test_a_second_press_gives_the_same_receipt_and_other_words_another():
    client, url = Client(), reverse("inspections:tip-new")
    pages = [client.post(url, FORM).content.decode() for _press in range(2)]
    said = [p[p.index("<dl") : p.index("</dl>")] for p in pages]
    assert said[0] == said[1]
    assert Tip.objects.count() == 1
    client.post(url, {**FORM, "text": "另一件事。"})
    assert Tip.objects.count() == 2
    assert len(set(Tip.objects.values_list("code_hash", flat=True))) == 2


def test_the_code_opens_the_state_and_nothing_else_does(people):
    receipt = submit()
    client, url = Client(), reverse("inspections:tip-look")
    page = client.post(url, {"number": receipt.tip.number, "code": receipt.code})
    assert page.status_code == 200
    for secret in (MARK, TOLD["text"], TOLD["named"]):
        assert secret not in page.content.decode()
    wrong = client.post(url, {"number": receipt.tip.number, "code": receipt.code[::-1]})
    unknown = client.post(url, {"number": "JB2024-00000000", "code": receipt.code})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "不正确" in wrong.content.decode()
    assert "不正确" in unknown.content.decode()
    services.tip_decline(receipt.tip.pk, reason="不属于职责范围。", actor=people[0], now=NOW)
    page = client.post(url, {"number": receipt.tip.number, "code": receipt.code})
    assert "不属于职责范围。" in page.content.decode()


@pytest.mark.parametrize("path", ["author/", "step/link/", "step/answer/"])
def test_a_number_beyond_all_tips_is_not_found(people, path):
    assert signed_in(people[2]).get(f"/tips/{10**30}/{path}").status_code == 404


def test_addresses_are_held_back(settings):
    settings.TIP_LIMIT = settings.TIP_LOOK_LIMIT = 2
    client, look = Client(), {"number": "JB2024-00000000", "code": "x"}
    for url, fields, fine in (
        (reverse("inspections:tip-new"), FORM, 200),
        (reverse("inspections:tip-look"), look, 422),
    ):
        assert [client.post(url, fields).status_code for _try in range(3)] == [fine, fine, 429]


@pytest.mark.parametrize(
    ("name", "content"), [("a.exe", b"MZ"), ("a.pdf", b"no"), ("a.jpg", b"\xff\xd8\xffno")]
)
def test_a_bad_file_is_refused_and_nothing_is_kept(name, content):
    bad = SimpleUploadedFile(name, content)
    reply = Client().post(reverse("inspections:tip-new"), {**FORM, "files": [bad]})
    assert reply.status_code == 422
    assert not Tip.objects.exists()
    assert not AuditEvent.objects.exists()


def test_too_many_files_are_refused():
    with pytest.raises(Invalid):
        submit(files=[proof() for _n in range(11)])
