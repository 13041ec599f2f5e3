"""The register of inspectors (执法人员名录): the list, one entry with its conflicts, keeping it."""

from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.models import AuditEvent
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, FormPage, ListPage, StepPage
from inspections.forms import NoteForm
from inspections.inspector_forms import (
    ConflictEndForm,
    ConflictForm,
    InspectorForm,
    RenewForm,
    posts_to_enter,
)
from inspections.inspector_tables import InspectorFilter, InspectorTable, expiring_days
from inspections.models import Conflict, Inspection, Inspector
from inspections.services import (
    conflict_add,
    conflict_end,
    inspector_enter,
    inspector_renew,
    inspector_withdraw,
)

LATEST = 10


class InspectorList(ListPage):
    """执法人员名录."""

    permission = Perm.INSPECTION_PLAN
    model = Inspector
    related = ("user", "organisation")
    table_class = InspectorTable
    filterset_class = InspectorFilter
    title = _("执法人员名录")
    intro = _(
        "安排检查和随机抽取只从本名录中选人：执法证在检查当日有效，且对被检查单位没有回避情形。"
    )
    empty = _("没有符合条件的执法人员。")
    actions = ((_("登记执法人员"), "inspections:inspector-new", Perm.INSPECTOR_KEEP),)
    file_name = "inspectors"

    def base_queryset(self) -> Any:
        """With the number of units that each keeps away from today."""
        today = timezone.localdate()
        standing = Q(conflicts__since__lte=today) & (
            Q(conflicts__until=None) | Q(conflicts__until__gte=today)
        )
        kept_from = Count("conflicts__unit", filter=standing, distinct=True)
        return super().base_queryset().annotate(kept_from=kept_from)


class InspectorDetail(DetailPage):
    """One entry: certificate, conflicts, latest inspections, what was done with it."""

    permission = Perm.INSPECTION_PLAN
    model = Inspector
    related = ("user", "organisation", "entered_by")
    template_name = "inspections/inspector.html"
    step_url = "inspections:inspector-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Why somebody keeps away in detail is for the keepers and the person alone."""
        inspector, today = self.object, timezone.localdate()
        keeps = self.actor.may(Perm.INSPECTOR_KEEP)
        mine = inspector.user_id == self.actor.user.pk
        seen = Inspection.objects.visible_to(self.actor).filter(members__user=inspector.user)
        left = (inspector.valid_to - today).days
        return super().get_context_data(**kwargs) | {
            "conflicts": list(inspector.conflicts.select_related("unit__organisation")),
            "inspections": list(seen.select_related("unit__organisation")[:LATEST]),
            "history": AuditEvent.objects.filter(
                target="inspections.inspector", target_id=str(inspector.pk)
            )
            .exclude(action="refused")
            .order_by("seq"),
            "may_keep": keeps and not mine and inspector.status == "listed",
            "sees_notes": keeps or mine,
            "today": today,
            "expired": left < 0,
            "expiring": 0 <= left <= expiring_days(today),
        }


class InspectorNew(FormPage):
    """Entering an officer."""

    permission = Perm.INSPECTOR_KEEP
    title = _("登记执法人员")
    intro = _("本人的信息须由另一人登记。")
    submit = _("登记")

    def build_form(self, *args: Any) -> StepForm:
        """The form knows whom the actor may enter."""
        return InspectorForm(*args, posts=posts_to_enter(self.actor))

    def save(self, form: StepForm) -> Inspector:
        """Call the service."""
        return inspector_enter(**form.facts(), actor=self.actor, now=timezone.now())


class InspectorStep(StepPage):
    """Renew, withdraw."""

    permission = Perm.INSPECTION_PLAN
    model = Inspector
    steps = {
        "renew": (RenewForm, inspector_renew),
        "withdraw": (NoteForm, inspector_withdraw),
    }

    def get(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """A renewal starts from what is on record."""
        if step != "renew":
            return super().get(request, pk, step)
        inspector = Inspector.objects.visible_to(self.actor).one(pk=pk)
        names = ("certificate", "valid_from", "valid_to", "speciality")
        form = RenewForm(initial={name: getattr(inspector, name) for name in names})
        return self.show(request, pk, step, form)


class ConflictNew(FormPage):
    """A unit that the inspector must keep away from."""

    permission = Perm.INSPECTOR_KEEP
    title = _("登记回避情形")
    intro = _(
        "《行政处罚法》第四十三条：执法人员与案件有直接利害关系或者有其他关系可能影响公正执法的，应当回避。"
    )
    submit = _("登记")

    @cached_property
    def inspector(self) -> Inspector:
        """Whose conflict it is, or `Missing`."""
        found: Inspector = Inspector.objects.visible_to(self.actor).one(pk=self.kwargs["pk"])
        return found

    def build_form(self, *args: Any) -> StepForm:
        """The form knows the units."""
        self.title = _("登记回避情形：%(who)s") % {"who": self.inspector}
        return ConflictForm(*args, actor=self.actor)

    def save(self, form: StepForm) -> Conflict:
        """Call the service."""
        return conflict_add(self.inspector.pk, **form.facts(), actor=self.actor, now=timezone.now())


class ConflictEnd(FormPage):
    """The reason to keep away has gone."""

    permission = Perm.INSPECTOR_KEEP
    form_class = ConflictEndForm
    title = _("终止回避情形")
    submit = _("终止")

    @cached_property
    def conflict(self) -> Conflict:
        """Which one, or `Missing`."""
        seen = Conflict.objects.visible_to(self.actor)
        found: Conflict = seen.select_related("unit__organisation").one(pk=self.kwargs["pk"])
        return found

    def build_form(self, *args: Any) -> StepForm:
        """The page names the unit."""
        self.intro = str(self.conflict)
        return ConflictEndForm(*args)

    def save(self, form: StepForm) -> Conflict:
        """Call the service."""
        return conflict_end(self.conflict.pk, **form.facts(), actor=self.actor, now=timezone.now())
