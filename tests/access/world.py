"""One small province in which every text of an organisation carries a mark of its own.

Five plants stand for the five ways in which a thing can belong to somebody, seen from the plant
`own`, from the bureau of its city and from the agency that verifies it:

- `own`: the plant itself;
- `sibling`: same kind, same city, another organisation, verified by another agency;
- `foreign`: another city;
- `ended`: in the first city; the organisation is closed and the first agency's work is over;
- `offered`: in the first city; offered to the first agency, which has not taken the work on.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from carbonwatch.accounts.models import Actor, Membership, Organisation, User
from carbonwatch.accounts.permissions import OrgKind, Role
from carbonwatch.audit.models import AuditEvent
from carbonwatch.documents.models import Attachment
from carbonwatch.documents.service import attach
from carbonwatch.jobs.models import Job, JobState
from carbonwatch.notifications.models import Notification
from carbonwatch.params.service import load_shipped
from emitters.models import (
    CheckRun,
    CoalTestRow,
    GeneratorRow,
    OutsideFile,
    OutsideRecord,
    ReportVersion,
)
from emitters.services.schemes import scheme_approve, scheme_draft, scheme_submit
from emitters.services.thresholds import threshold_propose
from emitters.services.waivers import waiver_approve, waiver_propose
from enforcement import services as enforcement
from inspections import services as inspections
from inspections.campaign_query import UnitQuery
from inspections.models import CampaignKind, QuarterItem
from inspections.quarterly.period import Period
from inspections.questionnaires import write
from tests.enforcement.support import MEASURES_39, propose
from tests.factories import (
    DALIAN,
    SHENYANG,
    MembershipFactory,
    OrganisationFactory,
    UnitFactory,
    UserFactory,
    VersionFactory,
    make_actor,
)
from tests.inspections.support import enter, make_question
from tests.verification.support import Cast, advance, monthly
from verification.services.conclusions import CAPACITY

PLANTS = ("own", "sibling", "foreign", "ended", "offered")
KINDS_OF_MARK = ("name", "data", "draft", "inner")
PUBLIC_MARK = "qzpublicqz"
OFFICE_MARK = "qzofficeqz"
TIP_MARK, AUTHOR_MARK = "qztipqz", "qzauthorqz"
"""What a tip tells, and who gave it: the latter is for one person alone."""
HANDLER = "city.inspector"


def mark(kind: str, plant: str) -> str:
    """The mark of a plant's texts.

    `name` is its name; `data` what it handed in; `draft` what it has not handed in yet; `inner` what
    the authorities keep to themselves about it.
    """
    return f"qz{kind}{plant}qz"


def workbook(text: str) -> bytes:
    """A small workbook that holds the text."""
    book, buffer = openpyxl.Workbook(), BytesIO()
    book.active["A1"] = text
    book.save(buffer)
    return buffer.getvalue()


def paper(text: str) -> SimpleUploadedFile:
    """An attachment whose name and content hold the text."""
    return SimpleUploadedFile(f"{text}.xlsx", workbook(text))


@dataclass
class Person:
    """Somebody who asks: who signs in, for which organisation, what they may and where they reach."""

    name: str
    user: User | None
    actor: Actor | None
    reach: frozenset[str] = frozenset()
    token: str = ""

    @property
    def perms(self) -> frozenset[str]:
        """None without a post."""
        return self.actor.perms if self.actor else frozenset()

    @property
    def kind(self) -> str:
        """Kind of the organisation; empty without a post."""
        return self.actor.kind if self.actor else ""


@dataclass
class World:
    """`things[kind][relation]` is an object; `people[name]` a person."""

    media: Path
    now: object
    things: dict[str, dict[str, object]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def put(self, kind: str, relation: str, thing: object) -> None:
        """Keep an object under its kind and relation."""
        self.things.setdefault(kind, {})[relation] = thing


def build(media: Path) -> World:
    """The province, its people and a whole dossier of every plant."""
    load_shipped()
    world = World(media, timezone.now())
    bodies = _bodies()
    for plant in PLANTS:
        _dossier(world, bodies, plant)
    _self_inspections(world, bodies)
    _campaigns(world, bodies)
    _office(world, bodies)
    bodies.closed = _closed(bodies)
    _people(world, bodies)
    _tip(world)
    return world


def _bodies() -> SimpleNamespace:
    cities = {p: DALIAN if p == "foreign" else SHENYANG for p in PLANTS}
    units = {
        p: UnitFactory(
            organisation__name=f"虚构热电{mark('name', p)}",
            organisation__city=cities[p],
            attributes__ownership="民营" if p == "foreign" else "省属国企",
            attributes__legal_representative=mark("data", p),
        )
        for p in PLANTS
    }
    agency = {
        n: OrganisationFactory(kind=OrgKind.VERIFIER, name=f"虚构核查{n}")
        for n in ("first", "second")
    }
    return SimpleNamespace(
        units=units,
        province=OrganisationFactory(kind=OrgKind.PROVINCE, name="虚构省办"),
        cities={c: OrganisationFactory(kind=OrgKind.CITY, city=c) for c in (SHENYANG, DALIAN)},
        agencies=agency,
        laboratory=OrganisationFactory(kind=OrgKind.LABORATORY, name="虚构检测"),
        closed=None,
    )


def _version(world: World, report: object, text: str, **fields: object) -> ReportVersion:
    """A version with its file and rows; every text of it is the mark."""
    (world.media / "reports").mkdir(parents=True, exist_ok=True)
    name = f"reports/{text}.xlsx"
    (world.media / name).write_bytes(workbook(text))
    problem = {"rule": "value-missing", "weight": "blocker", "sheet": "机组信息", "cell": "B2",
               "field": text, "found": text, "values": {}}  # fmt: skip
    version = VersionFactory(
        report=report,
        file=name,
        file_name=f"{text}.xlsx",
        reason=text,
        basic={"单位名称": ["t", text, "基本信息!B5"]},
        problems=[problem],
        columns={part: list("FGHIJKLMNOPQR") for part in "PT"},
        t_reported=Decimal(1000),
        **fields,
    )
    GeneratorRow.objects.create(
        version=version, row=2, number="1#", category="常规", product="仅供电", boiler="",
        pressure="", cooling="", main_fuel="烟煤", note=text,
    )  # fmt: skip
    CoalTestRow.objects.create(
        version=version, row=5, generator="1#", kind="", sample_no=text, report_no=text,
        laboratory=text, certificate="", tester=text, reviewer=text,
    )  # fmt: skip
    for code, generator in (("e_total", ""), ("e_unit", "1#"), ("gen", "1#")):
        monthly(version, code, "1000", generator)
    return version


def _dossier(world: World, bodies: SimpleNamespace, plant: str) -> None:
    """Everything that can exist about one plant, each with its mark."""
    unit, data, inner = bodies.units[plant], mark("data", plant), mark("inner", plant)
    version = _version(world, None or _report(unit, 2023, "filed"), data, risk_score=Decimal(50),
                       acceptance="explain", checked_at=world.now)  # fmt: skip
    report = version.report
    report.current = version
    report.save(update_fields=["current"])
    draft_report = _report(unit, 2024, "drafting")
    draft = _version(
        world, draft_report, mark("draft", plant), status="checked", acceptance="acceptable"
    )
    question = make_question(version, "explained")
    question.explanation, question.decision_note = data, ""
    filler = make_actor("unit.filler", unit.organisation)
    question.explained_by, question.explained_at = filler.user, world.now
    question.save()
    evidence = attach(question, paper(data), filler, world.now)
    world.put("run", plant, CheckRun.objects.create(
        version=version, at=world.now, reason=data, before={"risk_score": "1.0"},
        after={"risk_score": "50.0"},
    ))  # fmt: skip
    world.put("result", plant, version.results.order_by("pk").last())
    world.put("waiver", plant, _waiver(world, bodies, version, data))
    for kind, scheme in _schemes(world, unit, data, mark("draft", plant)).items():
        world.put(kind, plant, scheme)
    finding, tip = _findings(world, bodies, unit, version, data, inner)
    for kind, thing in (
        ("unit", unit), ("report", report), ("version", version), ("draft", draft),
        ("question", question), ("evidence", evidence), ("finding", finding), ("tip", tip),
        ("proof", Attachment.objects.get(target="inspections.answer", name=f"{data}.xlsx")),
        ("photo", Attachment.objects.get(target="inspections.finding", target_id=tip.pk)),
    ):  # fmt: skip
        world.put(kind, plant, thing)
    world.put("merge", plant, inspections.merge_propose(
        merged_id=tip.pk, kept_id=finding.pk, reason=inner, now=world.now,
        actor=make_actor("city.inspector", bodies.cities[unit.organisation.city]),
    ))  # fmt: skip
    for kind, thing in _ordered(world, bodies, unit, data, inner).items():
        world.put(kind, plant, thing)
    world.put("inspection", plant, _inspection(world, bodies, unit, plant))
    world.put("case", plant, _case(world, bodies, finding, data, inner))
    brought = _outside(world, unit, "receipt", unit.organisation, data)
    world.put("outside", plant, brought)
    world.put("original", plant, brought)
    register = _outside(world, unit, "lab_register", bodies.laboratory, f"登记{unit.pk}")
    world.put("register", plant, register)
    world.put("assignment", plant, _assignment(bodies, plant, report, version, data))


def _schemes(world, unit, data, inner):  # type: ignore[no-untyped-def]
    """A control scheme in force, and the next version on the desk of the unit."""
    filler = make_actor("unit.filler", unit.organisation)
    approver = make_actor("unit.approver", unit.organisation)
    standing = scheme_draft(year=2023, reason=data, actor=filler, now=world.now)
    scheme_submit(standing.pk, actor=filler, now=world.now)
    standing = scheme_approve(standing.pk, actor=approver, now=world.now)
    draft = scheme_draft(year=2024, reason=inner, actor=filler, now=world.now)
    return {"scheme": standing, "scheme-draft": draft}


def _waiver(world, bodies, version, data):  # type: ignore[no-untyped-def]
    """A waiver in force of one more result of the version."""
    bureau = bodies.cities[version.report.city]
    result = version.results.order_by("pk").first()
    result.pk, result.question, result.fingerprint = None, None, f"w{version.pk:063d}"
    result.save()
    today = timezone.localdate()
    waiver = waiver_propose(
        result.pk, closing="explained", reason=data, basis=data, valid_from=today, valid_to=today,
        actor=make_actor("city.reviewer", bureau), now=world.now,
    )  # fmt: skip
    approver = make_actor("province.approver", bodies.province)
    return waiver_approve(waiver.pk, note=data, actor=approver, now=world.now)


def _outside(
    world: World, unit: object, kind: str, provider: Organisation, text: str
) -> OutsideFile:
    """A file of outside records about a unit, with one row; every text of it is the given one."""
    name = f"reports/{text}-{kind}.xlsx"
    (world.media / name).write_bytes(workbook(text))
    code = unit.organisation.code
    problem = {"rule": "column-unknown", "weight": "notice", "sheet": "Sheet", "cell": "B2",
               "field": text, "found": text, "values": {}}  # fmt: skip
    file = OutsideFile.objects.create(
        kind=kind, provider=provider, status="in_force", file=name, file_name=f"{text}.xlsx",
        size=1, sha256=f"{unit.pk:064d}", receipt=f"{kind}-{unit.pk}", sheet="Sheet", header=1,
        uploaded_by=UserFactory(), uploaded_at=world.now, in_force_at=world.now, reason=text,
        problems=[problem], columns=[["A", text, "supplier", ""]], rows=1, years=[2023],
        retain_until=timezone.localdate(),
    )  # fmt: skip
    OutsideRecord.objects.create(
        file=file, kind=kind, number=2, owner=code, about=code, key=code, year=2023,
        values={"credit_code": code, "supplier": text, "operator": text},
    )  # fmt: skip
    return file


def _report(unit: object, year: int, status: str) -> object:
    return VersionFactory._meta.model.report.field.related_model.objects.create(
        unit=unit,
        year=year,
        city=unit.organisation.city,
        status=status,
        due_on=timezone.localdate(),
        basis="名录",
    )


def _findings(world, bodies, unit, version, data, inner):  # type: ignore[no-untyped-def]
    """One finding taken to the unit's answer, and one tip that the unit must not know of."""
    bureau = bodies.cities[unit.organisation.city]
    inspector = make_actor("city.inspector", bureau)
    reviewer, chief = make_actor("city.reviewer", bureau), make_actor("city.chief", bureau)
    filler = make_actor("unit.filler", unit.organisation)
    facts = {"unit_id": unit.pk, "year": 2023, "finding_class": "data", "severity": "serious",
             "actor": inspector, "now": world.now}  # fmt: skip
    finding = inspections.finding_register(
        title=data,
        description=data,
        source="tip",
        source_label=inner,
        version_id=version.pk,
        **facts,
    )
    inspections.finding_confirm(finding.pk, note=inner, actor=reviewer, now=world.now)
    inspections.finding_order(
        finding.pk, demand=data, due_on=timezone.localdate() + timedelta(days=30), basis=data,
        actor=chief, now=world.now + timedelta(seconds=1),
    )  # fmt: skip
    inspections.finding_answer(
        finding.pk, text=data, files=[paper(data)], actor=filler,
        now=world.now + timedelta(seconds=2),
    )  # fmt: skip
    finding.refresh_from_db()
    tip = inspections.finding_register(
        title=inner,
        description=inner,
        source="tip",
        source_label=inner,
        files=[paper(inner)],
        **facts,
    )
    return finding, tip


