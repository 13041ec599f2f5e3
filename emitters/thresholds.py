"""Changing a threshold: which parameters may be changed this way, and the life of a proposal.

A threshold is a dated parameter of a check (`check.<CODE>.<name>`) or of the risk score (`score.*`).
A check is retired by the dated parameter `check.<CODE>.retired`.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.checks.registry import Check, get_check
from carbonwatch.workflow.flow import Flow, State, step

PREFIXES = ("check.", "score.")


def adjustable(keys: Iterable[str]) -> list[str]:
    """The keys that a proposal may change, in order."""
    return sorted(k for k in keys if k.startswith(PREFIXES))


def first_year(begins: date) -> int:
    """The first reporting year that a threshold from that day on is used for.

    A year is judged whole, by the thresholds in force on its first day: nobody is measured by a
    yardstick that came in after the year had begun, and no year by two.
    """
    return begins.year if begins == date(begins.year, 1, 1) else begins.year + 1


def check_of(key: str) -> Check | None:
    """The check whose threshold a key is; None for the score and for what is no threshold."""
    prefix, _dot, rest = key.partition(".")
    if prefix != "check":
        return None
    try:
        return get_check(rest.partition(".")[0])
    except KeyError:
        return None


def parse(text: str) -> Any:
    """A value as people write it: JSON, or plain text where that is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()


def same_kind(old: Any, new: Any) -> bool:
    """Whether a value has the form of the one that it replaces: a number for a number, the same names
    in a table, a list for a list."""
    if isinstance(old, bool) or isinstance(new, bool):
        return isinstance(old, bool) and isinstance(new, bool)
    if isinstance(old, int | float | Decimal):
        return isinstance(new, int | float | Decimal)
    if isinstance(old, Mapping):
        return (
            isinstance(new, Mapping)
            and old.keys() == new.keys()
            and all(same_kind(old[k], new[k]) for k in old)
        )
    if isinstance(old, list):
        return isinstance(new, list) and all(same_kind(old[0], v) for v in new if old)
    return isinstance(new, type(old))


def is_fresh(proposal: Any, actor: Actor) -> object | None:
    """What is approved must be what was shown."""
    if proposal.stale:
        return _("试算之后数据或参数已变化，试算结果不再准确，请重新试算。")
    if proposal.totals.get("crashed"):
        return _("试算中有规则执行失败，不能批准。")
    return None


THRESHOLD_FLOW = Flow(
    "threshold",
    _("阈值调整"),
    states=(
        State(
            "suggested",
            _("系统建议"),
            _("由省级监管人员决定是否提出；系统不会自行停用任何规则。"),
            Perm.THRESHOLD_PROPOSE,
            30,
            tone="warning",
        ),
        State("proposed", _("试算中"), _("对存量报告试算，完成后送另一人批准。"), tone="info"),
        State(
            "failed",
            _("试算未完成"),
            _("可重新试算或撤回。"),
            Perm.THRESHOLD_PROPOSE,
            10,
            tone="danger",
        ),
        State(
            "tried",
            _("待批准"),
            _("由另一人查看试算结果后决定；批准前什么都不改变。"),
            Perm.THRESHOLD_DECIDE,
            15,
            tone="warning",
        ),
        State(
            "in_force",
            _("已批准"),
            _("自首个适用年度的报告起按新值校核，受影响的报告自动重新校核。"),
            tone="success",
        ),
        State("refused", _("未采纳"), _("维持原值。"), tone="neutral"),
        State("withdrawn", _("已撤回"), _("维持原值。"), tone="neutral"),
    ),
    steps=(
        step("adopt", _("提出停用"), ["suggested"], "proposed", Perm.THRESHOLD_PROPOSE),
        step(
            "dismiss",
            _("不提出"),
            ["suggested"],
            "refused",
            Perm.THRESHOLD_PROPOSE,
            tone="secondary",
        ),
        step(
            "retry",
            _("重新试算"),
            ["tried", "failed"],
            "proposed",
            Perm.THRESHOLD_VIEW,
            tone="secondary",
        ),
        step(
            "approve",
            _("批准"),
            ["tried"],
            "in_force",
            Perm.THRESHOLD_DECIDE,
            is_fresh,
            not_by=("proposed_by",),
            tone="success",
        ),
        step(
            "refuse",
            _("不予采纳"),
            ["tried"],
            "refused",
            Perm.THRESHOLD_DECIDE,
            not_by=("proposed_by",),
            tone="danger",
        ),
        step(
            "withdraw",
            _("撤回"),
            ["proposed", "tried", "failed"],
            "withdrawn",
            Perm.THRESHOLD_PROPOSE,
            tone="secondary",
        ),
    ),
)
