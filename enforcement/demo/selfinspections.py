"""Self-inspection (自查自纠): one questionnaire for all units, answered by the core in several ways."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from emitters.models import EmittingUnit
from emitters.simulator import Plant
from enforcement.demo.clock import Clock
from enforcement.demo.people import Cast, city_login, unit_login
from inspections import services
from inspections.models import Questionnaire, SelfInspection
from inspections.questionnaires import write

GUIDE = "《企业温室气体排放核算与报告指南 发电设施》"
ROWS = (
    ("1", "计量", "入炉煤皮带秤或给煤机是否按数据质量控制方案规定的周期校准？", "是否", "", "是", GUIDE,
     "指全年每一次校准均未超期。", "有问题时", "校准报告", "否", "核算数据"),
    ("2", "采样", "是否每日采集入炉煤样，并有采样记录？", "是否", "", "是", GUIDE,
     "缺少任何一日的，填“否”并说明日期。", "有问题时", "采样记录", "否", "质量保证和文件存档"),
    ("3", "检测", "元素碳含量检测报告是否全部由出具机构直接取得，编号可在机构核对？", "是否", "", "是",
     GUIDE, "由咨询机构代取的，填“否”。", "有问题时", "检测报告原件", "否", "核算数据"),
    ("4", "检测", "是否存在以缩分样、混合样或往月煤样代替当月煤样送检的情况？", "是否", "", "是", GUIDE,
     "", "有问题时", "送检单", "是", "核算数据"),
    ("5", "留样", "煤样是否按规定留存？", "选择", "全部留存；部分留存；未留存", "是", GUIDE,
     "", "有问题时", "留样台账", "部分留存；未留存", "质量保证和文件存档"),
    ("6", "档案", "原始记录保存的最早年份是哪一年？", "文字", "", "是",
     "《碳排放权交易管理暂行条例》第十一条", "排放报告涉及的原始记录至少保存五年。", "不需要", "", "", ""),
)  # fmt: skip
HONEST = {"1": "是", "2": "是", "3": "是", "4": "否", "5": "全部留存", "6": "2019年"}
DECLARED = {
    "value": "部分留存",
    "note": "样品间搬迁，3月和4月两个月的留样未能保存。",
    "correction": "已制定留样交接制度，明确样品间管理人员，今后每月由填报人核对留样台账。",
    "evidence": "留样交接制度、样品间照片",
}
STATES = ("accepted", "submitted", "drafting", "returned")


def ask(cast: Cast, year: int, now: datetime) -> Questionnaire:
    """The questionnaire of the year, published to all units."""
    head = (
        ("问卷编号", f"ZCZJ-{year}"),
        ("问卷名称", f"{year}年度碳排放数据质量自查自纠"),
        ("填写对象", "重点排放单位"),
        ("涉及年度", year),
        ("填写说明", "逐题如实填写；主动报告并改正的问题，作为从轻处理的情节考虑。"),
    )
    made = services.questionnaire_import(
        upload=SimpleUploadedFile(f"自查问卷{year}.xlsx", write(head, ROWS)),
        actor=cast["province-supervisor"],
        now=now,
    )
    return services.questionnaire_publish(
        made.pk,
        due_on=timezone.localdate(now) + timedelta(days=30),
        actor=cast["province-approver"],
        now=now,
    )


def answer(
    asked: Questionnaire, unit: EmittingUnit, plant: Plant, cast: Cast, clock: Clock, turn: int
) -> SelfInspection:
    """A unit's self-inspection in the turn's state; every third declares a problem."""
    state, login = STATES[turn % len(STATES)], unit_login(plant)
    inspection: SelfInspection = asked.inspections.get(unit=unit)
    wanted: dict[str, Mapping[str, str]] = {n: {"value": value} for n, value in HONEST.items()}
    if turn % 3 == 0:
        wanted["5"] = DECLARED
    questions = list(asked.questions.order_by("pk"))
    for question in questions[: 3 if state == "drafting" else None]:
        services.self_answer_save(
            inspection_id=inspection.pk, question_id=question.pk, base=0,
            content=wanted[question.number], actor=cast[f"{login}-filler"], now=clock.later(),
        )  # fmt: skip
    if state == "drafting":
        return inspection
    services.self_inspection_submit(
        inspection.pk, actor=cast[f"{login}-approver"], now=clock.later(1)
    )
    reviewer = cast[f"{city_login(plant.city_code)}-reviewer"]
    if state == "accepted":
        services.self_inspection_accept(inspection.pk, actor=reviewer, now=clock.later(1))
    elif state == "returned":
        services.self_inspection_return(
            inspection.pk, note="第6题请写明纸质记录和电子记录各自的起始年份。", actor=reviewer,
            now=clock.later(1),
        )  # fmt: skip
    return inspection
