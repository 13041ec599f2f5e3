"""Random draws: one published and arranged, one waiting for its witness, one being prepared."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from emitters.models import EmittingUnit
from enforcement.demo.clock import Clock, recent
from enforcement.demo.people import Cast, city_login
from inspections import services

STEPS = ("prepare", "freeze", "draw", "publish", "arrange")


def hold_draws(
    units: Iterable[EmittingUnit], cast: Cast, year: int, now: datetime, rng: Random
) -> None:
    """In the cities with most units, one draw each, farther along in the larger ones."""
    sizes = Counter(unit.organisation.city for unit in units)
    largest = sorted(sizes, key=lambda city: (-sizes[city], city))
    for city, last in zip(largest, ("arrange", "freeze", "prepare"), strict=False):
        _hold(city, sizes[city], STEPS.index(last), cast, year, recent(9, now, rng))


def _hold(city: str, size: int, last: int, cast: Cast, year: int, clock: Clock) -> None:
    bureau = city_login(city)
    inspector, chief = cast[f"{bureau}-inspector"], cast[f"{bureau}-chief"]
    today = timezone.localdate(clock.now)
    draw = services.draw_make(
        title=f"{today.year}年碳排放数据质量双随机抽查",
        year=year,
        mode="risk",
        count=max(1, size // 2),
        inspect_on=today + timedelta(days=7),
        actor=inspector,
        now=clock.later(1),
    )
    taken: tuple[Callable[[datetime], object], ...] = (
        lambda at: services.draw_freeze(draw.pk, actor=inspector, now=at),
        lambda at: services.draw_draw(
            draw.pk, witness="38127405", witness_name="演示见证人", actor=chief, now=at
        ),
        lambda at: services.draw_publish(draw.pk, actor=inspector, now=at),
        lambda at: services.draw_arrange(draw.pk, actor=inspector, now=at),
    )
    for take in taken[:last]:
        take(clock.later(1))
