"""Quarterly supervision reports: the last quarter signed and sent, the running one being drafted."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from enforcement.demo.people import Cast
from inspections import services
from inspections.quarterly.period import Period

OVERVIEW = (
    "本季度，全省碳排放数据质量总体平稳。各市按照年度执法工作计划开展监督检查，"
    "对系统校核发现的疑点逐项核实，对查实的问题责令改正。\n"
    "自查自纠有序推进，企业主动申报的问题纳入问题台账，与检查发现的问题一并整改。"
)
PROBLEMS = "一是部分企业煤样采制化原始记录不完整，时间次序不合理。\n二是个别企业整改答复缺少证明材料，须退回补充。"
NEXT_STEPS = "督促逾期问题整改到位；对风险分较高的单位安排现场检查；对共性问题组织培训。"


def report_quarters(cast: Cast, now: datetime) -> None:
    """By two supervisors and the approver of the lead office."""
    running = Period.of(timezone.localdate(now))
    drafter, leader = cast["province-supervisor"], cast["province-approver"]
    doing: dict[str, Any] = {"actor": drafter, "now": now}
    last = services.quarter_draft(
        year=running.previous.year, quarter=running.previous.quarter, **doing
    )
    services.quarter_write(
        last.pk, overview=OVERVIEW, problems=PROBLEMS, next_steps=NEXT_STEPS, **doing
    )
    services.quarter_review(last.pk, actor=cast["province-supervisor-2"], now=now)
    services.quarter_sign(last.pk, actor=leader, now=now)
    services.quarter_send(
        last.pk, recipient="生态环境部", sent_on=timezone.localdate(now), sent_via="公文交换",
        **doing,
    )  # fmt: skip
    services.quarter_draft(year=running.year, quarter=running.quarter, **doing)
