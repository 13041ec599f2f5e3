"""Findings in every state, from questions that were upheld and from visits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from carbonwatch.accounts.models import Actor
from emitters.models import EmittingUnit, Question
from emitters.simulator import Plant
from enforcement.demo.clock import Clock, recent
from enforcement.demo.evidence import photograph
from enforcement.demo.people import Cast, city_login, unit_login
from inspections import services
from inspections.models import Finding, FindingClass, FindingSource, Gravity

BASIS = "《碳排放权交易管理暂行条例》第二十一条"


@dataclass(frozen=True)
class Story:
    """What was found."""

    title: str
    description: str
    demand: str
    finding_class: str
    severity: str
    source: str = FindingSource.INSPECTOR
    t_co2: Decimal = Decimal(0)
    clause: str = ""


STORIES = (
    Story(
        "入炉煤采样记录缺失",
        "现场检查发现3月有5日无入炉煤采样记录，当月缩分样由其余日样混合。",
        "补充说明缺失日的采样情况，完善采样制度并附近一个月的记录。",
        FindingClass.QUALITY,
        Gravity.GENERAL,
    ),
    Story(
        "皮带秤校准超期",
        "入炉煤皮带秤上次实物校准距今14个月，超过数据质量控制方案规定的周期。",
        "完成实物校准，附校准报告，评估对消耗量的影响。",
        FindingClass.SCHEME,
        Gravity.GENERAL,
    ),
    Story(
        "煤样留存时间不足",
        "抽查的6份留样中有2份未达到规定的留存时间。",
        "按要求留存煤样，附样品间照片和留样台账。",
        FindingClass.QUALITY,
        Gravity.GENERAL,
        FindingSource.VERIFIER,
    ),
    Story(
        "检测报告缺少流转记录",
        "7月煤样送检无交接签字，检测报告所载收样日期与送检单不一致。",
        "与检测机构核对收样日期，附双方签字的流转记录，必要时更正报告。",
        FindingClass.DATA,
        Gravity.SERIOUS,
        FindingSource.TIP,
        Decimal(860),
    ),
    Story(
        "购入电量口径不一致",
        "购入使用电量未扣除转供电量，与结算单不一致。",
        "按抄表记录重新统计购入使用电量，附全年抄表记录。",
        FindingClass.DATA,
        Gravity.GENERAL,
        FindingSource.SELF,
        Decimal(320),
    ),
)
FROM_CHECK = Story(
    "报告数据与原始记录不一致",
    "",
    "核实有关月份的原始记录，更正年度排放报告，附采样、制样、送检全流程记录。",
    FindingClass.DATA,
    Gravity.SERIOUS,
    FindingSource.CHECK,
)
STATES = (
    "ordered", "answered", "registered", "closed", "late", "confirmed", "returned", "rejected",
    "accepted",
)  # fmt: skip


@dataclass
class Inspection:
    """A finding and the people who move it: inspector finds, reviewer and chief decide."""

    unit: EmittingUnit
    plant: Plant
    year: int
    cast: Cast
    clock: Clock

    def bureau(self, post: str) -> Actor:
        """Somebody of the city."""
        return self.cast[f"{city_login(self.plant.city_code)}-{post}"]

    def run(self, story: Story, state: str, question: Question | None = None) -> Finding:
        """Register a finding and bring it to the state; `late`: ordered, and the day is past."""
        finding = self._register(story, question)
        if state == "registered":
            return finding
        reviewer = self.bureau("reviewer")
        if state == "rejected":
            note = "现场补充提供了完整记录，不构成问题。"
            services.finding_reject(finding.pk, note=note, actor=reviewer, now=self.clock.later(2))
            return finding
        services.finding_confirm(
            finding.pk, note="情况属实。", actor=reviewer, now=self.clock.later(2)
        )
        if state != "confirmed":
            self._order(finding, story, days=12 if state == "late" else 30)
        if state not in ("confirmed", "ordered", "late"):
            self._answer(finding, state)
        return finding

    def _register(self, story: Story, question: Question | None) -> Finding:
        return services.finding_register(
            unit_id=self.unit.pk,
            year=self.year,
            title=story.title if question is None else str(question.rule.name)[:120],
            description=story.description if question is None else question.decision_note,
            clause=story.clause if question is None else str(question.rule.basis)[:300],
            finding_class=story.finding_class,
            severity=story.severity,
            source=story.source,
            t_co2=None if question else story.t_co2,
            question_id=question.pk if question else None,
            files=[] if question else [photograph("现场照片.jpg")],
            actor=self.bureau("inspector"),
            now=self.clock.later(1),
        )

    def _order(self, finding: Finding, story: Story, *, days: int) -> None:
        at = self.clock.later(1)
        services.finding_order(
            finding.pk,
            demand=story.demand,
            due_on=timezone.localdate(at) + timedelta(days=days),
            basis=BASIS,
            actor=self.bureau("chief"),
            now=at,
        )

    def _answer(self, finding: Finding, state: str) -> None:
        services.finding_answer(
            finding.pk,
            text="已按要求完成整改，相关记录和照片附后。",
            files=[photograph("整改后照片.jpg")],
            actor=self.cast[f"{unit_login(self.plant)}-filler"],
            now=self.clock.later(6),
        )
        # A grave finding is reviewed by another person than the reviewer, who has confirmed it.
        grave = finding.severity == Gravity.GRAVE
        reviewer = self.bureau("inspector-2" if grave else "reviewer")
        if state == "returned":
            at = self.clock.later(2)
            services.finding_return(
                finding.pk,
                note="未见送检流转记录，请补充。",
                due_on=timezone.localdate(at) + timedelta(days=15),
                actor=reviewer,
                now=at,
            )
        elif state != "answered":
            services.finding_accept(
                finding.pk, note="整改到位。", actor=reviewer, now=self.clock.later(2)
            )
            if state == "closed":
                chief = self.bureau("chief")
                services.finding_close(
                    finding.pk, note="同意销号。", actor=chief, now=self.clock.later(2)
                )


def visit(
    unit: EmittingUnit, plant: Plant, year: int, cast: Cast, now: datetime, rng: Random, turn: int
) -> Finding:
    """A finding from scratch in the turn's state."""
    state = STATES[turn % len(STATES)]
    days = {"late": 30, "closed": 120, "accepted": 60}.get(state, 16)
    story = STORIES[(turn + turn // len(STORIES)) % len(STORIES)]
    return Inspection(unit, plant, year, cast, recent(days, now, rng)).run(story, state)
