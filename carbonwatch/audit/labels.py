"""Words for the codes of the ledger: the steps of every flow, and the acts outside flows."""

from functools import lru_cache

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from carbonwatch.workflow.flow import Flow

PLAIN: dict[str, object] = {
    "refused": _("越权操作被拒绝"),
    "read": _("读取文件"),
    "demo.peopled": _("建立演示机构和人员"),
    "demo.registered": _("登记演示单位和机组"),
    "report.rescored": _("重新计算风险分"),
    "document.attach": _("上传附件"),
    "document.issue": _("制作文书"),
    "sign-in.done": _("登录"),
    "sign-in.failed": _("登录失败"),
    "sign-in.locked": _("账号锁定"),
    "sign-in.refused": _("登录被拒绝"),
    "sign-out.done": _("退出登录"),
    "password.changed": _("修改密码"),
    "organisation.created": _("新增机构"),
    "organisation.closed": _("停用机构"),
    "organisation.reopened": _("恢复机构"),
    "account.created": _("新增账号"),
    "account.closed": _("停用账号"),
    "account.reopened": _("恢复账号"),
    "account.password-reset": _("重置密码"),
    "account.unlocked": _("解除锁定"),
    "sessions.ended": _("结束会话"),
    "membership.granted": _("授予岗位"),
    "membership.revoked": _("收回岗位"),
    "token.created": _("签发接口令牌"),
    "token.revoked": _("收回接口令牌"),
    "ledger.verified": _("验证台账"),
    "ledger.exported": _("导出台账"),
    "report.recheck": _("重新校核"),
    "report.recheck_year": _("重新校核整个年度"),
    "self-inspection.save": _("保存自查回答"),
    "conclusion.write": _("编写核查结论"),
    "conclusion.sign": _("签署核查结论"),
    "finding.take-over": _("并入另一问题的内容"),
    "tip.author-read": _("查看举报人信息"),
    "inspection.write": _("写入现场检查笔录"),
    "workplan.write": _("编写执法工作计划"),
    "inspector.conflict": _("登记回避情形"),
    "inspector.conflict-end": _("终止回避情形"),
    "finding.extend": _("问题 · 延长整改期限"),
    "finding.correct": _("问题 · 附更正版本"),
    "finding.climb": _("问题 · 升级督办"),
    "measure.climb": _("整改措施 · 升级督办"),
    "measure.share": _("整改措施 · 并入另一问题"),
    "measure.extend": _("整改措施 · 延长期限"),
    "draw.exclude": _("排除抽查单位"),
    "draw.arrange": _("按抽取结果安排检查"),
}


@lru_cache(maxsize=1)
def _flow_words() -> dict[str, tuple[object, object]]:
    flows = {
        f.code: f for m in apps.get_models() if isinstance(f := getattr(m, "flow", None), Flow)
    }
    words: dict[str, tuple[object, object]] = {}
    for flow in flows.values():
        words.update({f"{flow.code}.{s.code}": (flow.label, s.label) for s in flow.states})
        words[f"{flow.code}.start"] = (flow.label, _("登记"))
        words.update({f"{flow.code}.{s.code}": (flow.label, s.label) for s in flow.steps})
    return words


def label_of(code: str) -> object:
    """The words for a code; the code itself when nobody has named it."""
    if code in PLAIN:
        return PLAIN[code]
    pair = _flow_words().get(code)
    return f"{pair[0]} · {pair[1]}" if pair else code


def known_actions() -> list[tuple[str, object]]:
    """Every named code with its words, for a filter."""
    return [(code, label_of(code)) for code in sorted([*PLAIN, *_flow_words()])]
