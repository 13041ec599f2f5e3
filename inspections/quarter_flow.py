"""The life of a quarterly supervision report (日常监管季报), as data."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step


def quarter_is_over(report: Any, actor: Actor) -> object | None:
    """A report speaks of the whole quarter: its figures are made after the last day."""
    if timezone.now() < report.period.end:
        return _("本季度尚未结束，结束后方可送审。")
    if report.standing.made_at < report.period.end:
        return _("数据是在季度结束前生成的，请先重新生成数据。")
    return None


def text_is_written(report: Any, actor: Actor) -> object | None:
    """Figures alone are no report."""
    if not report.overview or not report.next_steps:
        return _("请先填写总体情况和下一步工作。")
    return None


QUARTER_FLOW = Flow(
    "quarter",
    _("日常监管季报"),
    states=(
        State(
            "draft",
            _("起草中"),
            _("核对数据、填写文字，由起草人以外的另一人审核。"),
            Perm.QUARTER_DRAFT,
            15,
            tone="warning",
        ),
        State(
            "reviewed",
            _("已审核"),
            _("由领导签发：编文号，数据从此不再变化。"),
            Perm.QUARTER_SIGN,
            5,
            tone="info",
        ),
        State(
            "signed",
            _("已签发"),
            _("报送生态环境部，登记报送日期和方式。"),
            Perm.QUARTER_DRAFT,
            5,
            tone="info",
        ),
        State("sent", _("已报送"), _("数据和明细留存备查。"), tone="success"),
    ),
    steps=(
        step("refresh", _("重新生成数据"), ["draft"], "draft", Perm.QUARTER_DRAFT, tone="secondary"),
        step("write", _("填写文字"), ["draft"], "draft", Perm.QUARTER_DRAFT),
        step(
            "review",
            _("审核通过"),
            ["draft"],
            "reviewed",
            Perm.QUARTER_REVIEW,
            quarter_is_over,
            text_is_written,
            not_by=("drafted_by", "written_by"),
            tone="success",
        ),
        step(
            "return", _("退回修改"), ["reviewed"], "draft", Perm.QUARTER_SIGN, tone="danger"
        ),
        step(
            "sign",
            _("签发"),
            ["reviewed"],
            "signed",
            Perm.QUARTER_SIGN,
            not_by=("drafted_by", "written_by", "reviewed_by"),
            tone="success",
        ),
        step("send", _("登记报送"), ["signed"], "sent", Perm.QUARTER_DRAFT),
    ),
)  # fmt: skip
