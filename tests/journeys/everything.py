"""Every kind of matter in several states, made by services; what people wrote is in Latin letters."""

from datetime import date, timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from carbonwatch.accounts.permissions import Role
from carbonwatch.audit.jobs import ask_for_proof
from carbonwatch.jobs.service import by_hand, job_for, run
from emitters.models import CheckRun, Generator, Question, ReportVersion
from emitters.services.outside import outside_upload
from emitters.services.recheck import PEERS
from emitters.services.schemes import (
    scheme_approve,
    scheme_draft,
    scheme_fill,
    scheme_submit,
)
from emitters.services.thresholds import threshold_propose
from emitters.services.uploads import report_upload
from emitters.services.waivers import waiver_propose
from enforcement.services import notice_draft, notice_publish
from inspections import services as findings
from inspections.campaign_query import UnitQuery
from inspections.models import Finding
from inspections.quarterly.period import Period
from inspections.questionnaires import write
from tests.enforcement.support import ARTICLE_22, propose
from tests.factories import UnitFactory, make_actor
from tests.inspections.support import enter, proof
from tests.journeys.samples import spoiled
from tests.journeys.world import CITY, World, hand_in, owe, take_in
from verification.selectors.values import reported_values
from verification.services.assignments import assignment_make, assignment_take
from verification.services.conclusions import conclusion_save, conclusion_sign

LATIN = {
    "title": "Gap",
    "description": "Written in Latin letters.",
    "finding_class": "data",
    "severity": "serious",
}


def fill(world: World) -> None:
    """Reports awaited, refused, checked, submitted; questions; an assignment with its conclusion;
    findings in every state that has steps; a case; notices."""
    now, people = timezone.now(), world.people
    owe(world.unit, 2023)
    _refused(world, now)
    take_in(world, owe(world.unit, 2020), "chp1_2020.xlsx")
    hand_in(world, world.unit.reports.get(year=2022), "chp1_2022.xlsx")
    explained = hand_in(world, world.report, "chp1_2024.xlsx")
    question = Question.objects.filter(version=explained).order_by("pk").last()
    _judged(world, question, now)
    _supplied(world, now)
    _schemes(world, now)
    _verified(world, now)
    closed = [
        _finding(world, state, now) for state in ("registered", "reopened", "ordered", "answered")
    ][-1]
    findings.finding_register(
        unit_id=world.unit.pk, year=2024, question_id=question.pk, actor=people[Role.CITY_INSPECTOR],
        now=now, **LATIN,
    )  # fmt: skip
    propose(
        closed, people[Role.PROVINCE_CASE_OFFICER], reason="Doubt", statement="Facts.", now=now,
        acted_on=timezone.localdate(now), basis_keys=[ARTICLE_22],
    )  # fmt: skip
    for number in range(2):
        notice = notice_draft(
            title=f"Notice {number}",
            body="Text.",
            actor=people[Role.PROVINCE_CASE_OFFICER],
            now=now,
        )
    notice_publish(notice.pk, note="", actor=people[Role.PROVINCE_APPROVER], now=now)
    _inspection(world, now)
    _workplans(world, now)
    _self_inspection(world, now)
    _tips(world, now)
    _campaigns(world, now)
    _merging(world, now)
    _rechecked(explained, now)
    _quarters(world, now)
    with by_hand():
        run(ask_for_proof(actor=people[Role.AUDIT_ADMIN], now=now).pk)


def _refused(world: World, now) -> None:
    wrong = spoiled("chp1_2022.xlsx")
    with by_hand():
        version = report_upload(
            report_id=owe(world.unit, 2022).pk,
            upload=SimpleUploadedFile(wrong["name"], wrong["buffer"]),
            actor=world.people[Role.UNIT_FILLER],
            now=now,
        )
        run(job_for(version).pk)