def _ordered(world, bodies, unit, data, inner):  # type: ignore[no-untyped-def]
    """A measure that the unit was ordered to take, and its wish for more time."""
    bureau, now = bodies.cities[unit.organisation.city], world.now
    finding = inspections.finding_register(
        unit_id=unit.pk, year=2023, title=data, description=data, finding_class="data",
        severity="serious", source="tip", source_label=inner,
        actor=make_actor("city.inspector", bureau), now=now,
    )  # fmt: skip
    reviewer, chief = make_actor("city.reviewer", bureau), make_actor("city.chief", bureau)
    inspections.finding_confirm(finding.pk, note=inner, actor=reviewer, now=now)
    due_on, seconds = timezone.localdate() + timedelta(days=30), timedelta(seconds=3)
    inspections.finding_order(
        finding.pk, demand=data, due_on=due_on, measures=[inspections.Item(data)], actor=chief,
        now=now + seconds,
    )  # fmt: skip
    extension = inspections.extension_ask(
        finding.pk, wanted_on=due_on + timedelta(days=9), reason=data,
        actor=make_actor("unit.filler", unit.organisation), now=now + seconds,
    )  # fmt: skip
    return {"measure": finding.measures.get(), "extension": extension}


def _draw(world, inspector, frozen, inner):  # type: ignore[no-untyped-def]
    """A draw that only the authority knows of, or one with a frozen list for everybody to read."""
    doing = {"actor": inspector, "now": world.now}
    draw = inspections.draw_make(
        title=PUBLIC_MARK if frozen else inner, year=2023, mode="plain", count=1,
        inspect_on=timezone.localdate(world.now) + timedelta(days=5), **doing,
    )  # fmt: skip
    return inspections.draw_freeze(draw.pk, **doing) if frozen else draw


