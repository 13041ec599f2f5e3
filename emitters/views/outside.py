"""Outside records: the files, one file with its rows and provenance, bringing one in, naming columns."""

from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, Func, IntegerField, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import RequestConfig

from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.models import AuditEvent
from carbonwatch.audit.refusals import record_read
from carbonwatch.imports.problem_export import annotated_workbook, problems_xlsx
from carbonwatch.jobs.service import job_for
from carbonwatch.refusals import Missing
from carbonwatch.web.export import download, table_response
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import PER_PAGE, DetailPage, FormPage, ListPage, Page, StepPage
from emitters.forms import NoteForm, OptionalNoteForm
from emitters.models import OutsideFile, OutsideMapping
from emitters.outside import KINDS
from emitters.outside.files import blank_file
from emitters.outside_forms import ColumnsForm, OutsideUploadForm
from emitters.outside_tables import (
    OutsideFileFilter,
    OutsideFileTable,
    OutsideRecordFilter,
    record_table,
)
from emitters.selectors.outside import column_titles, results_on
from emitters.selectors.versions import problems_of, stored_problems
from emitters.services.outside import (
    REPLACEABLE,
    kinds_of,
    outside_discard,
    outside_map,
    outside_upload,
    outside_withdraw,
)
from emitters.services.outside_reading import UNREAD, read_kept


class OutsideFileList(ListPage):
    """部门数据: what was brought in, by whom, how far it is."""

    permission = Perm.OUTSIDE_VIEW
    model = OutsideFile
    table_class = OutsideFileTable
    filterset_class = OutsideFileFilter
    title = gettext_lazy("部门数据")
    intro = gettext_lazy(
        "电网、热用户、检测机构、在线监测等记录的同一事实，用于与排放报告比对。"
        "数据只替换、不修改；启用或撤回后自动重新校核。"
    )
    empty = gettext_lazy("没有符合条件的文件。")
    actions = ((gettext_lazy("导入数据"), "emitters:outside-upload", Perm.OUTSIDE_IMPORT),)
    file_name = "outside"

    def base_queryset(self) -> QuerySet:
        """With the provider, without what only one file's page needs."""
        count = Func(F("problems"), function="jsonb_array_length", output_field=IntegerField())
        return (
            super()
            .base_queryset()
            .select_related("provider")
            .defer("problems", "columns")
            .annotate(problem_count=count)
        )


def _annotatable(file: OutsideFile) -> bool:
    """Whether comments can stand in the file itself: a workbook that could be opened."""
    closed = any(p["weight"] == "file" for p in file.problems)
    return file.file.endswith(".xlsx") and not closed


