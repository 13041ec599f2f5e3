"""阈值调整: proposals with their dry runs, and the lists of what they would change."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.models import AuditEvent
from carbonwatch.jobs.service import job_for
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, FormPage, ListPage, Page, StepPage
from emitters.filters_thresholds import ThresholdFilter, TrialResultFilter, TrialScoreFilter
from emitters.forms import NoFields, NoteForm, OptionalNoteForm
from emitters.forms_thresholds import AdoptForm, ThresholdForm
from emitters.models import ThresholdProposal, TrialResult, TrialScore
from emitters.selectors.thresholds import held_on, keys, written, years
from emitters.services.thresholds import (
    threshold_adopt,
    threshold_approve,
    threshold_dismiss,
    threshold_propose,
    threshold_refuse,
    threshold_retry,
    threshold_withdraw,
)
from emitters.tables_thresholds import ThresholdTable, TrialResultTable, TrialScoreTable


class ThresholdList(ListPage):
    """Every proposal."""

    permission = Perm.THRESHOLD_VIEW
    model = ThresholdProposal
    related = ("proposed_by", "decided_by")
    table_class = ThresholdTable
    filterset_class = ThresholdFilter
    title = _("阈值调整")
    intro = _("调整先对存量报告试算，列明会新增和消失的结果，再由另一人批准；批准前什么都不改变。")
    empty = _("没有符合条件的调整。")
    actions = ((_("提出阈值调整"), "emitters:threshold-propose", Perm.THRESHOLD_PROPOSE),)
    file_name = "thresholds"


class ThresholdDetail(DetailPage):
    """One proposal: old and new value, what the dry run found, who decided."""

    permission = Perm.THRESHOLD_VIEW
    model = ThresholdProposal
    related = ("proposed_by", "decided_by", "parameter")
    template_name = "emitters/threshold.html"
    step_url = "emitters:threshold-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The value in force, the dry run, the history."""
        context = super().get_context_data(**kwargs)
        proposal = self.object
        context |= {
            "held": held_on(proposal.key, proposal.valid_from),
            "job": job_for(proposal) if proposal.status == "proposed" else None,
            "stale": proposal.status == "tried" and proposal.stale,
            "history": AuditEvent.objects.filter(
                target="emitters.thresholdproposal", target_id=str(proposal.pk)
            ).exclude(action__in=["read", "refused"])[:50],
        }
        return context


class ThresholdProgress(Page):
    """The progress of the dry run, asked every second or two."""

    permission = Perm.THRESHOLD_VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The fragment; when the dry run has ended the page is loaded anew."""
        proposal = ThresholdProposal.objects.visible_to(self.actor).one(pk=pk)
        context = {"job": job_for(proposal), "poll_url": request.path, "done_url": ""}
        response = render(request, "components/progress.html", context)
        if proposal.status != "proposed":
            response["HX-Refresh"] = "true"
        return response


class ThresholdPropose(FormPage):
    """A new value of one parameter: `?key=` names it; without it the page asks which."""

    permission = Perm.THRESHOLD_PROPOSE
    form_class = ThresholdForm
    title = _("提出阈值调整")
    intro = _("提交后自动对所选年度的存量报告试算；批准前什么都不改变。")
    submit = _("提交并试算")
    template_name = "emitters/threshold_propose.html"

    @property
    def key(self) -> str:
        """The parameter in question."""
        return self.request.POST.get("key") or self.request.GET.get("key", "")

    def build_form(self, *args: Any) -> StepForm:
        """The form begins with the value in force."""
        value = "true" if self.key.endswith(".retired") else written(self.key)
        return ThresholdForm(*args, years=years(), initial={"key": self.key, "value": value})

    def save(self, form: StepForm) -> ThresholdProposal:
        """Call the service."""
        return threshold_propose(**form.facts(), actor=self.actor, now=timezone.now())

    def extra_context(self) -> dict[str, Any]:
        """The parameter, or those that can be chosen."""
        held = held_on(self.key, timezone.localdate())
        return {"key": self.key, "held": held, "keys": [] if self.key else keys()}


class ThresholdStep(StepPage):
    """Adopt, dismiss, try again, approve, refuse, withdraw."""

    permission = Perm.THRESHOLD_VIEW
    model = ThresholdProposal
    steps = {
        "adopt": (AdoptForm, threshold_adopt),
        "dismiss": (NoteForm, threshold_dismiss),
        "retry": (NoFields, threshold_retry),
        "approve": (OptionalNoteForm, threshold_approve),
        "refuse": (NoteForm, threshold_refuse),
        "withdraw": (OptionalNoteForm, threshold_withdraw),
    }


class TrialResults(ListPage):
    """What dry runs would add, remove and alter; `?proposal=` picks one."""

    permission = Perm.THRESHOLD_VIEW
    model = TrialResult
    related = ("version__report__unit__organisation",)
    table_class = TrialResultTable
    filterset_class = TrialResultFilter
    title = _("试算：结果变化")
    intro = _("按拟定取值重新校核存量报告，与现行取值相比会变化的结果。")
    empty = _("没有会变化的结果。")
    file_name = "trial-results"


class TrialScores(ListPage):
    """How dry runs would change scores and bands; `?proposal=` picks one."""

    permission = Perm.THRESHOLD_VIEW
    model = TrialScore
    related = ("version__report__unit__organisation",)
    table_class = TrialScoreTable
    filterset_class = TrialScoreFilter
    title = _("试算：风险分变化")
    intro = _("按拟定取值重新校核存量报告，与现行取值相比会变化的风险分、等级和合规状态。")
    empty = _("没有会变化的风险分。")
    file_name = "trial-scores"
