"""Inspections: the list, one inspection, arranging it, its steps, its record on a phone, its papers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.documents.render import DocumentPage
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import PUBLIC, DetailPage, FormPage, ListPage, Page, StepPage
from inspections.filters import InspectionFilter
from inspections.forms import NoteForm, OptionalNoteForm
from inspections.inspection_documents import INSPECTION_NOTICE, ON_SITE_RECORD
from inspections.inspection_forms import ConcludeForm, InspectionForm, NotifyForm
from inspections.models import EntryKind, Inspection, InspectionKind
from inspections.record_form import FORMS, LISTS, PARTS
from inspections.selectors.origins import origin_of
from inspections.selectors.records import lines_of
from inspections.services import (
    inspection_approve,
    inspection_begin,
    inspection_cancel,
    inspection_conclude,
    inspection_make,
    inspection_notify,
    inspection_reopen,
    inspection_return,
    inspection_sign,
)
from inspections.tables import InspectionTable
from inspections.worker import WORKER

ID_DIGITS = 18


class InspectionList(ListPage):
    """检查台账."""

    permission = Perm.INSPECTION_VIEW
    model = Inspection
    related = ("unit__organisation", "organisation")
    table_class = InspectionTable
    filterset_class = InspectionFilter
    title = _("检查台账")
    intro = _("每次检查由两名以上持证人员实施，有通知书、检查清单、现场笔录和经另一人审定的结论。")
    empty = _("没有符合条件的检查。")
    actions = ((_("安排检查"), "inspections:inspection-new", Perm.INSPECTION_PLAN),)
    file_name = "inspections"


class InspectionNew(FormPage):
    """Arranging an inspection, from scratch, with `?unit=` or from a tip (`?tip=`)."""

    permission = Perm.INSPECTION_PLAN
    form_class = InspectionForm
    title = _("安排检查")
    intro = _("选定单位和两名检查人员。检查清单由核查指南、未决疑点、控制方案和以往问题自动形成。")
    submit = _("安排")

    def build_form(self, *args: Any) -> StepForm:
        """The form knows the actor's units and colleagues."""
        known = {"unit": self.request.GET.get("unit", "")}
        if "tip" in self.request.GET:
            origin = origin_of(self.request.GET, self.actor)
            known = {"unit": str(origin.initial.get("unit", "")), "kind": InspectionKind.TIP}
        return InspectionForm(*args, actor=self.actor, **known)

    def save(self, form: StepForm) -> Inspection:
        """Call the service."""
        links = origin_of(self.request.GET, self.actor).links if "tip" in self.request.GET else {}
        named = self.request.GET.get("campaign_unit", "")
        return inspection_make(
            **form.facts(),
            **links,
            campaign_unit_id=int(named) if named.isdecimal() and len(named) < ID_DIGITS else None,
            actor=self.actor,
            now=timezone.now(),
        )


class InspectionDetail(DetailPage):
    """One inspection: people, notice, checklist, record, conclusion."""

    permission = Perm.INSPECTION_VIEW
    model = Inspection
    related = ("unit__organisation", "organisation", "planned_by", "concluded_by", "approved_by")
    template_name = "inspections/inspection.html"
    step_url = "inspections:inspection-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who inspects, and what the record says."""
        context = super().get_context_data(**kwargs)
        members = list(self.object.members.select_related("user"))
        lines = lines_of(self.object)
        mine = any(m.user_id == self.actor.user.pk for m in members)
        context |= {
            "members": members,
            "checks": [line for line in lines if line.entry.kind == EntryKind.CHECK],
            "lines": [line for line in lines if line.entry.kind != EntryKind.CHECK],
            "registered": list(self.object.findings.visible_to(self.actor)),
            "may_register": self.object.begun_at and self.actor.may(Perm.FINDING_REGISTER),
            "may_write": mine and self.object.open_record and self.actor.may(Perm.INSPECTION_DO),
        }
        return context


class InspectionStep(StepPage):
    """Notify, begin, sign, reopen, conclude, approve, return, cancel."""

    permission = Perm.INSPECTION_VIEW
    model = Inspection
    steps = {
        "notify": (NotifyForm, inspection_notify),
        "begin": (StepForm, inspection_begin),
        "sign": (StepForm, inspection_sign),
        "reopen": (NoteForm, inspection_reopen),
        "conclude": (ConcludeForm, inspection_conclude),
        "approve": (OptionalNoteForm, inspection_approve),
        "return": (NoteForm, inspection_return),
        "cancel": (NoteForm, inspection_cancel),
    }


class InspectionRecord(DetailPage):
    """现场检查笔录 on a phone; the scripts keep what is written until it has been sent."""

    permission = Perm.INSPECTION_DO
    model = Inspection
    related = ("unit__organisation",)
    template_name = "inspections/record.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page keeps no clock: without a network it must not shut the person out."""
        shown = {"forms": FORMS, "parts": PARTS, "lists": LISTS}
        return super().get_context_data(**kwargs) | {"idle_minutes": 0, "life": None} | shown


class RecordWorker(Page):
    """The service worker, served where its scope is: below `/inspections/`."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """The script; it holds nothing of anybody."""
        return HttpResponse(
            WORKER.read_text(encoding="utf-8"),
            content_type="text/javascript",
            headers={"Cache-Control": "no-cache"},
        )


class InspectionNotice(DocumentPage):
    """检查通知书 as DOCX."""

    permission = Perm.INSPECTION_VIEW
    model = Inspection
    document = INSPECTION_NOTICE


class InspectionRecordDocument(DocumentPage):
    """现场检查笔录 as DOCX."""

    permission = Perm.INSPECTION_VIEW
    model = Inspection
    document = ON_SITE_RECORD
