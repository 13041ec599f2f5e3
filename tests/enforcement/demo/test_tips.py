"""Made-up tips: every state, and no author in what others see."""

from random import Random

import pytest
from django.utils import timezone

from carbonwatch.params.service import load_shipped
from emitters.simulator import plants_of
from enforcement.demo.people import make_people
from enforcement.demo.tips import tell
from enforcement.demo.units import register
from inspections.models import Tip, TipAuthor


@pytest.mark.django_db
def test_tips_in_every_state():
    load_shipped()
    now, plants = timezone.now(), plants_of(1, 2, [2024])
    cast = make_people(1, plants, now)
    register(plants, now)
    tell(plants, cast, now, Random(1))
    states = sorted(Tip.objects.values_list("status", flat=True))
    assert states == ["accepted", "accepted", "answered", "closed", "declined", "received"]
    assert TipAuthor.objects.count() == 2
