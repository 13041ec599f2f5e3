"""Whatever people try in whatever order: nothing is closed without proof and a second person."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from carbonwatch.accounts.permissions import Role
from carbonwatch.refusals import Refused
from inspections import services
from inspections.models import EndedCycle, Extension
from inspections.services import Item
from tests.factories import NOW, UnitFactory, VersionFactory, make_actor
from tests.inspections.support import Cast, proof, register

UNTIL = timezone.localdate(NOW) + timedelta(days=9)
LATER = UNTIL + timedelta(days=9)
STEPS = {
    "confirm": {},
    "reject": {"note": "不属实"},
    "order": {"demand": "改正", "due_on": UNTIL, "measures": [Item("一项")]},
    "begin": {},
    "answer": {"text": "已改"},
    "accept": {},
    "return": {"note": "不足", "due_on": UNTIL},
    "verify": {"visited_at": NOW, "place": "厂区", "note": "相符"},
    "correct": {"t_corrected": 1},
    "close": {},
    "reopen": {"note": "又有问题", "due_on": UNTIL},
}
MEASURE = {
    "measure_answer": {"text": "已落实"},
    "measure_accept": {},
    "measure_return": {"note": "不足", "due_on": UNTIL},
}
MORE_TIME = {
    "extension_ask": {"wanted_on": LATER, "reason": "来不及"},
    "extension_grant": {"granted_on": LATER},
    "extension_refuse": {"note": "不同意"},
}
WITH_FILES = ("answer", "verify", "measure_answer")
ROLES = (
    Role.CITY_INSPECTOR,
    Role.CITY_REVIEWER,
    Role.CITY_CHIEF,
    Role.CITY_CHIEF,
    Role.CITY_INSPECTOR,
    Role.UNIT_FILLER,
    Role.PROVINCE_SUPERVISOR,
)
# Mostly the straight way, so that many runs come far, with any person and any detour.
STRAIGHT = (
    ("confirm", 1), ("order", 2), ("measure_answer", 5), ("measure_accept", 1), ("answer", 5),
    ("accept", 4), ("verify", 1), ("correct", 5), ("close", 3), ("reopen", 0), ("answer", 5),
)  # fmt: skip
detours = st.lists(
    st.tuples(
        st.integers(0, len(STRAIGHT)),
        st.sampled_from([*STEPS, *MEASURE, *MORE_TIME, "accept", "verify", "close"]),
        st.integers(0, len(ROLES) - 1),
        st.booleans(),
    ),
    max_size=14,
)


class NoShortcut(TestCase):
    @pytest.mark.filterwarnings("default")
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(detours, st.sampled_from(["general", "grave"]), st.booleans(), st.integers(3, 11))
    def test_closed_means_proof_and_a_second_person(self, detours, severity, on_figure, far):
        unit = UnitFactory()
        actors = [
            make_actor(r, unit.organisation if r == Role.UNIT_FILLER else None) for r in ROLES
        ]
        people = Cast(unit, actors[0], actors[1], actors[2], actors[5], actors[5])
        version = VersionFactory(report__unit=unit, status="returned", submitted=True)
        later = VersionFactory(report=version.report, status="submitted")
        finding = register(people, severity=severity, version_id=version.pk if on_figure else None)
        tries = [(step, who, True) for step, who in STRAIGHT[:far]]
        for place, *detour in detours:
            tries.insert(place, tuple(detour))
        for step, who, with_file in tries:
            self._try(finding, later, step, actors[who], with_file)
            finding.refresh_from_db()
            self._hold(finding, unit)

    def _try(self, finding, later, step, actor, with_file):
        pk = finding.pk
        if step in MEASURE:
            service, fields, pk = getattr(services, step), MEASURE[step], _first(finding.measures)
        elif step in MORE_TIME:
            service, fields = getattr(services, step), MORE_TIME[step]
            pk = (
                pk if step == "extension_ask" else _first(finding.extensions.filter(status="asked"))
            )
        else:
            service, fields = getattr(services, f"finding_{step}"), dict(STEPS[step])
        fields = dict(fields)
        if step in WITH_FILES:
            fields["files"] = [proof()] if with_file else []
        if step == "correct":
            fields["version_id"] = later.pk
        with suppress(Refused):
            service(pk, actor=actor, now=NOW, **fields)

    def _hold(self, finding, unit):
        if finding.status in ("accepted", "verified", "closed"):
            answer = finding.last_answer
            assert answer.accepted
            assert answer.files.exists()
            assert answer.answered_by.memberships.get().organisation == unit.organisation
            before = {finding.found_by, finding.ordered_by, finding.reopened_by}
            if finding.severity == "grave":
                before.add(finding.confirmed_by)
            assert finding.reviewed_by not in before | {finding.answered_by}
            assert all(m.status == "accepted" for m in finding.measures.all())
        if finding.status == "closed":
            others = {finding.found_by, finding.reviewed_by, finding.answered_by}
            assert finding.closed_by not in others | {finding.verified_by}
            if finding.severity == "grave":
                checks = finding.site_checks.filter(cycle=finding.cycle)
                assert any(c.files.exists() for c in checks)
                assert finding.verified_by != finding.answered_by
            if finding.correction_due:
                assert finding.corrected_version.number > finding.version.number
                assert finding.t_corrected is not None
        assert finding.cycle == EndedCycle.objects.filter(finding=finding).count() + 1
        for extension in Extension.objects.filter(finding=finding, status="granted"):
            assert extension.decided_by not in {extension.asked_by, finding.ordered_by}


def _first(rows):
    """The first of them; an id that nothing has when there is none."""
    return rows.values_list("pk", flat=True).first() or 0
