"""The registers of inspectors: every bureau's own, some certificates running out, some conflicts."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from carbonwatch.accounts.models import Actor
from carbonwatch.params.regions import REGION_NAMES
from emitters.models import EmittingUnit
from emitters.simulator import Plant
from enforcement.demo.people import Cast, city_login
from inspections import services
from inspections.models import Inspector

SPECIALITIES = ("燃煤计量", "煤质检测", "热工与机组", "财务会计")
VALID_YEARS = 5
EVERY = 5
"""Of the second inspectors each fifth holds a certificate that soon runs out."""


def list_inspectors(cast: Cast, now: datetime) -> dict[str, list[Inspector]]:
    """Both inspectors of every bureau, entered by its chief."""
    today, registers = timezone.localdate(now), {}
    for turn, city in enumerate(REGION_NAMES):
        bureau = city_login(city)
        people = (cast[f"{bureau}-inspector"], cast[f"{bureau}-inspector-2"])
        registers[city] = [
            _enter(person, f"演示{city}{n:02d}", cast[f"{bureau}-chief"], today, turn, n, now)
            for n, person in enumerate(people, 1)
        ]
    return registers


def _enter(
    person: Actor, number: str, chief: Actor, today: date, turn: int, place: int, now: datetime
) -> Inspector:
    soon = place > 1 and turn % EVERY == 0
    valid_to = today + timedelta(days=20 + turn) if soon else date(today.year + 3, 6, 30)
    return services.inspector_enter(
        membership_id=person.user.memberships.get().pk,
        certificate=number,
        valid_from=date(valid_to.year - VALID_YEARS, valid_to.month, 1),
        valid_to=valid_to,
        speciality=SPECIALITIES[(turn + place) % len(SPECIALITIES)],
        actor=chief,
        now=now,
    )


def keep_apart(
    registers: dict[str, list[Inspector]],
    plants: Iterable[tuple[EmittingUnit, Plant]],
    cast: Cast,
    now: datetime,
) -> None:
    """A conflict in every second plant's city: one long over, the next in force."""
    today = timezone.localdate(now)
    for turn, (unit, plant) in enumerate(plants):
        over = turn % 2 == 0
        services.conflict_add(
            registers[plant.city_code][turn % 2].pk,
            unit_id=unit.pk,
            reason="employer" if over else "relative",
            note="曾任该单位燃料部专工，离职已满三年。" if over else "配偶在该单位任职。",
            since=date(2019, 1, 1) if over else today - timedelta(days=400),
            until=date(2021, 12, 31) if over else None,
            actor=cast[f"{city_login(plant.city_code)}-chief"],
            now=now,
        )
