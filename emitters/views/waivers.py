"""Waivers: the list, one waiver with its life, its proposal, and who waives how often."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.models import AuditEvent
from carbonwatch.documents.service import attachments_of
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, FormPage, ListPage, StepPage
from emitters.filters import WaiverFilter
from emitters.forms import NoteForm, OptionalNoteForm, WaiverForm
from emitters.models import CheckResult, Question, Waiver
from emitters.privacy import name_others
from emitters.selectors.waivers import officers
from emitters.services.waivers import (
    reject_waiver,
    waiver_approve,
    waiver_propose,
    waiver_refuse,
    waiver_revoke,
)
from emitters.tables_judging import OfficerTable, WaiverTable


class WaiverList(ListPage):
    """豁免."""

    permission = Perm.WAIVER_VIEW
    model = Waiver
    related = ("report__unit__organisation", "proposed_by", "decided_by")
    table_class = WaiverTable
    filterset_class = WaiverFilter
    title = _("豁免")
    intro = _(
        "经核实不反映数据质量问题的校核结果，可以在期限内不计风险分。"
        "豁免由一人提出、另一人批准，只对当时的数据有效；致命问题不能豁免。"
    )
    empty = _("没有符合条件的豁免。")
    file_name = "waivers"


class WaiverDetail(DetailPage):
    """One waiver: the result, the ground, the people, the time."""

    permission = Perm.WAIVER_VIEW
    model = Waiver
    related = (
        "report__unit__organisation",
        "result__version__report__unit__organisation",
        "proposed_by",
        "decided_by",
    )
    template_name = "emitters/waiver.html"
    step_url = "emitters:waiver-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Result, question, evidence, history."""
        context = super().get_context_data(**kwargs)
        waiver = self.object
        context |= {
            "result": name_others([waiver.result], self.actor)[0],
            "question": Question.objects.visible_to(self.actor)
            .filter(report=waiver.report_id, fingerprint=waiver.fingerprint)
            .first(),
            "attachments": attachments_of(waiver),
            "history": AuditEvent.objects.filter(
                target="emitters.waiver", target_id=str(waiver.pk)
            ).exclude(action__in=["read", "refused"])[:50],
        }
        return context


class WaiverPropose(FormPage):
    """A waiver for one result."""

    permission = Perm.WAIVER_PROPOSE
    form_class = WaiverForm
    title = _("提出豁免")
    intro = _("由省级人员批准后生效；批准前结果照常计分。")
    submit = _("提出豁免")
    template_name = "emitters/waiver_propose.html"

    @cached_property
    def result(self) -> CheckResult:
        """The result, through scope."""
        rows = CheckResult.objects.visible_to(self.actor)
        result: CheckResult = rows.select_related("version__report__unit__organisation").one(
            pk=self.kwargs["pk"]
        )
        return result

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, unless the result cannot be waived: then the reason."""
        reject_waiver(self.result)
        return super().get(request, *args, **kwargs)

    def save(self, form: StepForm) -> Waiver:
        """Call the service."""
        return waiver_propose(
            self.kwargs["pk"], **form.facts(), actor=self.actor, now=timezone.now()
        )

    def extra_context(self) -> dict[str, Any]:
        """The result that is to be waived."""
        return {"result": name_others([self.result], self.actor)[0]}


class WaiverStep(StepPage):
    """Approve, refuse, revoke."""

    permission = Perm.WAIVER_VIEW
    model = Waiver
    steps = {
        "approve": (OptionalNoteForm, waiver_approve),
        "refuse": (NoteForm, waiver_refuse),
        "revoke": (NoteForm, waiver_revoke),
    }


class WaiverOfficers(ListPage):
    """How often each person proposes and grants waivers, for those who audit (PRC-SUPPRESS-AUDIT)."""

    permission = Perm.LEDGER_VIEW
    model = Waiver
    table_class = OfficerTable
    title = _("豁免办理情况")
    intro = _(
        "每名人员提出和批准豁免的次数。明显多于他人的，由审计人员了解原因；次数多不等于违规。"
    )
    empty = _("还没有办理过豁免。")
    file_name = "waiver-officers"

    def base_queryset(self) -> Any:
        """Counts only: no business data."""
        return officers(timezone.localdate())
