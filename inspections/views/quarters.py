"""The quarterly supervision report: the list, one report, the rows behind a figure, its papers."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.accounts.scoping import resolve
from carbonwatch.documents.render import DocumentPage
from carbonwatch.refusals import Missing
from carbonwatch.web.export import download
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, FormPage, ListPage, Page, StepPage
from inspections.forms import NoteForm, OptionalNoteForm
from inspections.models import QuarterFigure, QuarterItem, QuarterReport
from inspections.quarter_documents import QUARTER_REPORT, workbook_of
from inspections.quarter_forms import QuarterForm, SendForm, WriteForm
from inspections.quarter_tables import (
    QuarterFilter,
    QuarterItemFilter,
    QuarterItemTable,
    QuarterTable,
)
from inspections.selectors.quarters import compared_report, parts_of
from inspections.services import (
    quarter_draft,
    quarter_refresh,
    quarter_return,
    quarter_review,
    quarter_send,
    quarter_sign,
    quarter_write,
    report_stands,
)


class QuarterList(ListPage):
    """日常监管季报."""

    permission = Perm.QUARTER_VIEW
    model = QuarterReport
    related = ("edition",)
    table_class = QuarterTable
    filterset_class = QuarterFilter
    title = _("日常监管季报")
    intro = _("按季度由系统从台账生成，每个数字都能打开明细；签发后数据和明细不再变化。")
    empty = _("还没有季报。")
    actions = ((_("起草季报"), "inspections:quarter-new", Perm.QUARTER_DRAFT),)
    file_name = "quarterly-reports"


class QuarterNew(FormPage):
    """Beginning the report of a quarter."""

    permission = Perm.QUARTER_DRAFT
    form_class = QuarterForm
    title = _("起草季报")
    intro = _("选定季度后，系统从台账生成全部数据和明细。季度结束前也可以起草，结束后须重新生成。")
    submit = _("生成")

    def save(self, form: StepForm) -> QuarterReport:
        """Call the service."""
        return quarter_draft(**form.facts(), actor=self.actor, now=timezone.now())


class QuarterDetail(DetailPage):
    """One report: figures by section beside those of the quarter before, texts, people."""

    permission = Perm.QUARTER_VIEW
    model = QuarterReport
    related = ("organisation", "edition", "drafted_by", "written_by", "reviewed_by", "signed_by")
    template_name = "inspections/quarter.html"
    step_url = "inspections:quarter-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Figures of the edition that stands."""
        context = super().get_context_data(**kwargs)
        context |= {
            "parts": parts_of(self.object.standing),
            "compared": compared_report(self.object),
            "texts": [
                (self.object._meta.get_field(name).verbose_name, getattr(self.object, name))
                for name in ("overview", "problems", "next_steps")
            ],
        }
        return context


class QuarterStep(StepPage):
    """Make the figures again, write, review, return, sign, send."""

    permission = Perm.QUARTER_VIEW
    model = QuarterReport
    steps = {
        "refresh": (StepForm, quarter_refresh),
        "write": (WriteForm, quarter_write),
        "review": (OptionalNoteForm, quarter_review),
        "return": (NoteForm, quarter_return),
        "sign": (OptionalNoteForm, quarter_sign),
        "send": (SendForm, quarter_send),
    }

    def get(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """The form of writing starts with what is written."""
        form = self.form_of(step)()
        if step == "write":
            report = QuarterReport.objects.visible_to(self.actor).one(pk=pk)
            for name in ("overview", "problems", "next_steps"):
                form.fields[name].initial = getattr(report, name)
        return self.show(request, pk, step, form)


class QuarterItemList(ListPage):
    """The rows behind a figure: `?figure=`."""

    permission = Perm.QUARTER_VIEW
    model = QuarterItem
    table_class = QuarterItemTable
    filterset_class = QuarterItemFilter
    title = _("季报数据明细")
    empty = _("没有明细：该项数字为零。")
    template_name = "inspections/quarter_items.html"
    file_name = "quarterly-report-items"

    @cached_property
    def figure(self) -> QuarterFigure | None:
        """The figure that was opened, through scope."""
        asked = self.request.GET.get("figure", "")
        if not asked.isdecimal():
            return None
        seen = QuarterFigure.objects.visible_to(self.actor)
        return seen.select_related("edition__report").one(pk=int(asked))  # type: ignore[no-any-return]

    def base_queryset(self) -> QuerySet:
        """Nothing without a figure: rows of several add up to nothing."""
        rows = super().base_queryset()
        return rows.filter(figure=self.figure) if self.figure else rows.none()

    def extra_context(self) -> dict[str, Any]:
        """The figure."""
        return {"figure": self.figure}


class QuarterItemOpen(Page):
    """From a row to the page of the thing itself, as it is now; through its own scope."""

    permission = Perm.QUARTER_VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Redirect."""
        item = QuarterItem.objects.visible_to(self.actor).select_related("figure").one(pk=pk)
        thing = resolve(item.figure.target, item.target_id, self.actor)
        if not hasattr(thing, "get_absolute_url"):
            raise Missing()
        return redirect(thing.get_absolute_url())


class QuarterVerify(Page):
    """Compares what is stored with what was signed."""

    permission = Perm.QUARTER_VIEW

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Say whether it still is the same."""
        report = QuarterReport.objects.visible_to(self.actor).one(pk=pk)
        if not report.digest:
            messages.warning(request, _("季报尚未签发，没有可核对的摘要。"))
        elif report_stands(report):
            messages.success(request, _("核对一致：文字、数据和明细与签发时相同。"))
        else:
            messages.error(request, _("核对不一致：与签发时不同，请立即报告系统管理员。"))
        return redirect(report.get_absolute_url())


class QuarterDocument(DocumentPage):
    """日常监管季报 as DOCX."""

    permission = Perm.QUARTER_VIEW
    model = QuarterReport
    document = QUARTER_REPORT


class QuarterWorkbook(Page):
    """All figures and all rows behind them as XLSX."""

    permission = Perm.QUARTER_VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The workbook."""
        report = QuarterReport.objects.visible_to(self.actor).one(pk=pk)
        return download(workbook_of(report), f"{report}.xlsx")
