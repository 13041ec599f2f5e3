"""The life of a finding (问题), as data.

Periods of the authority up to ten days are working days, as in the Administrative Penalty Law art. 85
and the Administrative Compulsion Law art. 69; what a unit is ordered ends on the day of the order.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step


def answered_with_proof(finding: Any, actor: Actor) -> object | None:
    """Rectification is accepted on proof, never on words alone."""
    answer = finding.last_answer
    if answer is None or not answer.files.exists():
        return _("本轮整改答复没有证明材料：请说明原因退回，要求补充。")
    return None


FINDING_FLOW = Flow(
    "finding",
    _("问题"),
    states=(
        State(
            "registered",
            _("待确认"),
            _("由登记人以外的另一人确认属实，或不予认定。"),
            Perm.FINDING_CONFIRM,
            5,
            tone="warning",
            working=True,
        ),
        State("rejected", _("不予认定"), _("不作为问题处理，登记材料留存。"), tone="neutral"),
        State(
            "confirmed",
            _("已确认"),
            _("下达责令改正通知书，写明整改要求和期限。"),
            Perm.FINDING_ORDER,
            5,
            tone="warning",
            working=True,
        ),
        State(
            "ordered",
            _("整改中"),
            _("在整改期限内提交整改答复和证明材料，由市级人员审查。"),
            Perm.FINDING_ANSWER,
            30,
            tone="danger",
        ),
        State(
            "answered",
            _("已答复"),
            _("由登记人、下达人以外的另一人审查：通过，或说明原因退回。"),
            Perm.FINDING_REVIEW,
            10,
            tone="info",
            working=True,
        ),
        State(
            "returned",
            _("已退回整改"),
            _("按审查意见继续整改，在新的期限内重新答复。"),
            Perm.FINDING_ANSWER,
            15,
            tone="danger",
        ),
        State(
            "accepted",
            _("整改通过"),
            _("由登记人、审查人以外的另一人销号。"),
            Perm.FINDING_REVIEW,
            10,
            tone="info",
            working=True,
        ),
        State("closed", _("已销号"), _("整改完成，全过程留存备查。"), tone="success"),
    ),
    steps=(
        step(
            "confirm",
            _("确认问题"),
            ["registered"],
            "confirmed",
            Perm.FINDING_CONFIRM,
            not_by=("found_by",),
        ),
        step(
            "reject",
            _("不予认定"),
            ["registered"],
            "rejected",
            Perm.FINDING_CONFIRM,
            not_by=("found_by",),
            tone="secondary",
        ),
        step("order", _("下达责令改正通知书"), ["confirmed"], "ordered", Perm.FINDING_ORDER),
        step(
            "answer",
            _("提交整改答复"),
            ["ordered", "returned"],
            "answered",
            Perm.FINDING_ANSWER,
        ),
        step(
            "accept",
            _("整改通过"),
            ["answered"],
            "accepted",
            Perm.FINDING_REVIEW,
            answered_with_proof,
            not_by=("found_by", "ordered_by", "answered_by"),
            tone="success",
        ),
        step(
            "return",
            _("退回整改"),
            ["answered"],
            "returned",
            Perm.FINDING_REVIEW,
            not_by=("answered_by",),
            tone="danger",
        ),
        step(
            "close",
            _("销号"),
            ["accepted"],
            "closed",
            Perm.FINDING_REVIEW,
            answered_with_proof,
            not_by=("found_by", "answered_by", "reviewed_by"),
            tone="success",
        ),
    ),
)

SEEN_BY_UNIT = ("ordered", "answered", "returned", "accepted", "closed")
"""Before the order, a finding is the authority's own business."""

FINAL = tuple(str(s.code) for s in FINDING_FLOW.states if s.final)
