"""What the pages of verification ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Organisation
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.web.forms import StepForm, dress
from emitters.layouts import PARAMETERS
from verification.models import Conclusion, NonconformityClass, NonconformityResult

TEXT = forms.Textarea(attrs={"rows": 4})


class AssignmentForm(StepForm):
    """Which agency, until when."""

    agency = forms.ModelChoiceField(label=_("核查机构"), queryset=Organisation.objects.none())
    due_on = forms.DateField(
        label=_("核查完成期限"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Organisation.objects.filter(
            kind=OrgKind.VERIFIER, active=True
        )


class TakeForm(StepForm):
    """The declaration of independence."""

    independence = forms.CharField(
        label=_("独立性声明"),
        max_length=2000,
        widget=TEXT,
        initial=_(
            "本机构及核查人员与被核查单位不存在可能影响公正核查的利益关系，三年内未向其提供碳排放咨询、报告编制或碳资产管理服务。"
        ),
    )


class NoteForm(StepForm):
    """A reason that must be given."""

    note = forms.CharField(label=_("原因"), max_length=600, widget=TEXT)


class OptionalNoteForm(StepForm):
    """An opinion that may be given."""

    note = forms.CharField(label=_("意见"), max_length=600, required=False, widget=TEXT)


class NoFields(StepForm):
    """A step that asks for nothing but the confirmation."""


class ConclusionForm(StepForm):
    """The texts of the conclusion."""

    conformity = forms.CharField(
        label=_("一、与核算指南和数据质量控制方案的符合性"), max_length=4000, widget=TEXT
    )
    changes = forms.CharField(
        label=_("二、与上年相比异常波动的原因"), max_length=4000, required=False, widget=TEXT
    )
    uncovered = forms.CharField(
        label=_("三、核查过程中未覆盖的问题"), max_length=4000, required=False, widget=TEXT
    )
    visited_on = forms.DateField(
        label=_("现场核查日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def texts(self) -> dict[str, str]:
        """The three texts."""
        return {name: self.cleaned_data[name] for name in ("conformity", "changes", "uncovered")}


class ValueForm(forms.Form):
    """One verified value: what was reported stands beside it."""

    generator = forms.CharField(required=False, widget=forms.HiddenInput)
    code = forms.ChoiceField(choices=[(c, c) for c in PARAMETERS], widget=forms.HiddenInput)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)
    before = forms.DecimalField(required=False, widget=forms.HiddenInput)
    after = forms.DecimalField(
        label=_("核查后"),
        required=False,
        max_digits=20,
        decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    reason = forms.CharField(label=_("变化原因"), required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)

    @property
    def label(self) -> str:
        """Which value it is, in words."""
        code = self["code"].value()
        title = PARAMETERS[code].title if code in PARAMETERS else code
        return f"{self['generator'].value() or ''} {title}".strip()


class NonconformityForm(forms.Form):
    """One non-conformity; an empty row is ignored."""

    kind = forms.ChoiceField(label=_("类别"), choices=NonconformityClass.choices)
    description = forms.CharField(
        label=_("不符合项描述"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    parameter = forms.CharField(label=_("涉及参数"), required=False, max_length=120)
    cause = forms.CharField(
        label=_("原因"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    correction = forms.CharField(
        label=_("整改措施"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    result = forms.ChoiceField(label=_("整改结论"), choices=NonconformityResult.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)

    def has_changed(self) -> bool:
        """The preselected choices alone do not make a row."""
        return any(self[name].data for name in ("description", "parameter", "cause", "correction"))


ValueFormSet = forms.formset_factory(ValueForm, extra=0)
NonconformityFormSet = forms.formset_factory(
    NonconformityForm, extra=2, can_delete=True, max_num=60
)


def conclusion_initial(conclusion: Conclusion | None) -> dict[str, Any]:
    """What was written before."""
    if conclusion is None:
        return {}
    return {
        name: getattr(conclusion, name)
        for name in ("conformity", "changes", "uncovered", "visited_on")
    }
