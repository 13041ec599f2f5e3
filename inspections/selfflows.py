"""The lives of a questionnaire (自查问卷) and of one organisation's self-inspection (自查自纠), as data."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step

QUESTIONNAIRE_FLOW = Flow(
    "questionnaire",
    _("自查问卷"),
    states=(
        State(
            "drafted",
            _("待发布"),
            _("由导入人以外的另一人预览后发布，发给填写对象。"),
            Perm.SELF_PUBLISH,
            10,
            tone="warning",
        ),
        State("published", _("已发布"), _("填写对象在期限内自查并提交。"), tone="success"),
        State("replaced", _("已有新版"), _("已开始填写的仍按本版填写。"), tone="neutral"),
        State("dropped", _("未发布"), _("不发布，留存备查。"), tone="neutral"),
    ),
    steps=(
        step(
            "publish",
            _("发布问卷"),
            ["drafted"],
            "published",
            Perm.SELF_PUBLISH,
            not_by=("imported_by",),
        ),
        step(
            "drop",
            _("不发布"),
            ["drafted"],
            "dropped",
            Perm.SELF_PUBLISH,
            tone="secondary",
        ),
    ),
)


def everything_answered(matter: Any, actor: Actor) -> object | None:
    """Every question that must be answered is, and every problem says what and how to correct it."""
    missing = matter.shortcomings()
    if not missing:
        return None
    return _("还不能提交：%(missing)s") % {"missing": "；".join(missing)}


SELF_FLOW = Flow(
    "self-inspection",
    _("自查自纠"),
    states=(
        State(
            "drafting",
            _("自查中"),
            _("逐题填写，边填边存；填完后由负责人提交。"),
            Perm.SELF_SUBMIT,
            30,
            tone="warning",
        ),
        State(
            "submitted",
            _("已提交"),
            _("由主管部门审核：通过，或说明原因退回。"),
            Perm.SELF_REVIEW,
            15,
            tone="info",
        ),
        State(
            "returned",
            _("已退回"),
            _("按审核意见补充后重新提交。"),
            Perm.SELF_SUBMIT,
            10,
            tone="danger",
            working=True,
        ),
        State("reviewed", _("审核通过"), _("自报问题按问题台账办理整改。"), tone="success"),
    ),
    steps=(
        step(
            "submit",
            _("提交自查结果"),
            ["drafting", "returned"],
            "submitted",
            Perm.SELF_SUBMIT,
            everything_answered,
        ),
        step(
            "accept",
            _("审核通过"),
            ["submitted"],
            "reviewed",
            Perm.SELF_REVIEW,
            not_by=("submitted_by",),
            tone="success",
        ),
        step(
            "return",
            _("退回补充"),
            ["submitted"],
            "returned",
            Perm.SELF_REVIEW,
            not_by=("submitted_by",),
            tone="danger",
        ),
    ),
)

WRITABLE = ("drafting", "returned")
"""The organisation writes; nobody else reads it."""
