"""Cases and notices: lives, two-person rules, law of the day of the act, scope."""

from datetime import date

import pytest
from django.db import Error, IntegrityError, transaction
from django.utils import timezone

from carbonwatch.params.service import in_force, load_shipped
from carbonwatch.params.values import shipped
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing, WrongState
from carbonwatch.worklist.models import WorkItem
from enforcement import services
from enforcement.models import Case, PublicNotice
from enforcement.selectors.penalties import in_words, penalties_on
from inspections.models import Finding
from tests.enforcement.support import ARTICLE_22, MEASURES_39, draft, propose
from tests.factories import NOW, UnitFactory, make_actor
from tests.inspections.support import advance, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def officer():
    return make_actor("province.case_officer")


@pytest.fixture
def approver():
    return make_actor("province.approver")


def test_case_is_filed_by_a_second_person_with_a_number(people, officer, approver):
    case = propose(advance(people, "confirmed"), officer)
    item = WorkItem.objects.get(target="enforcement.case", target_id=case.pk, closed_at=None)
    assert (item.perm, item.organisation) == ("case.decide", approver.organisation)
    services.case_file(case.pk, note="同意", actor=approver, now=NOW)
    case.refresh_from_db()
    assert (case.status, case.number) == ("filed", "辽双碳碳立〔2024〕1号")
    with pytest.raises(WrongState):
        services.case_refuse(case.pk, note="改主意", actor=approver, now=NOW)


