"""The life of a finding (问题), as data.

Periods of the authority up to ten days are working days, as in the Administrative Penalty Law art. 85
and the Administrative Compulsion Law art. 69; what a unit is ordered ends on the day of the order.
"""

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step
from inspections.guards import (
    another_than_the_confirmer,
    answered_with_proof,
    corrected_where_due,
    measures_accepted,
    measures_answered,
    verified_where_due,
)

WITH_UNIT = ("ordered", "rectifying", "returned")
"""The unit has to act."""

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
            _("已责令改正"),
            _("签收责令改正通知书，逐项落实整改措施，在期限内提交整改答复和证明材料。"),
            Perm.FINDING_ANSWER,
            30,
            tone="danger",
        ),
        State(
            "rectifying",
            _("整改中"),
            _("各项措施落实后，在期限内提交整改答复和证明材料，由市级人员审查。"),
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
            _("须现场核实的，由答复人以外的人员到现场核实；其余由登记人、审查人以外的另一人销号。"),
            Perm.FINDING_REVIEW,
            10,
            tone="info",
            working=True,
        ),
        State(
            "verified",
            _("已现场核实"),
            _("由登记人、审查人、核实人以外的另一人销号。"),
            Perm.FINDING_REVIEW,
            10,
            tone="info",
            working=True,
        ),
        State(
            "closed",
            _("已销号"),
            _("全过程留存备查；同一问题再次出现的，自动认定为复发。"),
            tone="success",
        ),
        State("recurred", _("已复发"), _("同一问题再次被确认，在新的问题上办理。"), tone="danger"),
        State("merged", _("已并入"), _("在保留的问题上继续办理，本问题内容留存。"), tone="neutral"),
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
        step("begin", _("签收并开始整改"), ["ordered"], "rectifying", Perm.FINDING_ANSWER),
        step(
            "answer",
            _("提交整改答复"),
            WITH_UNIT,
            "answered",
            Perm.FINDING_ANSWER,
            measures_answered,
        ),
        step(
            "accept",
            _("整改通过"),
            ["answered"],
            "accepted",
            Perm.FINDING_REVIEW,
            answered_with_proof,
            measures_accepted,
            another_than_the_confirmer,
            not_by=("found_by", "ordered_by", "reopened_by", "answered_by"),
            tone="success",
        ),
        step(
            "return",
            _("退回整改"),
            ["answered", "accepted"],
            "returned",
            Perm.FINDING_REVIEW,
            not_by=("answered_by",),
            tone="danger",
        ),
        step(
            "verify",
            _("登记现场核实"),
            ["accepted"],
            "verified",
            Perm.FINDING_REVIEW,
            not_by=("answered_by",),
        ),
        step(
            "close",
            _("销号"),
            ["accepted", "verified"],
            "closed",
            Perm.FINDING_REVIEW,
            answered_with_proof,
            measures_accepted,
            verified_where_due,
            corrected_where_due,
            not_by=("found_by", "answered_by", "reviewed_by", "verified_by"),
            tone="success",
        ),
        step(
            "reopen",
            _("重新打开"),
            ["closed"],
            "rectifying",
            Perm.FINDING_ORDER,
            not_by=("closed_by",),
            tone="danger",
        ),
    ),
)

SEEN_BY_UNIT = (*WITH_UNIT, "answered", "accepted", "verified", "closed", "recurred", "merged")
"""Before the order, a finding is the authority's own business."""

FINAL = tuple(str(s.code) for s in FINDING_FLOW.states if s.final)
