"""Inspections: two inspectors, a record that loses nothing, a conclusion that another person approves."""

import hashlib
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import InternalError, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document

from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing, WrongState
from inspections import services
from inspections.inspection_documents import INSPECTION_NOTICE, ON_SITE_RECORD
from inspections.models import EntryRevision, Inspection
from inspections.selectors.checklist import guide_items
from inspections.selectors.records import lines_of
from inspections.services import Written
from tests.factories import NOW, UnitFactory, make_actor
from tests.inspections.support import advance, cast, enter, proof

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


class Visit:
    """An inspection under way, by two inspectors."""

    def __init__(self, series="辽A", manner="on-site"):
        self.people = cast()
        self.first, self.second = self.people.inspector, make_actor("city.inspector")
        self.id = services.inspection_make(
            unit_id=self.people.unit.pk, kind="planned", manner=manner, year=2023,
            reason="年度执法工作计划", planned_on=TODAY, actor=self.first, now=NOW,
            inspectors=[enter(self.first, f"{series}01").pk, enter(self.second, f"{series}02").pk],
        ).pk  # fmt: skip

    @property
    def now(self):
        return Inspection.objects.get(pk=self.id)

    def take(self, step, actor=None, **facts):
        service = getattr(services, f"inspection_{step}")
        return service(self.id, actor=actor or self.first, now=NOW, **facts)

    def begin(self):
        self.take("notify", visit_on=TODAY, scope="燃煤计量\n煤样检测", asked_for="台账")
        self.take("begin")
        return self

    def write(self, actor=None, file=None, **facts):
        facts = {"uid": uuid4(), "entry": uuid4(), "kind": "fact", "written_at": NOW, **facts}
        return services.entry_write(
            self.id, written=Written(**facts), file=file, actor=actor or self.first, now=NOW
        )

    def signature(self, role, actor=None):
        file = proof("签名.jpg")
        digest = hashlib.sha256(file.read()).hexdigest()
        file.seek(0)
        detail = {"role": role, "name": "某人"}
        return self.write(actor, file, kind="signature", detail=detail, sha256=digest, text="属实")

    def sign(self):
        self.signature("inspector")
        self.signature("inspector", self.second)
        self.signature("inspected")
        self.take("sign")
        return self


def test_the_whole_way_with_both_documents():
    visit = Visit().begin()
    visit.write(text="皮带秤编号与台账一致。", place="输煤栈桥")
    visit.sign()
    visit.take("conclude", outcome="clean", conclusion="未发现问题。")
    visit.take("approve", visit.people.chief)
    assert visit.now.status == "closed"
    texts = {}
    for document in (INSPECTION_NOTICE, ON_SITE_RECORD):
        book = Document(BytesIO(document.render(visit.now)))
        texts[document.code] = "\n".join(p.text for p in book.paragraphs)
    assert visit.now.notice_number in texts["inspection-notice"]
    assert "辽A02" in texts["inspection-notice"]
    assert "皮带秤编号与台账一致。" in texts["on-site-record"]
    assert "{" not in "".join(texts.values())


def test_the_checklist_knows_the_guide_and_last_findings():
    people = cast()
    finding = advance(people, "ordered")
    inspection = services.inspection_make(
        unit_id=people.unit.pk, kind="follow-up", manner="desk", year=2024, reason="复查",
        planned_on=TODAY, actor=people.inspector, now=NOW,
        inspectors=[enter(people.inspector).pk, enter(make_actor("city.inspector")).pk],
    )  # fmt: skip
    prompts = list(inspection.entries.values_list("prompt", flat=True))
    assert prompts[: len(guide_items())] == [i.prompt for i in guide_items()]
    assert any(finding.title in p for p in prompts[len(guide_items()) :])


def test_no_visit_without_notice_but_a_desk_inspection():
    with pytest.raises(GuardFailed):
        Visit().take("begin")
    assert Visit("辽B", manner="desk").take("begin").status == "on-site"


def test_sent_twice_is_one():
    visit = Visit().begin()
    facts = {"uid": uuid4(), "entry": uuid4(), "text": "一次"}
    assert visit.write(**facts).pk == visit.write(**facts).pk
    assert EntryRevision.objects.count() == 1


