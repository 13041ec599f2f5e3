"""What the pages of a random draw ask for."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.web.forms import StepForm
from emitters.models import EmittingUnit
from inspections.forms import FIRST_YEAR, UnitChoice
from inspections.models import Draw, DrawMode


class DrawForm(StepForm):
    """How many of whom, when."""

    title = forms.CharField(label=_("名称"), max_length=120)
    year = forms.IntegerField(label=_("涉及年度"), min_value=FIRST_YEAR, max_value=2100)
    mode = forms.ChoiceField(
        label=_("抽取方式"),
        choices=DrawMode.choices,
        widget=forms.RadioSelect,
        initial=DrawMode.RISK,
        help_text=_("加权份数见参数 draw.weight。"),
    )
    count = forms.IntegerField(label=_("抽取单位数"), min_value=1, max_value=1000)
    inspect_on = forms.DateField(label=_("计划检查日期"), widget=forms.DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.localdate().year - 1


class ExclusionForm(StepForm):
    """Which unit, why."""

    unit = UnitChoice(label=_("重点排放单位"), queryset=EmittingUnit.objects.none())
    reason = forms.CharField(label=_("排除原因"), max_length=300)

    def __init__(self, *args: Any, draw: Draw, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = EmittingUnit.objects.visible_to(actor).exclude(
            pk__in=draw.exclusions.values("unit")
        )
        self.fields["unit"].queryset = units.select_related("organisation").order_by(  # type: ignore[attr-defined]
            "organisation__city", "organisation__name"
        )

    def facts(self) -> dict[str, Any]:
        """For the service."""
        facts = super().facts()
        facts["unit_id"] = facts.pop("unit").pk
        return facts


class WitnessForm(StepForm):
    """What the witness says, and who that is."""

    witness = forms.RegexField(
        label=_("见证号码"),
        regex=r"^\d{4,20}$",
        help_text=_("4至20位数字，由见证人当场报出；与种子共同决定结果，之后公开。"),
        error_messages={"invalid": _("请填写4至20位数字。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    witness_name = forms.CharField(label=_("见证人"), max_length=60)
