"""The lives of what belongs to a rectification: its measures, and the wish for more time."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step
from inspections.guards import answered_with_proof


def another_than_who_ordered(extension: Any, actor: Actor) -> object | None:
    """The deadline was set by one person; another one decides to move it."""
    if actor.user.pk in (extension.finding.ordered_by_id, extension.finding.reopened_by_id):
        return _("整改期限由您确定，延期须由另一人决定。")
    return None


MEASURE_FLOW = Flow(
    "measure",
    _("整改措施"),
    states=(
        State(
            "open",
            _("待落实"),
            _("在本项期限内落实，附证明材料答复。"),
            Perm.FINDING_ANSWER,
            30,
            tone="warning",
        ),
        State(
            "answered",
            _("待审查"),
            _("由下达人以外的另一人审查：通过，或说明原因退回。"),
            Perm.FINDING_REVIEW,
            10,
            tone="info",
            working=True,
        ),
        State(
            "returned",
            _("已退回"),
            _("按审查意见继续落实，在新的期限内重新答复。"),
            Perm.FINDING_ANSWER,
            15,
            tone="danger",
        ),
        State("accepted", _("已落实"), _("本项措施已审查通过。"), tone="success"),
    ),
    steps=(
        step("answer", _("答复措施"), ["open", "returned"], "answered", Perm.FINDING_ANSWER),
        step(
            "accept",
            _("审查通过"),
            ["answered"],
            "accepted",
            Perm.FINDING_REVIEW,
            answered_with_proof,
            not_by=("ordered_by", "answered_by"),
            tone="success",
        ),
        step(
            "return",
            _("退回"),
            ["answered"],
            "returned",
            Perm.FINDING_REVIEW,
            not_by=("answered_by",),
            tone="danger",
        ),
    ),
)

EXTENSION_FLOW = Flow(
    "extension",
    _("延期申请"),
    states=(
        State(
            "asked",
            _("待决定"),
            _("由下达人以外的另一人决定；决定前仍按原期限办理。"),
            Perm.FINDING_REVIEW,
            5,
            tone="warning",
            working=True,
        ),
        State("granted", _("已同意"), _("按新的期限整改，原期限留存。"), tone="success"),
        State("refused", _("不同意"), _("按原期限整改。"), tone="danger"),
        State("lapsed", _("已失效"), _("决定前已提交整改答复，无须延期。"), tone="neutral"),
    ),
    steps=(
        step(
            "grant",
            _("同意延期"),
            ["asked"],
            "granted",
            Perm.FINDING_REVIEW,
            another_than_who_ordered,
            not_by=("asked_by",),
            tone="success",
        ),
        step(
            "refuse",
            _("不同意延期"),
            ["asked"],
            "refused",
            Perm.FINDING_REVIEW,
            another_than_who_ordered,
            not_by=("asked_by",),
            tone="danger",
        ),
    ),
)
