"""Inspections in several states, each by two inspectors of the city."""

from datetime import datetime
from random import Random
from uuid import UUID

from django.utils import timezone

from emitters.models import EmittingUnit
from emitters.simulator import Plant
from enforcement.demo.clock import recent
from enforcement.demo.people import Cast, city_login
from inspections import services
from inspections.models import Inspector

STATES = ("on-site", "planned", "notified", "on-site")
SCOPE = "燃料消耗量和元素碳含量的计量、检测与记录。\n数据质量控制方案执行情况。"
FACTS = (
    "入炉煤皮带秤运行正常，铭牌编号与台账一致。",
    "样品间留样按月份存放，抽查三份封条完好。",
)


def inspect(
    unit: EmittingUnit, plant: Plant, year: int, cast: Cast, now: datetime, rng: Random, turn: int
) -> None:
    """An inspection of the unit in the turn's state."""
    state, clock = STATES[turn % len(STATES)], recent(12, now, rng)
    bureau = city_login(plant.city_code)
    first, second = cast[f"{bureau}-inspector"], cast[f"{bureau}-inspector-2"]
    at = clock.later(1)
    listed = Inspector.objects.filter(organisation=first.organisation, status="listed")
    inspection = services.inspection_make(
        unit_id=unit.pk, kind="planned", manner="on-site", year=year, reason="年度执法工作计划",
        planned_on=timezone.localdate(now),
        inspectors=list(listed.values_list("pk", flat=True)),
        actor=first, now=at,
    )  # fmt: skip
    if state == "planned":
        return
    at = clock.later(1)
    services.inspection_notify(
        inspection.pk, visit_on=timezone.localdate(now), scope=SCOPE, actor=first, now=at
    )
    if state == "notified":
        return
    at = clock.later(1)
    services.inspection_begin(inspection.pk, actor=first, now=at)
    for actor, text in zip((first, second), FACTS, strict=True):
        uid, entry = (UUID(int=rng.getrandbits(128), version=4) for _ in range(2))
        written = services.Written(uid, entry, "fact", at, text=text, place="现场")
        services.entry_write(inspection.pk, written=written, actor=actor, now=at)
