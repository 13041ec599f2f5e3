"""Every service that changes something leaves its entry in the transaction of the change."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from carbonwatch.accounts import services as accounts
from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.audit.models import AuditEvent
from emitters.models import SchemeItem
from emitters.services.obligations import obligations_make
from emitters.services.outside import outside_upload, outside_withdraw
from emitters.services.questions import question_accept, question_reopen, question_uphold
from emitters.services.reports import report_accept, report_return, report_submit
from emitters.services.schemes import scheme_fill
from emitters.services.thresholds import threshold_withdraw
from emitters.services.uploads import report_upload
from emitters.services.waivers import waiver_propose, waiver_revoke
from enforcement import services as enforcement
from inspections import services as inspections
from inspections.models import Inspector
from tests.access.world import World, paper
from verification.services.assignments import assignment_take, assignment_withdraw
from verification.services.conclusions import conclusion_sign

LATER = timedelta(days=20)


def acting(world: World, name: str) -> dict:
    """Who acts, and when."""
    return {"actor": world.people[name].actor, "now": world.now + timedelta(minutes=1)}


def thing(world: World, kind: str, relation: str = "own") -> int:
    """The id of an object of the province."""
    return world.things[kind][relation].pk


def one_line(world: World) -> dict:
    """A line of the unit's draft, with another meter."""
    draft = world.things["scheme-draft"]["own"]
    item = draft.items.first() or SchemeItem.objects.create(
        scheme=draft, generator="1#", parameter="fc"
    )
    return {"id": item.pk, "meter": "X-1"}


def member(world: World) -> dict:
    """The first inspector of the inspection."""
    inspection = world.things["inspection"]["own"]
    user = inspection.members.order_by("pk").first().user
    return acting(world, "city.inspector") | {"actor": Actor.of(user, inspection.organisation)}


def desk(world: World, steps: int) -> int:
    """Another inspection by the same people, so many steps after its arrangement."""
    members = world.things["inspection"]["own"].members.values("user")
    listed = Inspector.objects.filter(user__in=members).values_list("pk", flat=True)
    inspection = inspections.inspection_make(
        unit_id=thing(world, "unit"), kind="planned", manner="desk", year=2023, reason="x",
        planned_on=timezone.localdate(world.now), inspectors=list(listed),
        **acting(world, "city.inspector"),
    )  # fmt: skip
    more = ({}, {}, {"outcome": "clean", "conclusion": "x"})
    for step, fields in list(zip(("begin", "sign", "conclude"), more, strict=True))[:steps]:
        getattr(inspections, f"inspection_{step}")(inspection.pk, **fields, **member(world))
    return inspection.pk


