"""Forms of control schemes."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.web.forms import StepForm, dress
from emitters.layouts import FIRST_YEAR, LAST_YEAR
from emitters.models import SchemeItem
from emitters.schemes import METHODS


class SchemeForm(StepForm):
    """The first reporting year and why."""

    year = forms.TypedChoiceField(
        label=_("自报告年度"),
        coerce=int,
        choices=[(y, y) for y in range(LAST_YEAR, FIRST_YEAR - 1, -1)],
    )
    reason = forms.CharField(
        label=_("制定或修订原因"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("设施、燃料、计量器具或检测机构变化，发现错误，或主管部门要求等。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = min(timezone.localdate().year, LAST_YEAR)


class SchemeLineForm(forms.ModelForm):
    """One line; the choices of the method follow from its parameter."""

    class Meta:
        model = SchemeItem
        fields = (
            "method", "meter", "frequency", "laboratory", "accuracy", "interval", "gap_rule",
            "department",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        methods = METHODS.get(self.instance.parameter, ())
        if methods:
            self.fields["method"] = forms.ChoiceField(
                label=_("确定方式"), required=False, choices=[("", "—"), *((m, m) for m in methods)]
            )
            self.fields["method"].widget.attrs["lang"] = "zh-Hans"  # terms of the workbook
        else:
            del self.fields["method"]
        if self.instance.parameter != "c_ar":
            del self.fields["laboratory"]
        dress(self)

    def facts(self) -> dict[str, Any]:
        """The cleaned fields of the line."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "id"}


SchemeLines = forms.modelformset_factory(SchemeItem, form=SchemeLineForm, extra=0)
