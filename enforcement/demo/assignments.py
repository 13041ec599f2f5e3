"""Verification work in every state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from carbonwatch.accounts.models import Actor
from emitters.models import AnnualReport
from enforcement.demo.clock import Clock, recent, season
from enforcement.demo.people import AGENCIES, Cast
from verification.models import Assignment
from verification.selectors.values import reported_values
from verification.services.assignments import (
    assignment_decline,
    assignment_make,
    assignment_take,
    assignment_withdraw,
)
from verification.services.conclusions import (
    ValueChange,
    conclusion_accept,
    conclusion_return,
    conclusion_save,
    conclusion_sign,
    conclusion_submit,
)

STATES = ("submitted", "working", "offered", "returned", "declined", "withdrawn", "accepted")
INDEPENDENCE = (
    "本机构及核查组成员与该单位无投资、咨询、监测设备供应等利益关系，三年内未为其编制排放报告。"
)
TEXTS = {
    "conformity": "核算边界、核算方法与指南和数据质量控制方案一致，除不符合项外，活动数据和排放因子有原始凭证支持。",
    "changes": "与上年相比，排放量随发电量和供热量变化，单位产品排放强度的变化在合理范围内。",
    "uncovered": "入炉煤皮带秤的历史校准记录由计量部门保管，未能逐份核对。",
}
CORRECTED = {
    "kind": "data",
    "description": "3月购入使用电力按结算单填报，未扣除转供电量。",
    "parameter": "购入使用电量",
    "cause": "统计口径理解有误。",
    "correction": "按抄表记录扣除转供电量后更正。",
    "result": "conforming",
}
OPEN_STILL = {
    "kind": "quality",
    "description": "煤样留存不足12个月，未能抽取留样复检。",
    "parameter": "元素碳含量",
    "cause": "样品间容量不足。",
    "correction": "已扩建样品间，自下月起按要求留存。",
    "result": "not_corrected",
}
_ADDED = Decimal("1.0021")  # what a verification typically adds to a generator's emissions


@dataclass
class Verification:
    """One assignment and the people who move it."""

    report: AnnualReport
    cast: Cast
    agency: str
    clock: Clock
    rng: Random

    def run(self, state: str) -> Assignment:
        """Make an assignment and bring it to the state."""
        supervisor, lead = self.cast["province-supervisor"], self.person("lead")
        self.assignment = assignment_make(
            report_id=self.report.pk,
            agency_id=lead.organisation.pk,
            due_on=timezone.localdate(self.clock.at) + timedelta(days=45),
            actor=supervisor,
            now=self.clock.later(2),
        )
        pk = self.assignment.pk
        if state == "declined":
            note = "本机构曾为该单位提供碳资产咨询，须回避。"
            assignment_decline(pk, note=note, actor=lead, now=self.clock.later(1))
        elif state == "withdrawn":
            note = "机构人员不足，另行安排。"
            assignment_withdraw(pk, note=note, actor=supervisor, now=self.clock.later(3))
        elif state != "offered":
            self._work(state)
        return self.assignment

    def person(self, post: str) -> Actor:
        """Somebody of the agency."""
        return self.cast[f"{self.agency}-{post}"]

    def _work(self, state: str) -> None:
        pk = self.assignment.pk
        lead = self.person("lead")
        assignment_take(pk, independence=INDEPENDENCE, actor=lead, now=self.clock.later(2))
        self._write()
        if state == "working":
            conclusion_sign(pk, actor=lead, now=self.clock.later(1))
            return
        for post in ("lead", "member", "reviewer", "manager"):
            conclusion_sign(pk, actor=self.person(post), now=self.clock.later(1))
        conclusion_submit(pk, actor=self.person("manager"), now=self.clock.later(1))
        if state == "returned":
            note = "请补充现场核查照片和入炉煤计量的交叉核对过程。"
            by = self.cast["province-supervisor"]
            conclusion_return(pk, note=note, actor=by, now=self.clock.later(3))
        elif state == "accepted":
            by = self.cast["province-approver"]
            conclusion_accept(pk, note="同意接收。", actor=by, now=self.clock.later(3))

    def _write(self) -> None:
        chance = self.rng.random()
        when = self.clock.later(10)
        conclusion_save(
            self.assignment.pk,
            texts=TEXTS,
            visited_on=timezone.localdate(when),
            values=self._values(changed=chance < 0.4),
            nonconformities=[
                *([CORRECTED] if chance < 0.4 else []),
                *([OPEN_STILL] if chance < 0.2 else []),
            ],
            actor=self.person("member"),
            now=when,
        )

    def _values(self, *, changed: bool) -> Sequence[ValueChange]:
        values = reported_values(self.assignment.version)
        if not changed:
            return values
        return [
            replace(
                v,
                after=Decimal(round(v.before * _ADDED)),
                reason="核减转供电量、更正3月入炉煤量后重新计算。",
            )
            if v.code == "e_unit" and v.before is not None
            else v
            for v in values
        ]


def verify_reports(
    reports: Sequence[AnnualReport], newest: int, cast: Cast, now: datetime, rng: Random
) -> None:
    """Verification of reports that count, the newest first: every state in turn for those of the
    newest year and, where these are few, for older ones; of the rest one in three is verified."""
    for turn, report in enumerate(reports):
        if report.year == newest or turn < len(STATES):
            state, clock = STATES[turn % len(STATES)], recent(25, now, rng)
        elif turn % 3:
            continue
        else:
            state, clock = "accepted", season(report.year, now, rng)
            clock.later(35)
        Verification(report, cast, f"agency-{turn % AGENCIES + 1}", clock, rng).run(state)
