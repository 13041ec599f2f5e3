"""Random draws: the list, one draw, its steps, and what everybody may read of it."""

import json
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.refusals import Missing
from carbonwatch.web.forms import StepForm
from carbonwatch.web.idempotency import once
from carbonwatch.web.pages import (
    PUBLIC,
    DetailPage,
    FormPage,
    ListPage,
    Page,
    StepPage,
    TextPage,
)
from inspections.draw_forms import DrawForm, ExclusionForm, WitnessForm
from inspections.draw_tables import DrawTable, PublicDrawTable
from inspections.filters import DrawFilter
from inspections.forms import NoteForm
from inspections.models import Draw
from inspections.selectors.draws import listing, record_of, shown_result
from inspections.services import (
    draw_arrange,
    draw_draw,
    draw_exclude,
    draw_freeze,
    draw_make,
    draw_publish,
    draw_void,
)


class DrawList(ListPage):
    """双随机抽查."""

    permission = Perm.INSPECTION_VIEW
    model = Draw
    related = ("organisation",)
    table_class = DrawTable
    filterset_class = DrawFilter
    title = _("双随机抽查")
    intro = _("随机抽取检查对象和检查人员。名单先冻结、种子摘要先公布，结果任何人都能重算。")
    empty = _("没有符合条件的抽查。")
    actions = ((_("准备抽查"), "inspections:draw-new", Perm.INSPECTION_PLAN),)
    file_name = "draws"


class DrawNew(FormPage):
    """Preparing a draw."""

    permission = Perm.INSPECTION_PLAN
    form_class = DrawForm
    title = _("准备抽查")
    intro = _("候选单位为本机关管辖的全部重点排放单位，候选人员为计划检查日执法证有效的人员。")
    submit = _("生成候选名单")

    def save(self, form: StepForm) -> Draw:
        """Call the service."""
        return draw_make(**form.facts(), actor=self.actor, now=timezone.now())


class DrawDetail(DetailPage):
    """One draw: the pool as it would be or has been frozen, exclusions, promise, result."""

    permission = Perm.INSPECTION_VIEW
    model = Draw
    related = ("organisation", "prepared_by", "frozen_by", "drawn_by", "published_by", "void_by")
    template_name = "inspections/draw.html"
    step_url = "inspections:draw-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The pool and the result in words."""
        context = super().get_context_data(**kwargs)
        draw = self.object
        own = draw.organisation_id == self.actor.organisation.pk
        planning = own and self.actor.may(Perm.INSPECTION_PLAN)
        rows = shown_result(draw) if draw.drawn_at else []
        context |= {
            "listed": draw.listed or (listing(draw, self.actor) if own else None),
            "rows": rows,
            "may_exclude": planning and draw.status == "preparing",
            "may_arrange": planning
            and draw.status == "published"
            and any(row.inspection is None for row in rows),
            "public": bool(draw.pool_hash),
        }
        return context


class DrawExclude(FormPage):
    """Leaving a unit out, with the reason."""

    permission = Perm.INSPECTION_PLAN
    title = _("排除单位")
    intro = _("排除原因随名单公开，如已注销、停产满一年、本年度已接受过同类检查。")
    submit = _("排除")

    @cached_property
    def draw(self) -> Draw:
        """The draw, through scope."""
        found: Draw = Draw.objects.visible_to(self.actor).one(pk=self.kwargs["pk"])
        return found

    def build_form(self, *args: Any) -> StepForm:
        """The form knows the units that are still in the pool."""
        return ExclusionForm(*args, draw=self.draw, actor=self.actor)

    def save(self, form: StepForm) -> Draw:
        """Call the service."""
        return draw_exclude(self.draw.pk, **form.facts(), actor=self.actor, now=timezone.now())


class DrawStep(StepPage):
    """Freeze, draw, publish, give up."""

    permission = Perm.INSPECTION_VIEW
    model = Draw
    steps = {
        "freeze": (StepForm, draw_freeze),
        "draw": (WitnessForm, draw_draw),
        "publish": (StepForm, draw_publish),
        "void": (NoteForm, draw_void),
    }


class DrawArrange(Page):
    """按结果安排检查: one inspection for each drawn unit, once."""

    permission = Perm.INSPECTION_PLAN

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Call the service."""
        draw = Draw.objects.visible_to(self.actor).one(pk=pk)

        def arrange() -> HttpResponse:
            draw_arrange(draw.pk, actor=self.actor, now=timezone.now())
            return redirect(draw.get_absolute_url())

        return once(request, self.actor, arrange)


def _open_draw(pk: int) -> Draw:
    found = Draw.objects.open_to_all().select_related("organisation").filter(pk=pk).first()
    if found is None:
        raise Missing()
    return found


class PublicDrawList(ListPage):
    """Draws for everybody; needs no sign-in."""

    permission = PUBLIC
    model = Draw
    table_class = PublicDrawTable
    title = _("双随机抽查公示")
    intro = _("名单冻结后即公开，抽取后公布种子和结果；作废的抽查继续公开。")
    empty = _("暂无公示的抽查。")
    file_name = "public-draws"

    def base_queryset(self) -> QuerySet:
        """Everybody reads the same rows, signed in or not."""
        return Draw.objects.open_to_all().select_related("organisation")


class PublicDraw(TextPage):
    """One draw for everybody: list, promise, result, how to redo it."""

    permission = PUBLIC
    template_name = "inspections/public_draw.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The record, and nothing else."""
        draw = _open_draw(self.kwargs["pk"])
        published = draw.status == "published" or (draw.status == "void" and draw.drawn_at)
        return super().get_context_data(**kwargs) | {
            "draw": draw,
            "listed": draw.listed,
            "rows": shown_result(draw) if published else [],
            "published": published,
        }


class PublicDrawRecord(Page):
    """The record of a draw as JSON, for `replay_draw` and for anybody's own program."""

    permission = PUBLIC

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """As much of it as is public now."""
        draw = _open_draw(pk)
        text = json.dumps(record_of(draw), ensure_ascii=False, indent=1)
        return HttpResponse(
            text + "\n",
            content_type="application/json; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="draw-{draw.pk}.json"'},
        )
