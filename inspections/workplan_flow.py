"""The life of a yearly work plan of enforcement (年度执法工作计划), as data. What was approved is never
edited: an amendment is a new version, approved like the first."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step


def something_planned(plan: Any, actor: Actor) -> object | None:
    """A plan without a single inspection is none."""
    if not plan.quotas.filter(number__gt=0).exists():
        return _("计划中没有检查数量，请先填写各市各季度的检查数量。")
    return None


def no_version_under_way(plan: Any, actor: Actor) -> object | None:
    """One amendment at a time."""
    if plan.versions().filter(status__in=UNDER_WAY).exists():
        return _("本年度已有正在办理的修订，请先办结。")
    return None


UNDER_WAY = ("drafted", "submitted")

WORKPLAN_FLOW = Flow(
    "workplan",
    _("执法工作计划"),
    states=(
        State(
            "drafted",
            _("起草中"),
            _("填写各市各季度检查数量后提交审批。"),
            Perm.WORKPLAN_EDIT,
            30,
            tone="warning",
        ),
        State(
            "submitted",
            _("待审批"),
            _("由起草人和提交人以外的另一人审批。"),
            Perm.WORKPLAN_APPROVE,
            10,
            tone="info",
            working=True,
        ),
        State("approved", _("已批准"), _("各市按计划实施检查，进度自动统计。"), tone="success"),
        State("amended", _("已修订"), _("已由修订版代替，留存备查。"), tone="neutral"),
        State("dropped", _("未采用"), _("不再办理，留存备查。"), tone="neutral"),
    ),
    steps=(
        step(
            "submit",
            _("提交审批"),
            ["drafted"],
            "submitted",
            Perm.WORKPLAN_EDIT,
            something_planned,
        ),
        step(
            "drop",
            _("不再办理"),
            ["drafted"],
            "dropped",
            Perm.WORKPLAN_EDIT,
            tone="secondary",
        ),
        step(
            "approve",
            _("批准计划"),
            ["submitted"],
            "approved",
            Perm.WORKPLAN_APPROVE,
            not_by=("drafted_by", "submitted_by"),
            tone="success",
        ),
        step(
            "return",
            _("退回修改"),
            ["submitted"],
            "drafted",
            Perm.WORKPLAN_APPROVE,
            not_by=("drafted_by", "submitted_by"),
            tone="danger",
        ),
        step(
            "amend",
            _("修订计划"),
            ["approved"],
            "approved",
            Perm.WORKPLAN_EDIT,
            no_version_under_way,
            tone="secondary",
        ),
    ),
)
