"""Control schemes: the list, one scheme with its gap report, its lines, its steps."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.models import AuditEvent
from carbonwatch.refusals import WrongState
from carbonwatch.web.forms import StepForm
from carbonwatch.web.idempotency import once
from carbonwatch.web.pages import DetailPage, FormPage, ListPage, Page, StepPage
from emitters.filters import SchemeFilter
from emitters.forms import NoFields, NoteForm
from emitters.forms_schemes import SchemeForm, SchemeLines
from emitters.models import ControlScheme
from emitters.selectors.schemes import guideline_gaps, report_gaps
from emitters.services.schemes import (
    EDITABLE,
    scheme_approve,
    scheme_draft,
    scheme_fill,
    scheme_return,
    scheme_submit,
)
from emitters.tables_schemes import SchemeTable


class SchemeList(ListPage):
    """数据质量控制方案."""

    permission = Perm.SCHEME_VIEW
    model = ControlScheme
    related = ("unit__organisation", "drafted_by", "approved_by")
    table_class = SchemeTable
    filterset_class = SchemeFilter
    title = _("数据质量控制方案")
    intro = _("企业按指南制定，由另一人批准；修订形成新版本，旧版本留存。")
    empty = _("没有符合条件的方案。")
    actions = ((_("制定或修订方案"), "emitters:scheme-new", Perm.SCHEME_EDIT),)
    file_name = "schemes"


class SchemeNew(FormPage):
    """A new version."""

    permission = Perm.SCHEME_EDIT
    form_class = SchemeForm
    title = _("制定或修订数据质量控制方案")
    intro = _("新版本从现行版本的内容开始，逐项修改后提交，由另一人批准。")
    submit = _("开始编制")

    def save(self, form: StepForm) -> ControlScheme:
        """Call the service."""
        return scheme_draft(**form.facts(), actor=self.actor, now=timezone.now())


class SchemeDetail(DetailPage):
    """One version: its lines, and where it falls short."""

    permission = Perm.SCHEME_VIEW
    model = ControlScheme
    related = ("unit__organisation", "drafted_by", "approved_by")
    template_name = "emitters/scheme.html"
    step_url = "emitters:scheme-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Lines, gaps, history."""
        context = super().get_context_data(**kwargs)
        scheme = self.object
        before = scheme.unit.schemes.filter(number__lt=scheme.number).first()
        report, used = report_gaps(scheme)
        context |= {
            "items": list(scheme.items.all()),
            "gaps": guideline_gaps(scheme.facts(), before.facts() if before else None),
            "report": report,
            "used": used,
            "may_edit": scheme.status in EDITABLE and self.actor.may(Perm.SCHEME_EDIT),
            "history": AuditEvent.objects.filter(
                target="emitters.controlscheme", target_id=str(scheme.pk)
            ).exclude(action__in=["read", "refused"])[:50],
        }
        return context


class SchemeFill(Page):
    """The lines of a version that is being prepared, in one form."""

    permission = Perm.SCHEME_EDIT

    @cached_property
    def scheme(self) -> ControlScheme:
        """Through scope."""
        found = ControlScheme.objects.visible_to(self.actor).select_related("unit__organisation")
        scheme: ControlScheme = found.one(pk=self.kwargs["pk"])
        if scheme.status not in EDITABLE:
            raise WrongState(_("该版本已提交，不能再编辑。"))
        return scheme

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The lines as they stand."""
        return self.show(request, SchemeLines(queryset=self.scheme.items.all()))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Save all lines, or show what is wrong."""
        lines = SchemeLines(request.POST, queryset=self.scheme.items.all())
        if not lines.is_valid():
            return self.show(request, lines, 422)
        rows = [{"id": f.instance.pk, **f.facts()} for f in lines.forms]

        def fill() -> HttpResponse:
            scheme = scheme_fill(pk, lines=rows, actor=self.actor, now=timezone.now())
            return redirect(scheme.get_absolute_url())

        return once(request, self.actor, fill)

    def show(self, request: HttpRequest, lines: Any, status: int = 200) -> HttpResponse:
        """The page."""
        context = {"object": self.scheme, "lines": lines}
        return render(request, "emitters/scheme_lines.html", context, status=status)


class SchemeStep(StepPage):
    """Submit, return, approve."""

    permission = Perm.SCHEME_VIEW
    model = ControlScheme
    steps = {
        "submit": (NoFields, scheme_submit),
        "return": (NoteForm, scheme_return),
        "approve": (NoFields, scheme_approve),
    }