def test_two_on_top_of_the_same_both_stand_until_settled():
    visit = Visit().begin()
    first = visit.write(text="原记录")
    entry = first.entry.uid
    mine = visit.write(entry=entry, text="甲改", on_top_of=[first.uid])
    theirs = visit.write(visit.second, entry=entry, text="乙改", on_top_of=[first.uid])
    line = next(li for li in lines_of(visit.now) if li.entry.uid == entry)
    assert [s.revision.text for s in line.standing] == ["甲改", "乙改"]
    visit.signature("inspector")
    visit.signature("inspector", visit.second)
    visit.signature("witness")
    with pytest.raises(GuardFailed):
        visit.take("sign")
    visit.write(entry=entry, text="合并", on_top_of=[mine.uid, theirs.uid])
    line = next(li for li in lines_of(visit.now) if li.entry.uid == entry)
    assert [s.revision.text for s in line.standing] == ["合并"]
    assert EntryRevision.objects.filter(entry__uid=entry).count() == 4
    assert visit.take("sign").status == "signed"


def test_what_comes_after_the_signing_is_refused_until_reopened():
    visit = Visit().begin().sign()
    late = {"uid": uuid4(), "entry": uuid4(), "text": "手机里的记录"}
    with pytest.raises(WrongState):
        visit.write(**late)
    visit.take("reopen", note="补传")
    assert visit.write(**late).text == "手机里的记录"


@pytest.mark.parametrize(
    "facts",
    [
        {"text": ""},
        {"text": "x" * 4001},
        {"text": "x", "written_at": NOW + timedelta(hours=1)},
        {"kind": "check", "detail": {"result": "maybe"}},
        {"kind": "document", "detail": {"name": "台账"}},
        {"kind": "fact", "text": "x", "detail": {"strange": "x"}},
        {"kind": "photo"},
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(facts):
    visit = Visit().begin()
    with pytest.raises(Invalid) as refused:
        visit.write(**facts)
    assert refused.value.fields
    assert not EntryRevision.objects.exists()


def test_a_picture_hurt_on_the_way_is_not_taken():
    visit = Visit().begin()
    with pytest.raises(Invalid):
        visit.write(kind="photo", file=proof("a.jpg"), sha256="0" * 64)
    assert not EntryRevision.objects.exists()


def test_only_the_inspectors_write_and_nobody_approves_the_own_work():
    visit = Visit().begin()
    with pytest.raises(GuardFailed):
        visit.write(make_actor("city.inspector"), text="x")
    with pytest.raises(Forbidden):
        visit.write(visit.people.reviewer, text="x")
    with pytest.raises(Missing):
        visit.write(make_actor("city.inspector", city="210200"), text="x")
    visit.sign().take("conclude", outcome="clean", conclusion="无。")
    with pytest.raises(Forbidden):
        visit.take("approve")


def test_a_record_of_another_inspection_takes_nothing():
    one, other = Visit().begin(), Visit("辽B").begin()
    entry = one.write(text="x").entry.uid
    with pytest.raises(Invalid):
        other.write(other.first, entry=entry, text="y")


def test_what_was_written_cannot_be_changed_or_removed():
    revision = Visit().begin().write(text="原文")
    with pytest.raises(InternalError), transaction.atomic():
        EntryRevision.objects.filter(pk=revision.pk).update(text="改文")
    with pytest.raises(InternalError), transaction.atomic():
        EntryRevision.objects.filter(pk=revision.pk).delete()


def test_a_unit_out_of_reach_is_missing():
    people = cast()
    with pytest.raises(Missing):
        services.inspection_make(
            unit_id=UnitFactory(organisation__city="210200").pk, kind="tip", manner="desk",
            year=2023, reason="x", planned_on=TODAY, inspectors=[], actor=people.inspector, now=NOW,
        )  # fmt: skip


def test_a_finding_is_registered_from_the_page_of_a_begun_inspection(client):
    visit = Visit()
    page = reverse("inspections:inspection", args=[visit.id])
    client.force_login(visit.first.user)
    link = f"{reverse('inspections:finding-register')}?inspection={visit.id}"
    assert link not in client.get(page).content.decode()
    visit.begin()
    assert link in client.get(page).content.decode()
    assert client.get(link).context["form"]["unit"].value() == visit.people.unit.pk
