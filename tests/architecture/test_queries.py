"""Lists, overviews and detail pages ask the database as often for 1,000 units as for 10."""

from datetime import date, timedelta
from string import Formatter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from carbonwatch.accounts.models import Membership, Organisation, User
from carbonwatch.accounts.permissions import GRANTS, OrgKind
from carbonwatch.audit.models import AuditEvent
from carbonwatch.checks.registry import all_checks
from carbonwatch.jobs.models import Job
from carbonwatch.notifications.models import Kind, Notification
from carbonwatch.params.service import load_shipped
from carbonwatch.web.pages import PUBLIC, ListPage
from carbonwatch.worklist.models import WorkItem
from emitters.models import (
    AnnualReport,
    CheckResult,
    CheckRun,
    EmittingUnit,
    Generator,
    OutsideFile,
    OutsideRecord,
    Question,
    ReportVersion,
    ThresholdProposal,
    TrialResult,
    TrialScore,
    UnitAttributes,
    Waiver,
)
from emitters.services.summaries import rebuild
from enforcement.models import Case, PublicNotice
from inspections.models import (
    Campaign,
    CampaignChange,
    CampaignUnit,
    CampaignUnitState,
    Climb,
    Conflict,
    Draw,
    Extension,
    Finding,
    FindingMerge,
    Inspection,
    Inspector,
    Measure,
    QuarterItem,
    QuarterReport,
    Questionnaire,
    QuestionnaireItem,
    SelfInspection,
    Tip,
    WorkPlan,
)
from tests.factories import OrganisationFactory, make_actor
from verification.models import Assignment

pytestmark = [pytest.mark.django_db, pytest.mark.heavy]
YEAR, CITY = 2025, "210100"
FEW, MANY = 10, 1000
# Who looks, in order of preference: those who see most of a kind.
VIEWERS = (
    "province.supervisor",
    "province.auditor",
    "platform.system",
    "platform.security",
    "platform.audit",
)


def list_pages():
    """Path -> class of every ListPage that the routes name."""
    found = {}

    def walk(patterns, prefix):
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if not isinstance(pattern, URLPattern):
                walk(pattern.url_patterns, path)
                continue
            view = getattr(pattern.callback, "view_class", None)
            if view is not None and issubclass(view, ListPage):
                found["/" + path.replace("^", "").replace("$", "")] = view

    walk(get_resolver().url_patterns, "")
    return found


