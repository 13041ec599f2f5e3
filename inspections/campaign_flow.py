"""The lives of a campaign (专项行动), of a unit in it, and of a change to it, as data."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step

SELF, ON_SITE, EXTENDED, REMOVED, TO_CASE = "self", "on-site", "extended", "removed", "case"
DONE = ("closed", "clean")
OUT = (TO_CASE, REMOVED)
"""Left the campaign's own way; still counted in its list."""
ENDED = (*DONE, *OUT)


def every_unit_finished(campaign: Any, actor: Actor) -> object | None:
    """A campaign is not over while a unit of its list is on its way."""
    left = campaign.units.exclude(status__in=ENDED).count()
    if not left:
        return None
    return _("名单中还有 %(n)s 家单位没有办结，不能结束。") % {"n": left}


CAMPAIGN_FLOW = Flow(
    "campaign",
    _("专项行动"),
    states=(
        State(
            "draft",
            _("拟订中"),
            _("由拟订人以外的另一人核对名单后批准，名单随即固定。"),
            Perm.CAMPAIGN_DECIDE,
            10,
            tone="warning",
        ),
        State(
            "frozen",
            _("名单已固定"),
            _("启动后各市按名单组织自查和检查。"),
            Perm.CAMPAIGN_PLAN,
            10,
            tone="info",
        ),
        State(
            "running",
            _("实施中"),
            _("名单内单位全部办结后，形成总结并结束。"),
            Perm.CAMPAIGN_DECIDE,
            tone="info",
        ),
        State("closed", _("已结束"), _("名单、进度和总结留存备查。"), tone="success"),
        State("dropped", _("未实施"), _("不再实施，留存备查。"), tone="neutral"),
    ),
    steps=(
        step(
            "freeze",
            _("批准并固定名单"),
            ["draft"],
            "frozen",
            Perm.CAMPAIGN_DECIDE,
            not_by=("proposed_by",),
            tone="success",
        ),
        step("drop", _("不实施"), ["draft"], "dropped", Perm.CAMPAIGN_PLAN, tone="secondary"),
        step("start", _("启动专项行动"), ["frozen"], "running", Perm.CAMPAIGN_PLAN),
        step(
            "close",
            _("结束专项行动"),
            ["running"],
            "closed",
            Perm.CAMPAIGN_DECIDE,
            every_unit_finished,
            tone="success",
        ),
    ),
)

CAMPAIGN_UNIT_FLOW = Flow(
    "campaign-unit",
    _("专项行动单位"),
    states=(
        State("included", _("已列入"), _("由市局发起自查或安排检查。"), tone="neutral"),
        State(SELF, _("自查中"), _("企业自查提交后，由市局审核。"), tone="info"),
        State("reviewed", _("自查已审核"), _("由市局安排检查。"), tone="info"),
        State(ON_SITE, _("检查中"), _("检查结论审定后，按是否有问题进入整改或办结。"), tone="info"),
        State("rectifying", _("整改中"), _("全部问题销号后办结。"), tone="danger"),
        State("closed", _("整改办结"), _("发现的问题已全部销号。"), tone="success"),
        State("clean", _("无须整改"), _("已检查，没有需要整改的问题。"), tone="success"),
        State(EXTENDED, _("已延期"), _("按批准的期限继续办理。"), tone="warning"),
        State(TO_CASE, _("已转立案"), _("按案件办理，仍计入名单。"), tone="danger"),
        State(REMOVED, _("已移出"), _("不再检查，仍计入名单。"), tone="neutral"),
    ),
    steps=(),
)
"""No steps: a unit moves as a consequence of its self-inspection, inspections, findings, changes."""

CAMPAIGN_CHANGE_FLOW = Flow(
    "campaign-change",
    _("专项行动调整"),
    states=(
        State(
            "proposed",
            _("待批准"),
            _("由提出人以外的另一人批准或不予批准；批准前不生效。"),
            Perm.CAMPAIGN_DECIDE,
            5,
            tone="warning",
        ),
        State("approved", _("已批准"), _("调整已生效，原因留存。"), tone="success"),
        State("refused", _("不予批准"), _("名单和期限不变。"), tone="neutral"),
    ),
    steps=(
        step(
            "approve",
            _("批准调整"),
            ["proposed"],
            "approved",
            Perm.CAMPAIGN_DECIDE,
            not_by=("proposed_by",),
            tone="success",
        ),
        step(
            "refuse",
            _("不予批准"),
            ["proposed"],
            "refused",
            Perm.CAMPAIGN_DECIDE,
            not_by=("proposed_by",),
            tone="danger",
        ),
    ),
)
