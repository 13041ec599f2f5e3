"""What the pages of the quarterly report ask for."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.web.forms import StepForm
from inspections.models import QUARTER_CHOICES
from inspections.quarterly.period import Period

MINISTRY = "生态环境部"  # goes into a document: not translated
_TEXT: dict[str, Any] = {"max_length": 8000, "widget": forms.Textarea(attrs={"rows": 8})}


class QuarterForm(StepForm):
    """Of which quarter: the last one that is over, unless somebody says otherwise."""

    year = forms.IntegerField(label=_("年份"), min_value=2021, max_value=2100)
    quarter = forms.TypedChoiceField(label=_("季度"), choices=QUARTER_CHOICES, coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = Period.of(timezone.localdate()).previous
        self.fields["year"].initial, self.fields["quarter"].initial = last.year, last.quarter


class WriteForm(StepForm):
    """The texts of the report."""

    overview = forms.CharField(
        label=_("总体情况"),
        help_text=_("每段一行。数据由系统列出，此处写做法、成效和判断。"),
        **_TEXT,
    )
    problems = forms.CharField(label=_("存在的主要问题"), required=False, **_TEXT)
    next_steps = forms.CharField(label=_("下一步工作"), **_TEXT)


class SendForm(StepForm):
    """To whom, when and how it went."""

    recipient = forms.CharField(label=_("主送机关"), max_length=80, initial=MINISTRY)
    sent_on = forms.DateField(label=_("报送日期"), widget=forms.DateInput())
    sent_via = forms.CharField(
        label=_("报送方式"),
        max_length=120,
        help_text=_("例如：公文交换、管理平台上传，注明回执编号。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sent_on"].initial = timezone.localdate()
