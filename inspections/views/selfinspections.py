"""Self-inspection: the list, one with its answers, filling in with drafts, submission, review."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import django_filters as filters
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.refusals import Forbidden, Invalid, Refused, WrongState
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, ListPage, Page, StepPage
from inspections.forms import NoteForm, OptionalNoteForm
from inspections.models import QuestionnaireItem, SelfAnswer, SelfInspection
from inspections.selfflows import SELF_FLOW
from inspections.selftables import SelfInspectionTable
from inspections.services import (
    self_answer_save,
    self_inspection_accept,
    self_inspection_return,
    self_inspection_submit,
)
from inspections.services.selfinspections import AnswerMoved


class SelfInspectionFilter(filters.FilterSet):
    """By name, city and state."""

    q = filters.CharFilter(
        label=_("填写单位"), field_name="organisation__name", lookup_expr="icontains"
    )
    city = filters.ChoiceFilter(
        label=_("所在市"), field_name="organisation__city", choices=REGION_CHOICES
    )
    status = filters.ChoiceFilter(label=_("状态"), choices=SELF_FLOW.choices)

    class Meta:
        model = SelfInspection
        fields: list[str] = []


class SelfInspectionList(ListPage):
    """自查自纠: who has been asked, how far it is, what was declared."""

    permission = Perm.SELF_VIEW
    model = SelfInspection
    related = ("organisation", "questionnaire")
    table_class = SelfInspectionTable
    filterset_class = SelfInspectionFilter
    title = _("自查自纠")
    intro = _("先自查、自报、自纠；自报的问题登记为问题并附拟采取的纠正措施，由主管部门审核。")
    empty = _("没有符合条件的自查。")
    actions = ((_("自查问卷"), "inspections:questionnaires", Perm.SELF_VIEW),)
    file_name = "self-inspections"

    def base_queryset(self) -> Any:
        """With the number of problems declared."""
        return super().base_queryset().annotate(declared=Count("declarations"))


@dataclass
class Line:
    """One question as it stands: what is shown in the fields, what it rests on, what another window
    has saved meanwhile."""

    item: QuestionnaireItem
    content: dict[str, Any]
    base: int = 0
    saved: SelfAnswer | None = None
    other: SelfAnswer | None = None
    error: object = ""


def lines_of(inspection: SelfInspection) -> list[Line]:
    """Every question with its newest answer."""
    latest = inspection.latest()
    return [
        Line(i, a.content(), a.revision, a) if (a := latest.get(i.pk)) else Line(i, {})
        for i in inspection.questionnaire.questions.all()
    ]


class SelfInspectionDetail(DetailPage):
    """One self-inspection. Before it is handed in only the organisation itself reads the answers."""

    permission = Perm.SELF_VIEW
    model = SelfInspection
    related = ("organisation", "questionnaire", "unit", "submitted_by", "reviewed_by")
    template_name = "inspections/self_inspection.html"
    step_url = "inspections:self-inspection-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Answers and declared problems."""
        context = super().get_context_data(**kwargs)
        matter: SelfInspection = self.object
        own = matter.organisation_id == self.actor.organisation.pk
        context |= {
            "own": own,
            "may_fill": own and matter.writable and self.actor.may(Perm.SELF_ANSWER),
            "lines": lines_of(matter) if own or not matter.writable else None,
            "declarations": list(matter.declarations.select_related("question", "finding")),
        }
        return context


def _content(post: Any, item: QuestionnaireItem) -> dict[str, Any]:
    return {name: post.get(f"{name}-{item.pk}", "") for name in SelfAnswer.CONTENT}


def _base(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


class _Own(Page):
    """What only the organisation itself opens."""

    abstract = True
    permission = Perm.SELF_ANSWER

    def own(self, pk: int) -> SelfInspection:
        """The self-inspection, or the refusal."""
        found = SelfInspection.objects.visible_to(self.actor)
        inspection: SelfInspection = found.select_related("questionnaire", "organisation").one(
            pk=pk
        )
        if inspection.organisation_id != self.actor.organisation.pk:
            raise Forbidden()
        return inspection


class SelfFill(_Own):
    """All questions on one page. A script saves each as it is typed; without it the button does."""

    permission = Perm.SELF_ANSWER

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The questions with what was saved."""
        inspection = self.own(pk)
        if not inspection.writable:
            raise WrongState(_("自查结果已提交，不能再改。需要更正的，请联系审核人退回。"))
        return self.show(inspection, lines_of(inspection), 200)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Save every answer; those that moved meanwhile are shown side by side."""
        inspection = self.own(pk)
        lines = lines_of(inspection)
        for line in lines:
            if f"base-{line.item.pk}" in request.POST:
                self._save(inspection, line)
        if any(line.other or line.error for line in lines):
            return self.show(inspection, lines, 409 if any(x.other for x in lines) else 422)
        messages.success(request, gettext("已保存。"))
        return redirect(inspection.get_absolute_url())

    def _save(self, inspection: SelfInspection, line: Line) -> None:
        post, item = self.request.POST, line.item
        content = _content(post, item)
        if line.saved is None and not any(content.values()):
            return
        try:
            line.saved = self_answer_save(
                inspection_id=inspection.pk,
                question_id=item.pk,
                base=_base(post.get(f"base-{item.pk}", "")),
                content=content,
                actor=self.actor,
                now=timezone.now(),
            )
        except AnswerMoved as moved:
            line.other, line.base, line.content = moved.answer, moved.answer.revision, content
        except Invalid as refusal:
            line.error, line.content = refusal.message, content

    def show(self, inspection: SelfInspection, lines: Sequence[Line], status: int) -> HttpResponse:
        """The page."""
        context = {"object": inspection, "lines": lines, "failed": status != 200}
        return render(self.request, "inspections/self_fill.html", context, status=status)


class SelfAnswerSave(_Own):
    """One answer, saved while it is typed; the reply is JSON. Repeating it changes nothing."""

    permission = Perm.SELF_ANSWER

    def post(self, request: HttpRequest, pk: int, item: int) -> JsonResponse:
        """The new revision; 409 with what another window has saved."""
        content = {name: request.POST.get(name, "") for name in SelfAnswer.CONTENT}
        try:
            answer = self_answer_save(
                inspection_id=pk,
                question_id=item,
                base=_base(request.POST.get("base", "")),
                content=content,
                actor=self.actor,
                now=timezone.now(),
            )
        except AnswerMoved as moved:
            return JsonResponse(
                {"detail": str(moved.message), **_told(moved.answer)}, status=moved.status
            )
        except Refused as refusal:
            return JsonResponse({"detail": str(refusal.message)}, status=refusal.status)
        return JsonResponse(_told(answer))


def _told(answer: SelfAnswer) -> dict[str, Any]:
    at = timezone.localtime(answer.saved_at).strftime("%H:%M:%S")
    return {
        "revision": answer.revision,
        "saved": gettext("已保存 %(at)s") % {"at": at},
        "by": str(answer.saved_by),
        "content": answer.content(),
    }


class SelfInspectionStep(StepPage):
    """Hand in, accept, return."""

    permission = Perm.SELF_VIEW
    model = SelfInspection
    steps = {
        "submit": (StepForm, self_inspection_submit),
        "accept": (OptionalNoteForm, self_inspection_accept),
        "return": (NoteForm, self_inspection_return),
    }