def _inspection(world, bodies, unit, plant):  # type: ignore[no-untyped-def]
    """An inspection begun, with one line in its record; its inspectors in the register."""
    inner = mark("inner", plant)
    bureau = bodies.cities[unit.organisation.city]
    first, second = make_actor("city.inspector", bureau), make_actor("city.inspector", bureau)
    doing = {"actor": first, "now": world.now}
    today = timezone.localdate(world.now)
    team = [enter(first, now=world.now), enter(second, now=world.now)]
    conflict = inspections.conflict_add(
        team[0].pk, unit_id=unit.pk, reason="employer", note=inner, since=today + timedelta(days=9),
        actor=make_actor("city.chief", bureau), now=world.now,
    )  # fmt: skip
    inspection = inspections.inspection_make(
        unit_id=unit.pk, kind="planned", manner="on-site", year=2023, reason=inner,
        planned_on=today, inspectors=[one.pk for one in team], **doing,
    )  # fmt: skip
    inspections.inspection_notify(inspection.pk, visit_on=today, scope=inner, **doing)
    inspections.inspection_begin(inspection.pk, **doing)
    written = inspections.Written(uuid4(), uuid4(), "fact", world.now, text=inner)
    inspections.entry_write(inspection.pk, written=written, **doing)
    inspection.refresh_from_db()
    for number, kind in enumerate(("draw", "draw-open")):
        world.put(kind, plant, _draw(world, first, number == 1, inner))
    world.put("inspector", plant, team[0])
    world.put("conflict", plant, conflict)
    return inspection


