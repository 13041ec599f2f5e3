"""The lives of cases (案件) and public notices (公开通报), as data."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step

CASE_FLOW = Flow(
    "case",
    _("案件"),
    states=(
        State(
            "proposed",
            _("立案审批中"),
            _("由提请人以外的另一人审批：立案，或不予立案。"),
            Perm.CASE_DECIDE,
            7,  # days; the Administrative Penalty Law leaves the filing to the authority's rules
            tone="warning",
        ),
        State("filed", _("已立案"), _("进入调查取证。"), tone="danger"),
        State("refused", _("不予立案"), _("不立案，材料和理由留存。"), tone="neutral"),
    ),
    steps=(
        step(
            "file",
            _("批准立案"),
            ["proposed"],
            "filed",
            Perm.CASE_DECIDE,
            not_by=("opened_by",),
            tone="danger",
        ),
        step(
            "refuse",
            _("不予立案"),
            ["proposed"],
            "refused",
            Perm.CASE_DECIDE,
            not_by=("opened_by",),
            tone="secondary",
        ),
    ),
)

SEEN_BY_UNIT = ("filed",)

_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_CITIZEN = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")


def no_personal_data(notice: Any, actor: Actor) -> object | None:
    """Personal Information Protection Law: nothing that identifies a private person goes public."""
    text = f"{notice.title}\n{notice.body}"
    if _MOBILE.search(text) or any(ric.is_valid(n) for n in _CITIZEN.findall(text)):
        return _("正文含有疑似居民身份证号码或手机号码：请退回修改，删除后再公开。")
    return None


NOTICE_FLOW = Flow(
    "notice",
    _("公开通报"),
    states=(
        State(
            "drafted",
            _("待批准"),
            _("由起草人以外的另一人批准公开，或说明原因退回修改。"),
            Perm.NOTICE_PUBLISH,
            7,
            tone="warning",
        ),
        State(
            "returned",
            _("已退回修改"),
            _("按意见修改后重新送审，或撤销。"),
            Perm.NOTICE_DRAFT,
            7,
            tone="danger",
        ),
        State("published", _("已公开"), _("社会公众无需登录即可查看。"), tone="success"),
        State("withdrawn", _("已撤下"), _("不再公开，全文和撤下原因留存。"), tone="neutral"),
    ),
    steps=(
        step(
            "publish",
            _("批准公开"),
            ["drafted"],
            "published",
            Perm.NOTICE_PUBLISH,
            no_personal_data,
            not_by=("drafted_by", "revised_by"),
            tone="success",
        ),
        step("return", _("退回修改"), ["drafted"], "returned", Perm.NOTICE_PUBLISH, tone="danger"),
        step("revise", _("修改并重新送审"), ["returned"], "drafted", Perm.NOTICE_DRAFT),
        step(
            "discard",
            _("撤销"),
            ["drafted", "returned"],
            "withdrawn",
            Perm.NOTICE_DRAFT,
            tone="secondary",
        ),
        step(
            "withdraw",
            _("撤下通报"),
            ["published"],
            "withdrawn",
            Perm.NOTICE_PUBLISH,
            tone="danger",
        ),
    ),
)
