"""The life of an entry in the register of inspectors (执法人员名录), as data."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step


def somebody_else(inspector: Any, actor: Actor) -> object | None:
    """Nobody keeps the own entry."""
    if inspector.user_id == actor.user.pk:
        return _("本人的名录信息和回避情形须由另一人办理。")
    return None


INSPECTOR_FLOW = Flow(
    "inspector",
    _("执法人员"),
    states=(
        State("listed", _("在册"), _("执法证有效且没有回避情形的，可以安排检查。"), tone="success"),
        State("withdrawn", _("已退出"), _("不再安排检查；以往检查记录不变。"), tone="neutral"),
    ),
    steps=(
        step(
            "renew",
            _("换证或更正"),
            ["listed"],
            "listed",
            Perm.INSPECTOR_KEEP,
            somebody_else,
        ),
        step(
            "withdraw",
            _("退出名录"),
            ["listed"],
            "withdrawn",
            Perm.INSPECTOR_KEEP,
            somebody_else,
            tone="danger",
        ),
    ),
)
