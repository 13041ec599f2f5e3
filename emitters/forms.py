"""What the pages of this app ask for."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.web.forms import StepForm
from carbonwatch.web.uploads import MultiFileField
from emitters.closing import CONFIRMED, REFUTED, Closing


class NoFields(StepForm):
    """A step that asks for nothing but the confirmation."""


class NoteForm(StepForm):
    """A step with an opinion that must be given."""

    note = forms.CharField(
        label=_("意见"), max_length=600, widget=forms.Textarea(attrs={"rows": 4})
    )


class OptionalNoteForm(StepForm):
    """A step with an opinion that may be given."""

    note = forms.CharField(
        label=_("意见"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ExplainForm(StepForm):
    """The answer to a question."""

    explanation = forms.CharField(
        label=_("说明"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("写明原因、涉及的月份和数据，以及附件能够证明什么。"),
    )
    files = MultiFileField(
        label=_("证据附件"),
        required=False,
        help_text=_("可上传 PDF、图片、XLSX、DOCX，可一次选择多个文件。"),
    )


class AcceptForm(StepForm):
    """Why a question ends in the unit's favour. A check that was wrong is told what was wrong with it."""

    closing = forms.ChoiceField(
        label=_("认定结果"),
        choices=[(c.value, c.label) for c in REFUTED],
        initial=Closing.EXPLAINED,
        widget=forms.RadioSelect,
        help_text=_("认定结果用于统计规则成效。规则不适用或误判的，须在意见中写明原因。"),
    )
    note = forms.CharField(
        label=_("意见"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """Whoever blames the check says why."""
        data = super().clean() or {}
        if data.get("closing") == Closing.RULE_WRONG and not data.get("note"):
            self.add_error("note", _("请写明规则为什么不适用或误判。"))
        return data


class UpholdForm(NoteForm):
    """What was confirmed."""

    closing = forms.ChoiceField(
        label=_("认定结果"),
        choices=[(c.value, c.label) for c in CONFIRMED],
        widget=forms.RadioSelect,
        help_text=_("有利于企业：少报排放量或多得配额。不利于企业：多报排放量或少得配额。"),
    )
    field_order = ["closing", "note"]


class WaiverForm(StepForm):
    """Why a result shall count nothing, on what ground, and for how long."""

    closing = forms.ChoiceField(
        label=_("豁免情形"),
        choices=[(c.value, c.label) for c in REFUTED],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("豁免理由"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明核实了什么、怎样核实，为什么该结果不反映数据质量问题。"),
    )
    basis = forms.CharField(
        label=_("依据"), max_length=300, help_text=_("法规、技术规范条款，或证明材料的名称和文号。")
    )
    valid_from = forms.DateField(
        label=_("起始日期"), widget=forms.DateInput(), initial=timezone.localdate
    )
    valid_to = forms.DateField(
        label=_("截止日期"),
        widget=forms.DateInput(),
        help_text=_("到期后结果自动恢复计分。"),
    )
    files = MultiFileField(
        label=_("证明材料"),
        required=False,
        help_text=_("可上传 PDF、图片、XLSX、DOCX，可一次选择多个文件。"),
    )


class UploadForm(StepForm):
    """A workbook to upload."""

    workbook = forms.FileField(
        label=_("年度排放报告工作簿"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_("使用系统模板填写的 .xlsx 文件。"),
    )
    reason = forms.CharField(
        label=_("更正原因"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("更正已提交过的报告时必填。"),
    )

    def __init__(self, *args: Any, needs_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["reason"]


class ReceiptForm(forms.Form):
    """A receipt to check."""

    receipt = forms.CharField(
        label=_("回执编号"),
        max_length=24,
        widget=forms.TextInput(
            attrs={"class": "form-control", "placeholder": "CW2024-XXXX-XXXX-XXXX"}
        ),
    )
    sha256 = forms.CharField(
        label=_("文件 SHA-256 摘要（可不填）"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("填写后可核对手中的文件是否就是当时上传的文件。"),
    )


class YearListForm(StepForm):
    """The list of units that have to report a year."""

    year = forms.IntegerField(label=_("报告年度"), min_value=2019, max_value=2026)
    due_on = forms.DateField(
        label=_("报告截止日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("不填时按参数中的年度截止日期。"),
    )
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("名录文件的名称和文号。"))


class YearRecheckForm(StepForm):
    """The year whose reports are checked again, and why."""

    year = forms.TypedChoiceField(label=_("报告年度"), coerce=int)
    reason = forms.CharField(
        label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(y, str(y)) for y in years]  # type: ignore[attr-defined]
