"""Merging two findings: the proposal, both side by side, the decision."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, FormPage, StepPage
from inspections.forms import NoteForm, OptionalNoteForm
from inspections.models import Finding, FindingMerge
from inspections.selectors.merges import mergeable_with
from inspections.services.merges import merge_confirm, merge_propose, merge_refuse


class FindingChoice(forms.ModelChoiceField):
    """Findings of one unit by title, year and state."""

    def label_from_instance(self, obj: Any) -> str:
        """What tells them apart."""
        return f"{obj.title}（{obj.year}，{obj.flow.state(obj.status).label}）"


class MergeForm(StepForm):
    """Which finding goes on, and why the two are one matter."""

    kept = FindingChoice(
        label=_("保留的问题"),
        queryset=Finding.objects.none(),
        help_text=_("合并后在这个问题上继续办理；涉及数量取两者中较大的，不相加。"),
    )
    reason = forms.CharField(
        label=_("合并理由"), max_length=600, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, choices: Any, kept: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].queryset = choices  # type: ignore[attr-defined]
        self.fields["kept"].initial = kept


class MergeNew(FormPage):
    """The finding of the address becomes part of another one."""

    permission = Perm.FINDING_REGISTER
    form_class = MergeForm
    title = _("并入另一问题")
    intro = _("同一单位的同一事项重复登记的，由一人提出合并，另一人确认。双方的内容都保留。")
    submit = _("提出合并")
    template_name = "inspections/merge_new.html"

    @cached_property
    def finding(self) -> Finding:
        """Through scope."""
        found = Finding.objects.visible_to(self.actor).select_related("unit__organisation")
        finding: Finding = found.one(pk=self.kwargs["pk"])
        return finding

    def build_form(self, *args: Any) -> StepForm:
        """The form offers the unit's other open findings."""
        choices = mergeable_with(self.finding, self.actor)
        return MergeForm(*args, choices=choices, kept=self.request.GET.get("kept", ""))

    def save(self, form: StepForm) -> FindingMerge:
        """Call the service."""
        facts = form.facts()
        return merge_propose(
            merged_id=self.finding.pk,
            kept_id=facts["kept"].pk,
            reason=facts["reason"],
            actor=self.actor,
            now=timezone.now(),
        )

    def extra_context(self) -> dict[str, Any]:
        """What is to be merged."""
        return {"finding": self.finding}


class MergeDetail(DetailPage):
    """Both findings side by side."""

    permission = Perm.FINDING_VIEW
    model = FindingMerge
    related = (
        "kept__unit__organisation",
        "merged__unit__organisation",
        "proposed_by",
        "decided_by",
    )
    template_name = "inspections/merge.html"
    step_url = "inspections:merge-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The two."""
        merge = self.object
        sides = ((_("保留的问题"), merge.kept), (_("并入的问题"), merge.merged))
        return super().get_context_data(**kwargs) | {"sides": sides}


class MergeStep(StepPage):
    """Confirm or refuse."""

    permission = Perm.FINDING_VIEW
    model = FindingMerge
    steps = {
        "confirm": (OptionalNoteForm, merge_confirm),
        "refuse": (NoteForm, merge_refuse),
    }
