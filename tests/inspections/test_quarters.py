"""The quarterly report: every figure is what its rows say, and stays so once it is signed."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from carbonwatch.audit.models import AuditEvent
from carbonwatch.params.service import load_shipped
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing, WrongState
from enforcement import services as enforcement
from inspections import services
from inspections.models import Finding, QuarterFigure, QuarterItem, QuarterReport
from inspections.quarterly.period import Period
from inspections.quarterly.registry import Measure
from inspections.selectors.quarters import parts_of
from tests.enforcement.support import propose
from tests.factories import DALIAN, NOW, VersionFactory, make_actor
from tests.inspections.support import advance, cast, make_question, register

pytestmark = pytest.mark.django_db
AFTER = datetime(2024, 7, 3, 2, 0, tzinfo=UTC)
TEXTS = {"overview": "总体平稳。", "problems": "", "next_steps": "继续检查。"}


@pytest.fixture
def office():
    """Two supervisors and an approver of the province."""
    return {
        "drafter": make_actor("province.supervisor"),
        "reviewer": make_actor("province.supervisor"),
        "leader": make_actor("province.approver"),
    }


@pytest.fixture
def province():
    """The second quarter of 2024 with something behind every section."""
    people = cast()
    version = VersionFactory(report__unit=people.unit)
    make_question(version, "upheld")
    closed = advance(people, "closed")
    for state in ("registered", "ordered", "answered"):
        advance(people, state)
    register(people, datetime(2024, 3, 31, 15, 59, tzinfo=UTC))  # the last minute of the first
    register(people, datetime(2024, 6, 30, 16, 0, tzinfo=UTC))  # the first of the third
    propose(
        closed,
        make_actor("province.case_officer"),
        reason="数据不实",
        statement="事实。",
        acted_on=NOW.date(),
        now=NOW,
    )
    return people


def drafted(office, year=2024, quarter=2, now=AFTER):
    return services.quarter_draft(year=year, quarter=quarter, actor=office["drafter"], now=now)


def signed(office, **when):
    report = drafted(office, **when)
    services.quarter_write(report.pk, **TEXTS, actor=office["drafter"], now=AFTER)
    services.quarter_review(report.pk, actor=office["reviewer"], now=AFTER)
    return services.quarter_sign(report.pk, actor=office["leader"], now=AFTER)


def values(report):
    return dict(report.edition.figures.values_list("code", "value"))


def test_a_quarter_is_whole_months_by_the_clocks_of_the_province():
    period = Period(2024, 4)
    assert (period.first.isoformat(), period.last.isoformat()) == ("2024-10-01", "2024-12-31")
    assert period.start == datetime(2024, 9, 30, 16, 0, tzinfo=UTC)
    assert (period.following, period.previous) == (Period(2025, 1), Period(2024, 3))
    assert Period.of(period.last) == period


def test_every_figure_opens_as_many_rows_as_it_says(office, province):
    report = drafted(office)
    figures = list(report.edition.figures.all())
    assert len({f.section for f in figures}) >= 6
    for figure in figures:
        amounts = list(figure.items.values_list("amount", flat=True))
        assert figure.size == len(amounts), figure.code
        if figure.measure == Measure.COUNT:
            assert figure.value == len(amounts), figure.code
        elif figure.measure == Measure.SUM:
            assert figure.value == sum(amounts), figure.code
        elif amounts:
            assert figure.value == round(100 * sum(amounts) / len(amounts), 1), figure.code
        else:
            assert figure.value is None, figure.code


def test_the_parts_of_a_figure_add_up_to_it(office, province):
    figures = list(drafted(office).edition.figures.all())
    whole = {f.code: f for f in figures if not f.by}
    parts: dict[tuple[str, str], list[QuarterFigure]] = {}
    for figure in figures:
        if figure.by and figure.by != "outcome":  # an inspection has none before it is concluded
            parts.setdefault((figure.of, figure.by), []).append(figure)
    assert parts
    for (of, by), mine in parts.items():
        assert sum(f.value for f in mine) == whole[of].value, (of, by)


def test_figures_count_what_happened_in_the_quarter(office, province):
    said = values(drafted(office))
    expected = {
        "findings.registered": 4, "findings.registered@source=inspector": 4,
        "findings.registered@city=210100": 4, "findings.confirmed": 3, "findings.ordered": 3,
        "findings.answered": 2, "findings.closed": 1, "findings.standing": 4,
        "findings.overdue": 2, "findings.rate": Decimal("33.3"), "checks.opened": 1,
        "filing.submitted": 1, "checks.results@severity=critical": 2, "cases.proposed": 1,
        "stakes.co2": Decimal("4802.00"), "stakes.co2-closed": Decimal("1200.50"),
    }  # fmt: skip
    assert {code: said[code] for code in expected} == expected


def test_a_report_late_or_never_handed_in_is_counted_once(office):
    in_time, late = VersionFactory(), VersionFactory()
    for version, due_on in ((in_time, "2024-04-10"), (late, "2024-04-09")):
        type(version.report).objects.filter(pk=version.report_id).update(due_on=due_on)
    said = values(drafted(office))
    assert (said["filing.due"], said["filing.late"]) == (2, 1)


def test_a_return_still_counts_when_the_version_was_replaced(office):
    version = VersionFactory(status="returned")
    AuditEvent.objects.create(
        seq=10**9, at=NOW, action="report.return", target="emitters.reportversion",
        target_id=str(version.pk), payload="{}", algorithm="sm3", previous="", digest="d",
    )  # fmt: skip
    type(version).objects.filter(pk=version.pk).update(status="superseded")
    assert values(drafted(office))["filing.returned"] == 1


def test_a_signed_report_does_not_follow_the_data(office, province):
    report = signed(office)
    said = values(report)
    Finding.objects.update(city=DALIAN, title="改了", t_co2=0)
    advance(province, "closed", datetime(2024, 5, 2, tzinfo=UTC))
    report.refresh_from_db()
    assert values(report) == said
    assert services.report_stands(report)
    item = QuarterItem.objects.filter(figure__code="findings.closed").first()
    assert (item.text, item.city) == ("入厂煤采样记录缺失", "210100")
    with pytest.raises(WrongState):
        services.quarter_refresh(report.pk, actor=office["drafter"], now=AFTER)


def test_what_was_signed_cannot_be_changed_in_the_database(office, province):
    report = signed(office)
    for change in (
        lambda: QuarterReport.objects.update(overview="另说。"),
        lambda: QuarterReport.objects.update(number="x"),
        lambda: QuarterFigure.objects.update(value=0),
        lambda: QuarterItem.objects.update(text="x"),
        lambda: QuarterItem.objects.first().delete(),
        lambda: report.delete(),
    ):
        with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
            change()
    figure = report.edition.figures.get(code="findings.closed")
    QuarterItem.objects.create(figure=figure, target_id=1, owner="x", text="x")
    assert not services.report_stands(report)  # what is added is found by the digest


def test_the_quarter_is_compared_with_the_one_signed_before(office, province):
    first = signed(office, quarter=1)
    second = drafted(office)
    assert second.edition.compared == first.edition
    lines = {ln.figure.code: ln for part in parts_of(second.edition) for ln in part.lines}
    line = lines["findings.registered"]
    assert (line.before, line.figure.value, line.change) == (1, 4, 3)
    assert first.edition.compared is None


def test_three_people_take_it_from_draft_to_sent(office, province):
    report = drafted(office)
    with pytest.raises(GuardFailed):  # no text yet
        services.quarter_review(report.pk, actor=office["reviewer"], now=AFTER)
    services.quarter_write(report.pk, **TEXTS, actor=office["drafter"], now=AFTER)
    with pytest.raises(GuardFailed):
        services.quarter_review(report.pk, actor=office["drafter"], now=AFTER)
    with pytest.raises(Forbidden):
        services.quarter_sign(report.pk, actor=office["reviewer"], now=AFTER)
    services.quarter_review(report.pk, actor=office["reviewer"], now=AFTER)
    services.quarter_return(report.pk, note="补充分析。", actor=office["leader"], now=AFTER)
    services.quarter_review(report.pk, actor=office["reviewer"], now=AFTER)
    report = services.quarter_sign(report.pk, actor=office["leader"], now=AFTER)
    assert report.number == "辽双碳季报〔2024〕1号"
    sending = {"recipient": "生态环境部", "sent_via": "公文交换", "actor": office["drafter"]}
    with pytest.raises(Invalid):
        services.quarter_send(report.pk, sent_on=NOW.date(), now=AFTER, **sending)
    sent = services.quarter_send(report.pk, sent_on=AFTER.date(), now=AFTER, **sending)
    assert sent.status == "sent"
    actions = AuditEvent.objects.filter(target="inspections.quarterreport").order_by("seq")
    assert [e.action.removeprefix("quarter.") for e in actions] == [
        "start", "write", "review", "return", "review", "sign", "send",
    ]  # fmt: skip


def test_figures_made_before_the_quarter_ended_must_be_made_again(office):
    report = drafted(office, now=NOW)
    services.quarter_write(report.pk, **TEXTS, actor=office["drafter"], now=NOW)
    with pytest.raises(GuardFailed, match="重新生成"):
        services.quarter_review(report.pk, actor=office["reviewer"], now=AFTER)
    services.quarter_refresh(report.pk, actor=office["drafter"], now=AFTER)
    assert services.quarter_review(report.pk, actor=office["reviewer"], now=AFTER)
    assert report.editions.count() == 2


def test_one_report_a_quarter_and_none_of_the_future(office):
    drafted(office)
    for when in ({"quarter": 2}, {"year": 2025}):
        with pytest.raises(Invalid):
            drafted(office, **when)
    with pytest.raises(Forbidden):
        services.quarter_draft(year=2024, quarter=1, actor=office["leader"], now=AFTER)


def test_others_do_not_see_it(office):
    report = drafted(office)
    with pytest.raises(Missing):
        QuarterReport.objects.visible_to(make_actor("department.supervisor")).one(pk=report.pk)


def test_the_number_of_queries_does_not_grow_with_the_rows(office):
    people = cast()
    counts = []
    for quarter in (1, 2):
        for _n in range(1 if quarter == 1 else 20):
            register(people, NOW if quarter == 2 else datetime(2024, 2, 1, tzinfo=UTC))
        with CaptureQueriesContext(connection) as found:
            drafted(office, quarter=quarter)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_enforcement_adds_its_own_section(office, province):
    officer = make_actor("province.case_officer")
    case = propose(
        advance(province, "ordered"), officer, reason="再案", statement="事实。",
        acted_on=NOW.date(), now=NOW,
    )  # fmt: skip
    enforcement.case_file(case.pk, note="", actor=office["leader"], now=NOW)
    said = values(drafted(office))
    assert (said["cases.proposed"], said["cases.filed"]) == (2, 1)


def test_rows_of_tips_name_nobody(office):
    load_shipped()
    told = {"subject": "data", "named": "虚构热电", "text": "内容", "year": 2023, "name": "某人"}
    tip = services.tip_submit(**told, key="k", files=[], now=NOW).tip
    report = drafted(office)
    assert values(report)["tips.received"] == values(report)["tips.received@city="] == 1
    rows = QuarterItem.objects.filter(figure__edition=report.edition, figure__section="tips")
    assert {(i.owner, i.text, i.city) for i in rows} == {("", tip.number, "")}
