"""The work plan of the current year, and the desk inspections that have been done under it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from emitters.models import EmittingUnit
from emitters.simulator import Plant
from enforcement.demo.clock import local
from enforcement.demo.people import Cast, city_login
from inspections import services
from inspections.models import Inspector, RiskClass, WorkPlan

TEXT = """一、总体要求：以数据质量为核心，统筹日常监管、专项行动和双随机抽查。
二、检查方式：现场检查与非现场检查相结合，现场检查由两名以上持证人员实施。
三、结果运用：发现的问题逐项登记、责令改正、验收销号，涉嫌违法的依法立案。"""
CARBON = """对纳入全国碳排放权交易市场的重点排放单位，检查燃料消耗量、元素碳含量、购入电量。
同时检查数据质量控制方案执行情况。
高风险单位每季度安排检查，中风险单位视单位数量安排，低风险单位在第二、四季度抽查。"""
MANY = 2
QUARTERS = (1, 2, 3, 4)
EVEN = 2


def plan_year(plants: Iterable[Plant], cast: Cast, now: datetime) -> WorkPlan:
    """Drafted, submitted and approved in January."""
    year = timezone.localtime(now).year
    planner, approver = cast["province-supervisor"], cast["province-approver"]
    drafted, sent, done = (min(local(year, 1, day, 10, 0), now) for day in (4, 8, 11))
    plan = services.workplan_make(
        year=year, title=f"{year}年度碳排放数据执法工作计划", text=TEXT, carbon_text=CARBON,
        actor=planner, now=drafted,
    )  # fmt: skip
    quotas = {}
    for city, number in sorted(Counter(p.city_code for p in plants).items()):
        for quarter in QUARTERS:
            quotas[city, quarter, str(RiskClass.HIGH)] = 1
            quotas[city, quarter, str(RiskClass.MEDIUM)] = number // MANY
            quotas[city, quarter, str(RiskClass.LOW)] = int(quarter % EVEN == 0)
    services.workplan_write(
        plan.pk, title=plan.title, text=TEXT, carbon_text=CARBON, quotas=quotas, actor=planner,
        now=drafted,
    )  # fmt: skip
    services.workplan_submit(plan.pk, actor=planner, now=sent)
    return services.workplan_approve(plan.pk, note="同意", actor=approver, now=done)


def carry_out(
    turn: int, unit: EmittingUnit, plant: Plant, year: int, cast: Cast, now: datetime
) -> None:
    """One desk inspection, concluded and approved in the quarter of the turn unless it is yet to come."""
    this_year = timezone.localtime(now).year
    at = local(this_year, 3 * (turn % len(QUARTERS)) + 2, 6 + turn, 10, 0)
    if at > now:
        return
    bureau = city_login(plant.city_code)
    first, chief = cast[f"{bureau}-inspector"], cast[f"{bureau}-chief"]
    listed = Inspector.objects.filter(organisation=first.organisation, status="listed")
    inspection = services.inspection_make(
        unit_id=unit.pk, kind="planned", manner="desk", year=year, reason="年度执法工作计划",
        planned_on=timezone.localdate(at), inspectors=list(listed.values_list("pk", flat=True)),
        actor=first, now=at,
    )  # fmt: skip
    services.inspection_begin(inspection.pk, actor=first, now=at)
    services.inspection_sign(inspection.pk, actor=first, now=at)
    services.inspection_conclude(
        inspection.pk, outcome="clean", conclusion="调阅材料与报告一致，未发现问题。", actor=first,
        now=at,
    )  # fmt: skip
    services.inspection_approve(inspection.pk, actor=chief, now=at)
