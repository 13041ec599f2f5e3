"""Pages of a rectification: its measures, more time, the corrected version."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, FormPage, StepPage
from inspections.forms import AnswerForm, NoteForm, OptionalNoteForm, ReturnForm
from inspections.models import Extension, Finding, Measure
from inspections.rectification_forms import CorrectionForm, ExtensionForm, GrantForm
from inspections.selectors.rectification import tonnes_put_right
from inspections.services import (
    extension_ask,
    extension_grant,
    extension_refuse,
    finding_correct,
    measure_accept,
    measure_answer,
    measure_return,
)
from inspections.services.extensions import reject_extension
from inspections.services.rectification import corrections_of, reject_correction


class MeasureDetail(DetailPage):
    """One measure: what is asked for, for which findings, the answers."""

    permission = Perm.FINDING_VIEW
    model = Measure
    related = ("unit__organisation", "ordered_by")
    template_name = "inspections/measure.html"
    step_url = "inspections:measure-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Findings in the viewer's scope, answers, rungs."""
        context = super().get_context_data(**kwargs)
        measure = self.object
        context |= {
            "findings": list(
                Finding.objects.visible_to(self.actor)
                .filter(measures=measure)
                .select_related("unit__organisation")
            ),
            "answers": list(measure.answers.select_related("answered_by", "reviewed_by")),
            "climbs": list(measure.climbs.all()),
        }
        return context


class MeasureStep(StepPage):
    """Answer, accept, return."""

    permission = Perm.FINDING_VIEW
    model = Measure
    steps = {
        "answer": (AnswerForm, measure_answer),
        "accept": (OptionalNoteForm, measure_accept),
        "return": (ReturnForm, measure_return),
    }


class OfFinding(FormPage):
    """A form about one finding, whose page shows why it is closed."""

    abstract = True
    template_name = "inspections/of_finding.html"

    @cached_property
    def finding(self) -> Finding:
        """The finding, through scope."""
        seen = Finding.objects.visible_to(self.actor).select_related(
            "unit__organisation", "version__report"
        )
        finding: Finding = seen.one(pk=self.kwargs["pk"])
        return finding

    def extra_context(self) -> dict[str, Any]:
        """What it is about."""
        return {"finding": self.finding}


class ExtensionAsk(OfFinding):
    """More time for one finding."""

    permission = Perm.FINDING_ANSWER
    form_class = ExtensionForm
    title = _("申请延期")
    intro = _("须在整改期限届满前申请，由主管部门下达人以外的另一人决定；决定前仍按原期限办理。")
    submit = _("提交申请")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, unless it is too late or one is waiting: then the reason."""
        reject_extension(self.finding, timezone.now())
        return super().get(request, *args, **kwargs)

    def save(self, form: StepForm) -> Extension:
        """Call the service."""
        return extension_ask(
            self.kwargs["pk"], **form.facts(), actor=self.actor, now=timezone.now()
        )


class ExtensionDetail(DetailPage):
    """One wish for more time."""

    permission = Perm.FINDING_VIEW
    model = Extension
    related = ("finding__unit__organisation", "asked_by", "decided_by")
    template_name = "inspections/extension.html"
    step_url = "inspections:extension-step"


class ExtensionStep(StepPage):
    """Grant, refuse."""

    permission = Perm.FINDING_VIEW
    model = Extension
    steps = {
        "grant": (GrantForm, extension_grant),
        "refuse": (NoteForm, extension_refuse),
    }

    def form_of(self, step: str) -> Any:
        """What was asked for is offered."""
        form = super().form_of(step)
        if step != "grant":
            return form
        extension = Extension.objects.visible_to(self.actor).one(pk=self.kwargs["pk"])
        return partial(form, wanted_on=extension.wanted_on)


class FindingCorrect(OfFinding):
    """The corrected version of the report, by the unit or the bureau."""

    permission = Perm.FINDING_CORRECT
    form_class = CorrectionForm
    title = _("附更正版本")
    intro = _("涉及报告数据的问题，须附更正后的报告版本和已更正的排放量，才能销号。")
    submit = _("保存")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, unless there is nothing to correct: then the reason."""
        reject_correction(self.finding)
        return super().get(request, *args, **kwargs)

    def build_form(self, *args: Any) -> StepForm:
        """Later versions of the report in the viewer's scope."""
        return CorrectionForm(
            *args, versions=corrections_of(self.finding), tonnes=tonnes_put_right(self.finding)
        )

    def save(self, form: StepForm) -> Finding:
        """Call the service."""
        return finding_correct(
            self.kwargs["pk"], **form.facts(), actor=self.actor, now=timezone.now()
        )