def _self_inspections(world, bodies):  # type: ignore[no-untyped-def]
    """A questionnaire that every plant has begun to answer, and one that waits for publishing."""
    head = {"问卷编号": "Q", "问卷名称": "Q", "填写对象": "重点排放单位", "涉及年度": 2024}
    row = ("1", "", "Q", "文字", "", "是", "", "", "不需要", "", "", "")
    author = make_actor("province.supervisor", bodies.province)
    for code, kind in (("Q", "questionnaire"), ("R", "questionnaire-new")):
        source = write(list((head | {"问卷编号": code}).items()), [row])
        upload = SimpleUploadedFile("q.xlsx", source)
        made = inspections.questionnaire_import(upload=upload, actor=author, now=world.now)
        world.put(kind, "own", made)
    questionnaire = world.things["questionnaire"]["own"]
    inspections.questionnaire_publish(
        questionnaire.pk, due_on=timezone.localdate(world.now) + timedelta(days=9),
        actor=make_actor("province.approver", bodies.province), now=world.now,
    )  # fmt: skip
    for plant, unit in bodies.units.items():
        matter = questionnaire.inspections.get(unit=unit)
        inspections.self_answer_save(
            inspection_id=matter.pk, question_id=questionnaire.questions.get().pk, base=0,
            content={"value": mark("draft", plant)}, now=world.now,
            actor=make_actor("unit.filler", unit.organisation),
        )  # fmt: skip
        world.put("self", plant, matter)


