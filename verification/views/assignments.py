"""Assignments: the list, making one, one assignment with its conclusion, its steps."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.models import AuditEvent
from carbonwatch.refusals import Refused, WrongState
from carbonwatch.web.forms import StepForm
from carbonwatch.web.idempotency import once
from carbonwatch.web.pages import DetailPage, FormPage, ListPage, Page, StepPage
from emitters.layouts import PARAMETERS
from emitters.models import AnnualReport
from verification.flows import NEEDED, SEEING_STATES, WRITING_STATES
from verification.forms import (
    AssignmentForm,
    ConclusionForm,
    NoFields,
    NonconformityFormSet,
    NoteForm,
    OptionalNoteForm,
    TakeForm,
    ValueFormSet,
    conclusion_initial,
)
from verification.models import Assignment, Conclusion
from verification.selectors.values import reported_values, verified_values
from verification.services.assignments import (
    assignment_decline,
    assignment_make,
    assignment_take,
    assignment_withdraw,
)
from verification.services.conclusions import (
    conclusion_accept,
    conclusion_return,
    conclusion_save,
    conclusion_sign,
    conclusion_submit,
)
from verification.tables import AssignmentFilter, AssignmentTable


class AssignmentList(ListPage):
    """核查任务."""

    permission = Perm.ASSIGNMENT_VIEW
    model = Assignment
    related = ("report__unit__organisation", "agency")
    table_class = AssignmentTable
    filterset_class = AssignmentFilter
    title = _("核查任务")
    intro = _("省级下达核查任务；核查机构承接期间可查看被核查报告，结束后不再可见。")
    empty = _("没有符合条件的核查任务。")
    file_name = "assignments"


class AssignmentMake(FormPage):
    """下达核查任务 for one report."""

    permission = Perm.ASSIGNMENT_MAKE
    form_class = AssignmentForm
    title = _("下达核查任务")
    submit = _("下达")

    @property
    def report(self) -> AnnualReport:
        """The report, through scope."""
        return (
            AnnualReport.objects.visible_to(self.actor)
            .select_related("unit__organisation")
            .one(pk=self.kwargs["report"])
        )

    def extra_context(self) -> dict[str, Any]:
        """Which report it is about."""
        return {"intro": str(self.report)}

    def save(self, form: StepForm) -> Assignment:
        """Call the service."""
        facts = form.facts()
        return assignment_make(
            report_id=self.report.pk, agency_id=facts["agency"].pk, due_on=facts["due_on"],
            actor=self.actor, now=timezone.now(),
        )  # fmt: skip


class AssignmentDetail(DetailPage):
    """One assignment: state, conclusion, values, non-conformities, signatures."""

    permission = Perm.ASSIGNMENT_VIEW
    model = Assignment
    related = (
        "report__unit__organisation",
        "version__report__unit__organisation",
        "agency",
        "made_by",
        "taken_by",
    )
    template_name = "verification/assignment.html"
    step_url = "verification:assignment-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The conclusion: seen by the agency always, by others once it was submitted."""
        context = super().get_context_data(**kwargs)
        assignment = self.object
        own = assignment.agency_id == self.actor.organisation.pk
        may_see = own or assignment.status in ("submitted", "returned", "accepted")
        conclusion = conclusion_of(assignment) if may_see else None
        writing = own and assignment.status in WRITING_STATES
        context |= {
            "conclusion": conclusion,
            "labels": {c: p.title for c, p in PARAMETERS.items()},
            "may_write": writing and self.actor.may(Perm.CONCLUSION_EDIT),
            "may_sign": writing
            and conclusion is not None
            and self.actor.may(Perm.CONCLUSION_SIGN)
            and not any(s.user_id == self.actor.user.pk for s in conclusion.signatures.all()),
            "sees_report": assignment.status in SEEING_STATES or not own,
            "needed": NEEDED,
            "history": AuditEvent.objects.filter(
                target="verification.assignment", target_id=str(assignment.pk)
            ).exclude(action__in=["read", "refused"])[:50],
        }
        return context


def conclusion_of(assignment: Assignment) -> Conclusion | None:
    """The conclusion with its rows; None when nothing was written."""
    return (
        Conclusion.objects.filter(assignment=assignment)
        .prefetch_related("values", "nonconformities", "signatures__user")
        .first()
    )