def _supplied(world: World, now) -> None:
    """Outside records in force, refused, and waiting for the meaning of a column."""
    head = "统一社会信用代码,到厂日期,{name}\n"
    files = {
        "good.csv": head.format(name="入厂煤量") + f"{world.unit.credit_code},2024-03-05,1200\n",
        "wrong.csv": head.format(name="入厂煤量") + f"{world.unit.credit_code},2024-03-06,many\n",
        "strange.csv": head.format(name="Amount") + f"{world.unit.credit_code},2024-03-07,900\n",
    }
    for name, text in files.items():
        with by_hand():
            file = outside_upload(
                kind="receipt", upload=SimpleUploadedFile(name, text.encode()),
                actor=world.people[Role.UNIT_FILLER], now=now,
            )  # fmt: skip
            run(job_for(file).pk)


def _schemes(world: World, now) -> None:
    """A control scheme in force, and its revision being written."""
    filler, approver = world.people[Role.UNIT_FILLER], world.people[Role.UNIT_APPROVER]
    Generator.objects.get_or_create(unit=world.unit, number="1#")
    scheme = scheme_draft(year=2024, reason="First.", actor=filler, now=now)
    lines = [{"id": i.pk, "frequency": "day", "meter": "M1"} for i in scheme.items.all()]
    scheme_fill(scheme.pk, lines=lines, actor=filler, now=now)
    scheme_submit(scheme.pk, actor=filler, now=now)
    scheme_approve(scheme.pk, actor=approver, now=now)
    scheme_draft(year=2025, reason="New meter.", actor=filler, now=now)


def _judged(world: World, question: Question, now) -> None:
    """A waiver asked for, and a threshold whose dry run has ended."""
    people, today = world.people, timezone.localdate(now)
    waiver_propose(
        question.results.first().pk, closing="explained", reason="Seen on site.", basis="Protocol",
        valid_from=today, valid_to=today, actor=people[Role.CITY_REVIEWER], now=now,
    )  # fmt: skip
    with by_hand():
        proposal = threshold_propose(
            key="check.CON-STOCK-BALANCE.plug_share", value=0.01, valid_from=today,
            source="Study", confidence="KNOWN", reason="Too strict.", years=[2024],
            actor=people[Role.PROVINCE_SUPERVISOR], now=now,
        )  # fmt: skip
        run(job_for(proposal).pk)


def _verified(world: World, now) -> None:
    people = world.people
    assignment = assignment_make(
        report_id=world.report.pk, agency_id=people[Role.AGENCY_LEAD].organisation.pk,
        due_on=timezone.localdate(now) + timedelta(days=9), actor=people[Role.PROVINCE_SUPERVISOR],
        now=now,
    )  # fmt: skip
    assignment_take(assignment.pk, independence="None.", actor=people[Role.AGENCY_LEAD], now=now)
    conclusion_save(
        assignment.pk,
        texts={"conformity": "Yes.", "changes": "None.", "uncovered": "None."},
        visited_on=timezone.localdate(now),
        values=reported_values(assignment.version),
        nonconformities=[
            {"kind": "data", "description": "Scale.", "parameter": "FC", "cause": "Drift.",
             "correction": "Done.", "result": "conforming"}
        ],
        actor=people[Role.AGENCY_MEMBER],
        now=now,
    )  # fmt: skip
    conclusion_sign(assignment.pk, actor=people[Role.AGENCY_MEMBER], now=now)


