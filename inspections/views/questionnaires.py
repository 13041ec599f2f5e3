"""Questionnaires: the list, the preview of one version, import from Excel, publishing."""

from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.export import download
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, FormPage, ListPage, Page, StepPage
from inspections import questionnaires
from inspections.forms import NoteForm
from inspections.models import Questionnaire
from inspections.selftables import QuestionnaireTable
from inspections.services import (
    questionnaire_drop,
    questionnaire_import,
    questionnaire_publish,
)


class QuestionnaireUploadForm(StepForm):
    """The workbook."""

    upload = forms.FileField(
        label=_("问卷文件"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_("XLSX，不超过 5 MB。同一问卷编号再次导入即为新版，已填写的仍按旧版。"),
    )


class PublishForm(StepForm):
    """Until when the answers are due."""

    due_on = forms.DateField(label=_("填写期限"), widget=forms.DateInput())


class QuestionnaireList(ListPage):
    """自查问卷: every version, its state, how many answer it."""

    permission = Perm.SELF_VIEW
    model = Questionnaire
    table_class = QuestionnaireTable
    title = _("自查问卷")
    intro = _("问卷在 Excel 中编制，导入后先预览，由另一人发布；新版不影响已按旧版填写的内容。")
    empty = _("还没有问卷。")
    actions = ((_("导入问卷"), "inspections:questionnaire-import", Perm.SELF_DRAFT),)
    file_name = "questionnaires"

    def base_queryset(self) -> Any:
        """With the number of questions."""
        return super().base_queryset().annotate(size=Count("questions"))


class QuestionnaireDetail(DetailPage):
    """The preview: as those who answer will see it."""

    permission = Perm.SELF_VIEW
    model = Questionnaire
    related = ("imported_by", "published_by")
    template_name = "inspections/questionnaire.html"
    step_url = "inspections:questionnaire-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The questions and the other versions."""
        context = super().get_context_data(**kwargs)
        others = Questionnaire.objects.visible_to(self.actor).filter(code=self.object.code)
        context["items"] = list(self.object.questions.all())
        context["versions"] = list(others.exclude(pk=self.object.pk).order_by("-version"))
        return context


class QuestionnaireImport(FormPage):
    """A workbook becomes a version, or a list of cells to correct."""

    permission = Perm.SELF_DRAFT
    form_class = QuestionnaireUploadForm
    title = _("导入问卷")
    intro = _("有任何一处错误，整份问卷都不导入，并逐格列出问题和改正办法。")
    submit = _("上传并预览")
    template_name = "inspections/questionnaire_import.html"

    def save(self, form: StepForm) -> Questionnaire:
        """Call the service."""
        return questionnaire_import(actor=self.actor, now=timezone.now(), **form.facts())


class QuestionnaireTemplate(Page):
    """The blank workbook."""

    permission = Perm.SELF_DRAFT

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        return download(questionnaires.template(), str(_("自查问卷模板.xlsx")))


class QuestionnaireStep(StepPage):
    """Publish or drop."""

    permission = Perm.SELF_VIEW
    model = Questionnaire
    steps = {
        "publish": (PublishForm, questionnaire_publish),
        "drop": (NoteForm, questionnaire_drop),
    }
