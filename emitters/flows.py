"""The lives of reports and questions, as data."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step

ANNUAL_REPORT_FLOW = Flow(
    "annual-report",
    _("年度排放报告"),
    states=(
        State(
            "awaited",
            _("待报告"),
            _("上传年度排放报告工作簿后，系统自动读取、复算和校核。"),
            Perm.REPORT_UPLOAD,
            tone="neutral",
        ),
        State("drafting", _("填报中"), _("改正问题、说明疑点后，由另一人提交。"), tone="info"),
        State("filed", _("已提交"), _("省级监管人员受理或退回。"), tone="warning"),
        State("accepted", _("已受理"), _("报告已受理，进入核查和配额核定。"), tone="success"),
    ),
    steps=(),
)


def no_fatal(version: Any, actor: Actor) -> object | None:
    """A report with a fatal result, or a check that failed to run, cannot go on until it is corrected."""
    if version.acceptance == "not_acceptable":
        return _("还有致命问题未改正：请更正工作簿并重新上传。")
    return None


def all_explained(version: Any, actor: Actor) -> object | None:
    """Every question needs an answer before the report goes out."""
    waiting = set(version.report.questions.filter(version=version).values_list("status", flat=True))
    if "open" in waiting:
        return _("还有疑点没有说明：请逐项说明，或更正后重新上传。")
    if "upheld" in waiting:
        return _("有疑点已认定成立：请更正工作簿并重新上传。")
    return None


def all_decided(version: Any, actor: Actor) -> object | None:
    """A report is accepted only when every question of it has been decided in its favour."""
    if version.report.questions.filter(
        version=version, status__in=["open", "explained", "upheld"]
    ).exists():
        return _("还有疑点没有认定，或已认定成立：须先认定，成立的须退回更正。")
    return None


REPORT_FLOW = Flow(
    "report",
    _("报告版本"),
    states=(
        State("received", _("已接收"), _("系统将自动读取文件，无须等待。"), tone="info"),
        State("reading", _("读取中"), _("读取完成后自动复算和校核。"), tone="info"),
        State("read", _("已读取"), _("随即复算和校核。"), tone="info"),
        State(
            "refused",
            _("未能读取"),
            _("按问题清单改正后重新上传，原文件留存。"),
            Perm.REPORT_UPLOAD,
            tone="danger",
        ),
        State(
            "checked",
            _("已校核"),
            _("说明疑点后，由上传人以外的另一人提交。"),
            Perm.REPORT_SUBMIT,
            tone="info",
        ),
        State(
            "submitted",
            _("已提交"),
            _("省级监管人员受理，或说明原因退回。"),
            Perm.REPORT_DECIDE,
            20,
            tone="warning",
        ),
        State(
            "returned",
            _("已退回"),
            _("按退回意见更正后重新上传，形成新版本。"),
            Perm.REPORT_UPLOAD,
            10,
            tone="danger",
        ),
        State("accepted", _("已受理"), _("作为该年度的有效报告。"), tone="success"),
        State("superseded", _("已被替代"), _("已有更新的版本，本版本留存备查。"), tone="neutral"),
    ),
    steps=(
        step(
            "submit",
            _("提交报告"),
            ["checked"],
            "submitted",
            Perm.REPORT_SUBMIT,
            no_fatal,
            all_explained,
            not_by=("uploaded_by",),
        ),
        step(
            "accept",
            _("受理报告"),
            ["submitted"],
            "accepted",
            Perm.REPORT_DECIDE,
            no_fatal,
            all_decided,
            not_by=("submitted_by", "uploaded_by"),
            tone="success",
        ),
        step("return", _("退回更正"), ["submitted"], "returned", Perm.REPORT_DECIDE, tone="danger"),
    ),
)

QUESTION_FLOW = Flow(
    "question",
    _("疑点"),
    states=(
        State(
            "open",
            _("待说明"),
            _("说明原因并附证据，或更正工作簿后重新上传。"),
            Perm.RESULT_EXPLAIN,
            15,
            tone="warning",
        ),
        State(
            "explained",
            _("待认定"),
            _("市级人员审阅说明和证据，认定可以解释或疑点成立。"),
            Perm.RESULT_DECIDE,
            10,
            tone="info",
        ),
        State("accepted", _("可以解释"), _("疑点解除，说明留存。"), tone="success"),
        State("upheld", _("疑点成立"), _("退回报告更正，必要时登记为问题。"), tone="danger"),
        State("cleared", _("已消除"), _("新版本或重新校核后不再出现该疑点。"), tone="success"),
        State("waived", _("已豁免"), _("豁免到期或被撤销后，疑点恢复。"), tone="neutral"),
    ),
    steps=(
        step("explain", _("说明疑点"), ["open"], "explained", Perm.RESULT_EXPLAIN),
        step(
            "accept",
            _("认定可以解释"),
            ["explained"],
            "accepted",
            Perm.RESULT_DECIDE,
            not_by=("explained_by",),
            tone="success",
        ),
        step(
            "uphold",
            _("认定疑点成立"),
            ["explained"],
            "upheld",
            Perm.RESULT_DECIDE,
            not_by=("explained_by",),
            tone="danger",
        ),
        step(
            "reopen", _("要求补充说明"), ["explained"], "open", Perm.RESULT_DECIDE, tone="secondary"
        ),
    ),
)

CLOSED_QUESTIONS = ("accepted", "upheld", "cleared", "waived")
"""States in which a question carries the code with which it was closed."""


def still_open(waiver: Any, actor: Actor) -> object | None:
    """A waiver is for data that nobody has judged yet, and for days to come."""
    if waiver.valid_to < timezone.localdate():
        return _("豁免期限已过，不能批准。")
    asked = waiver.report.questions.filter(fingerprint=waiver.fingerprint).first()
    if asked is not None and asked.status == "upheld":
        return _("该疑点已认定成立，须更正数据，不能豁免。")
    if asked is not None and asked.status == "accepted":
        return _("该疑点已认定可以解释，无须豁免。")
    return None


WAIVER_FLOW = Flow(
    "waiver",
    _("豁免"),
    states=(
        State(
            "proposed",
            _("待批准"),
            _("由省级人员批准或不予批准；批准前结果照常计分。"),
            Perm.WAIVER_DECIDE,
            10,
            tone="warning",
        ),
        State(
            "in_force",
            _("豁免中"),
            _("结果照常显示，不计入风险分；到期自动恢复，也可以提前撤销。"),
            tone="success",
        ),
        State("refused", _("不予批准"), _("结果照常计分。"), tone="neutral"),
        State("ended", _("已到期"), _("结果恢复计分。"), tone="neutral"),
        State("revoked", _("已撤销"), _("结果恢复计分。"), tone="danger"),
    ),
    steps=(
        step(
            "approve",
            _("批准豁免"),
            ["proposed"],
            "in_force",
            Perm.WAIVER_DECIDE,
            still_open,
            not_by=("proposed_by",),
            tone="success",
        ),
        step(
            "refuse",
            _("不予批准"),
            ["proposed"],
            "refused",
            Perm.WAIVER_DECIDE,
            not_by=("proposed_by",),
            tone="danger",
        ),
        step("revoke", _("撤销豁免"), ["in_force"], "revoked", Perm.WAIVER_DECIDE, tone="danger"),
    ),
)


def all_settled(scheme: Any, actor: Actor) -> object | None:
    """A scheme settles every parameter that the report rests on."""
    from_meters = {"gen", "hours"}
    for item in scheme.items.all():
        if not item.frequency or (item.parameter in from_meters and not item.meter):
            return _("还有参数没有填写频次或计量器具，请补齐后提交。")
    return None


SCHEME_FLOW = Flow(
    "scheme",
    _("数据质量控制方案"),
    states=(
        State(
            "draft",
            _("编制中"),
            _("逐项填写后提交，由另一人批准。"),
            Perm.SCHEME_EDIT,
            tone="info",
        ),
        State(
            "submitted",
            _("待批准"),
            _("批准后生效，或退回修改。"),
            Perm.SCHEME_APPROVE,
            10,
            tone="warning",
        ),
        State(
            "returned",
            _("已退回"),
            _("按意见修改后重新提交。"),
            Perm.SCHEME_EDIT,
            10,
            tone="danger",
        ),
        State(
            "in_force", _("现行"), _("按方案获取数据；情况变化时修订，形成新版本。"), tone="success"
        ),
        State("superseded", _("已被替代"), _("留存备查。"), tone="neutral"),
    ),
    steps=(
        step(
            "submit",
            _("提交批准"),
            ["draft", "returned"],
            "submitted",
            Perm.SCHEME_EDIT,
            all_settled,
        ),
        step(
            "approve",
            _("批准方案"),
            ["submitted"],
            "in_force",
            Perm.SCHEME_APPROVE,
            not_by=("drafted_by",),
            tone="success",
        ),
        step(
            "return", _("退回修改"), ["submitted"], "returned", Perm.SCHEME_APPROVE, tone="danger"
        ),
    ),
)