WRITES = {
    "organisation.created": lambda w: accounts.organisation_create(
        kind=OrgKind.CONSULTANCY, name="新", code="NEW", city="", **acting(w, "platform.system")
    ),
    "organisation.closed": lambda w: accounts.organisation_switch_active(
        pk=thing(w, "organisation"), active=False, **acting(w, "platform.system")
    ),
    "account.created": lambda w: accounts.account_create(
        username="new", name="新", email="", phone="", **acting(w, "platform.system")
    ),
    "account.closed": lambda w: accounts.account_switch_active(
        pk=thing(w, "account"), active=False, **acting(w, "platform.system")
    ),
    "account.password-reset": lambda w: accounts.account_reset_password(
        pk=thing(w, "account"), **acting(w, "platform.system")
    ),
    "membership.revoked": lambda w: accounts.membership_revoke(
        pk=thing(w, "membership"), **acting(w, "platform.security")
    ),
    "account.unlocked": lambda w: accounts.account_unlock(
        pk=thing(w, "account"), **acting(w, "platform.security")
    ),
    "sessions.ended": lambda w: accounts.sessions_end(
        pk=thing(w, "account"), **acting(w, "platform.security")
    ),
    "annual-report.start": lambda w: obligations_make(
        year=2022, basis="名录", due_on=date(2023, 3, 31), **acting(w, "province.supervisor")
    ),
    "report.start": lambda w: report_upload(
        report_id=w.things["draft"]["own"].report_id, upload=paper("x"), **acting(w, "unit.filler")
    ),
    "report.submit": lambda w: report_submit(thing(w, "draft"), **acting(w, "unit.approver")),
    "report.return": lambda w: report_return(
        thing(w, "version"), note="x", **acting(w, "province.supervisor")
    ),
    "question.accept": lambda w: question_accept(thing(w, "question"), **acting(w, "city.chief")),
    "question.uphold": lambda w: question_uphold(
        thing(w, "question"), closing="favourable", note="x", **acting(w, "city.chief")
    ),
    "question.reopen": lambda w: question_reopen(
        thing(w, "question"), note="x", **acting(w, "city.chief")
    ),
    "scheme.fill": lambda w: scheme_fill(
        thing(w, "scheme-draft"), lines=[one_line(w)], **acting(w, "unit.filler")
    ),
    "waiver.start": lambda w: waiver_propose(
        thing(w, "result"), closing="explained", reason="x", basis="x",
        valid_from=timezone.localdate(), valid_to=timezone.localdate(),
        **acting(w, "city.reviewer"),
    ),
    "waiver.revoke": lambda w: waiver_revoke(
        thing(w, "waiver"), note="x", **acting(w, "province.approver")
    ),
    "outside.start": lambda w: outside_upload(
        kind="receipt", upload=paper("x"), **acting(w, "unit.filler")
    ),
    "outside.withdraw": lambda w: outside_withdraw(
        thing(w, "outside"), note="x", **acting(w, "unit.filler")
    ),
    "threshold.withdraw": lambda w: threshold_withdraw(
        thing(w, "threshold"), **acting(w, "province.supervisor")
    ),
    "assignment.take": lambda w: assignment_take(
        thing(w, "assignment", "offered"), independence="x", **acting(w, "agency.lead")
    ),
    "assignment.withdraw": lambda w: assignment_withdraw(
        thing(w, "assignment"), note="x", **acting(w, "province.supervisor")
    ),
    "conclusion.sign": lambda w: conclusion_sign(
        thing(w, "assignment"), **acting(w, "agency.reviewer")
    ),
    "finding.confirm": lambda w: inspections.finding_confirm(
        thing(w, "tip"), **acting(w, "city.chief")
    ),
    "finding.reject": lambda w: inspections.finding_reject(
        thing(w, "tip"), note="x", **acting(w, "city.reviewer")
    ),
    "finding.accept": lambda w: inspections.finding_accept(
        thing(w, "finding"), **acting(w, "city.reviewer")
    ),
    "finding.return": lambda w: inspections.finding_return(
        thing(w, "finding"), note="x", due_on=timezone.localdate() + LATER,
        **acting(w, "city.reviewer"),
    ),
    "tip.link": lambda w: inspections.tip_link(
        thing(w, "lead"), unit_id=thing(w, "unit"), **acting(w, "city.inspector")
    ),
    "tip.answer": lambda w: inspections.tip_answer(
        thing(w, "lead"), outcome="true", feedback="x", **acting(w, "city.inspector")
    ),
    "tip.reassign": lambda w: inspections.tip_reassign(
        thing(w, "lead"), note="x",
        handler=w.people["province.supervisor"].user.memberships.get(),
        **acting(w, "province.supervisor"),
    ),
    "tip.author-read": lambda w: inspections.tip_author_open(
        thing(w, "lead-author"), **acting(w, "city.inspector")
    ),
    "inspection.write": lambda w: inspections.entry_write(
        thing(w, "inspection"), **member(w),
        written=inspections.Written(uuid4(), uuid4(), "fact", w.now, text="x"),
    ),
    "inspection.start": lambda w: desk(w, 0),
    "inspection.cancel": lambda w: inspections.inspection_cancel(
        desk(w, 0), note="x", **acting(w, "city.inspector")
    ),
    "inspection.begin": lambda w: desk(w, 1),
    "inspection.sign": lambda w: desk(w, 2),
    "inspection.reopen": lambda w: inspections.inspection_reopen(
        desk(w, 2), note="x", **member(w)
    ),
    "inspection.conclude": lambda w: desk(w, 3),
    "inspection.approve": lambda w: inspections.inspection_approve(
        desk(w, 3), **acting(w, "city.chief")
    ),
    "inspection.return": lambda w: inspections.inspection_return(
        desk(w, 3), note="x", **acting(w, "city.chief")
    ),
    "questionnaire.drop": lambda w: inspections.questionnaire_drop(
        thing(w, "questionnaire-new"), note="x", **acting(w, "province.approver")
    ),
    "self-inspection.submit": lambda w: inspections.self_inspection_submit(
        thing(w, "self"), **acting(w, "unit.approver")
    ),
    "workplan.submit": lambda w: inspections.workplan_submit(
        thing(w, "workplan-draft"), **acting(w, "province.supervisor")
    ),
    "workplan.write": lambda w: inspections.workplan_write(
        thing(w, "workplan-draft"), title="x", text="", carbon_text="x", quotas={},
        **acting(w, "province.supervisor"),
    ),
    "workplan.amend": lambda w: inspections.workplan_amend(
        thing(w, "workplan"), note="x", **acting(w, "province.supervisor")
    ),
    "inspector.withdraw": lambda w: inspections.inspector_withdraw(
        thing(w, "inspector"), note="x", **acting(w, "city.chief")
    ),
    "inspector.conflict-end": lambda w: inspections.conflict_end(
        thing(w, "conflict"), until=timezone.localdate() + LATER, note="x",
        **acting(w, "city.chief"),
    ),
    "measure.answer": lambda w: inspections.measure_answer(
        thing(w, "measure"), text="x", files=[paper("x")], **acting(w, "unit.filler")
    ),
    "extension.grant": lambda w: inspections.extension_grant(
        thing(w, "extension"), granted_on=timezone.localdate() + 2 * LATER,
        **acting(w, "city.reviewer"),
    ),
    "finding.extend": lambda w: inspections.extension_grant(
        thing(w, "extension"), granted_on=timezone.localdate() + 2 * LATER,
        **acting(w, "city.reviewer"),
    ),
    "extension.refuse": lambda w: inspections.extension_refuse(
        thing(w, "extension"), note="x", **acting(w, "city.reviewer")
    ),
    "campaign.freeze": lambda w: inspections.campaign_freeze(
        thing(w, "campaign-draft"), **acting(w, "province.approver")
    ),
    "campaign.drop": lambda w: inspections.campaign_drop(
        thing(w, "campaign-draft"), note="x", **acting(w, "province.supervisor")
    ),
    "campaign-change.approve": lambda w: inspections.campaign_change_approve(
        thing(w, "campaign-change"), **acting(w, "province.approver")
    ),
    "campaign-unit.removed": lambda w: inspections.campaign_change_approve(
        thing(w, "campaign-change"), **acting(w, "province.approver")
    ),
    "campaign-change.refuse": lambda w: inspections.campaign_change_refuse(
        thing(w, "campaign-change"), note="x", **acting(w, "province.approver")
    ),
    "merge.confirm": lambda w: inspections.merge_confirm(
        thing(w, "merge"), **acting(w, "city.chief")
    ),
    "finding.take-over": lambda w: inspections.merge_confirm(
        thing(w, "merge"), **acting(w, "city.reviewer")
    ),
    "merge.refuse": lambda w: inspections.merge_refuse(
        thing(w, "merge"), note="x", **acting(w, "city.chief")
    ),
    "notice.publish": lambda w: enforcement.notice_publish(
        thing(w, "notice"), **acting(w, "province.approver")
    ),
    "notice.return": lambda w: enforcement.notice_return(
        thing(w, "notice"), note="x", **acting(w, "province.approver")
    ),
    "notice.withdraw": lambda w: enforcement.notice_withdraw(
        thing(w, "published"), note="x", **acting(w, "province.approver")
    ),
}  # fmt: skip


@pytest.mark.parametrize("action", sorted(WRITES))
def test_a_write_leaves_its_entry_and_takes_it_back(world, action):
    last = AuditEvent.objects.order_by("-seq").first().seq
    with transaction.atomic():
        WRITES[action](world)
        left = list(AuditEvent.objects.filter(seq__gt=last).values_list("action", "actor_id"))
        assert action in {a for a, _who in left}
        assert all(who is not None for _a, who in left)
        transaction.set_rollback(True)
    assert AuditEvent.objects.order_by("-seq").first().seq == last


def test_accepting_a_report_is_on_record(world):
    question_accept(thing(world, "question"), **acting(world, "city.chief"))
    report_accept(thing(world, "version"), note="同意", **acting(world, "province.supervisor"))
    last = set(AuditEvent.objects.order_by("-seq").values_list("action", flat=True)[:4])
    assert "report.accept" in last
    assert any(a.startswith("annual-report.") for a in last)