def _campaigns(world, bodies):  # type: ignore[no-untyped-def]
    """A campaign over every plant, with a change of each that waits; and one that is being drawn up."""
    planner = make_actor("province.supervisor", bodies.province)
    approver = make_actor("province.approver", bodies.province)
    last = timezone.localdate(world.now) + timedelta(days=90)
    made = [
        inspections.campaign_make(
            title=title, kind=CampaignKind.FULL, year=2024, basis=title, query=UnitQuery(),
            stages={"inspect_until": last, "rectify_until": last, "sum_until": last},
            actor=planner, now=world.now,
        )
        for title in ("campaign", OFFICE_MARK)
    ]  # fmt: skip
    running, drawn_up = made
    inspections.campaign_freeze(running.pk, actor=approver, now=world.now)
    inspections.campaign_start(running.pk, actor=planner, now=world.now)
    world.put("campaign", "own", running)
    world.put("campaign-list", "own", running)
    world.put("campaign-draft", "own", drawn_up)
    for plant, unit in bodies.units.items():
        world.put("campaign-unit", plant, running.units.get(unit=unit))
        bureau = bodies.cities[unit.organisation.city]
        change = inspections.campaign_change_propose(
            campaign_id=running.pk, unit_id=unit.pk, kind="remove", reason=mark("inner", plant),
            actor=make_actor("city.inspector", bureau), now=world.now,
        )  # fmt: skip
        world.put("campaign-change", plant, change)


def _case(world, bodies, finding, data, inner):  # type: ignore[no-untyped-def]
    officer = make_actor("province.case_officer", bodies.province)
    approver = make_actor("province.approver", bodies.province)
    case = propose(
        finding, officer, reason=data, statement=data, basis_keys=[MEASURES_39], now=world.now
    )
    return enforcement.case_file(case.pk, note=inner, actor=approver, now=world.now)


