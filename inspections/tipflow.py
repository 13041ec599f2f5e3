"""The life of a tip (举报), as data. Deadlines are dated parameters (`tip.*`), set by the services."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step


def the_handler(tip: Any, actor: Actor) -> object | None:
    """Only the person named for it handles a tip."""
    if tip.handler_id != actor.user.pk or tip.handler_organisation_id != actor.organisation.pk:
        return _("您不是本举报的承办人。")
    return None


TIP_FLOW = Flow(
    "tip",
    _("举报线索"),
    states=(
        State(
            "received",
            _("待受理"),
            _("决定是否受理；受理的指定承办人，不受理的说明原因。"),
            Perm.TIP_TRIAGE,
            tone="warning",
        ),
        State("declined", _("不予受理"), _("原因已反馈举报人。"), tone="neutral"),
        State(
            "accepted",
            _("办理中"),
            _("由承办人核实，关联单位、检查或问题，并向举报人反馈结果。"),
            Perm.TIP_HANDLE,
            tone="info",
        ),
        State(
            "linked",
            _("核查中"),
            _("已关联单位、检查或问题；核实后由承办人向举报人反馈结果。"),
            Perm.TIP_HANDLE,
            tone="info",
        ),
        State(
            "answered",
            _("已反馈"),
            _("由承办人以外的另一人审核后办结。"),
            Perm.TIP_TRIAGE,
            tone="info",
        ),
        State("closed", _("已办结"), _("办理过程留存备查。"), tone="success"),
    ),
    steps=(
        step("accept", _("受理并指定承办人"), ["received"], "accepted", Perm.TIP_TRIAGE),
        step(
            "decline",
            _("不予受理"),
            ["received"],
            "declined",
            Perm.TIP_TRIAGE,
            tone="secondary",
        ),
        step(
            "reassign",
            _("更换承办人"),
            ["accepted", "linked"],
            "accepted",
            Perm.TIP_TRIAGE,
            tone="secondary",
        ),
        step(
            "link",
            _("关联单位、检查或问题"),
            ["accepted", "linked"],
            "linked",
            Perm.TIP_HANDLE,
            the_handler,
        ),
        step(
            "answer",
            _("反馈办理结果"),
            ["accepted", "linked"],
            "answered",
            Perm.TIP_HANDLE,
            the_handler,
            tone="success",
        ),
        step(
            "return",
            _("退回继续核实"),
            ["answered"],
            "accepted",
            Perm.TIP_TRIAGE,
            not_by=("handler",),
            tone="danger",
        ),
        step(
            "close",
            _("办结"),
            ["answered"],
            "closed",
            Perm.TIP_TRIAGE,
            not_by=("handler",),
            tone="success",
        ),
    ),
)

IN_HAND = ("accepted", "linked")
