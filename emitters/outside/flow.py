"""The life of a file of outside records, as data."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step


def by_its_provider(file: Any, actor: Actor) -> object | None:
    """Records are evidence of their source: nobody else puts them right or takes them back."""
    if actor.organisation.pk != file.provider_id:
        return _("只有提供单位可以办理。")
    return None


OUTSIDE_FLOW = Flow(
    "outside",
    _("部门数据文件"),
    states=(
        State("received", _("已接收"), _("系统将自动读取文件，无须等待。"), tone="info"),
        State(
            "asking",
            _("待对应列"),
            _("有的列名系统不认识：指明各列是什么，以后同样的列名不再询问。"),
            Perm.OUTSIDE_IMPORT,
            5,
            tone="warning",
        ),
        State("reading", _("读取中"), _("按对应关系重新读取文件。"), tone="info"),
        State(
            "refused",
            _("未能导入"),
            _("按问题清单改正后重新上传并选择替换本文件；列对应有误的，可重新对应。"),
            Perm.OUTSIDE_IMPORT,
            10,
            tone="danger",
        ),
        State("in_force", _("有效"), _("用于校核；有误时上传更正后的文件替换。"), tone="success"),
        State("replaced", _("已被替换"), _("已有更正后的文件，本文件留存备查。"), tone="neutral"),
        State("withdrawn", _("已撤回"), _("不再用于校核，留存备查。"), tone="neutral"),
    ),
    steps=(
        step(
            "map",
            _("对应列"),
            ["asking", "refused"],
            "reading",
            Perm.OUTSIDE_IMPORT,
            by_its_provider,
        ),
        step(
            "discard",
            _("放弃导入"),
            ["asking", "refused"],
            "withdrawn",
            Perm.OUTSIDE_IMPORT,
            by_its_provider,
            tone="outline-secondary",
        ),
        step(
            "withdraw",
            _("撤回"),
            ["in_force"],
            "withdrawn",
            Perm.OUTSIDE_IMPORT,
            by_its_provider,
            tone="danger",
        ),
    ),
)
