"""What the pages of this app ask for."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.web.forms import StepForm
from carbonwatch.web.uploads import MultiFileField, MultiFileInput
from emitters.forms import NoteForm, OptionalNoteForm
from emitters.models import EmittingUnit
from inspections.models import FindingClass, FindingSource, Gravity

__all__ = ["AnswerForm", "NoteForm", "OptionalNoteForm", "RegisterForm", "ReturnForm"]

FIRST_YEAR = 2019
PROOF_HELP = _("可上传 PDF、图片、XLSX、DOCX，每个不超过 20 MB，可一次选择多个文件。")


class CameraInput(MultiFileInput):
    """On a phone this opens the camera."""

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/*", "capture": "environment"})


class UnitChoice(forms.ModelChoiceField):
    """Units by name with city; one query."""

    def label_from_instance(self, obj: Any) -> str:
        """As in the list of units."""
        return f"{obj.organisation.name}（{obj.organisation.get_city_display()}）"


class RegisterForm(StepForm):
    """A finding, written down on the spot: few fields first, the rest may wait (`MORE`)."""

    MORE = ("source", "source_label", "clause", "t_co2", "t_allowance")

    unit = UnitChoice(label=_("重点排放单位"), queryset=EmittingUnit.objects.none())
    year = forms.IntegerField(label=_("涉及年度"), min_value=FIRST_YEAR, max_value=2100)
    title = forms.CharField(label=_("问题"), max_length=120, help_text=_("一句话说明发现了什么。"))
    finding_class = forms.ChoiceField(label=_("问题类别"), choices=FindingClass.choices)
    severity = forms.ChoiceField(
        label=_("问题等级"),
        choices=Gravity.choices,
        widget=forms.RadioSelect,
        initial=Gravity.GENERAL,
    )
    description = forms.CharField(
        label=_("事实描述"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("时间、地点、数据、涉及的单元格或台账，写清可以核对的事实。"),
    )
    photos = MultiFileField(label=_("现场拍照"), required=False, widget=CameraInput())
    files = MultiFileField(  # type: ignore[assignment]
        label=_("证据材料"), required=False, help_text=PROOF_HELP
    )
    source = forms.ChoiceField(
        label=_("来源"), choices=FindingSource.choices, initial=FindingSource.INSPECTOR
    )
    source_label = forms.CharField(
        label=_("来源编号"),
        max_length=200,
        required=False,
        help_text=_("如核查不符合项编号、举报受理号、移送函文号。举报人信息不得填写。"),
    )
    clause = forms.CharField(
        label=_("违反的规定"),
        max_length=300,
        required=False,
        help_text=_("文件名称和条款。"),
    )
    t_co2 = forms.DecimalField(
        label=_("涉及排放量（tCO2）"),
        min_value=0,
        max_digits=14,
        decimal_places=2,
        required=False,
        help_text=_("不填时按所关联的校核结果计算。"),
    )
    t_allowance = forms.DecimalField(
        label=_("涉及配额（t）"), min_value=0, max_digits=14, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, actor: Actor, origin: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = EmittingUnit.objects.visible_to(actor).select_related("organisation")
        self.fields["unit"].queryset = units.order_by("organisation__city", "organisation__name")  # type: ignore[attr-defined]
        self.fields["year"].initial = timezone.localdate().year - 1
        for name, value in origin.items():
            if name in self.fields:
                self.fields[name].initial = value
        for name in ("t_co2", "t_allowance", "year"):
            self.fields[name].widget.attrs["inputmode"] = "decimal"

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """Those to fill on the spot."""
        return [f for f in self.visible_fields() if f.name not in self.MORE]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """Those that may stay as they are."""
        return [f for f in self.visible_fields() if f.name in self.MORE]

    @property
    def more_errors(self) -> bool:
        """Whether the folded part must be open."""
        return any(f.errors for f in self.more_fields)

    def facts(self) -> dict[str, Any]:
        """For the service: photos and files are one list, the unit is its id."""
        facts = super().facts()
        facts["files"] = [*facts.pop("photos"), *facts["files"]]
        facts["unit_id"] = facts.pop("unit").pk
        return facts


class DeadlineForm(StepForm):
    """A deadline, as a number of days or as a date."""

    days = forms.IntegerField(
        label=_("期限（自然日）"),
        min_value=1,
        max_value=366,
        required=False,
        help_text=_("从今天起算；也可以直接填写截止日期。"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    due_on = forms.DateField(
        label=_("截止日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two; `due_on` is what the service gets."""
        cleaned: dict[str, Any] = super().clean() or {}
        days, due_on = cleaned.pop("days", None), cleaned.get("due_on")
        if self.errors:
            return cleaned
        if (days is None) == (due_on is None):
            self.add_error("days", _("请填写期限天数或截止日期，二者填一项。"))
        elif days is not None:
            cleaned["due_on"] = timezone.localdate() + timedelta(days=days)
        return cleaned


class AnswerForm(StepForm):
    """What the unit did about it, with proof."""

    text = forms.CharField(
        label=_("整改情况"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("逐条对应整改要求，写明原因、措施、完成时间和责任人。"),
    )
    files = MultiFileField(label=_("证明材料"), help_text=PROOF_HELP)  # type: ignore[assignment]


class ReturnForm(DeadlineForm):
    """Why an answer does not do, and until when the next one is due."""

    note = forms.CharField(
        label=_("退回原因"), max_length=600, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order = ["note", "days", "due_on"]