def _inspection(world: World, now) -> None:
    """An inspection under way, both inspectors having written on top of one another."""
    first = world.people[Role.CITY_INSPECTOR]
    second = make_actor("city.inspector", first.organisation)
    today, doing = timezone.localdate(now), {"actor": first, "now": now}
    keeping = {"actor": world.people[Role.CITY_CHIEF], "now": now}
    one, other = enter(first, "A1", **keeping), enter(second, "A2", **keeping)
    findings.conflict_add(
        other.pk, unit_id=world.unit.pk, reason="employer", note="Worked there.",
        since=date(2019, 1, 1), until=date(2021, 1, 1), **keeping,
    )  # fmt: skip
    findings.conflict_add(
        other.pk, unit_id=UnitFactory(organisation__city=CITY, organisation__name="Other plant").pk,
        reason="shares", since=date(2019, 1, 1), **keeping,
    )  # fmt: skip
    inspection = findings.inspection_make(
        unit_id=world.unit.pk, kind="planned", manner="on-site", year=2024, reason="Plan.",
        planned_on=today, inspectors=[one.pk, other.pk], **doing,
    )  # fmt: skip
    findings.inspection_notify(inspection.pk, visit_on=today, scope="Coal.", **doing)
    findings.inspection_begin(inspection.pk, **doing)
    findings.inspection_make(
        unit_id=world.unit.pk, kind="planned", manner="desk", year=2024, reason="Plan.",
        planned_on=today, inspectors=[one.pk, other.pk], **doing,
    )  # fmt: skip
    _draws(first, keeping["actor"], now)
    item = inspection.entries.first()
    for actor in (first, second):
        written = findings.Written(
            uuid4(), item.uid, item.kind, now, text="Seen.", detail={"result": "conform"}
        )
        findings.entry_write(inspection.pk, written=written, actor=actor, now=now)


def _draws(inspector, chief, now) -> None:
    """Draws in every state that has steps, and one given up."""
    doing = {"actor": inspector, "now": now}
    enter(make_actor("city.inspector", inspector.organisation), "A3", actor=chief, now=now)

    def made(mode):
        return findings.draw_make(
            title="Yearly draw", year=2024, mode=mode, count=1,
            inspect_on=timezone.localdate(now) + timedelta(days=7), **doing,
        )  # fmt: skip

    made("risk")
    _frozen, drawn, published, given_up = (
        findings.draw_freeze(made("plain").pk, **doing) for _n in range(4)
    )
    for draw in (drawn, published):
        findings.draw_draw(draw.pk, witness="1234", witness_name="Wang", actor=chief, now=now)
    findings.draw_publish(published.pk, **doing)
    findings.draw_void(given_up.pk, note="No witness.", actor=chief, now=now)


def _workplans(world: World, now) -> None:
    """The plan in force, its amendment under way, and next year's on the desk."""
    planning = {"actor": world.people[Role.PROVINCE_SUPERVISOR], "now": now}
    for year in (timezone.localdate(now).year, timezone.localdate(now).year + 1):
        plan = findings.workplan_make(year=year, title="Plan", **planning)
        findings.workplan_write(
            plan.pk, title="Plan", text="Words.", carbon_text="Carbon.", **planning,
            quotas={(CITY, quarter, "red"): 2 for quarter in (1, 2, 3, 4)} | {(CITY, 2, "green"): 1},
        )  # fmt: skip
        if plan.version == 1 and year == timezone.localdate(now).year:
            findings.workplan_submit(plan.pk, **planning)
            findings.workplan_approve(plan.pk, actor=world.people[Role.PROVINCE_APPROVER], now=now)
            more = findings.workplan_amend(plan.pk, note="More.", **planning)
            findings.workplan_submit(more.pk, **planning)


def _self_inspection(world: World, now) -> None:
    """Questionnaires: answered and submitted, being answered, waiting to be published."""
    people, due_on = world.people, timezone.localdate(now) + timedelta(days=9)
    for code in ("Q", "R", "S"):
        made = findings.questionnaire_import(
            upload=SimpleUploadedFile("q.xlsx", questionnaire(code)),
            actor=people[Role.PROVINCE_SUPERVISOR], now=now,
        )  # fmt: skip
        if code != "S":
            findings.questionnaire_publish(
                made.pk, due_on=due_on, actor=people[Role.PROVINCE_APPROVER], now=now
            )
        if code == "Q":
            asked = made.inspections.get(unit=world.unit)
            findings.self_answer_save(
                inspection_id=asked.pk, question_id=made.questions.get().pk, base=0,
                content={"value": "是"}, actor=people[Role.UNIT_FILLER], now=now,
            )  # fmt: skip
            findings.self_inspection_submit(asked.pk, actor=people[Role.UNIT_APPROVER], now=now)


