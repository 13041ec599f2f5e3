"""What the pages about thresholds ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.models import Confidence
from carbonwatch.web.forms import StepForm
from emitters.thresholds import parse


class ThresholdForm(StepForm):
    """A new value of one parameter, why, from when, and over which years it is tried."""

    key = forms.CharField(widget=forms.HiddenInput)
    value = forms.CharField(
        label=_("拟定取值"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control code"}),
        help_text=_("与现行取值形式相同：数值填数值，表格按原名称填写（JSON）。"),
    )
    valid_from = forms.DateField(
        label=_("适用起"),
        widget=forms.DateInput(),
        help_text=_(
            "一个报告年度全年用同一取值，即年度首日（1月1日）现行的取值。年中起的取值自下一报告年度起适用，"
            "不追溯已开始的年度。现行取值在前一日终止。"
        ),
    )
    reason = forms.CharField(
        label=_("理由"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    source = forms.CharField(
        label=_("来源"), max_length=300, help_text=_("文件名称和条款，或测算材料的名称。")
    )
    confidence = forms.ChoiceField(label=_("可信程度"), choices=Confidence.choices)
    years = forms.TypedMultipleChoiceField(
        label=_("试算年度"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("早于首个适用年度的，只作参考，批准后不会改变。"),
    )

    def __init__(
        self, *args: Any, years: list[int], initial: dict[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["years"].choices = [(y, str(y)) for y in years]  # type: ignore[attr-defined]
        for name, value in {"years": years[:1], **initial}.items():
            self.fields[name].initial = value

    def clean_value(self) -> Any:
        """As JSON, or as text."""
        return parse(self.cleaned_data["value"])


class AdoptForm(StepForm):
    """Why a suggestion of the system is taken up."""

    reason = forms.CharField(
        label=_("理由"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
