"""The life of a merging (并案): proposed by one person, confirmed by another."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step


def still_mergeable(merge: Any, actor: Actor) -> object | None:
    """Both findings may have moved on since the proposal."""
    return closed_because(merge.kept, merge.merged)


def closed_because(kept: Any, merged: Any) -> object | None:
    """Why the second finding cannot become part of the first; None when it can."""
    if kept.pk == merged.pk or kept.unit_id != merged.unit_id:
        return _("只能合并同一单位的两个不同问题。")
    for finding in (kept, merged):
        if finding.flow.state(finding.status).final:
            return _("问题“%(title)s”已办结，不能合并。") % {"title": finding.title}
    if merged.ordered_at is not None and kept.ordered_at is None:
        return _("被并入的问题已责令改正，而保留的问题尚未责令改正：请改为保留前者。")
    return None


MERGE_FLOW = Flow(
    "merge",
    _("问题合并"),
    states=(
        State(
            "proposed",
            _("待确认合并"),
            _("由提出人以外的另一人核对后确认，或不予合并。"),
            Perm.FINDING_CONFIRM,
            5,
            tone="warning",
            working=True,
        ),
        State("done", _("已合并"), _("在保留的问题上继续办理，双方内容均保留。"), tone="success"),
        State("refused", _("不予合并"), _("两个问题分别办理。"), tone="neutral"),
    ),
    steps=(
        step(
            "confirm",
            _("确认合并"),
            ["proposed"],
            "done",
            Perm.FINDING_CONFIRM,
            still_mergeable,
            not_by=("proposed_by",),
            tone="success",
        ),
        step(
            "refuse",
            _("不予合并"),
            ["proposed"],
            "refused",
            Perm.FINDING_CONFIRM,
            not_by=("proposed_by",),
            tone="secondary",
        ),
    ),
)
