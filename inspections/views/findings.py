"""Findings: the list, one finding, its registration on the spot, its steps, its order."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.documents.render import DocumentPage
from carbonwatch.documents.service import attachments_of
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, FormPage, ListPage, StepPage
from inspections.documents import RECTIFICATION_ORDER
from inspections.filters import FindingFilter
from inspections.forms import (
    AnswerForm,
    NoteForm,
    OptionalNoteForm,
    RegisterForm,
    ReturnForm,
)
from inspections.models import Finding
from inspections.rectification_forms import OrderForm, ReopenForm, VerifyForm
from inspections.selectors.findings import timeline_of
from inspections.selectors.merges import likely_duplicates
from inspections.selectors.origins import Origin, origin_of
from inspections.selectors.rectification import rectification_of, with_rung
from inspections.services import (
    finding_accept,
    finding_answer,
    finding_begin,
    finding_close,
    finding_confirm,
    finding_order,
    finding_register,
    finding_reject,
    finding_reopen,
    finding_return,
    finding_verify,
)
from inspections.tables import FindingTable


class FindingList(ListPage):
    """问题台账."""

    permission = Perm.FINDING_VIEW
    model = Finding
    related = ("unit__organisation",)
    table_class = FindingTable
    filterset_class = FindingFilter
    title = _("问题台账")
    intro = _("从登记、确认、责令改正到答复、审查、销号，每一步由不同的人办理并记入台账。")
    empty = _("没有符合条件的问题。")
    actions = ((_("登记问题"), "inspections:finding-register", Perm.FINDING_REGISTER),)
    file_name = "findings"

    def base_queryset(self) -> QuerySet:
        """With the rung that an overdue one has climbed to."""
        return with_rung(super().base_queryset())


class FindingDetail(DetailPage):
    """One finding: facts, results it rests on, order, answers, history."""

    permission = Perm.FINDING_VIEW
    model = Finding
    related = (
        "unit__organisation",
        "version__report__unit__organisation",
        "question",
        "found_by",
        "confirmed_by",
        "ordered_by",
        "verified_by",
        "closed_by",
        "corrected_version__report__unit__organisation",
    )
    template_name = "inspections/finding.html"
    step_url = "inspections:finding-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Results, files, answers, history."""
        context = super().get_context_data(**kwargs)
        finding = self.object
        context |= {
            "results": list(finding.results.visible_to(self.actor)),
            "attachments": attachments_of(finding),
            "answers": list(finding.answers.select_related("answered_by", "reviewed_by")),
            "timeline": timeline_of(finding, self.actor),
            "inside": self.actor.kind != OrgKind.UNIT,
            **rectification_of(finding, self.actor),
        }
        return context


class FindingRegister(FormPage):
    """Registration, from scratch or `?question=`, `?result=` (several), `?version=`, `?unit=`,
    `?inspection=`, `?tip=`."""

    permission = Perm.FINDING_REGISTER
    form_class = RegisterForm
    title = _("登记问题")
    intro = _("登记后由另一人确认。先填要点、拍照留证，其余内容可以展开填写。")
    submit = _("登记")
    template_name = "inspections/finding_register.html"

    @cached_property
    def origin(self) -> Origin:
        """What the finding is registered from, through scope."""
        return origin_of(self.request.GET, self.actor)

    def build_form(self, *args: Any) -> StepForm:
        """The form knows the actor's units and what is already known."""
        return RegisterForm(*args, actor=self.actor, origin=self.origin.initial)

    def save(self, form: StepForm) -> Finding:
        """Call the service."""
        finding = finding_register(
            **form.facts(), **self.origin.links, actor=self.actor, now=timezone.now()
        )
        if likely_duplicates(finding, self.actor).exists():
            messages.warning(self.request, gettext("可能重复：请核对本页列出的同类问题。"))
        return finding

    def extra_context(self) -> dict[str, Any]:
        """What it is registered from."""
        return {"origin": self.origin}


class FindingStep(StepPage):
    """Confirm, reject, order, begin, answer, accept, return, verify, close, reopen."""

    permission = Perm.FINDING_VIEW
    model = Finding
    steps = {
        "confirm": (OptionalNoteForm, finding_confirm),
        "reject": (NoteForm, finding_reject),
        "order": (OrderForm, finding_order),
        "begin": (StepForm, finding_begin),
        "answer": (AnswerForm, finding_answer),
        "accept": (OptionalNoteForm, finding_accept),
        "return": (ReturnForm, finding_return),
        "verify": (VerifyForm, finding_verify),
        "close": (OptionalNoteForm, finding_close),
        "reopen": (ReopenForm, finding_reopen),
    }

    def form_of(self, step: str) -> Any:
        """An order may use measures of the unit that are under way."""
        form = super().form_of(step)
        if step != "order":
            return form
        return partial(
            form, finding=Finding.objects.visible_to(self.actor).one(pk=self.kwargs["pk"])
        )


class FindingOrderDocument(DocumentPage):
    """责令改正通知书 as DOCX."""

    permission = Perm.FINDING_VIEW
    model = Finding
    document = RECTIFICATION_ORDER
