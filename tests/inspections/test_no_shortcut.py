"""Whatever people try in whatever order: nothing is closed without proof and a second person."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from carbonwatch.accounts.permissions import Role
from carbonwatch.refusals import Refused
from inspections import services
from tests.factories import NOW, UnitFactory, make_actor
from tests.inspections.support import Cast, proof, register

UNTIL = timezone.localdate(NOW) + timedelta(days=9)
STEPS = {
    "confirm": {},
    "reject": {"note": "不属实"},
    "order": {"demand": "改正", "due_on": UNTIL},
    "answer": {"text": "已改"},
    "accept": {},
    "return": {"note": "不足", "due_on": UNTIL},
    "close": {},
}
ROLES = (
    Role.CITY_INSPECTOR,
    Role.CITY_REVIEWER,
    Role.CITY_CHIEF,
    Role.CITY_CHIEF,
    Role.UNIT_FILLER,
    Role.PROVINCE_SUPERVISOR,
)
# Mostly the straight way, so that many runs come far, with any person and any detour.
moves = st.lists(
    st.tuples(
        st.sampled_from([*STEPS, "confirm", "order", "answer", "accept", "close"]),
        st.integers(0, len(ROLES) - 1),
        st.booleans(),
    ),
    min_size=5,
    max_size=25,
)


class NoShortcut(TestCase):
    @pytest.mark.filterwarnings("default")
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(moves)
    def test_closed_means_proof_and_a_second_person(self, tries):
        unit = UnitFactory()
        actors = [
            make_actor(r, unit.organisation if r == Role.UNIT_FILLER else None) for r in ROLES
        ]
        people = Cast(unit, actors[0], actors[1], actors[2], actors[4], actors[4])
        finding = register(people)
        for step, who, with_file in tries:
            fields = dict(STEPS[step])
            if step == "answer":
                fields["files"] = [proof()] if with_file else []
            service = getattr(services, f"finding_{step}")
            try:
                service(finding.pk, actor=actors[who], now=NOW, **fields)
            except Refused:
                continue
        finding.refresh_from_db()
        if finding.status in ("accepted", "closed"):
            answer = finding.last_answer
            assert answer.accepted
            assert answer.files.exists()
            assert answer.answered_by.memberships.get().organisation == unit.organisation
            assert finding.reviewed_by not in (finding.found_by, finding.ordered_by)
            assert finding.reviewed_by != finding.answered_by
        if finding.status == "closed":
            assert finding.closed_by not in (finding.found_by, finding.reviewed_by)
