"""Sections of the quarterly report: reports of the units, and what their checks found."""

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from carbonwatch.audit.models import AuditEvent
from carbonwatch.checks.registry import Severity
from carbonwatch.params.regions import REGION_CHOICES
from emitters.models import AnnualReport, CheckResult, CheckRun, Question, ReportVersion
from inspections.quarterly.period import Period
from inspections.quarterly.registry import By, Figure, Section

# What is stored of an item goes into a document: not translated.
_YEAR = Concat(Cast(F("year"), CharField()), Value("年度排放报告"))
_VERSION = Concat(
    Cast(F("report__year"), CharField()),
    Value("年度排放报告第"),
    Cast(F("number"), CharField()),
    Value("版"),
)
_OF_VERSION = Concat(Cast(F("version__report__year"), CharField()), Value("年度排放报告"))
_QUESTION = Concat(
    F("check_code"), Value("，"), Cast(F("report__year"), CharField()), Value("年度排放报告")
)
_RESULT = Concat(F("check_code"), Value("."), F("letter"), Value("，"), _OF_VERSION)
_CITY = By("city", _("所在市"), "city", REGION_CHOICES)
_REPORT_CITY = By("city", _("所在市"), "report__city", REGION_CHOICES)
_SEVERITY = By("severity", _("严重程度"), "severity", [(s.value, s.label) for s in Severity])


def recorded(action: str, label: str, period: Period) -> Q:
    """Rows with which the ledger says that was done in the quarter: a later step does not undo it."""
    events = AuditEvent.objects.filter(period.within("at"), action=action, target=label)
    return Q(pk__in=events.values_list(Cast("target_id", AnnualReport._meta.pk), flat=True))


def _late(period: Period) -> Q:
    in_time = ReportVersion.objects.filter(submitted_at__date__lte=F("report__due_on"))
    return period.falls("due_on") & ~Q(pk__in=in_time.values("report"))


def _version(code: str, label: object, unit: object, action: str) -> Figure:
    return Figure(
        code,
        label,
        unit,
        ReportVersion,
        lambda p: recorded(f"report.{action}", "emitters.reportversion", p),
        _VERSION,
        "report__unit__organisation__name",
        "report__city",
    )


def _questions(code: str, label: object, field: str, *statuses: str) -> Figure:
    return Figure(
        code,
        label,
        _("项"),
        Question,
        lambda p: p.within(field) & (Q(status__in=statuses) if statuses else Q()),
        _QUESTION,
        "report__unit__organisation__name",
        "report__city",
        by=(_REPORT_CITY,),
    )


FILING = Section(
    "filing",
    _("排放报告报送情况"),
    (
        Figure(
            "filing.due", _("应报送年度排放报告"), _("份"), AnnualReport,
            lambda p: p.falls("due_on"), _YEAR, by=(_CITY,),
        ),
        Figure(
            "filing.late", _("逾期报送或尚未报送"), _("份"), AnnualReport, _late, _YEAR, by=(_CITY,),
        ),
        Figure(
            "filing.submitted", _("收到提交的报告（含更正版本）"), _("份次"), ReportVersion,
            lambda p: p.within("submitted_at"), _VERSION, "report__unit__organisation__name",
            "report__city", by=(_REPORT_CITY,),
        ),
        _version("filing.accepted", _("受理报告"), _("份次"), "accept"),
        _version("filing.returned", _("退回更正"), _("份次"), "return"),
    ),
    10,
)  # fmt: skip
CHECKS = Section(
    "checks",
    _("系统校核和疑点办理情况"),
    (
        Figure(
            "checks.versions", _("完成校核的报告"), _("份次"), ReportVersion,
            lambda p: p.within("submitted_at") & Q(checked_at__isnull=False), _VERSION,
            "report__unit__organisation__name", "report__city",
        ),
        Figure(
            "checks.reruns", _("重新校核后结果有变化"), _("次"), CheckRun,
            lambda p: p.within("at"), _OF_VERSION,
            "version__report__unit__organisation__name", "version__report__city",
        ),
        Figure(
            "checks.results", _("校核结果"), _("项"), CheckResult,
            lambda p: p.within("version__submitted_at") & Q(ended=None), _RESULT,
            "version__report__unit__organisation__name", "version__report__city",
            by=(_SEVERITY,),
        ),
        _questions("checks.opened", _("提出疑点"), "submitted_at"),
        _questions("checks.explained", _("企业已说明"), "explained_at"),
        _questions("checks.accepted", _("认定可以解释"), "decided_at", "accepted"),
        _questions("checks.upheld", _("认定疑点成立"), "decided_at", "upheld"),
    ),
    20,
)  # fmt: skip
