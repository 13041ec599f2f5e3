"""Cases and public notices about made-up units."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from django.utils import timezone

from carbonwatch.params.service import in_force
from enforcement import services
from enforcement.demo.clock import recent
from enforcement.demo.people import Cast
from enforcement.models import Case
from enforcement.selectors.penalties import penalties_on
from inspections.models import Finding

REASON = "涉嫌未按规定保存和提供年度排放报告的原始记录"
STATEMENT = "市级检查发现该单位年度排放报告有关月份数据与原始记录不一致，未能提供完整的采样、制样和送检记录。"
DECISIONS = ("proposed", "filed", "refused")


def open_cases(findings: Sequence[Finding], cast: Cast, now: datetime, rng: Random) -> list[Case]:
    """One case in each state, as far as there are findings to base them on."""
    officer, approver = cast["province-case-officer"], cast["province-approver"]
    cases = []
    for finding, decision in zip(findings, DECISIONS, strict=False):
        clock = recent(6, now, rng)
        acted_on = timezone.localdate(finding.found_at)
        case = services.case_propose(
            finding_ids=[finding.pk],
            reason=REASON,
            statement=STATEMENT,
            acted_on=acted_on,
            basis_keys=[penalties_on(acted_on, in_force())[0].key],
            actor=officer,
            now=clock.later(),
        )
        if decision == "filed":
            services.case_file(case.pk, note="同意立案。", actor=approver, now=clock.later(2))
        elif decision == "refused":
            note = "情节轻微并已及时改正，未造成数据失实，不予立案。"
            services.case_refuse(case.pk, note=note, actor=approver, now=clock.later(2))
        cases.append(case)
    return cases


def publish_notices(
    findings: Sequence[Finding], cases: Sequence[Case], cast: Cast, now: datetime, rng: Random
) -> None:
    """Two published notices, one waiting for approval and one sent back."""
    officer, approver = cast["province-case-officer"], cast["province-approver"]
    filed = [c.pk for c in cases if c.status == "filed"]
    for n, (title, body) in enumerate(_texts(findings)):
        clock = recent(9, now, rng)
        notice = services.notice_draft(
            title=title,
            body=body,
            case_ids=filed if n == 0 else [],
            finding_ids=[f.pk for f in findings[:2]] if n == 1 else [],
            actor=officer,
            now=clock.later(),
        )
        if n < 2:
            services.notice_publish(
                notice.pk, note="同意公开。", actor=approver, now=clock.later(1)
            )
        elif n == 3:
            note = "请补充整改完成情况后再报。"
            services.notice_return(notice.pk, note=note, actor=approver, now=clock.later(1))


def _texts(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    one = str(findings[0].unit) if findings else "样本单位"
    other = str(findings[-1].unit) if findings else "样本单位"
    return [
        (
            "关于碳排放数据质量问题核查情况的通报（演示）",
            f"在年度排放报告监督检查中，发现{one}部分月份数据与原始记录不一致，已责令改正并依法处理。\n"
            "请各重点排放单位对照检查，完善数据质量控制措施。\n本通报所涉单位均为虚构，仅供系统演示。",
        ),
        (
            "关于入炉煤采样和留样管理有关问题的通报（演示）",
            f"检查发现，{other}等单位在入炉煤采样、制样和留样管理方面存在不足，目前正在整改。\n"
            "请各市督促有关单位按期完成整改。\n本通报所涉单位均为虚构，仅供系统演示。",
        ),
        (
            "关于年度排放报告报送进展的通报（演示）",
            "截至目前，部分重点排放单位尚未提交年度排放报告，请尽快完成。",
        ),
        (
            "关于检测报告流转管理的通报（演示）",
            "部分单位煤样送检流转记录不完整，请加强管理。",
        ),
    ]