def test_proposer_does_not_decide(people, officer, approver):
    case = propose(advance(people, "confirmed"), officer)
    with pytest.raises(Forbidden):
        services.case_file(case.pk, actor=officer, now=NOW)
    Case.objects.filter(pk=case.pk).update(opened_by=approver.user)
    with pytest.raises(GuardFailed, match="另一人"):
        services.case_file(case.pk, actor=approver, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(
            decided_by=approver.user, decided_at=NOW, status="filed"
        )


def test_law_is_that_of_the_day_of_the_act(people, officer):
    finding = advance(people, "confirmed")
    with pytest.raises(Invalid):
        propose(finding, officer, basis_keys=[ARTICLE_22])  # in force from 2024-05-01
    case = propose(finding, officer)
    assert [b["key"] for b in case.basis] == [MEASURES_39]
    assert case.basis[0]["confidence"] == "SEEN"
    kept = in_words(Case.objects.get().basis[0])
    assert kept.article == "第三十九条"
    assert kept.fine == "1万元以上3万元以下"


@pytest.mark.parametrize(
    ("key", "fine"),
    [
        ("penalty.decree775.a21", "5万元以上50万元以下"),
        (
            "penalty.decree775.a22",
            "没收违法所得；违法所得50万元以上的，处违法所得5倍以上10倍以下罚款；"
            "没有违法所得或者不足50万元的，处50万元以上200万元以下罚款",
        ),
        ("penalty.decree775.a24", "未清缴量×清缴期限前一个月市场均价的5倍以上10倍以下"),
    ],
)
def test_fine_ranges_in_words(key, fine):
    found = {p.key: p for p in penalties_on(date(2024, 5, 1), shipped())}
    assert found[key].fine == fine
    assert found[key].law == "碳排放权交易管理暂行条例（国令第775号）"


def test_words_are_the_same_from_file_and_database():
    load_shipped()
    day = date(2024, 5, 1)
    from_file = [(p.label, p.fine, p.persons, p.other) for p in penalties_on(day, shipped())]
    from_rows = [(p.label, p.fine, p.persons, p.other) for p in penalties_on(day, in_force())]
    assert from_file == from_rows


def test_findings_must_be_confirmed_of_one_unit_and_free(people, officer, approver):
    with pytest.raises(GuardFailed, match="尚未确认"):
        propose(advance(people, "registered"), officer)
    finding = advance(people, "confirmed")
    people.unit = UnitFactory()
    foreign = advance(people, "confirmed")
    with pytest.raises(Invalid, match="一家单位"):
        propose(finding, officer, finding_ids=[finding.pk, foreign.pk])
    with pytest.raises(Invalid):
        propose(finding, officer, finding_ids=[])
    case = propose(finding, officer)
    with pytest.raises(GuardFailed, match="已提请"):
        propose(finding, officer)
    services.case_refuse(case.pk, note="证据不足", actor=approver, now=NOW)
    assert propose(finding, officer).pk != case.pk


def test_who_may_propose_and_see(people, officer, approver):
    finding = advance(people, "ordered")
    with pytest.raises(Forbidden):
        propose(finding, people.inspector)
    case = propose(finding, officer)
    assert not Case.objects.visible_to(people.filler).exists()
    assert Case.objects.visible_to(people.inspector).exists()
    assert not Case.objects.visible_to(make_actor("city.chief", city="210200")).exists()
    assert not Case.objects.visible_to(make_actor("agency.lead")).exists()
    services.case_file(case.pk, actor=approver, now=NOW)
    assert Case.objects.visible_to(people.filler).exists()
    other = make_actor("unit.filler", UnitFactory().organisation)
    assert not Case.objects.visible_to(other).exists()


def test_notice_goes_public_by_a_second_person(officer, approver):
    notice = draft(officer)
    with pytest.raises(Forbidden):
        services.notice_publish(notice.pk, actor=officer, now=NOW)
    services.notice_return(notice.pk, note="措辞", actor=approver, now=NOW)
    services.notice_revise(notice.pk, title="通报", body="新文", actor=officer, now=NOW)
    services.notice_publish(notice.pk, actor=approver, now=NOW)
    notice.refresh_from_db()
    assert (notice.status, notice.number) == ("published", "辽双碳通报〔2024〕1号")
    assert list(PublicNotice.objects.published()) == [notice]
    services.notice_withdraw(notice.pk, note="更正", actor=approver, now=NOW)
    assert not PublicNotice.objects.published().exists()


@pytest.mark.parametrize("field", ["drafted_by", "revised_by"])
def test_whoever_wrote_it_does_not_publish_it(officer, approver, field):
    notice = draft(officer)
    PublicNotice.objects.filter(pk=notice.pk).update(**{field: approver.user})
    with pytest.raises(GuardFailed, match="另一人"):
        services.notice_publish(notice.pk, actor=approver, now=NOW)


@pytest.mark.parametrize(
    ("body", "closed"),
    [
        ("联系人电话13812345678", True),
        ("身份证号码11010519491231002X", True),
        ("统一社会信用代码912101001234567890", False),
        ("排放量13812345678901吨", False),
    ],
)
def test_personal_data_keep_a_notice_from_the_public(officer, approver, body, closed):
    notice = draft(officer, body=body)
    if closed:
        with pytest.raises(GuardFailed, match="身份证"):
            services.notice_publish(notice.pk, actor=approver, now=NOW)
    else:
        services.notice_publish(notice.pk, actor=approver, now=NOW)


def test_published_text_cannot_be_changed(officer, approver):
    notice = draft(officer)
    services.notice_publish(notice.pk, actor=approver, now=NOW)
    with pytest.raises(Error, match="notice_immutable"), transaction.atomic():
        PublicNotice.objects.filter(pk=notice.pk).update(body="别的")


def test_drafts_are_the_provinces_own(officer, people):
    notice = draft(officer)
    with pytest.raises(Missing):
        PublicNotice.objects.visible_to(people.chief).one(pk=notice.pk)
    with pytest.raises(Missing):
        PublicNotice.objects.visible_to(people.filler).one(pk=notice.pk)


def test_only_filed_cases_and_confirmed_findings_are_linked(people, officer):
    finding = advance(people, "registered")
    case = propose(advance(people, "confirmed"), officer)
    with pytest.raises(Invalid):
        draft(officer, finding_ids=[finding.pk])
    with pytest.raises(Invalid):
        draft(officer, case_ids=[case.pk])


@pytest.mark.parametrize("model", [Case, Finding, PublicNotice])
def test_records_are_kept_for_five_years(people, officer, model):
    propose(advance(people, "confirmed"), officer)
    draft(officer)
    Case.findings.through.objects.all().delete()
    moment = {Case: "opened_at", Finding: "found_at", PublicNotice: "drafted_at"}[model]
    model.objects.update(**{moment: timezone.now()})
    with pytest.raises(Error, match="_kept"), transaction.atomic():
        model.objects.all()._raw_delete(using="default")