class World:
    """A province that grows by whole units, each with something on every list."""

    def __init__(self):
        load_shipped()
        self.now = timezone.now()
        self.actors = {role: make_actor(role) for role in VIEWERS}
        self.supervisor = self.actors["province.supervisor"]
        self.bureau = OrganisationFactory(kind=OrgKind.CITY, city=CITY)
        self.agency = OrganisationFactory(kind=OrgKind.VERIFIER)
        self.check = next(iter(all_checks()))
        self.size = 0

    def grow(self, size):
        """Up to so many units."""
        numbers = range(self.size, size)
        units = self._units(numbers)
        versions = self._reports(units)
        self._matters(units, versions)
        self._outside(units)
        self._campaigns(units)
        self._work(numbers, versions)
        self._plans(numbers, self.supervisor.user, self.actors["province.auditor"].user)
        self.size = size
        rebuild()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _units(self, numbers):
        owners = Organisation.objects.bulk_create(
            Organisation(
                kind=OrgKind.UNIT, name=f"虚构{n:05d}", code=f"9121QUERY{n:09d}", city=CITY
            )
            for n in numbers
        )
        people = User.objects.bulk_create(
            User(username=f"many{n:05d}", name=f"众{n}") for n in numbers
        )
        Membership.objects.bulk_create(
            Membership(user=u, organisation=o, role="unit.filler")
            for u, o in zip(people, owners, strict=True)
        )
        units = EmittingUnit.objects.bulk_create(EmittingUnit(organisation=o) for o in owners)
        UnitAttributes.objects.bulk_create(
            UnitAttributes(
                unit=u, valid_from=date(2019, 1, 1), ownership="省属国企", industry_code="4411"
            )
            for u in units
        )
        Generator.objects.bulk_create(Generator(unit=u, number="1#") for u in units)
        return units

    def _reports(self, units):
        reports = AnnualReport.objects.bulk_create(
            AnnualReport(unit=u, year=YEAR, city=CITY, status="filed", due_on=date(2026, 3, 31))
            for u in units
        )
        versions = ReportVersion.objects.bulk_create(
            ReportVersion(
                report=r, number=1, status="submitted", file=f"reports/{r.pk}", file_name="a.xlsx",
                size=1, sha256=f"{r.pk:064d}", receipt=f"QUERY-{r.pk}", t_reported=1, t_at_stake=1,
                uploaded_by=self.supervisor.user, uploaded_at=self.now, money_at_stake=1,
                submitted_by=self.supervisor.user, submitted_at=self.now, risk_band="red",
                risk_score=50, acceptance="explain", retain_until=date(2031, 12, 31),
                risk={"families": [{"parts": [
                    {"check": self.check.code, "counted": True, "p": "0.5"}]}]},
            )
            for r in reports
        )  # fmt: skip
        for report, version in zip(reports, versions, strict=True):
            report.current = version
        AnnualReport.objects.bulk_update(reports, ["current"])
        self.report = reports[0]
        return versions

    def _outside(self, units):
        """A file per unit, and one file with a row for each of them."""
        files = OutsideFile.objects.bulk_create(
            OutsideFile(
                kind="receipt", provider=self.supervisor.organisation, status="in_force",
                file=f"outside/{u.pk}", file_name="a.xlsx", size=1, sha256=f"{u.pk:064d}",
                receipt=f"OUTSIDE-{u.pk}", uploaded_by=self.supervisor.user,
                uploaded_at=self.now, rows=1, years=[YEAR], retain_until=date(2031, 12, 31),
            )
            for u in units
        )  # fmt: skip
        first = OutsideFile.objects.order_by("pk").first()
        OutsideRecord.objects.bulk_create(
            OutsideRecord(
                file=file, kind="receipt", number=n, owner=u.credit_code, about=u.credit_code,
                key="", year=YEAR, values={"credit_code": u.credit_code},
            )
            for n, u in enumerate(units, 2)
            for file in (first, files[n - 2])
        )  # fmt: skip

    def _matters(self, units, versions):
        user, letter = self.supervisor.user, next(iter(self.check.outcomes))
        fields = Formatter().parse(str(self.check.outcomes[letter].message))
        evidence = {name: "1" for _text, name, _spec, _conversion in fields if name}
        questions = Question.objects.bulk_create(
            Question(
                report=v.report, fingerprint=f"{v.pk:064d}", check_code=self.check.code,
                letter=letter, version=v, opened_at=self.now, submitted_at=self.now,
            )
            for v in versions
        )  # fmt: skip
        results = CheckResult.objects.bulk_create(
            CheckResult(
                version=v, question=q, check_code=self.check.code, letter=letter,
                severity="critical", direction="unknown", t_co2=1, t_allowance=0,
                fingerprint=q.fingerprint, values=evidence,
            )
            for v, q in zip(versions, questions, strict=True)
        )  # fmt: skip
        self._thresholds(versions, letter, evidence)
        CheckRun.objects.bulk_create(
            CheckRun(
                version=v, at=self.now, reason="原因", before={"risk_score": "1.0"},
                after={"risk_score": "50.0"},
            )
            for v in versions
        )  # fmt: skip
        second = self.actors["province.auditor"].user
        Waiver.objects.bulk_create(
            Waiver(
                report=q.report, result=r, fingerprint=q.fingerprint, check_code=self.check.code,
                letter=letter, severity="critical", status="in_force", closing="explained",
                reason="理由", basis="依据", valid_from=self.now, valid_to=self.now,
                proposed_by=user, proposed_at=self.now, decided_by=second, decided_at=self.now,
            )
            for q, r in zip(questions, results, strict=True)
        )  # fmt: skip
        Assignment.objects.bulk_create(
            Assignment(
                report=v.report, version=v, agency=self.agency, due_on=date(2026, 6, 30),
                made_by=user, made_at=self.now,
            )
            for v in versions
        )  # fmt: skip
        findings = Finding.objects.bulk_create(
            Finding(
                unit=u, city=CITY, year=YEAR, source="inspector", title="问题", description="问题",
                finding_class="other", severity="general", found_by=user, found_at=self.now,
                due_at=self.now - timedelta(days=1),
            )
            for u in units
        )  # fmt: skip
        self._rectifications(findings)
        self._asked(units)
        Inspection.objects.bulk_create(
            Inspection(
                unit=u, city=CITY, organisation=self.bureau, kind="planned", manner="on-site",
                year=YEAR, reason="计划", planned_on=date(2026, 6, 1), planned_by=user,
                planned_at=self.now,
            )
            for u in units
        )  # fmt: skip
        Tip.objects.bulk_create(
            Tip(
                number=f"JB{u.pk}", code_hash="", once_hash=f"{u.pk:064d}", subject="data",
                named="单位", text="内容", received_at=self.now, status="accepted", handler=user,
                handler_organisation=self.supervisor.organisation,
            )
            for u in units
        )  # fmt: skip
        self._inspectors(units, user)
        self._quarters(units)
        self._draws(units, user)
        Case.objects.bulk_create(
            Case(
                unit=u, city=CITY, reason="案由", statement="事实", acted_on=date(2025, 1, 1),
                opened_by=user, opened_at=self.now,
            )
            for u in units
        )  # fmt: skip
        approver = self.actors["province.auditor"].user
        PublicNotice.objects.bulk_create(
            PublicNotice(
                number=f"〔{u.pk}〕", title="通报", body="正文", drafted_by=user,
                issuer=self.supervisor.organisation, status="published", drafted_at=self.now,
                published_at=self.now, published_by=approver,
            )
            for u in units
        )  # fmt: skip

    def _plans(self, numbers, user, second):
        """Versions of the plan of one year."""
        WorkPlan.objects.bulk_create(
            WorkPlan(
                year=YEAR, version=n + 1, title="计划", reason="修订", status="amended",
                drafted_by=user, drafted_at=self.now, submitted_by=user, submitted_at=self.now,
                approved_by=second, approved_at=self.now,
            )
            for n in numbers
        )  # fmt: skip

    def _inspectors(self, units, keeper):
        """An officer per unit, who keeps away from it."""
        users = User.objects.bulk_create(
            User(username=f"officer{u.pk}", name=f"员{u.pk}") for u in units
        )
        officers = Inspector.objects.bulk_create(
            Inspector(
                user=u, organisation=self.bureau, certificate=f"辽{u.pk}", entered_by=keeper,
                valid_from=date(2024, 1, 1), valid_to=date(2029, 12, 31), entered_at=self.now,
            )
            for u in users
        )  # fmt: skip
        Conflict.objects.bulk_create(
            Conflict(
                inspector=o, unit=u, reason="shares", since=date(2024, 1, 1), entered_by=keeper,
                entered_at=self.now,
            )
            for o, u in zip(officers, units, strict=True)
        )  # fmt: skip

    def _draws(self, units, keeper):
        """A draw per unit, its pool frozen."""
        Draw.objects.bulk_create(
            Draw(
                organisation=self.bureau, title=f"抽查{u.pk}", year=YEAR, mode="plain", count=1,
                inspect_on=date(2026, 1, 5), status="frozen", prepared_by=keeper,
                prepared_at=self.now, frozen_at=self.now, pool_hash="0" * 64, commitment="0" * 64,
                listed={},
            )
            for u in units
        )  # fmt: skip

    def _quarters(self, units):
        """Quarterly reports; behind one figure of the first there are ever more rows."""
        user, office = self.supervisor.user, self.supervisor.organisation
        if not self.size:
            report = QuarterReport.objects.create(
                year=YEAR, quarter=1, organisation=office, drafted_by=user, drafted_at=self.now
            )
            report.edition = report.editions.create(made_by=user, made_at=self.now, digest="d")
            report.save()
            self.figure = report.edition.figures.create(
                number=1, section="s", section_title="部分", code="c", label="指标", unit="个",
                measure="count", value=0, size=0, of="c", target="emitters.emittingunit",
            )  # fmt: skip
        QuarterItem.objects.bulk_create(
            QuarterItem(figure=self.figure, target_id=u.pk, owner="单位", city=CITY, text="问题")
            for u in units
        )
        QuarterReport.objects.bulk_create(
            QuarterReport(
                year=3000 + u.pk, quarter=1, organisation=office, drafted_by=user,
                drafted_at=self.now,
            )
            for u in units
        )  # fmt: skip

    def _rectifications(self, findings):
        """A measure, a wish for more time and a rung for each finding."""
        user = self.supervisor.user
        measures = Measure.objects.bulk_create(
            Measure(
                unit=f.unit, order_number="1", number=1, text="措施", due_on=date(2026, 6, 1),
                ordered_by=user, ordered_at=self.now,
            )
            for f in findings
        )  # fmt: skip
        Measure.findings.through.objects.bulk_create(
            Measure.findings.through(measure=m, finding=f)
            for m, f in zip(measures, findings, strict=True)
        )
        Extension.objects.bulk_create(
            Extension(
                finding=f, old_due_at=f.due_at, wanted_on=date(2026, 7, 1), reason="理由",
                asked_by=user, asked_at=self.now,
            )
            for f in findings
        )  # fmt: skip
        Climb.objects.bulk_create(
            Climb(
                finding=f, rung="chief", status=f.status, due_at=f.due_at, days=1, at=self.now,
                parameter={},
            )
            for f in findings
        )  # fmt: skip

    def _campaigns(self, units):
        """One campaign with every unit in its list; a campaign and a change more for each of them."""
        user, second = self.supervisor.user, self.actors["province.auditor"].user
        day = date(2027, 6, 30)
        made = Campaign.objects.bulk_create(
            Campaign(
                title="专项行动", kind="full", year=YEAR, basis="依据", query={}, size=1,
                sha256="0" * 64, inspect_until=day, rectify_until=day, sum_until=day,
                status="running", proposed_by=user, proposed_at=self.now, approved_by=second,
                approved_at=self.now,
            )
            for _unit in units
        )  # fmt: skip
        self.campaign = getattr(self, "campaign", made[0])
        rows = CampaignUnit.objects.bulk_create(
            CampaignUnit(
                campaign=campaign, unit=u, credit_code=u.credit_code, name=str(u), city=CITY,
                frozen=True, included_at=self.now, status_at=self.now, due_at=self.now,
            )
            for u, own in zip(units, made, strict=True)
            for campaign in {self.campaign, own}
        )  # fmt: skip
        CampaignUnitState.objects.bulk_create(
            CampaignUnitState(campaign_unit=row, at=self.now, state="included") for row in rows
        )
        CampaignChange.objects.bulk_create(
            CampaignChange(
                campaign=self.campaign, unit=u, kind="remove", reason="原因", proposed_by=user,
                proposed_at=self.now,
            )
            for u in units
        )  # fmt: skip

    def _asked(self, units):
        """A questionnaire per unit, handed in, and two findings that are to be merged."""
        user = self.supervisor.user
        asked = Questionnaire.objects.bulk_create(
            Questionnaire(
                code=f"Q{u.pk}", version=1, title="问卷", audience="unit", year=YEAR,
                status="published", file_name="a.xlsx", sha256="", imported_by=user,
                imported_at=self.now,
            )
            for u in units
        )  # fmt: skip
        QuestionnaireItem.objects.bulk_create(
            QuestionnaireItem(
                questionnaire=q, order=1, number="1", text="题", kind="text", evidence="none"
            )
            for q in asked
        )
        SelfInspection.objects.bulk_create(
            SelfInspection(
                questionnaire=q, organisation=u.organisation, unit=u, status="submitted",
                submitted_by=user, submitted_at=self.now - timedelta(days=2),
            )
            for q, u in zip(asked, units, strict=True)
        )  # fmt: skip
        FindingMerge.objects.bulk_create(
            FindingMerge(
                kept=kept, merged=merged, reason="同一", proposed_by=user, proposed_at=self.now
            )
            for kept, merged in zip(self._twice(units), self._twice(units), strict=True)
        )

    def _twice(self, units):
        return Finding.objects.bulk_create(
            Finding(
                unit=u, city=CITY, year=YEAR, source="check", title="问题", description="问题",
                finding_class="other", severity="general", found_by=self.supervisor.user,
                found_at=self.now,
            )
            for u in units
        )  # fmt: skip

    def _thresholds(self, versions, letter, evidence):
        user = self.supervisor.user
        proposals = ThresholdProposal.objects.bulk_create(
            ThresholdProposal(
                key=f"check.{self.check.code}.limit{v.pk}", value=1, valid_from=date(2025, 1, 1),
                source="来源", confidence="KNOWN", reason="理由", years=[YEAR], status="withdrawn",
                proposed_by=user, proposed_at=self.now, tried_at=self.now, totals={"reports": 1},
            )
            for v in versions
        )  # fmt: skip
        TrialResult.objects.bulk_create(
            TrialResult(
                proposal=p, version=v, applies=True, change="added", check_code=self.check.code,
                letter=letter, severity="critical", direction="unknown", t_co2=1, t_allowance=0,
                values=evidence,
            )
            for p, v in zip(proposals, versions, strict=True)
        )  # fmt: skip
        TrialScore.objects.bulk_create(
            TrialScore(
                proposal=p, version=v, applies=True, was_score=1, score=2, was_band="green",
                band="red", was_acceptance="explain", acceptance="explain", was_t=1, t=2,
            )
            for p, v in zip(proposals, versions, strict=True)
        )  # fmt: skip

    def _work(self, numbers, versions):
        office, user = self.supervisor.organisation, self.supervisor.user
        WorkItem.objects.bulk_create(
            WorkItem(
                organisation=office, perm="report.decide", target="emitters.reportversion",
                target_id=v.pk, flow="report", state="submitted", title="待办", url="/",
                opened_at=self.now,
            )
            for v in versions
        )  # fmt: skip
        Notification.objects.bulk_create(
            Notification(
                user=user, organisation=office, kind=Kind.DUTY, title="待办", url="/", at=self.now
            )
            for n in numbers
        )
        Job.objects.bulk_create(
            Job(
                kind="report.intake",
                target="emitters.reportversion",
                target_id=n,
                created_at=self.now,
            )
            for n in numbers
        )
        AuditEvent.objects.bulk_create(
            AuditEvent(
                seq=n + 10**6, at=self.now, action="query.test", actor_id=user.pk, payload="{}",
                algorithm="sm3", previous=f"{n:064d}", digest=f"{n + 1:064d}",
                target="emitters.annualreport", target_id=str(self.report.pk),
            )
            for n in numbers
        )  # fmt: skip


