"""What a person may do: roles are plain lists of permissions.

Whose objects they may do it to is another question: `carbonwatch.accounts.scoping`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrgKind(models.TextChoices):
    """Kinds of organisations (design §2)."""

    PROVINCE = "province", _("省双碳工作机构")
    ECOLOGY = "ecology", _("省生态环境厅")
    DRC = "drc", _("省发展改革委")
    SASAC = "sasac", _("省国资委")
    MARKET = "market", _("省市场监管局")
    CITY = "city", _("市生态环境局")
    UNIT = "unit", _("重点排放单位")
    VERIFIER = "verifier", _("核查机构")
    LABORATORY = "laboratory", _("检测机构")
    CONSULTANCY = "consultancy", _("咨询机构")
    PLATFORM = "platform", _("平台运维")


AGENCIES = (OrgKind.VERIFIER, OrgKind.LABORATORY, OrgKind.CONSULTANCY)
PROVINCIAL = (OrgKind.PROVINCE, OrgKind.ECOLOGY, OrgKind.DRC, OrgKind.SASAC, OrgKind.MARKET)


class Perm(models.TextChoices):
    """One right each; a page, step or endpoint names exactly one."""

    # Everybody with an account
    HOME = "home", _("使用工作台")
    PARAMETER_VIEW = "parameter.view", _("查看参数")
    CHECK_VIEW = "check.view", _("查看校核规则")
    # Emitters
    UNIT_VIEW = "unit.view", _("查看重点排放单位")
    REPORT_VIEW = "report.view", _("查看排放报告")
    REPORT_UPLOAD = "report.upload", _("上传排放报告")
    REPORT_SUBMIT = "report.submit", _("提交排放报告")
    REPORT_DECIDE = "report.decide", _("受理或退回排放报告")
    RESULT_EXPLAIN = "result.explain", _("说明校核疑点")
    RESULT_DECIDE = "result.decide", _("认定校核疑点")
    WAIVER_VIEW = "waiver.view", _("查看豁免")
    WAIVER_PROPOSE = "waiver.propose", _("提出豁免")
    WAIVER_DECIDE = "waiver.decide", _("批准或撤销豁免")
    OUTSIDE_VIEW = "outside.view", _("查看部门数据")
    OUTSIDE_IMPORT = "outside.import", _("导入部门数据")
    SCHEME_VIEW = "scheme.view", _("查看数据质量控制方案")
    SCHEME_EDIT = "scheme.edit", _("编制数据质量控制方案")
    SCHEME_APPROVE = "scheme.approve", _("批准数据质量控制方案")
    THRESHOLD_VIEW = "threshold.view", _("查看阈值调整")
    THRESHOLD_PROPOSE = "threshold.propose", _("提出阈值调整")
    THRESHOLD_DECIDE = "threshold.decide", _("批准阈值调整")
    # Verification
    ASSIGNMENT_VIEW = "assignment.view", _("查看核查任务")
    ASSIGNMENT_MAKE = "assignment.make", _("下达核查任务")
    ASSIGNMENT_ACCEPT = "assignment.accept", _("承接核查任务")
    CONCLUSION_EDIT = "conclusion.edit", _("编写核查结论")
    CONCLUSION_SIGN = "conclusion.sign", _("签署核查结论")
    CONCLUSION_SUBMIT = "conclusion.submit", _("提交核查结论")
    CONCLUSION_DECIDE = "conclusion.decide", _("接收或退回核查结论")
    # Inspections
    FINDING_VIEW = "finding.view", _("查看问题")
    FINDING_REGISTER = "finding.register", _("登记问题")
    FINDING_CONFIRM = "finding.confirm", _("确认问题")
    FINDING_ORDER = "finding.order", _("下达责令改正通知书")
    FINDING_ANSWER = "finding.answer", _("提交整改答复")
    FINDING_REVIEW = "finding.review", _("审查整改答复")
    FINDING_CORRECT = "finding.correct", _("附更正版本")
    FINDING_SUPERVISE = "finding.supervise", _("督办逾期整改")
    INSPECTION_VIEW = "inspection.view", _("查看检查")
    INSPECTION_PLAN = "inspection.plan", _("安排检查")
    INSPECTION_DO = "inspection.do", _("实施检查")
    INSPECTION_APPROVE = "inspection.approve", _("审定检查结论")
    TIP_VIEW = "tip.view", _("查看举报线索")
    TIP_TRIAGE = "tip.triage", _("受理举报、指定承办人、办结")
    TIP_HANDLE = "tip.handle", _("承办举报")
    INSPECTOR_KEEP = "inspector.keep", _("管理执法人员名录")
    WORKPLAN_VIEW = "workplan.view", _("查看执法工作计划")
    WORKPLAN_EDIT = "workplan.edit", _("编制执法工作计划")
    WORKPLAN_APPROVE = "workplan.approve", _("批准执法工作计划")
    SELF_VIEW = "self.view", _("查看自查自纠")
    SELF_ANSWER = "self.answer", _("填写自查问卷")
    SELF_SUBMIT = "self.submit", _("提交自查结果")
    SELF_REVIEW = "self.review", _("审核自查结果")
    SELF_DRAFT = "self.draft", _("编制自查问卷和共性问题")
    SELF_PUBLISH = "self.publish", _("发布自查问卷和共性问题")
    QUARTER_VIEW = "quarter.view", _("查看日常监管季报")
    QUARTER_DRAFT = "quarter.draft", _("起草和报送日常监管季报")
    QUARTER_REVIEW = "quarter.review", _("审核日常监管季报")
    QUARTER_SIGN = "quarter.sign", _("签发日常监管季报")
    CAMPAIGN_VIEW = "campaign.view", _("查看专项行动")
    CAMPAIGN_PLAN = "campaign.plan", _("拟订和启动专项行动")
    CAMPAIGN_WORK = "campaign.work", _("组织名单内单位自查、提出调整")
    CAMPAIGN_DECIDE = "campaign.decide", _("批准专项行动和调整")
    # Enforcement
    CASE_VIEW = "case.view", _("查看案件")
    CASE_OPEN = "case.open", _("提请立案")
    CASE_DECIDE = "case.decide", _("审批立案")
    NOTICE_VIEW = "notice.view", _("查看公开通报")
    NOTICE_DRAFT = "notice.draft", _("起草公开通报")
    NOTICE_PUBLISH = "notice.publish", _("批准公开通报")
    # Supervision and administration
    DASHBOARD_VIEW = "dashboard.view", _("查看监管总览")
    LEDGER_VIEW = "ledger.view", _("查看审计台账")
    ACCOUNT_MANAGE = "account.manage", _("管理机构和账号")
    GRANT_MANAGE = "grant.manage", _("管理授权和安全策略")
    JOB_VIEW = "job.view", _("查看后台任务")


class Role(models.TextChoices):
    """Posts that a person can hold in an organisation."""

    PROVINCE_SUPERVISOR = "province.supervisor", _("省级监管人员")
    PROVINCE_APPROVER = "province.approver", _("省级审批人")
    PROVINCE_CASE_OFFICER = "province.case_officer", _("省级办案人员")
    PROVINCE_AUDITOR = "province.auditor", _("省级审计人员")
    DEPARTMENT_SUPERVISOR = "department.supervisor", _("部门监管人员")
    CITY_INSPECTOR = "city.inspector", _("市级检查人员")
    CITY_REVIEWER = "city.reviewer", _("市级审核人员")
    CITY_CHIEF = "city.chief", _("市级负责人")
    UNIT_FILLER = "unit.filler", _("填报人")
    UNIT_CHECKER = "unit.checker", _("复核人")
    UNIT_APPROVER = "unit.approver", _("批准人")
    AGENCY_MEMBER = "agency.member", _("核查组成员")
    AGENCY_LEAD = "agency.lead", _("核查组长")
    AGENCY_REVIEWER = "agency.reviewer", _("技术复核人")
    AGENCY_MANAGER = "agency.manager", _("机构负责人")
    SYSTEM_ADMIN = "platform.system", _("系统管理员")
    SECURITY_ADMIN = "platform.security", _("安全管理员")
    AUDIT_ADMIN = "platform.audit", _("审计管理员")


_P = Perm
_COMMON = [_P.HOME, _P.PARAMETER_VIEW, _P.CHECK_VIEW]
_LOOK = [*_COMMON, _P.UNIT_VIEW, _P.REPORT_VIEW, _P.OUTSIDE_VIEW]
_GOVERN = [
    *_LOOK,
    _P.WAIVER_VIEW,
    _P.SCHEME_VIEW,
    _P.ASSIGNMENT_VIEW,
    _P.FINDING_VIEW,
    _P.INSPECTION_VIEW,
    _P.WORKPLAN_VIEW,
    _P.SELF_VIEW,
    _P.CAMPAIGN_VIEW,
    _P.CASE_VIEW,
    _P.NOTICE_VIEW,
    _P.DASHBOARD_VIEW,
]
_AGENCY = [*_LOOK, _P.ASSIGNMENT_VIEW, _P.SELF_VIEW]

GRANTS: dict[str, frozenset[str]] = {
    role: frozenset(perms)
    for role, perms in {
        Role.PROVINCE_SUPERVISOR: [
            *_GOVERN,
            _P.OUTSIDE_IMPORT,
            _P.REPORT_DECIDE,
            _P.RESULT_DECIDE,
            _P.WAIVER_DECIDE,
            _P.THRESHOLD_VIEW,
            _P.THRESHOLD_PROPOSE,
            _P.ASSIGNMENT_MAKE,
            _P.CONCLUSION_DECIDE,
            _P.FINDING_REGISTER,
            _P.FINDING_CONFIRM,
            _P.FINDING_REVIEW,
            _P.FINDING_CORRECT,
            _P.FINDING_SUPERVISE,
            _P.INSPECTION_PLAN,
            _P.INSPECTION_DO,
            _P.TIP_VIEW,
            _P.TIP_TRIAGE,
            _P.TIP_HANDLE,
            _P.INSPECTOR_KEEP,
            _P.WORKPLAN_EDIT,
            _P.CASE_OPEN,
            _P.NOTICE_DRAFT,
            _P.SELF_REVIEW,
            _P.SELF_DRAFT,
            _P.QUARTER_VIEW,
            _P.QUARTER_DRAFT,
            _P.QUARTER_REVIEW,
            _P.CAMPAIGN_PLAN,
            _P.CAMPAIGN_WORK,
        ],
        Role.PROVINCE_APPROVER: [
            *_GOVERN,
            _P.INSPECTION_APPROVE,
            _P.WORKPLAN_APPROVE,
            _P.TIP_VIEW,
            _P.TIP_TRIAGE,
            _P.FINDING_SUPERVISE,
            _P.REPORT_DECIDE,
            _P.WAIVER_DECIDE,
            _P.THRESHOLD_VIEW,
            _P.THRESHOLD_DECIDE,
            _P.CONCLUSION_DECIDE,
            _P.CASE_DECIDE,
            _P.NOTICE_PUBLISH,
            _P.SELF_PUBLISH,
            _P.QUARTER_VIEW,
            _P.QUARTER_SIGN,
            _P.CAMPAIGN_DECIDE,
        ],
        Role.PROVINCE_CASE_OFFICER: [*_GOVERN, _P.CASE_OPEN, _P.NOTICE_DRAFT, _P.QUARTER_VIEW],
        Role.PROVINCE_AUDITOR: [*_COMMON, _P.LEDGER_VIEW],
        Role.DEPARTMENT_SUPERVISOR: [*_GOVERN, _P.OUTSIDE_IMPORT],
        Role.CITY_INSPECTOR: [
            *_GOVERN,
            _P.OUTSIDE_IMPORT,
            _P.FINDING_REGISTER,
            _P.FINDING_ORDER,
            _P.FINDING_REVIEW,
            _P.FINDING_CORRECT,
            _P.INSPECTION_PLAN,
            _P.INSPECTION_DO,
            _P.TIP_VIEW,
            _P.TIP_HANDLE,
            _P.RESULT_DECIDE,
            _P.SELF_REVIEW,
            _P.CAMPAIGN_WORK,
        ],
        Role.CITY_REVIEWER: [
            *_GOVERN,
            _P.FINDING_CONFIRM,
            _P.FINDING_REVIEW,
            _P.FINDING_CORRECT,
            _P.RESULT_DECIDE,
            _P.WAIVER_PROPOSE,
            _P.SELF_REVIEW,
        ],
        Role.CITY_CHIEF: [
            *_GOVERN,
            _P.FINDING_CONFIRM,
            _P.FINDING_ORDER,
            _P.FINDING_REVIEW,
            _P.FINDING_CORRECT,
            _P.FINDING_SUPERVISE,
            _P.INSPECTION_PLAN,
            _P.INSPECTION_APPROVE,
            _P.INSPECTOR_KEEP,
            _P.RESULT_DECIDE,
            _P.WAIVER_PROPOSE,
            _P.SELF_REVIEW,
            _P.CAMPAIGN_WORK,
        ],
        Role.UNIT_FILLER: [
            *_LOOK,
            _P.WAIVER_VIEW,
            _P.OUTSIDE_IMPORT,
            _P.SCHEME_VIEW,
            _P.SCHEME_EDIT,
            _P.REPORT_UPLOAD,
            _P.RESULT_EXPLAIN,
            _P.FINDING_VIEW,
            _P.CASE_VIEW,
            _P.FINDING_ANSWER,
            _P.FINDING_CORRECT,
            _P.SELF_VIEW,
            _P.CAMPAIGN_VIEW,
            _P.SELF_ANSWER,
        ],
        Role.UNIT_CHECKER: [
            *_LOOK,
            _P.WAIVER_VIEW,
            _P.SCHEME_VIEW,
            _P.SCHEME_EDIT,
            _P.REPORT_UPLOAD,
            _P.REPORT_SUBMIT,
            _P.RESULT_EXPLAIN,
            _P.FINDING_VIEW,
            _P.CASE_VIEW,
            _P.SELF_VIEW,
            _P.CAMPAIGN_VIEW,
            _P.SELF_ANSWER,
        ],
        Role.UNIT_APPROVER: [
            *_LOOK,
            _P.WAIVER_VIEW,
            _P.SCHEME_VIEW,
            _P.SCHEME_APPROVE,
            _P.REPORT_SUBMIT,
            _P.FINDING_VIEW,
            _P.CASE_VIEW,
            _P.FINDING_ANSWER,
            _P.FINDING_CORRECT,
            _P.SELF_VIEW,
            _P.CAMPAIGN_VIEW,
            _P.SELF_SUBMIT,
        ],
        Role.AGENCY_MEMBER: [
            *_AGENCY,
            _P.OUTSIDE_IMPORT,
            _P.CONCLUSION_EDIT,
            _P.CONCLUSION_SIGN,
            _P.SELF_ANSWER,
        ],
        Role.AGENCY_LEAD: [
            *_AGENCY,
            _P.OUTSIDE_IMPORT,
            _P.ASSIGNMENT_ACCEPT,
            _P.CONCLUSION_EDIT,
            _P.CONCLUSION_SIGN,
            _P.CONCLUSION_SUBMIT,
            _P.SELF_ANSWER,
        ],
        Role.AGENCY_REVIEWER: [*_AGENCY, _P.CONCLUSION_SIGN],
        Role.AGENCY_MANAGER: [
            *_AGENCY,
            _P.ASSIGNMENT_ACCEPT,
            _P.CONCLUSION_SIGN,
            _P.CONCLUSION_SUBMIT,
            _P.SELF_SUBMIT,
        ],
        Role.SYSTEM_ADMIN: [_P.HOME, _P.ACCOUNT_MANAGE, _P.JOB_VIEW],
        Role.SECURITY_ADMIN: [_P.HOME, _P.GRANT_MANAGE],
        Role.AUDIT_ADMIN: [_P.HOME, _P.LEDGER_VIEW],
    }.items()
}

ROLES_OF: dict[str, tuple[str, ...]] = {
    OrgKind.PROVINCE: (
        Role.PROVINCE_SUPERVISOR,
        Role.PROVINCE_APPROVER,
        Role.PROVINCE_CASE_OFFICER,
        Role.PROVINCE_AUDITOR,
    ),
    **dict.fromkeys(
        (OrgKind.ECOLOGY, OrgKind.DRC, OrgKind.SASAC, OrgKind.MARKET), (Role.DEPARTMENT_SUPERVISOR,)
    ),
    OrgKind.CITY: (Role.CITY_INSPECTOR, Role.CITY_REVIEWER, Role.CITY_CHIEF),
    OrgKind.UNIT: (Role.UNIT_FILLER, Role.UNIT_CHECKER, Role.UNIT_APPROVER),
    **dict.fromkeys(
        AGENCIES, (Role.AGENCY_MEMBER, Role.AGENCY_LEAD, Role.AGENCY_REVIEWER, Role.AGENCY_MANAGER)
    ),
    OrgKind.PLATFORM: (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
}