class ConclusionWrite(Page):
    """编写核查结论: texts, values before and after, non-conformities on one page."""

    permission = Perm.CONCLUSION_EDIT

    def matter(self, pk: int) -> Assignment:
        """The assignment, through scope. The reported values stand in the form, so it opens only
        while the agency works on it: not before it has taken the work on."""
        assignment: Assignment = (
            Assignment.objects.visible_to(self.actor)
            .select_related("report__unit__organisation", "version", "agency")
            .one(pk=pk)
        )
        if assignment.status not in WRITING_STATES:
            raise WrongState(_("当前状态不能编写或修改核查结论。"))
        return assignment

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was written before, or the reported values to start from."""
        assignment = self.matter(pk)
        conclusion = conclusion_of(assignment)
        written = (
            list(conclusion.values.all()) if conclusion else reported_values(assignment.version)
        )
        values = [
            {n: getattr(v, n) for n in ("generator", "code", "unit", "before", "after", "reason")}
            for v in written
        ]
        names = ("kind", "description", "parameter", "cause", "correction", "result")
        rows = (
            [{n: getattr(r, n) for n in names} for r in conclusion.nonconformities.all()]
            if conclusion
            else []
        )
        return self.show(
            request,
            assignment,
            ConclusionForm(initial=conclusion_initial(conclusion)),
            ValueFormSet(initial=values, prefix="v"),
            NonconformityFormSet(initial=rows, prefix="n"),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Save; earlier signatures no longer stand."""
        assignment = self.matter(pk)
        form = ConclusionForm(request.POST)
        values = ValueFormSet(request.POST, prefix="v")
        rows = NonconformityFormSet(request.POST, prefix="n")
        if not (form.is_valid() and values.is_valid() and rows.is_valid()):
            return self.show(request, assignment, form, values, rows, 422)
        try:
            return once(request, self.actor, lambda: self.save(assignment, form, values, rows))
        except Refused as refusal:
            if refusal.status != 422:
                raise
            form.add_error(None, str(refusal.message))
            return self.show(request, assignment, form, values, rows, 422)

    def save(
        self, assignment: Assignment, form: ConclusionForm, values: Any, rows: Any
    ) -> HttpResponse:
        """Call the service. What was reported is taken from the report, not from the form."""
        given = {
            (v["generator"], v["code"]): (v["after"], v["reason"]) for v in values.cleaned_data
        }
        found = [
            {k: v for k, v in row.items() if k != "DELETE"}
            for row in rows.cleaned_data
            if row.get("description") and not row.get("DELETE")
        ]
        conclusion_save(
            assignment.pk,
            texts=form.texts(),
            visited_on=form.cleaned_data["visited_on"],
            values=verified_values(assignment.version, given),
            nonconformities=found,
            actor=self.actor,
            now=timezone.now(),
        )
        return redirect(assignment.get_absolute_url())

    def show(
        self,
        request: HttpRequest,
        assignment: Assignment,
        form: Any,
        values: Any,
        rows: Any,
        status: int = 200,
    ) -> HttpResponse:
        """The page."""
        context = {"assignment": assignment, "form": form, "values": values, "rows": rows}
        return render(request, "verification/conclusion_form.html", context, status=status)


class ConclusionSign(Page):
    """签署核查结论."""

    permission = Perm.CONCLUSION_SIGN

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Sign once in the capacity of one's post."""

        def sign() -> HttpResponse:
            return redirect(
                conclusion_sign(pk, actor=self.actor, now=timezone.now()).get_absolute_url()
            )

        return once(request, self.actor, sign)


class AssignmentStep(StepPage):
    """Take, decline, submit, accept, return, withdraw."""

    permission = Perm.ASSIGNMENT_VIEW
    model = Assignment
    steps = {
        "take": (TakeForm, assignment_take),
        "decline": (NoteForm, assignment_decline),
        "submit": (NoFields, conclusion_submit),
        "accept": (OptionalNoteForm, conclusion_accept),
        "return": (NoteForm, conclusion_return),
        "withdraw": (NoteForm, assignment_withdraw),
    }
