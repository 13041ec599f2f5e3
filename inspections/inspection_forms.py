"""What the pages of inspections ask for."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.web.forms import StepForm
from emitters.models import EmittingUnit
from inspections.forms import FIRST_YEAR, UnitChoice
from inspections.models import InspectionKind, Inspector, Manner, Outcome

ASKED_FOR = "\n".join(
    (
        "营业执照、数据质量控制方案及修订记录",
        "年度排放报告、生产月报和燃料消耗台账",
        "煤样采样、制样、化验原始记录和检测报告原件",
        "计量器具检定证书和校准记录",
        "购入电量结算凭证",
    )
)  # goes into a document: not translated


class InspectionForm(StepForm):
    """Who inspects whom, why and when."""

    unit = UnitChoice(label=_("重点排放单位"), queryset=EmittingUnit.objects.none())
    kind = forms.ChoiceField(label=_("检查类型"), choices=InspectionKind.choices)
    manner = forms.ChoiceField(
        label=_("检查方式"),
        choices=Manner.choices,
        widget=forms.RadioSelect,
        initial=Manner.ON_SITE,
    )
    year = forms.IntegerField(label=_("涉及年度"), min_value=FIRST_YEAR, max_value=2100)
    reason = forms.CharField(
        label=_("检查事由"),
        max_length=300,
        help_text=_("如年度执法工作计划、专项行动、移送函文号。举报人信息不得填写。"),
    )
    planned_on = forms.DateField(label=_("计划日期"), widget=forms.DateInput())
    first = forms.ModelChoiceField(
        label=_("检查人员一"),
        queryset=Inspector.objects.none(),
        help_text=_(
            "从执法人员名录中选择今天持有效执法证的人员；计划日期仍须有效，且对该单位没有回避情形。"
        ),
    )
    second = forms.ModelChoiceField(label=_("检查人员二"), queryset=Inspector.objects.none())

    def __init__(
        self, *args: Any, actor: Actor, unit: str = "", kind: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = kind
        units = EmittingUnit.objects.visible_to(actor).select_related("organisation")
        self.fields["unit"].queryset = units.order_by("organisation__city", "organisation__name")  # type: ignore[attr-defined]
        today = timezone.localdate()
        fit = Inspector.objects.fit_on(today).filter(organisation=actor.organisation)
        for name in ("first", "second"):
            self.fields[name].queryset = fit.select_related("user").order_by("certificate")  # type: ignore[attr-defined]
        self.fields["year"].initial = today.year - 1
        self.fields["planned_on"].initial = today
        if unit.isdecimal():
            self.fields["unit"].initial = int(unit)

    def clean(self) -> dict[str, Any]:
        """Two people."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("first") is not None and cleaned.get("first") == cleaned.get("second"):
            self.add_error("second", _("检查人员不得少于两人，且不能是同一人。"))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """For the service: the entries of the register."""
        facts = super().facts()
        facts["unit_id"] = facts.pop("unit").pk
        facts["inspectors"] = [facts.pop(name).pk for name in ("first", "second")]
        return facts


class NotifyForm(StepForm):
    """What the notice says."""

    visit_on = forms.DateField(label=_("检查日期"), widget=forms.DateInput())
    scope = forms.CharField(
        label=_("检查内容"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("逐条写明；每条一行。"),
    )
    asked_for = forms.CharField(
        label=_("须准备的材料"),
        max_length=2000,
        required=False,
        initial=ASKED_FOR,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("每项一行，写入通知书。"),
    )


class ConcludeForm(StepForm):
    """What came of the inspection."""

    outcome = forms.ChoiceField(
        label=_("检查结论"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    conclusion = forms.CharField(
        label=_("结论说明"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