def _assignment(bodies, plant, report, version, data):  # type: ignore[no-untyped-def]
    agency = bodies.agencies["second" if plant in ("sibling", "foreign") else "first"]
    people = Cast(
        report,
        version,
        agency,
        make_actor("province.supervisor", bodies.province),
        make_actor("province.approver", bodies.province),
        {role: make_actor(role, agency) for role in CAPACITY},
    )
    state = {"offered": "offered", "ended": "accepted"}.get(plant, "written")
    assignment = advance(people, state, timezone.now())
    if plant != "offered":
        conclusion = assignment.conclusion
        conclusion.conformity = data
        conclusion.save(update_fields=["conformity"])
    return assignment


def _office(world: World, bodies: SimpleNamespace) -> None:
    """Notices of the province, accounts, messages, ledger, background work."""
    supervisor = make_actor("province.supervisor", bodies.province)
    approver = make_actor("province.approver", bodies.province)
    drafts = [
        enforcement.notice_draft(title=text, body=text, actor=supervisor, now=world.now)
        for text in (OFFICE_MARK, PUBLIC_MARK)
    ]
    published = enforcement.notice_publish(
        drafts[1].pk, note=OFFICE_MARK, actor=approver, now=world.now
    )
    _plans(world, supervisor, approver)
    world.put("notice", "own", drafts[0])
    world.put("published", "own", published)
    world.put("threshold", "own", threshold_propose(
        key="check.CON-STOCK-BALANCE.plug_share", value=0.01, valid_from=timezone.localdate(),
        source=OFFICE_MARK, confidence="KNOWN", reason=OFFICE_MARK, years=[2023],
        actor=supervisor, now=world.now,
    ))  # fmt: skip
    _quarter(world, supervisor)
    clerk = MembershipFactory(organisation=bodies.province, role=Role.PROVINCE_SUPERVISOR)
    world.put("account", "own", clerk.user)
    world.put("membership", "own", clerk)
    world.put("organisation", "own", OrganisationFactory(kind=OrgKind.CONSULTANCY))
    world.put("entry", "own", AuditEvent.objects.order_by("seq").first())
    world.put("ledger-job", "own", Job.objects.create(
        kind="ledger.verify", target="carbonwatch.audithead", target_id=1, state=JobState.DONE,
        created_at=world.now, payload={},
    ))  # fmt: skip


def _quarter(world: World, supervisor: Actor) -> None:
    """The quarterly report of what this province has done today, with a row behind a figure."""
    today = Period.of(timezone.localdate(world.now))
    report = inspections.quarter_draft(
        year=today.year, quarter=today.quarter, actor=supervisor, now=world.now
    )
    world.put("quarter", "own", report)
    found = QuarterItem.objects.filter(figure__code="findings.registered")
    world.put("quarter-item", "own", found.first())


def _plans(world: World, supervisor: Actor, approver: Actor) -> None:
    """A work plan in force, and the next year's on the desk of the province."""
    year = timezone.localdate(world.now).year
    for kind, one, text in (
        ("workplan", year, PUBLIC_MARK), ("workplan-draft", year + 1, OFFICE_MARK)
    ):  # fmt: skip
        doing = {"actor": supervisor, "now": world.now}
        plan = inspections.workplan_make(year=one, title=text, **doing)
        world.put(kind, "own", inspections.workplan_write(
            plan.pk, title=text, text=text, carbon_text=text, quotas={(SHENYANG, 1, "red"): 1},
            **doing,
        ))  # fmt: skip
    first = world.things["workplan"]["own"]
    inspections.workplan_submit(first.pk, **doing)
    world.put("workplan", "own", inspections.workplan_approve(
        first.pk, actor=approver, now=world.now
    ))  # fmt: skip


def _closed(bodies: SimpleNamespace) -> Organisation:
    """The plant `ended` is closed: its people have no post any more."""
    body = bodies.units["ended"].organisation
    body.active = False
    body.save(update_fields=["active"])
    return body


