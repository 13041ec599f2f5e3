"""Sections of the quarterly report: inspections, self-inspection, findings and their rectification."""

from collections.abc import Callable

from django.db.models import Case, DecimalField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.regions import REGION_CHOICES
from inspections.flows import FINDING_FLOW
from inspections.models import (
    Declaration,
    Finding,
    FindingMerge,
    FindingSource,
    Gravity,
    Inspection,
    InspectionKind,
    Outcome,
    SelfInspection,
)
from inspections.quarterly.filing import recorded
from inspections.quarterly.period import Period
from inspections.quarterly.registry import By, Figure, Measure, Section

_CITY = By("city", _("所在市"), "city", REGION_CHOICES)
_KIND = By("kind", _("检查类型"), "kind", InspectionKind.choices)
_OUTCOME = By("outcome", _("检查结论"), "outcome", Outcome.choices)
_SOURCE = By("source", _("来源"), "source", FindingSource.choices)
_GRAVITY = By("severity", _("问题等级"), "severity", Gravity.choices)
_STATE = By("status", _("办理状态"), "status", FINDING_FLOW.choices)
_ANSWERER = "inspection__organisation__name"
_YUAN = DecimalField(max_digits=16, decimal_places=2)


def _inspections(code: str, label: object, field: str, *by: By) -> Figure:
    return Figure(
        code, label, _("次"), Inspection, lambda p: p.within(field), "reason", by=by
    )  # fmt: skip


INSPECTIONS = Section(
    "inspections",
    _("监督检查和自查自纠情况"),
    (
        _inspections("inspections.planned", _("安排检查"), "planned_at", _CITY),
        _inspections("inspections.begun", _("实施检查"), "begun_at", _KIND, _CITY),
        _inspections("inspections.closed", _("办结检查"), "approved_at", _OUTCOME, _CITY),
        Figure(
            "inspections.cancelled", _("取消检查"), _("次"), Inspection,
            lambda p: recorded("inspection.cancel", "inspections.inspection", p), "reason",
        ),
        Figure(
            "self.submitted", _("提交自查结果"), _("家次"), SelfInspection,
            lambda p: p.within("submitted_at"), "questionnaire__title", "organisation__name",
            "organisation__city",
        ),
        Figure(
            "self.reviewed", _("审核通过自查结果"), _("家次"), SelfInspection,
            lambda p: p.within("reviewed_at") & Q(status="reviewed"), "questionnaire__title",
            "organisation__name", "organisation__city",
        ),
        Figure(
            "self.declared", _("自查申报问题"), _("项"), Declaration,
            lambda p: p.within("declared_at"),
            Concat(F("question__number"), Value("，"), F("question__text")), _ANSWERER,
            "inspection__organisation__city",
        ),
    ),
    30,
)  # fmt: skip


def _standing(period: Period) -> Q:
    """Confirmed or waiting to be, and neither closed nor merged when the quarter was over."""
    later = FindingMerge.objects.filter(
        merged=OuterRef("pk"), status="done", decided_at__gte=period.end
    )
    return (
        Q(found_at__lt=period.end)
        & period.not_by_end("closed_at")
        & (~Q(status="merged") | Q(Exists(later)))
        & (~Q(status="rejected") | period.not_by_end("confirmed_at"))
    )


def _overdue(period: Period) -> Q:
    """The deadline of the order passed, and the finding was not closed when the quarter was over."""
    return _standing(period) & Q(due_on__lte=period.last, ordered_at__lt=period.end)


def _closed_in_time(period: Period) -> Case:
    return Case(When(closed_at__lt=period.end, then=Value(1)), default=Value(0))


def _findings(code: str, label: object, where: Callable[[Period], Q], *by: By) -> Figure:
    return Figure(code, label, _("个"), Finding, where, "title", by=by)


FINDINGS = Section(
    "findings",
    _("问题查处和整改情况"),
    (
        _findings(
            "findings.registered", _("新登记问题"), lambda p: p.within("found_at"),
            _SOURCE, _GRAVITY, _STATE, _CITY,
        ),
        _findings(
            "findings.confirmed", _("确认属实"),
            lambda p: p.within("confirmed_at") & ~Q(status="rejected"), _SOURCE, _GRAVITY,
        ),
        _findings(
            "findings.rejected", _("不予认定"),
            lambda p: p.within("confirmed_at") & Q(status="rejected"),
        ),
        _findings(
            "findings.ordered", _("下达责令改正通知书"), lambda p: p.within("ordered_at"),
            _GRAVITY, _CITY,
        ),
        _findings("findings.answered", _("收到整改答复"), lambda p: p.within("answered_at"), _CITY),
        _findings(
            "findings.closed", _("整改销号"), lambda p: p.within("closed_at"),
            _SOURCE, _GRAVITY, _CITY,
        ),
        _findings("findings.standing", _("期末未销号"), _standing, _GRAVITY, _CITY),
        _findings("findings.overdue", _("期末超过整改期限未销号"), _overdue, _GRAVITY, _CITY),
        Figure(
            "findings.rate", _("整改完成率（整改期限在本季度内届满的问题）"), "%", Finding,
            lambda p: p.falls("due_on") & Q(ordered_at__lt=p.end) & ~Q(status="merged"), "title",
            measure=Measure.SHARE, amount=_closed_in_time,
        ),
    ),
    40,
)  # fmt: skip


def _sum(
    code: str, label: object, unit: object, where: Callable[[Period], Q], amount: str
) -> Figure:
    value = Coalesce(F(amount), Value(0), output_field=_YUAN)
    return Figure(
        code, label, unit, Finding, where, "title", measure=Measure.SUM, amount=value, by=(_CITY,)
    )


def _registered(period: Period) -> Q:
    return period.within("found_at") & ~Q(status__in=["rejected", "merged"])


def _closed(period: Period) -> Q:
    return period.within("closed_at")


STAKES = Section(
    "stakes",
    _("涉及排放量和金额"),
    (
        _sum("stakes.co2", _("新登记问题涉及排放量"), "tCO2", _registered, "t_co2"),
        _sum("stakes.money", _("新登记问题涉及金额"), _("元"), _registered, "money"),
        _sum("stakes.co2-closed", _("已整改到位的排放量"), "tCO2", _closed, "t_co2"),
        _sum("stakes.money-closed", _("已整改到位的金额"), _("元"), _closed, "money"),
        _sum("stakes.co2-standing", _("期末未销号问题涉及排放量"), "tCO2", _standing, "t_co2"),
        _sum("stakes.money-standing", _("期末未销号问题涉及金额"), _("元"), _standing, "money"),
    ),
    50,
)
