"""Made-up inspections: two inspectors in every bureau, something to see in every state."""

from random import Random

import pytest
from django.utils import timezone

from carbonwatch.params.service import load_shipped
from emitters.simulator import plants_of
from enforcement.demo.inspections import inspect
from enforcement.demo.inspectors import keep_apart, list_inspectors
from enforcement.demo.people import make_people
from enforcement.demo.units import register
from enforcement.demo.workplans import carry_out, plan_year
from inspections.models import Conflict, EntryRevision, Inspection, Inspector
from inspections.selectors.workplans import matrix_of


@pytest.mark.django_db
def test_inspections_in_several_states():
    load_shipped()
    now, plants = timezone.now(), plants_of(1, 4, [2024])
    cast, units = make_people(1, plants, now), register(plants, now)
    listed = list_inspectors(cast, now)
    for turn, plant in enumerate(plants):
        inspect(units[plant.index], plant, 2024, cast, now, Random(turn), turn)
    assert sorted(Inspection.objects.values_list("status", flat=True)) == [
        "notified",
        "on-site",
        "on-site",
        "planned",
    ]
    assert EntryRevision.objects.values("author").distinct().count() >= 2
    today = timezone.localdate(now)
    plan = plan_year(plants, cast, now)
    for turn, plant in enumerate(plants):
        carry_out(turn, units[plant.index], plant, 2024, cast, now)
    matrix = matrix_of(plan, cast["province-approver"], today)
    assert (plan.status, plan.year) == ("approved", today.year)
    assert matrix.total.total.quota >= 4 * len(matrix.rows) > 0
    keep_apart(listed, [(units[p.index], p) for p in plants], cast, now)
    assert Inspector.objects.fit_on(today).count() == Inspector.objects.count() == 30
    assert Inspector.objects.expiring(today, 60).exists()
    assert (Conflict.objects.count(), Conflict.objects.on(today).count()) == (4, 2)
