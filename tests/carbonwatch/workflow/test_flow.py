"""The table of steps: permission first, then state, then people, then guards."""

import pytest

from carbonwatch.audit.models import AuditEvent
from carbonwatch.refusals import Forbidden, GuardFailed, WrongState
from carbonwatch.workflow.flow import Flow, State, step
from carbonwatch.workflow.moves import move, shift, start
from carbonwatch.worklist.models import WorkItem
from tests.carbonwatch.worklist.matter import FLOW, Matter
from tests.factories import NOW, make_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief():
    return make_actor("city.chief")


@pytest.fixture
def matter(chief):
    return Matter(make_actor("unit.filler").organisation, chief.organisation, "sent")


def test_permission_comes_before_state_and_guards(matter):
    matter.status, matter.obstacle = "draft", "缺附件"
    with pytest.raises(Forbidden):
        FLOW.require("close", matter, make_actor("unit.filler", matter.unit))


def test_state_comes_before_guards(matter, chief):
    matter.status, matter.obstacle = "draft", "缺附件"
    with pytest.raises(WrongState, match="当前状态为“草稿”，不能办理“办结”"):
        FLOW.require("close", matter, chief)


def test_nobody_accepts_their_own_work(matter, chief):
    matter.finder_id, matter.obstacle = chief.user.pk, "缺附件"
    with pytest.raises(GuardFailed, match="须由另一人办理"):
        FLOW.require("close", matter, chief)
    assert FLOW.require("return", matter, chief).target == "draft"


def test_a_guard_says_why(matter, chief):
    matter.obstacle = "缺附件"
    with pytest.raises(GuardFailed, match="缺附件"):
        FLOW.require("close", matter, chief)
    matter.obstacle = None
    assert FLOW.require("close", matter, chief).target == "closed"


def test_offers_are_the_steps_of_state_and_post(matter, chief):
    matter.obstacle = "缺附件"
    offers = FLOW.offers(matter, chief)
    assert [(o.step.code, o.open, o.reason) for o in offers] == [
        ("return", True, None),
        ("close", False, "缺附件"),
    ]
    assert FLOW.offers(matter, make_actor("unit.filler", matter.unit)) == []


def test_a_step_writes_state_deadline_entry_and_duty(matter, chief):
    move("return", matter, chief, NOW, reason="缺附件")
    assert (matter.status, matter.saved) == ("draft", 1)
    assert (matter.due_at - NOW).days == 10
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id) == ("demo.return", chief.user.pk)
    assert '"reason": "缺附件"' in event.payload
    assert '"was": "sent"' in event.payload
    assert WorkItem.objects.get(closed_at=None).organisation == matter.unit


def test_a_refused_step_changes_nothing(matter, chief):
    matter.obstacle = "缺附件"
    with pytest.raises(GuardFailed):
        move("close", matter, chief, NOW)
    assert (matter.status, matter.saved, AuditEvent.objects.count()) == ("sent", 0, 0)


def test_the_system_moves_without_a_person(matter):
    start(matter, None, NOW)
    shift(matter, "closed", None, NOW)
    assert list(AuditEvent.objects.order_by("seq").values_list("action", "actor_id")) == [
        ("demo.start", None),
        ("demo.closed", None),
    ]
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_a_step_to_an_unknown_state_does_not_load():
    with pytest.raises(ValueError, match="unknown states"):
        Flow("x", "x", (State("a", "a"),), (step("go", "go", ["a"], "b", "home"),))


def test_choices_are_the_states():
    assert FLOW.choices[0] == ("draft", "草稿")
    assert [s.final for s in FLOW.states] == [False, False, True]
