"""The made-up campaign: frozen over the first period, its units in many states, past dates shown."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from carbonwatch.params.service import load_shipped
from emitters.simulator import plants_of
from enforcement.demo import campaigns
from enforcement.demo.inspectors import list_inspectors
from enforcement.demo.people import make_people
from enforcement.demo.units import register
from inspections.selectors.campaigns import list_holds, progress_of


@pytest.mark.django_db
def test_a_campaign_with_units_in_many_states():
    load_shipped()
    now, plants = timezone.now(), plants_of(1, 7, [2024])
    cast, units = make_people(1, plants, now), register(plants, now)
    list_inspectors(cast, now)
    campaign = campaigns.run(units, {p.index: p for p in plants}, cast, now, Random(1))
    assert list_holds(campaign)
    planner = cast["province-supervisor"]
    today = progress_of(campaign, planner, timezone.localdate(now), now)
    assert {s.code: n for s, n in today.states if n} == {
        "included": 2, "clean": 1, "rectifying": 1, "on-site": 1, "extended": 1, "removed": 1,
    }  # fmt: skip
    assert (today.all.total, today.all.covered) == (7, 2)
    before = progress_of(campaign, planner, timezone.localdate(now - timedelta(days=30)), now)
    assert (before.all.total, before.all.covered) == (7, 0)
