"""What the pages of this app ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.params.service import in_force
from carbonwatch.web.forms import StepForm
from emitters.forms import NoteForm, OptionalNoteForm
from enforcement.models import Case
from enforcement.selectors.penalties import penalties_of_units
from inspections.models import Finding

__all__ = ["NoteForm", "NoticeForm", "OptionalNoteForm", "ProposeForm", "ReviseForm"]


class ProposeForm(StepForm):
    """A case on the findings chosen: reason, facts, day of the act, articles."""

    findings = forms.ModelMultipleChoiceField(
        label=_("所依据的问题"),
        queryset=Finding.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("同一单位已确认、尚未立案的问题。"),
    )
    reason = forms.CharField(
        label=_("案由"), max_length=200, help_text=_("如：涉嫌年度排放报告存在重大缺陷。")
    )
    statement = forms.CharField(
        label=_("违法事实"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8})
    )
    acted_on = forms.DateField(
        label=_("违法行为发生日"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("按行为发生日适用法律，如提交不实报告之日。"),
    )
    basis_keys = forms.MultipleChoiceField(
        label=_("法律依据"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("须为违法行为发生日有效的条款；罚款幅度供参考，可信程度见各条标注。"),
    )

    def __init__(
        self, *args: Any, choices: Any, initial_values: dict[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"].queryset = choices  # type: ignore[attr-defined]
        self.fields["basis_keys"].choices = [  # type: ignore[attr-defined]
            (p.key, _dated(p, v)) for p, v in penalties_of_units(in_force())
        ]
        for name, value in initial_values.items():
            self.fields[name].initial = value

    def facts(self) -> dict[str, Any]:
        """Ids for the service."""
        facts = super().facts()
        facts["finding_ids"] = [f.pk for f in facts.pop("findings")]
        return facts


def _dated(penalty: Any, value: Any) -> str:
    """Article, range, when it holds, how sure we are."""
    span = _("%(start)s起") if value.valid_to is None else _("%(start)s至%(end)s")
    parts = [
        penalty.label,
        penalty.fine,
        span % {"start": value.valid_from, "end": value.valid_to},
        penalty.confidence,
    ]
    return " · ".join(str(p) for p in parts if p)


class ReviseForm(StepForm):
    """The text of a notice."""

    title = forms.CharField(label=_("标题"), max_length=120)
    body = forms.CharField(
        label=_("正文"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("每段一行。不得含居民身份证号码、手机号码等个人信息。"),
    )


class NoticeForm(ReviseForm):
    """A new notice, with the cases and findings that it speaks of."""

    cases = forms.ModelMultipleChoiceField(
        label=_("相关案件"),
        queryset=Case.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    findings = forms.ModelMultipleChoiceField(
        label=_("相关问题"),
        queryset=Finding.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, actor: Actor, initial_values: dict[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cases = Case.objects.visible_to(actor).filter(status="filed")
        self.fields["cases"].queryset = cases.select_related("unit__organisation")  # type: ignore[attr-defined]
        chosen = initial_values.get("findings", [])
        self.fields["findings"].queryset = (  # type: ignore[attr-defined]
            Finding.objects.visible_to(actor)
            .filter(pk__in=chosen)
            .select_related("unit__organisation")
        )
        for name, value in initial_values.items():
            self.fields[name].initial = value
        for name in ("cases", "findings"):
            if not self.fields[name].queryset.exists():  # type: ignore[attr-defined]
                del self.fields[name]

    def facts(self) -> dict[str, Any]:
        """Ids for the service."""
        facts = super().facts()
        facts["case_ids"] = [c.pk for c in facts.pop("cases", [])]
        facts["finding_ids"] = [f.pk for f in facts.pop("findings", [])]
        return facts
