"""The life of an inspection (检查), as data.

Administrative Penalty Law art. 42 and 55: at least two officers with certificates, who show them;
a record of the inspection, signed by whoever is inspected or with a note of the refusal.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step


def one_of_the_inspectors(inspection: Any, actor: Actor) -> object | None:
    """Only the people named for the inspection carry it out."""
    if not inspection.members.filter(user=actor.user).exists():
        return _("您不是本次检查的检查人员。")
    return None


def none_of_the_inspectors(inspection: Any, actor: Actor) -> object | None:
    """Nobody accepts the own work."""
    if inspection.members.filter(user=actor.user).exists():
        return _("您是本次检查的检查人员，须由另一人审定。")
    return None


def notified_when_on_site(inspection: Any, actor: Actor) -> object | None:
    """Nobody enters a plant without showing a notice; a desk inspection needs none."""
    if inspection.status == "planned" and inspection.manner == "on-site":
        return _("现场检查须先制作检查通知书。")
    return None


def nothing_disputed(inspection: Any, actor: Actor) -> object | None:
    """A record with two versions of one entry cannot be signed."""
    number = inspection.disputed().count()
    if number:
        return _("有 %(number)s 条记录存在两种填写，请先核对选定。") % {"number": number}
    return None


def signed_by_all(inspection: Any, actor: Actor) -> object | None:
    """Every inspector signs; the inspected sign, or a witness signs for their refusal."""
    if inspection.manner != "on-site":
        return None
    roles = [r.detail.get("role") for r in inspection.heads().filter(entry__kind="signature")]
    if roles.count("inspector") < inspection.members.count():
        return _("检查人员尚未全部签字。")
    if not {"inspected", "witness"} & set(roles):
        return _("被检查单位尚未签字；拒绝签字的，请由见证人签字并注明情况。")
    return None


INSPECTION_FLOW = Flow(
    "inspection",
    _("检查"),
    states=(
        State(
            "planned",
            _("已安排"),
            _("制作检查通知书；非现场检查可以直接开始。"),
            Perm.INSPECTION_DO,
            30,
            tone="warning",
        ),
        State(
            "notified",
            _("已通知"),
            _("检查人员到场出示执法证，开始检查。"),
            Perm.INSPECTION_DO,
            30,
            tone="info",
        ),
        State(
            "on-site",
            _("检查中"),
            _("逐项检查、拍照、调取材料，完成笔录并签字。"),
            Perm.INSPECTION_DO,
            15,
            tone="info",
        ),
        State(
            "signed",
            _("笔录已签字"),
            _("形成检查结论，发现的问题逐个登记。"),
            Perm.INSPECTION_DO,
            10,
            tone="warning",
            working=True,
        ),
        State(
            "concluded",
            _("待审定"),
            _("由检查人员以外的另一人审定检查结论。"),
            Perm.INSPECTION_APPROVE,
            5,
            tone="info",
            working=True,
        ),
        State("closed", _("已办结"), _("检查结论已审定，笔录和材料归档。"), tone="success"),
        State("cancelled", _("已取消"), _("未实施检查，原因已记录。"), tone="neutral"),
    ),
    steps=(
        step(
            "notify",
            _("制作检查通知书"),
            ["planned"],
            "notified",
            Perm.INSPECTION_DO,
            one_of_the_inspectors,
        ),
        step(
            "begin",
            _("开始检查"),
            ["planned", "notified"],
            "on-site",
            Perm.INSPECTION_DO,
            one_of_the_inspectors,
            notified_when_on_site,
        ),
        step(
            "sign",
            _("笔录签字完毕"),
            ["on-site"],
            "signed",
            Perm.INSPECTION_DO,
            one_of_the_inspectors,
            nothing_disputed,
            signed_by_all,
            tone="success",
        ),
        step(
            "reopen",
            _("重新打开笔录"),
            ["signed"],
            "on-site",
            Perm.INSPECTION_DO,
            one_of_the_inspectors,
            tone="secondary",
        ),
        step(
            "conclude",
            _("提交检查结论"),
            ["signed"],
            "concluded",
            Perm.INSPECTION_DO,
            one_of_the_inspectors,
        ),
        step(
            "approve",
            _("审定通过"),
            ["concluded"],
            "closed",
            Perm.INSPECTION_APPROVE,
            none_of_the_inspectors,
            not_by=("concluded_by",),
            tone="success",
        ),
        step(
            "return",
            _("退回补充"),
            ["concluded"],
            "signed",
            Perm.INSPECTION_APPROVE,
            none_of_the_inspectors,
            not_by=("concluded_by",),
            tone="danger",
        ),
        step(
            "cancel",
            _("取消检查"),
            ["planned", "notified"],
            "cancelled",
            Perm.INSPECTION_PLAN,
            tone="secondary",
        ),
    ),
)
