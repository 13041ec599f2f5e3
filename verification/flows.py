"""The life of a verification assignment (核查任务), as data."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step

NEEDED = {
    "leader": _("核查组长"),
    "member": _("核查组成员"),
    "reviewer": _("技术复核人"),
    "approver": _("机构负责人"),
}


def all_signed(assignment: Any, actor: Actor) -> object | None:
    """A conclusion goes out with four signatures, each by another person."""
    conclusion = getattr(assignment, "conclusion", None)
    if conclusion is None:
        return _("还没有编写核查结论。")
    signed = set(conclusion.signatures.values_list("role", flat=True))
    missing = [str(label) for role, label in NEEDED.items() if role not in signed]
    if missing:
        return _("还缺签署：%(roles)s。") % {"roles": "、".join(missing)}
    return None


ASSIGNMENT_FLOW = Flow(
    "assignment",
    _("核查任务"),
    states=(
        State(
            "offered",
            _("待承接"),
            _("机构声明与被核查单位无利益关系后承接，或说明原因退回任务。"),
            Perm.ASSIGNMENT_ACCEPT,
            5,
            tone="warning",
        ),
        State(
            "working",
            _("核查中"),
            _("核查组编写结论，四方签署后提交。"),
            Perm.CONCLUSION_EDIT,
            tone="info",
        ),
        State(
            "submitted",
            _("结论已提交"),
            _("省级监管人员接收，或说明原因退回。"),
            Perm.CONCLUSION_DECIDE,
            10,
            tone="warning",
        ),
        State(
            "returned",
            _("结论已退回"),
            _("按退回意见修改，重新签署后提交。"),
            Perm.CONCLUSION_EDIT,
            5,
            tone="danger",
        ),
        State(
            "accepted", _("结论已接收"), _("核查结束，机构不再能查看该单位的数据。"), tone="success"
        ),
        State("declined", _("未承接"), _("另行安排核查机构。"), tone="neutral"),
        State("withdrawn", _("已撤回"), _("另行安排核查机构。"), tone="neutral"),
    ),
    steps=(
        step("take", _("承接任务"), ["offered"], "working", Perm.ASSIGNMENT_ACCEPT, tone="success"),
        step(
            "decline",
            _("不能承接"),
            ["offered"],
            "declined",
            Perm.ASSIGNMENT_ACCEPT,
            tone="secondary",
        ),
        step(
            "submit",
            _("提交结论"),
            ["working", "returned"],
            "submitted",
            Perm.CONCLUSION_SUBMIT,
            all_signed,
        ),
        step(
            "accept",
            _("接收结论"),
            ["submitted"],
            "accepted",
            Perm.CONCLUSION_DECIDE,
            not_by=("submitted_by",),
            tone="success",
        ),
        step(
            "return",
            _("退回结论"),
            ["submitted"],
            "returned",
            Perm.CONCLUSION_DECIDE,
            tone="danger",
        ),
        step(
            "withdraw",
            _("撤回任务"),
            ["offered", "working", "returned"],
            "withdrawn",
            Perm.ASSIGNMENT_MAKE,
            tone="secondary",
        ),
    ),
)
WRITING_STATES = ("working", "returned")
OPEN_STATES = ("offered", "working", "submitted", "returned")
SEEING_STATES = ("working", "submitted", "returned")
"""While an assignment is in one of these, the agency sees the unit's report."""