def _merging(world: World, now) -> None:
    """A merging that waits, one that was turned down, one that is done."""
    inspector, reviewer = world.people[Role.CITY_INSPECTOR], world.people[Role.CITY_REVIEWER]
    kept = _finding(world, "ordered", now)
    facts = {"unit_id": world.unit.pk, "year": 2024, "actor": inspector, "now": now, **LATIN}
    merges = [
        findings.merge_propose(
            merged_id=findings.finding_register(**facts).pk, kept_id=kept.pk, reason="Same.",
            actor=inspector, now=now,
        )
        for _n in range(3)
    ]  # fmt: skip
    findings.merge_refuse(merges[1].pk, note="No.", actor=reviewer, now=now)
    findings.merge_confirm(merges[2].pk, note="Yes.", actor=reviewer, now=now)


def _tips(world: World, now) -> None:
    """Tips: waiting for a decision, turned down, in hand with a file, answered."""
    people = world.people
    supervisor, handler = people[Role.PROVINCE_SUPERVISOR], people[Role.CITY_INSPECTOR]
    told = {"subject": "data", "named": "Plant", "text": "Seen.", "year": 2024, "now": now}
    tips = [
        findings.tip_submit(**told, name="N", key=str(n), files=[proof("a.jpg")]).tip
        for n in range(4)
    ]
    findings.tip_decline(tips[1].pk, reason="Not ours.", actor=supervisor, now=now)
    for tip in tips[2:]:
        post = handler.user.memberships.get()
        findings.tip_accept(tip.pk, handler=post, actor=supervisor, now=now)
        finding = Finding.objects.order_by("pk").first()
        findings.tip_link(tip.pk, finding_id=finding.pk, actor=handler, now=now)
    findings.tip_answer(tips[3].pk, outcome="true", feedback="So.", actor=handler, now=now)


def _quarters(world: World, now) -> None:
    """Three quarterly reports: sent, reviewed, and one of the quarter that is running."""
    people = world.people
    drafting = {"actor": people[Role.PROVINCE_SUPERVISOR], "now": now}
    leader = {"actor": people[Role.PROVINCE_APPROVER], "now": now}
    second = make_actor("province.supervisor", people[Role.PROVINCE_SUPERVISOR].organisation)
    running = Period.of(timezone.localdate(now))
    for quarter in (running.previous.previous, running.previous, running):
        report = findings.quarter_draft(year=quarter.year, quarter=quarter.quarter, **drafting)
        if quarter == running:
            return
        findings.quarter_write(
            report.pk, overview="Well.", problems="Few.", next_steps="Go on.", **drafting
        )
        findings.quarter_review(report.pk, actor=second, now=now)
        if quarter < running.previous:
            findings.quarter_sign(report.pk, **leader)
            findings.quarter_send(
                report.pk, recipient="Ministry", sent_on=timezone.localdate(now), sent_via="Post",
                **drafting,
            )  # fmt: skip


def _campaigns(world: World, now) -> None:
    """Campaigns: drawn up, frozen, under way with changes that wait and that took effect."""
    people, last = world.people, timezone.localdate(now) + timedelta(days=60)
    planner, approver = people[Role.PROVINCE_SUPERVISOR], people[Role.PROVINCE_APPROVER]
    stages = dict.fromkeys(("self_until", "inspect_until", "rectify_until", "sum_until"), last)
    stages["self_until"] = last - timedelta(days=30)
    for number in range(3):
        made = findings.campaign_make(
            title=f"Campaign {number}", kind="full", year=2026, basis="Order.", stages=stages,
            query=UnitQuery(cities=(world.unit.organisation.city,)), actor=planner, now=now,
        )  # fmt: skip
        if number:
            findings.campaign_freeze(made.pk, note="Yes.", actor=approver, now=now)
    findings.campaign_start(made.pk, actor=planner, now=now)
    longer = findings.campaign_change_propose(
        campaign_id=made.pk, unit_id=world.unit.pk, kind="extend", reason="Standstill.",
        extended_to=last - timedelta(days=9), actor=people[Role.CITY_INSPECTOR], now=now,
    )  # fmt: skip
    findings.campaign_change_approve(longer.pk, note="Yes.", actor=approver, now=now)
    other = made.units.exclude(unit=world.unit).first() or made.units.first()
    findings.campaign_change_propose(
        campaign_id=made.pk, unit_id=other.unit_id, kind="remove", reason="Closed down.",
        actor=people[Role.CITY_CHIEF], now=now,
    )  # fmt: skip


