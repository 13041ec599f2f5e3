"""The people and plants of the journeys: somebody in every post, a plant with a history."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind, Role
from carbonwatch.jobs.service import by_hand, job_for, run
from carbonwatch.params.service import load_shipped
from emitters.models import AnnualReport, EmittingUnit, ReportVersion
from emitters.services.obligations import obligation_make
from emitters.services.questions import question_explain
from emitters.services.reports import report_submit
from emitters.services.uploads import report_upload
from tests.factories import MembershipFactory, OrganisationFactory, UnitFactory

GOOD = Path(__file__).parents[1] / "workbooks" / "good"
CITY = "210800"
PLANT = ("91211220T2PNDKCGN4", "样本辛007热电有限公司")
BODIES = {
    OrgKind.PROVINCE: ("示例省碳达峰碳中和工作办公室", "21-P"),
    OrgKind.CITY: ("营口市生态环境局", "210800-E"),
    OrgKind.VERIFIER: ("示例低碳核查有限公司", "9121VERIFIER"),
    OrgKind.PLATFORM: ("平台运维中心", "21-OPS"),
    OrgKind.SASAC: ("示例省国资委", "21-S"),
}
PEOPLE = {
    Role.PROVINCE_SUPERVISOR: "周明远",
    Role.PROVINCE_APPROVER: "钱立新",
    Role.PROVINCE_CASE_OFFICER: "孙正言",
    Role.PROVINCE_AUDITOR: "李守信",
    Role.DEPARTMENT_SUPERVISOR: "郑国安",
    Role.CITY_INSPECTOR: "吴晓峰",
    Role.CITY_REVIEWER: "王思齐",
    Role.CITY_CHIEF: "冯致远",
    Role.UNIT_FILLER: "陈实",
    Role.UNIT_CHECKER: "褚慎",
    Role.UNIT_APPROVER: "卫东升",
    Role.AGENCY_MEMBER: "蒋一鸣",
    Role.AGENCY_LEAD: "沈知行",
    Role.AGENCY_REVIEWER: "韩复明",
    Role.AGENCY_MANAGER: "杨守正",
    Role.SYSTEM_ADMIN: "朱系统",
    Role.SECURITY_ADMIN: "秦安全",
    Role.AUDIT_ADMIN: "尤审计",
}
KIND_OF = {
    "province": OrgKind.PROVINCE,
    "department": OrgKind.SASAC,
    "city": OrgKind.CITY,
    "agency": OrgKind.VERIFIER,
    "platform": OrgKind.PLATFORM,
}


@dataclass
class World:
    """`people[role]` acts for the only body of its kind; the plant owes its report of 2024."""

    unit: EmittingUnit
    report: AnnualReport
    bodies: dict[str, Organisation]
    people: dict[str, Actor] = field(default_factory=dict)

    def submitted(self, year: int, name: str) -> ReportVersion:
        """Another year of the plant, handed in by services."""
        return hand_in(self, owe(self.unit, year), name)


def person(role: str, name: str, body: Organisation, login: str = "") -> Actor:
    """Somebody in a post; the password is `password`."""
    post = MembershipFactory(
        user__username=login or role, user__name=name, organisation=body, role=role
    )
    return Actor.of(post.user, body)


def owe(unit: EmittingUnit, year: int) -> AnnualReport:
    """The duty to report, due in 30 days."""
    now = timezone.now()
    return obligation_make(
        unit=unit,
        year=year,
        basis="示例年度名录",
        due_on=timezone.localdate(now) + timedelta(days=30),
        actor=None,
        now=now,
    )


def take_in(
    world: World, report: AnnualReport, name: str, who: Actor | None = None
) -> ReportVersion:
    """Upload and read a sample in this process."""
    with by_hand():
        version = report_upload(
            report_id=report.pk,
            upload=SimpleUploadedFile(name, (GOOD / name).read_bytes()),
            actor=who or world.people[Role.UNIT_FILLER],
            now=timezone.now(),
        )
        run(job_for(version).pk)
    version.refresh_from_db()
    assert version.status == "checked", version.problems
    return version


def hand_in(
    world: World, report: AnnualReport, name: str, pair: tuple[Actor, Actor] | None = None
) -> ReportVersion:
    """Take in, explain every question, submit by the second person."""
    filler, checker = pair or (
        world.people[Role.UNIT_FILLER],
        world.people[Role.UNIT_CHECKER],
    )
    version = take_in(world, report, name, filler)
    for question in report.questions.filter(status="open"):
        question_explain(
            question.pk, explanation="年末盘点调整。", actor=filler, now=timezone.now()
        )
    report_submit(version.pk, actor=checker, now=timezone.now())
    version.refresh_from_db()
    return version


def make_world() -> World:
    """Bodies, people and the plant that owes its report of 2024."""
    load_shipped()
    bodies = {
        kind: OrganisationFactory(
            kind=kind, name=name, code=code, city=CITY if kind == OrgKind.CITY else ""
        )
        for kind, (name, code) in BODIES.items()
    }
    unit = UnitFactory(
        organisation__code=PLANT[0], organisation__name=PLANT[1], organisation__city=CITY
    )
    bodies[OrgKind.UNIT] = unit.organisation
    people = {
        role: person(role, name, bodies[KIND_OF.get(role.split(".")[0], OrgKind.UNIT)])
        for role, name in PEOPLE.items()
    }
    return World(unit, owe(unit, 2024), bodies, people)


def neighbour(code: str, name: str, city: str, workbook: str, year: int = 2024) -> World:
    """Another plant that has handed in its report, so that lists and rankings have something to rank."""
    unit = UnitFactory(organisation__code=code, organisation__name=name, organisation__city=city)
    pair = tuple(
        person(role, f"{title}（{name[:4]}）", unit.organisation, f"{role}-{code}")
        for role, title in ((Role.UNIT_FILLER, "填报人"), (Role.UNIT_CHECKER, "复核人"))
    )
    world = World(unit, owe(unit, year), {}, {})
    hand_in(world, world.report, workbook, pair)
    return world
