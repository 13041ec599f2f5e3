"""Versions: progress, problems, results, figures, differences, files, steps."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.models import AuditEvent
from carbonwatch.audit.refusals import record_read
from carbonwatch.imports.problem_export import annotated_workbook, commented_workbook, problems_xlsx
from carbonwatch.jobs.service import job_for
from carbonwatch.refusals import Missing
from carbonwatch.web.export import download
from carbonwatch.web.pages import DetailPage, Page, StepPage
from emitters.forms import NoFields, NoteForm, OptionalNoteForm
from emitters.models import ReportVersion
from emitters.selectors.results import grouped, notes_of, results_of
from emitters.selectors.versions import (
    changes_since,
    differences,
    figures_of,
    problems_of,
    rules_not_run,
    stored_problems,
)
from emitters.services.reports import report_accept, report_return, report_submit
from emitters.services.scores import SCORED


class VersionDetail(DetailPage):
    """A version: where it stands, what is wrong with it, what the checks found."""

    permission = Perm.REPORT_VIEW
    model = ReportVersion
    related = ("report__unit__organisation", "uploaded_by", "submitted_by", "decided_by")
    template_name = "emitters/version.html"
    step_url = "emitters:version-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything that the tabs show."""
        context = super().get_context_data(**kwargs)
        version = self.object
        context |= {
            "job": job_for(version),
            "problems": problems_of(version),
            "progress_since": changes_since(version, self.actor),
            "groups": grouped(results_of(version, self.actor)),
            "may_explain": self.actor.may(Perm.RESULT_EXPLAIN),
            "not_run": rules_not_run(version),
            "may_waive": self.actor.may(Perm.WAIVER_PROPOSE) and version.status in SCORED,
            "runs": version.runs.count(),
            "previous": version.report.versions.visible_to(self.actor)
            .filter(number__lt=version.number)
            .first(),
            "history": AuditEvent.objects.filter(
                target="emitters.reportversion", target_id=str(version.pk)
            ).exclude(action__in=["read", "refused"])[:50],
        }
        return context


class VersionProgress(Page):
    """The progress of the intake, asked every second or two."""

    permission = Perm.REPORT_VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The fragment; when the intake has ended the page is loaded anew."""
        version = ReportVersion.objects.visible_to(self.actor).one(pk=pk)
        job = job_for(version)
        response = render(
            request,
            "components/progress.html",
            {"job": job, "poll_url": request.path, "done_url": version.get_absolute_url()},
        )
        if version.status not in ("received", "reading"):
            response["HX-Refresh"] = "true"
        return response


class VersionFigures(DetailPage):
    """The accounts of a version: each figure with its formula, inputs and source."""

    permission = Perm.REPORT_VIEW
    model = ReportVersion
    related = ("report__unit__organisation",)
    template_name = "emitters/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Figures by group."""
        context = super().get_context_data(**kwargs)
        context["life"] = context["panels"] = None
        context["groups"] = figures_of(self.object)
        return context


class VersionDifferences(DetailPage):
    """Two versions of one report, cell by cell."""

    permission = Perm.REPORT_VIEW
    model = ReportVersion
    related = ("report__unit__organisation",)
    template_name = "emitters/differences.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The other version comes through scope too."""
        context = super().get_context_data(**kwargs)
        context["life"] = context["panels"] = None
        others = self.object.report.versions.visible_to(self.actor).select_related(
            "report__unit__organisation"
        )
        other = others.one(number=self.kwargs["number"])
        context |= {"other": other, "differences": differences(other, self.object)}
        return context


class VersionFile(Page):
    """The workbook as it was received. Reading it is an entry of the ledger."""

    permission = Perm.REPORT_VIEW

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file, as a download."""
        version = ReportVersion.objects.visible_to(self.actor).one(pk=pk)
        path = Path(settings.MEDIA_ROOT) / version.file
        if not path.exists():
            raise Missing()
        record_read(self.actor, version, version.file_name, timezone.now())
        response = FileResponse(path.open("rb"), as_attachment=True, filename=version.file_name)
        response["X-Content-Type-Options"] = "nosniff"
        return response


class VersionReceipt(DetailPage):
    """The receipt of an upload, to print: number, time, hash, and where to check it."""

    permission = Perm.REPORT_VIEW
    model = ReportVersion
    related = ("report__unit__organisation", "uploaded_by")
    template_name = "emitters/receipt.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A document without buttons."""
        context = super().get_context_data(**kwargs)
        context["life"] = context["panels"] = None
        return context


class VersionProblems(Page):
    """The problems of a version to take away: as a list, or as the workbook with comments."""

    permission = Perm.REPORT_VIEW

    def get(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        """`form` is `list` or `workbook`."""
        version = (
            ReportVersion.objects.visible_to(self.actor)
            .select_related("report__unit__organisation")
            .one(pk=pk)
        )
        problems = stored_problems(version)
        if form == "list":
            return download(
                problems_xlsx(problems), _("%(version)s问题清单.xlsx") % {"version": version}
            )
        path = Path(settings.MEDIA_ROOT) / version.file
        if any(p.weight == "file" for p in problems) or not path.exists():
            raise Missing(_("该文件不能打开，无法在原文件上批注。请下载问题清单。"))
        record_read(self.actor, version, version.file_name, timezone.now())
        return download(
            annotated_workbook(path.read_bytes(), problems),
            _("%(version)s批注.xlsx") % {"version": version},
        )


class VersionMarked(Page):
    """The workbook with a comment at every cell that a check result names."""

    permission = Perm.REPORT_VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file, as a download."""
        version = (
            ReportVersion.objects.visible_to(self.actor)
            .select_related("report__unit__organisation")
            .one(pk=pk)
        )
        path = Path(settings.MEDIA_ROOT) / version.file
        if version.checked_at is None or not path.exists():
            raise Missing(_("该版本尚未校核，没有可标注的结果。"))
        notes = list(notes_of(results_of(version, self.actor)))
        record_read(self.actor, version, version.file_name, timezone.now())
        return download(
            commented_workbook(path.read_bytes(), notes),
            _("%(version)s校核标注.xlsx") % {"version": version},
        )


class VersionStep(StepPage):
    """Submit, accept, return."""

    permission = Perm.REPORT_VIEW
    model = ReportVersion
    steps = {
        "submit": (NoFields, report_submit),
        "accept": (OptionalNoteForm, report_accept),
        "return": (NoteForm, report_return),
    }