def questionnaire(code: str) -> bytes:
    """One question in Latin letters."""
    head = (("问卷编号", code), ("问卷名称", "Self"), ("填写对象", "重点排放单位"),
            ("涉及年度", 2024), ("填写说明", "Truly."))  # fmt: skip
    row = (
        "1",
        "Scale",
        "Checked?",
        "是否",
        "",
        "是",
        "Clause",
        "",
        "有问题时",
        "Paper",
        "否",
        "核算数据",
    )
    return write(head, [row])


def _rechecked(version: ReportVersion, now) -> None:
    """A re-check after which a figure differed."""
    CheckRun.objects.create(
        version=version, at=now, reason=PEERS, before={"risk_score": "1"},
        after={"risk_score": "2"}, added=0, ended=0,
    )  # fmt: skip


def _finding(world: World, state: str, now) -> Finding:
    people = world.people
    wrong = world.report.versions.filter(status="submitted").last() if state == "ordered" else None
    finding = findings.finding_register(
        unit_id=world.unit.pk, year=2024, version_id=wrong and wrong.pk, t_co2=wrong and 10,
        actor=people[Role.CITY_INSPECTOR], now=now, **LATIN,
    )  # fmt: skip
    if state == "registered":
        return finding
    findings.finding_confirm(finding.pk, actor=people[Role.CITY_REVIEWER], now=now)
    due_on = timezone.localdate(now) + timedelta(days=9)
    findings.finding_order(
        finding.pk, demand="Correct it.", due_on=due_on, basis="",
        measures=[findings.Item("Measure.")] if state == "ordered" else [],
        actor=people[Role.CITY_CHIEF], now=now,
    )  # fmt: skip
    if state == "ordered":
        findings.extension_ask(
            finding.pk, wanted_on=due_on + timedelta(days=9), reason="More time.",
            actor=people[Role.UNIT_FILLER], now=now,
        )  # fmt: skip
    if state == "answered":
        findings.finding_answer(
            finding.pk, text="Done.", files=[proof("proof.jpg")], actor=people[Role.UNIT_FILLER],
            now=now,
        )  # fmt: skip
    if state == "reopened":
        _reopened(world, finding, due_on, now)
    finding.refresh_from_db()
    return finding


def _reopened(world: World, finding: Finding, due_on, now) -> None:
    """Answered, accepted by a person of its own, seen on site, closed, opened again, corrected."""
    people, bureau = world.people, world.people[Role.CITY_INSPECTOR].organisation
    second = make_actor("city.inspector", bureau)
    findings.finding_answer(
        finding.pk, text="Done.", files=[proof("proof.jpg")], actor=people[Role.UNIT_FILLER],
        now=now,
    )  # fmt: skip
    findings.finding_accept(finding.pk, actor=second, now=now)
    findings.finding_verify(
        finding.pk, visited_at=now, place="Yard", note="Seen.", files=[proof("yard.jpg")],
        actor=people[Role.CITY_REVIEWER], now=now,
    )  # fmt: skip
    findings.finding_close(finding.pk, actor=people[Role.CITY_CHIEF], now=now)
    findings.finding_reopen(finding.pk, note="Again.", due_on=due_on, actor=second, now=now)
