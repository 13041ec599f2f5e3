"""Cases: the list, one case, its proposal from a finding, the decision."""

from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.refusals import Missing
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, FormPage, ListPage, StepPage
from enforcement.filters import CaseFilter
from enforcement.forms import NoteForm, OptionalNoteForm, ProposeForm
from enforcement.models import Case
from enforcement.selectors.cases import eligible_findings, first_guess, history_of
from enforcement.selectors.penalties import in_words
from enforcement.services import case_file, case_propose, case_refuse
from enforcement.tables import CaseTable
from inspections.models import Finding


class CaseList(ListPage):
    """案件."""

    permission = Perm.CASE_VIEW
    model = Case
    related = ("unit__organisation",)
    table_class = CaseTable
    filterset_class = CaseFilter
    title = _("案件")
    intro = _("从已确认的问题提请立案，由另一人审批。")
    empty = _("没有符合条件的案件。")
    file_name = "cases"


class CaseDetail(DetailPage):
    """One case: findings, facts, legal basis with fine range, decision, history."""

    permission = Perm.CASE_VIEW
    model = Case
    related = ("unit__organisation", "opened_by", "decided_by")
    template_name = "enforcement/case.html"
    step_url = "enforcement:case-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Findings through the viewer's scope, the articles in words."""
        context = super().get_context_data(**kwargs)
        case = self.object
        context |= {
            "findings": list(
                case.findings.visible_to(self.actor).select_related("unit__organisation")
            ),
            "penalties": [in_words(b) for b in case.basis],
            "timeline": history_of(case, self.actor),
            "inside": self.actor.kind != OrgKind.UNIT,
            "may_draft": self.actor.may(Perm.NOTICE_DRAFT) and case.status == "filed",
        }
        return context


class CasePropose(FormPage):
    """Proposal of a case on `?finding=` and others of the same unit."""

    permission = Perm.CASE_OPEN
    title = _("提请立案")
    intro = _("提请后由另一人审批。法律依据按违法行为发生日选择，罚款幅度仅供参考。")
    submit = _("提请立案")
    form_class = ProposeForm

    @cached_property
    def finding(self) -> Finding:
        """The finding that it starts from, through scope."""
        pk = self.request.GET.get("finding", "")
        if not pk.isdecimal() or len(pk) > 18:
            raise Missing(_("请从一个已确认的问题提请立案。"))
        found: Finding = Finding.objects.visible_to(self.actor).select_related("version").one(pk=pk)
        return found

    def build_form(self, *args: Any) -> StepForm:
        """The form with the unit's findings and the articles on record."""
        choices = eligible_findings(self.finding, self.actor)
        return ProposeForm(*args, choices=choices, initial_values=first_guess(self.finding))

    def save(self, form: StepForm) -> Case:
        """Call the service."""
        return case_propose(**form.facts(), actor=self.actor, now=timezone.now())


class CaseStep(StepPage):
    """File, refuse."""

    permission = Perm.CASE_VIEW
    model = Case
    steps = {
        "file": (OptionalNoteForm, case_file),
        "refuse": (NoteForm, case_refuse),
    }
