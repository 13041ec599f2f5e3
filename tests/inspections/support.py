"""A finding in any state, made by the services themselves."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from carbonwatch.accounts.models import Actor
from carbonwatch.params.models import Parameter
from emitters.flows import CLOSED_QUESTIONS
from emitters.models import CheckResult, EmittingUnit, Question, ReportVersion
from inspections import services
from inspections.models import Finding, Inspector
from tests.factories import NOW, UnitFactory, make_actor


def proof(name: str = "整改照片.jpg") -> SimpleUploadedFile:
    """A small photograph."""
    buffer = BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def load_rules(name: str = "inspectors") -> None:
    """The parameters of one shipped file of this app; all of them together take a second."""
    path = settings.BASE_DIR / "inspections" / "data" / "parameters" / f"{name}.json"
    for item in json.loads(path.read_text(encoding="utf-8")):
        Parameter.objects.get_or_create(
            key=item["key"],
            valid_from=date.fromisoformat(item["from"]),
            defaults={
                "value": item["value"],
                "unit": item["unit"],
                "valid_to": date.fromisoformat(item["to"]) if item["to"] else None,
                "source": item["source"],
                "confidence": item["confidence"],
            },
        )


def enter(person: Actor, certificate: str = "", **fields: object) -> Inspector:
    """The person in the register of inspectors, entered by the head of the same organisation."""
    load_rules()
    head = "province.supervisor" if person.kind == "province" else "city.chief"
    known = {
        "membership_id": person.user.memberships.get(organisation=person.organisation).pk,
        "certificate": certificate or f"辽{person.user.pk:05d}",
        "valid_from": date(2019, 1, 1),
        "valid_to": date(2035, 12, 31),
        "actor": make_actor(head, person.organisation),
        "now": NOW,
    }
    return services.inspector_enter(**{**known, **fields})


@dataclass
class Cast:
    """A unit of Shenyang and everybody who has to do with its findings."""

    unit: EmittingUnit
    inspector: Actor
    reviewer: Actor
    chief: Actor
    filler: Actor
    approver: Actor


def cast() -> Cast:
    """New people, each in a post of their own."""
    unit = UnitFactory()
    return Cast(
        unit,
        make_actor("city.inspector"),
        make_actor("city.reviewer"),
        make_actor("city.chief"),
        make_actor("unit.filler", unit.organisation),
        make_actor("unit.approver", unit.organisation),
    )


def register(people: Cast, now: datetime = NOW, **fields: object) -> Finding:
    """A finding of the inspector."""
    known = {
        "unit_id": people.unit.pk,
        "year": 2023,
        "title": "入厂煤采样记录缺失",
        "description": "2023年3月采样记录缺失12天。",
        "finding_class": "quality",
        "severity": "serious",
        "t_co2": Decimal("1200.50"),
        "actor": people.inspector,
        "now": now,
    }
    return services.finding_register(**{**known, **fields})


def advance(people: Cast, state: str, now: datetime = NOW) -> Finding:
    """A finding taken along the straight way to the state."""
    return walk(people, register(people, now), state, now)


def walk(
    people: Cast, finding: Finding, state: str, now: datetime = NOW, accepter: Actor | None = None
) -> Finding:
    """Take a registered finding along the straight way; `accepter` reviews instead of the reviewer."""
    straight = {
        "confirmed": lambda: services.finding_confirm(finding.pk, actor=people.reviewer, now=now),
        "ordered": lambda: services.finding_order(
            finding.pk,
            demand="补齐采样记录。\n提交采样制度。",
            due_on=timezone.localdate(now) + timedelta(days=15),
            basis="《碳排放权交易管理暂行条例》第二十一条",
            actor=people.chief,
            now=now,
        ),
        "answered": lambda: services.finding_answer(
            finding.pk, text="已补齐。", files=[proof()], actor=people.filler, now=now
        ),
        "accepted": lambda: services.finding_accept(
            finding.pk, actor=accepter or people.reviewer, now=now
        ),
        "closed": lambda: services.finding_close(finding.pk, actor=people.chief, now=now),
    }
    if state != "registered":
        for name, take in straight.items():
            take()
            if name == state:
                break
    finding.refresh_from_db()
    return finding


def make_question(version: ReportVersion, status: str = "upheld") -> Question:
    """A question of a submitted version with two results of one root cause."""
    question = Question.objects.create(
        report=version.report,
        fingerprint=f"{version.pk:064d}",
        check_code="PHY-NCV-RANK",
        letter="A",
        version=version,
        status=status,
        closing="favourable" if status in CLOSED_QUESTIONS else "",
        opened_at=NOW,
        submitted_at=version.submitted_at,
    )
    for t in ("300.00", "500.00"):
        CheckResult.objects.create(
            version=version,
            question=question,
            check_code="PHY-NCV-RANK",
            letter="A",
            severity="critical",
            months=[3],
            cells=["化石燃料燃烧!H5"],
            direction="favourable",
            t_co2=Decimal(t),
            t_allowance=Decimal(0),
            root="ncv:1#",
            values={"fuel": "烟煤", "rank": "", "usual_low": "15", "usual_high": "26"},
            fingerprint=question.fingerprint,
        )
    return question