class OutsideFileDetail(DetailPage):
    """One file: its state, its rows, where they come from, what rests on them."""

    permission = Perm.OUTSIDE_VIEW
    model = OutsideFile
    template_name = "emitters/outside_file.html"
    step_url = "emitters:outside-step"

    def get_queryset(self) -> QuerySet:
        """With the provider and the people."""
        return (
            super()
            .get_queryset()
            .select_related("provider", "uploaded_by", "ended_by", "replaces__provider")
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or its rows as a workbook with `?export=xlsx`."""
        if request.GET.get("export") != "xlsx":
            return super().get(request, *args, **kwargs)
        self.object = self.get_object()
        table, _filterset = self._rows(paginate=False)
        return table_response(table, f"outside-{self.object.pk}")

    def _rows(self, *, paginate: bool) -> tuple[Any, Any]:
        """The rows that the viewer may see, filtered, as a table."""
        rows = self.object.records.visible_to(self.actor).order_by("number")
        filterset = OutsideRecordFilter(
            self.request.GET or None, queryset=rows, request=self.request
        )
        table = record_table(self.object.record_kind)(filterset.qs, request=self.request)
        pages: Any = {"per_page": PER_PAGE, "silent": True} if paginate else False
        RequestConfig(self.request, paginate=pages).configure(table)
        return table, filterset

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rows, results, provenance; problems and history for those who see the whole file."""
        context = super().get_context_data(**kwargs)
        file = self.object
        mine = file.provider_id == self.actor.organisation.pk
        if not mine:
            context["life"]["offers"] = []
        table, filterset = self._rows(paginate=True) if file.rows else (None, None)
        context |= {
            "whole": file.open_to(self.actor),
            "may_replace": mine
            and self.actor.may(Perm.OUTSIDE_IMPORT)
            and file.status in REPLACEABLE,
            "job": job_for(file) if file.status in UNREAD else None,
            "table": table,
            "filterset": filterset,
            "results": results_on(file, self.actor) if file.rows else [],
            "newer": file.replaced_by.visible_to(self.actor).first(),
        }
        if context["whole"]:
            label, pk = "emitters.outsidefile", str(file.pk)
            context |= {
                "problems": problems_of(file),
                "may_annotate": _annotatable(file),
                "columns_read": column_titles(file.record_kind, file.columns),
                "history": AuditEvent.objects.filter(target=label, target_id=pk).exclude(
                    action__in=["read", "refused"]
                )[:50],
            }
        return context


class OutsideUpload(FormPage):
    """A new file, or the correction of an older one (`?replaces=`)."""

    permission = Perm.OUTSIDE_IMPORT
    form_class = OutsideUploadForm
    title = gettext_lazy("导入部门数据")
    intro = gettext_lazy(
        "上传后系统自动读取；有问题的文件整份不导入，并逐格列出问题和改正办法。"
        "同一文件重复上传只算一份。"
    )
    submit = gettext_lazy("上传并读取")
    template_name = "emitters/outside_upload.html"

    def build_form(self, *args: Any) -> StepForm:
        """With what the actor's organisation provides and may replace."""
        own = OutsideFile.objects.visible_to(self.actor).filter(
            provider=self.actor.organisation, status__in=REPLACEABLE
        )
        form = OutsideUploadForm(
            *args, kinds=kinds_of(self.actor), own=own, remembers=bool(self._remembered())
        )
        older = own.filter(pk=self.request.GET.get("replaces") or 0).first() if own else None
        if older is not None:
            form.initial.update(kind=older.kind, replaces=older.pk)
        elif self.request.GET.get("kind") in KINDS:
            form.initial["kind"] = self.request.GET["kind"]
        return form

    def save(self, form: StepForm) -> OutsideFile:
        """Keep the file and ask for its reading."""
        return outside_upload(actor=self.actor, now=timezone.now(), **form.facts())

    def extra_context(self) -> dict[str, Any]:
        """The kinds with their templates, and whose columns are remembered."""
        return {"kinds": kinds_of(self.actor), "remembered": self._remembered()}

    def _remembered(self) -> set[str]:
        mine = OutsideMapping.objects.filter(provider=self.actor.organisation)
        return set(mine.values_list("kind", flat=True))


class OutsideTemplate(Page):
    """The blank workbook of one kind."""

    permission = Perm.OUTSIDE_IMPORT

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The file."""
        if kind not in KINDS:
            raise Missing()
        known = KINDS[kind]
        return download(blank_file(known), _("%(kind)s模板.xlsx") % {"kind": known.title})


class OutsideProgress(Page):
    """The progress of the reading, asked every second or two."""

    permission = Perm.OUTSIDE_VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The fragment; when the reading has ended the page is loaded anew."""
        file = OutsideFile.objects.visible_to(self.actor).one(pk=pk)
        response = render(
            request,
            "components/progress.html",
            {"job": job_for(file), "poll_url": request.path, "done_url": file.get_absolute_url()},
        )
        if file.status not in UNREAD:
            response["HX-Refresh"] = "true"
        return response


class _WholeFile(Page):
    """What only its provider and the provincial lead office see."""

    abstract = True

    def whole(self, pk: int) -> OutsideFile:
        """The file, or `Missing`."""
        files = OutsideFile.objects.visible_to(self.actor).select_related("provider")
        file: OutsideFile = files.one(pk=pk)
        if not file.open_to(self.actor):
            raise Missing()
        return file


class OutsideOriginal(_WholeFile):
    """The file as it was received. Reading it is an entry of the ledger."""

    permission = Perm.OUTSIDE_VIEW

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file, as a download."""
        file = self.whole(pk)
        path = Path(settings.MEDIA_ROOT) / file.file
        if not path.exists():
            raise Missing(_("文件已不在存储中，请联系系统管理员从备份恢复。"))
        record_read(self.actor, file, file.file_name, timezone.now())
        response = FileResponse(path.open("rb"), as_attachment=True, filename=file.file_name)
        response["X-Content-Type-Options"] = "nosniff"
        return response


class OutsideProblems(_WholeFile):
    """The problems of a file to take away: as a list, or as the workbook with comments."""

    permission = Perm.OUTSIDE_VIEW

    def get(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        """`form` is `list` or `workbook`."""
        file = self.whole(pk)
        problems = stored_problems(file)
        if form == "list":
            return download(problems_xlsx(problems), _("%(file)s问题清单.xlsx") % {"file": file})
        path = Path(settings.MEDIA_ROOT) / file.file
        if not _annotatable(file) or not path.exists():
            raise Missing(_("该文件不能打开，无法在原文件上批注。请下载问题清单。"))
        record_read(self.actor, file, file.file_name, timezone.now())
        return download(
            annotated_workbook(path.read_bytes(), problems), _("%(file)s批注.xlsx") % {"file": file}
        )


class OutsideStep(StepPage):
    """Name the columns, give up, take back."""

    permission = Perm.OUTSIDE_VIEW
    model = OutsideFile
    steps = {
        "map": (ColumnsForm, outside_map),
        "discard": (OptionalNoteForm, outside_discard),
        "withdraw": (NoteForm, outside_withdraw),
    }

    def form_of(self, step: str) -> Any:
        """The columns to be named are those of the file; nobody but its provider reads them."""
        form = super().form_of(step)
        if step != "map":
            return form
        self.template_name = "emitters/outside_map.html"
        files = OutsideFile.objects.visible_to(self.actor).select_related("provider")
        file = files.one(pk=self.kwargs["pk"])
        file.flow.require("map", file, self.actor)
        row = self.request.POST.get("header") or self.request.GET.get("header") or ""
        header = int(row) if row.isdigit() and 0 < int(row) <= 1000 else None
        return partial(form, reading=read_kept(file, header=header, ask=True))
