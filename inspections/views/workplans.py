"""Work plans (年度执法工作计划): the list, one with its matrix, drafting, steps."""

from functools import cached_property
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Sum
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.models import AuditEvent
from carbonwatch.refusals import WrongState
from carbonwatch.templatetags.watch import status_badge
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, FormPage, ListPage, StepPage
from emitters.filters import YEARS
from inspections.forms import NoteForm, OptionalNoteForm
from inspections.models import WorkPlan
from inspections.models.workplans import QUARTERS
from inspections.selectors.workplans import matrix_of
from inspections.services import (
    workplan_amend,
    workplan_approve,
    workplan_drop,
    workplan_make,
    workplan_return,
    workplan_submit,
    workplan_write,
)
from inspections.workplan_flow import WORKPLAN_FLOW
from inspections.workplan_forms import PlanForm, PlanNewForm


class WorkPlanTable(tables.Table):
    """Plans by version."""

    title = tables.Column(linkify=lambda record: record.get_absolute_url())
    total = tables.Column(_("计划检查数"))
    approved_at = tables.DateColumn(format="Y-m-d")

    class Meta:
        model = WorkPlan
        fields = ("title", "year", "version", "total", "status", "approved_at", "reason")

    def render_status(self, record: WorkPlan) -> SafeString:
        """The badge of the state."""
        return status_badge(record)

    def value_status(self, record: WorkPlan) -> str:
        """For the export."""
        return str(record.flow.state(record.status).label)


class WorkPlanFilter(filters.FilterSet):
    """By year and state."""

    year = filters.ChoiceFilter(label=_("计划年度"), choices=YEARS)
    status = filters.ChoiceFilter(label=_("状态"), choices=WORKPLAN_FLOW.choices)

    class Meta:
        model = WorkPlan
        fields: list[str] = []


class WorkPlanList(ListPage):
    """年度执法工作计划: every version."""

    permission = Perm.WORKPLAN_VIEW
    model = WorkPlan
    table_class = WorkPlanTable
    filterset_class = WorkPlanFilter
    title = _("执法工作计划")
    intro = _("全省年度执法工作计划，碳排放数据检查单列，按市、季度和单位风险类别下达检查数量。")
    empty = _("没有符合条件的工作计划。")
    actions = ((_("起草工作计划"), "inspections:workplan-new", Perm.WORKPLAN_EDIT),)
    file_name = "work-plans"

    def base_queryset(self) -> Any:
        """With the number of inspections planned."""
        return super().base_queryset().annotate(total=Sum("quotas__number", default=0))


class WorkPlanDetail(DetailPage):
    """One version: how far it is, what it says, its other versions."""

    permission = Perm.WORKPLAN_VIEW
    model = WorkPlan
    related = ("drafted_by", "submitted_by", "approved_by")
    template_name = "inspections/workplan.html"
    step_url = "inspections:workplan-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The matrix, the versions that the reader may see, the ledger for the planners."""
        plan = self.object
        others = WorkPlan.objects.visible_to(self.actor).filter(year=plan.year)
        edits = self.actor.may(Perm.WORKPLAN_EDIT)
        events = AuditEvent.objects.filter(target="inspections.workplan", target_id=str(plan.pk))
        return super().get_context_data(**kwargs) | {
            "matrix": matrix_of(plan, self.actor, timezone.localdate()),
            "versions": list(others.exclude(pk=plan.pk).order_by("-version")),
            "quarters": QUARTERS,
            "may_edit": edits and plan.status == "drafted",
            "inside": edits or self.actor.may(Perm.WORKPLAN_APPROVE),
            "history": events.exclude(action="refused").order_by("seq"),
        }


class WorkPlanNew(FormPage):
    """The plan of a year."""

    permission = Perm.WORKPLAN_EDIT
    form_class = PlanNewForm
    title = _("起草工作计划")
    intro = _("保存后填写各市各季度的检查数量。")

    def save(self, form: StepForm) -> WorkPlan:
        """Call the service."""
        return workplan_make(**form.facts(), actor=self.actor, now=timezone.now())


class WorkPlanEdit(FormPage):
    """Words and numbers of a draft."""

    permission = Perm.WORKPLAN_EDIT
    title = _("编辑工作计划")
    template_name = "inspections/workplan_edit.html"

    @cached_property
    def plan(self) -> WorkPlan:
        """Which one, or `Missing`; `WrongState` once it has been submitted."""
        found: WorkPlan = WorkPlan.objects.visible_to(self.actor).one(pk=self.kwargs["pk"])
        if found.status != "drafted":
            raise WrongState(_("计划已提交，不能再编辑；批准后需要改动的请办理修订。"))
        return found

    def build_form(self, *args: Any) -> StepForm:
        """The form knows what was put down so far."""
        return PlanForm(*args, plan=self.plan)

    def extra_context(self) -> dict[str, Any]:
        """The way back."""
        return {"plan": self.plan, "quarters": QUARTERS}

    def save(self, form: StepForm) -> WorkPlan:
        """Call the service."""
        return workplan_write(self.plan.pk, **form.facts(), actor=self.actor, now=timezone.now())


class WorkPlanStep(StepPage):
    """Submit, drop, approve, return, amend."""

    permission = Perm.WORKPLAN_VIEW
    model = WorkPlan
    steps = {
        "submit": (StepForm, workplan_submit),
        "drop": (NoteForm, workplan_drop),
        "approve": (OptionalNoteForm, workplan_approve),
        "return": (NoteForm, workplan_return),
        "amend": (NoteForm, workplan_amend),
    }
