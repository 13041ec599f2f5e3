"""Reports: the yearly list, one report, its upload, template and receipt check."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.export import download
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import PUBLIC, DetailPage, FormPage, ListPage, Page, TextPage
from emitters.filters import ReportFilter
from emitters.forms import ReceiptForm, UploadForm, YearListForm
from emitters.models import AnnualReport, ReportVersion
from emitters.selectors.templates import template_of
from emitters.services.obligations import YearList, obligations_make
from emitters.services.uploads import report_upload
from emitters.tables import ReportTable


class ReportList(ListPage):
    """年度排放报告: what is due, what is in, ranked by risk with the reasons."""

    permission = Perm.REPORT_VIEW
    model = AnnualReport
    related = ("unit__organisation", "current")
    table_class = ReportTable
    filterset_class = ReportFilter
    title = _("年度排放报告")
    intro = _("风险分是安排检查先后的依据，不是造假认定；点击单位查看各版本、疑点和依据。")
    empty = _("没有符合条件的报告。请放宽筛选条件。")
    actions = (
        (_("下达年度名录"), "emitters:obligations", Perm.REPORT_DECIDE),
        (_("重新校核记录"), "emitters:runs", Perm.REPORT_DECIDE),
        (_("重新校核整个年度"), "emitters:recheck-year", Perm.REPORT_DECIDE),
    )
    file_name = "reports"


class ReportDetail(DetailPage):
    """One report: its duty, versions, questions."""

    permission = Perm.REPORT_VIEW
    model = AnnualReport
    related = ("unit__organisation",)
    template_name = "emitters/report.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Versions and questions that the viewer may see."""
        context = super().get_context_data(**kwargs)
        context["versions"] = list(
            self.object.versions.visible_to(self.actor).select_related(
                "uploaded_by", "submitted_by"
            )
        )
        context["questions"] = list(
            self.object.questions.visible_to(self.actor).select_related("version")
        )
        context["may_upload"] = self.actor.may(Perm.REPORT_UPLOAD)
        return context


class ReportUpload(FormPage):
    """Upload of a workbook for one report."""

    permission = Perm.REPORT_UPLOAD
    form_class = UploadForm
    title = _("上传年度排放报告")
    intro = _("上传后系统自动读取、复算和校核，通常几秒完成；可以离开页面，稍后在工作台查看结果。")
    submit = _("上传并校核")
    template_name = "emitters/upload.html"

    @property
    def report(self) -> AnnualReport:
        """The report, through scope."""
        return (
            AnnualReport.objects.visible_to(self.actor)
            .select_related("unit__organisation")
            .one(pk=self.kwargs["pk"])
        )

    def build_form(self, *args: Any) -> StepForm:
        """Corrections of what was submitted ask for the reason."""
        return UploadForm(
            *args, needs_reason=self.report.versions.filter(submitted_at__isnull=False).exists()
        )

    def save(self, form: StepForm) -> ReportVersion:
        """Keep the file and ask for its intake."""
        facts = form.facts()
        return report_upload(
            report_id=self.report.pk,
            upload=facts["workbook"],
            reason=facts.get("reason", ""),
            actor=self.actor,
            now=timezone.now(),
        )

    def extra_context(self) -> dict[str, Any]:
        """The report, for the template."""
        return {"report": self.report}


class ReportTemplate(Page):
    """The blank workbook of one report, prefilled."""

    permission = Perm.REPORT_VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file."""
        report = (
            AnnualReport.objects.visible_to(self.actor)
            .select_related("unit__organisation")
            .one(pk=pk)
        )
        return download(template_of(report), f"{report}模板.xlsx")


class Obligations(FormPage):
    """下达年度名录: every active unit gets its duty for a year."""

    permission = Perm.REPORT_DECIDE
    form_class = YearListForm
    title = _("下达年度名录")
    intro = _("为全部在册重点排放单位生成该年度的报告任务；已有任务的单位不受影响。")
    submit = _("下达")

    def save(self, form: StepForm) -> YearList:
        """Call the service; then the list of the year."""
        return obligations_make(actor=self.actor, now=timezone.now(), **form.facts())


class ReceiptCheck(TextPage):
    """Public: whether a receipt is genuine, and whether a file is the one that was received."""

    permission = PUBLIC
    template_name = "emitters/receipt_check.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form and, with `?receipt=`, the answer. Says nothing about whose report it is."""
        form = ReceiptForm(request.GET or None)
        context: dict[str, Any] = {"form": form, "asked": False}
        if form.is_bound and form.is_valid():
            number = form.cleaned_data["receipt"].strip().upper()
            version = ReportVersion.objects.filter(receipt=number).select_related("report").first()
            given = form.cleaned_data["sha256"].strip().lower()
            context |= {
                "asked": True,
                "version": version,
                "given": given,
                "same": bool(version and given and version.sha256 == given),
            }
        return render(request, self.template_name, context)