def _tip(world: World) -> None:
    """A tip in hand, whose author left name, contact and a file, tied to what was found from it."""
    receipt = inspections.tip_submit(
        subject="data", named=TIP_MARK, text=TIP_MARK, name=AUTHOR_MARK, contact=AUTHOR_MARK,
        files=[paper(AUTHOR_MARK)], now=world.now,
    )  # fmt: skip
    handler = world.people[HANDLER].actor
    inspections.tip_accept(
        receipt.tip.pk, handler=handler.user.memberships.get(),
        actor=world.people["province.supervisor"].actor, now=world.now,
    )  # fmt: skip
    doing = {"actor": handler, "now": world.now}
    for kind in ("finding", "tip"):
        finding = world.things[kind]["own"]
        tip = inspections.tip_link(receipt.tip.pk, finding_id=finding.pk, **doing)
    inspection = world.things["inspection"]["own"]
    inspections.tip_link(tip.pk, inspection_id=inspection.pk, **doing)
    file = Attachment.objects.get(target="inspections.tipauthor")
    inspections.tip_author_open(tip.pk, **doing)
    for kind, thing in (("lead", tip), ("lead-author", tip), ("lead-file", file)):
        world.put(kind, "own", thing)


ALL = frozenset(PLANTS)
FIRST_CITY = ALL - {"foreign"}


def _people(world: World, bodies: SimpleNamespace) -> None:
    own, first = bodies.units["own"].organisation, bodies.cities[SHENYANG]
    agency = bodies.agencies["first"]
    _crew(world, bodies.province, ALL, "province.supervisor", "province.approver",
          "province.case_officer", "province.auditor")  # fmt: skip
    _crew(world, OrganisationFactory(kind=OrgKind.ECOLOGY), ALL, "department.supervisor")
    for kind, reach in ((OrgKind.SASAC, FIRST_CITY), (OrgKind.MARKET, frozenset())):
        actor = make_actor("department.supervisor", OrganisationFactory(kind=kind))
        _add(world, f"department.supervisor@{kind}", actor, reach)
    _crew(world, first, FIRST_CITY, "city.inspector", "city.reviewer", "city.chief")
    _crew(world, own, frozenset({"own"}), "unit.filler", "unit.checker", "unit.approver")
    _crew(world, agency, frozenset({"own"}), *CAPACITY)
    consultancy = OrganisationFactory(kind=OrgKind.CONSULTANCY)
    for body in (bodies.laboratory, consultancy):
        actor = make_actor(Role.AGENCY_LEAD, body)
        _add(world, f"agency.lead@{body.kind}", actor, frozenset())
    platform = OrganisationFactory(kind=OrgKind.PLATFORM)
    _crew(world, platform, frozenset(), "platform.system", "platform.security", "platform.audit")
    _strangers(world, bodies)


def _crew(world: World, body: Organisation, reach: frozenset[str], *roles: str) -> None:
    for role in roles:
        _add(world, str(role), make_actor(role, body), reach)


def _add(world: World, name: str, actor: Actor, reach: frozenset[str]) -> None:
    world.people[name] = Person(name, actor.user, actor, reach)


def _strangers(world: World, bodies: SimpleNamespace) -> None:
    """People from elsewhere, and those who have lost what they had."""
    for name, role, body, reach in (
        ("another city", "city.chief", bodies.cities[DALIAN], {"foreign"}),
        ("another unit", "unit.filler", bodies.units["foreign"].organisation, {"foreign"}),
        ("sibling unit", "unit.filler", bodies.units["sibling"].organisation, {"sibling"}),
        ("another agency", Role.AGENCY_LEAD, bodies.agencies["second"], {"sibling", "foreign"}),
    ):
        _add(world, name, make_actor(role, body), frozenset(reach))
    own = bodies.units["own"].organisation
    left = MembershipFactory(
        organisation=own, role="unit.filler", until=timezone.localdate() - timedelta(days=1)
    )
    shut = Membership.objects.create(
        user=UserFactory(), organisation=bodies.closed, role="unit.filler"
    )
    for name, user in (
        ("no post", UserFactory()),
        ("post ended", left.user),
        ("organisation closed", shut.user),
    ):
        world.people[name] = Person(name, user, None)
    world.people["anonymous"] = Person("anonymous", None, None)
    for person in [p for p in world.people.values() if p.actor]:
        message = Notification.objects.create(
            user=person.user, organisation=person.actor.organisation, title="消息", at=world.now
        )
        world.put("message", person.name, message)