def viewer_of(world, permission):
    """A browser of somebody who may open the page."""
    client = Client()
    if permission != PUBLIC:
        role = next(r for r in VIEWERS if permission in GRANTS[r])
        backend = "django.contrib.auth.backends.ModelBackend"
        client.force_login(world.actors[role].user, backend=backend)
    return client


def queries(client, path):
    """How many statements a page needs when it is opened for the second time."""
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as found:
        client.get(path)
    return len(found)


def counted(world, details):
    """Path -> number of statements, lists and their exports included."""
    counts = {}
    for path, view in list_pages().items():
        client = viewer_of(world, view.permission)
        counts[path] = queries(client, path)
        counts[f"{path}?export=xlsx"] = queries(client, f"{path}?export=xlsx")
    supervisor = viewer_of(world, "report.view")
    for path in ("/", "/?box=unread", "/overview/", f"/overview/?year={YEAR}", *details):
        counts[path] = queries(supervisor, path)
    return counts


def test_the_number_of_queries_does_not_grow():
    world = World()
    world.grow(FEW)
    details = [
        model.objects.order_by("pk").first().get_absolute_url()
        for model in (
            EmittingUnit,
            AnnualReport,
            ReportVersion,
            Question,
            CheckRun,
            Waiver,
            ThresholdProposal,
            Finding,
            Measure,
            Extension,
            Inspection,
            Questionnaire,
            SelfInspection,
            FindingMerge,
            Tip,
            Inspector,
            Campaign,
            CampaignUnit,
            CampaignChange,
            Case,
            OutsideFile,
            QuarterReport,
        )
    ]
    details.append(world.figure.get_absolute_url())
    few = counted(world, details)
    world.grow(MANY)
    many = counted(world, details)
    assert len(list_pages()) >= 14
    assert {path: (few[path], n) for path, n in many.items() if n != few[path]} == {}
    assert max(n for path, n in many.items()) <= 45
