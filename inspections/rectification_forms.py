"""What the steps of a rectification ask for."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from carbonwatch.web.forms import StepForm
from carbonwatch.web.uploads import MultiFileField
from emitters.models import ReportVersion
from inspections.forms import PROOF_HELP, CameraInput, DeadlineForm
from inspections.models import Finding, Measure
from inspections.services import Item

_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_MOST = 30
_LONGEST = 600
BASIS = "《碳排放权交易管理暂行条例》（国务院令第775号）"  # goes into a document: not translated


class MeasuresField(forms.CharField):
    """One measure a line, its own deadline after a stroke: `补齐采样记录 | 2026-12-20`."""

    def __init__(self) -> None:
        super().__init__(
            label=_("整改措施"),
            required=False,
            max_length=8000,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_(
                "每行一项，逐项答复、逐项审查；期限早于责令改正期限的写在竖线后，"
                "如：补齐采样记录 | 2026-12-20。不分项的可以不填。"
            ),
        )

    def clean(self, value: Any) -> list[Item]:
        """The items; an error names the line."""
        lines = [line.strip() for line in (super().clean(value) or "").splitlines()]
        found, wrong = [], []
        for number, line in enumerate(lines, 1):
            if line:
                try:
                    found.append(_item(line))
                except ValueError as error:
                    wrong.append(_now("第%(n)s行：%(why)s") % {"n": number, "why": error})
        if len(found) > _MOST:
            wrong.append(_now("整改措施最多 %(n)s 项。") % {"n": _MOST})
        if wrong:
            raise forms.ValidationError(wrong)
        return found


def _item(line: str) -> Item:
    text, _stroke, day = line.replace("｜", "|").partition("|")
    text = text.strip()
    if not text:
        raise ValueError(_now("竖线前须写措施内容。"))
    if len(text) > _LONGEST:
        raise ValueError(_now("措施超过 600 字，请缩短或分项。"))
    return Item(text, _day(day.strip()))


def _day(text: str) -> date | None:
    if not text:
        return None
    match = _DAY.match(text)
    try:
        return date(*(int(part) for part in match.groups())) if match else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise ValueError(_now("竖线后的期限应写成 2026-12-20。"))


class OrderForm(DeadlineForm):
    """What a rectification order says: the demand, its measures, and those of the unit under way that
    serve this finding, too."""

    demand = forms.CharField(
        label=_("整改要求"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("逐条写明要改正什么、提交哪些材料；每条一行。"),
    )
    measures = MeasuresField()
    basis = forms.CharField(
        label=_("责令改正依据"),
        max_length=300,
        required=False,
        initial=BASIS,
        help_text=_("按违法行为发生时有效的规定填写条款。"),
    )
    shared = forms.ModelMultipleChoiceField(
        label=_("并用已有措施"),
        queryset=Measure.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("本单位正在落实、同时解决本问题的措施。"),
    )
    field_order = ["demand", "measures", "shared", "days", "due_on", "basis"]

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing = Measure.objects.filter(unit=finding.unit_id).exclude(status="accepted")
        self.fields["shared"].queryset = standing  # type: ignore[attr-defined]
        if not standing.exists():
            del self.fields["shared"]

    def facts(self) -> dict[str, Any]:
        """Measures by their ids."""
        facts = super().facts()
        return {**facts, "shared": [m.pk for m in facts.get("shared", ())]}


class ReopenForm(DeadlineForm):
    """Why it is opened again, until when, and what is asked for in addition."""

    note = forms.CharField(
        label=_("重新打开原因"), max_length=600, widget=forms.Textarea(attrs={"rows": 4})
    )
    measures = MeasuresField()
    field_order = ["note", "measures", "days", "due_on"]


class VerifyForm(StepForm):
    """What was seen on site."""

    visited_at = forms.DateTimeField(
        label=_("核实时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    place = forms.CharField(
        label=_("核实地点"), max_length=200, help_text=_("如：2号机组入炉煤皮带秤。")
    )
    note = forms.CharField(
        label=_("核实情况"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("逐项写明看到了什么，与整改答复是否相符。"),
    )
    photos = MultiFileField(label=_("现场拍照"), required=False, widget=CameraInput())
    files = MultiFileField(  # type: ignore[assignment]
        label=_("证明材料"), required=False, help_text=PROOF_HELP
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visited_at"].initial = timezone.localtime().replace(second=0, microsecond=0)

    def clean(self) -> dict[str, Any]:
        """At least one picture or file."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not (cleaned.get("photos") or cleaned.get("files")):
            self.add_error("photos", _("请附现场照片或材料。"))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Photographs and files are one list."""
        facts = super().facts()
        return {**facts, "files": [*facts.pop("photos"), *facts["files"]]}


class ExtensionForm(StepForm):
    """Until when, and why."""

    wanted_on = forms.DateField(label=_("申请延至"), widget=forms.DateInput())
    reason = forms.CharField(
        label=_("申请理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明已完成的工作、不能按期完成的原因和后续安排。"),
    )


class GrantForm(StepForm):
    """How much more time is given."""

    granted_on = forms.DateField(label=_("同意延至"), widget=forms.DateInput())
    note = forms.CharField(
        label=_("决定意见"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, wanted_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["granted_on"].initial = wanted_on


class CorrectionForm(StepForm):
    """The version that puts the figure right, and by how much."""

    version = forms.ModelChoiceField(
        label=_("更正版本"),
        queryset=ReportVersion.objects.none(),
        empty_label=None,
        help_text=_("同一报告中晚于问题所在版本、已提交或已受理的版本。"),
    )
    t_corrected = forms.DecimalField(
        label=_("已更正排放量（tCO2）"),
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("更正前后排放量相差的数量，不分增减。"),
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, versions: Any, tonnes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]
        self.fields["t_corrected"].initial = tonnes

    def facts(self) -> dict[str, Any]:
        """The version by its id."""
        facts = super().facts()
        return {"version_id": facts["version"].pk, "t_corrected": facts["t_corrected"]}
