"""Tips: the public page, the receipt, the look with number and code; list, page and steps for those
who handle them; the author, for the handler alone."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.documents.service import attachments_of
from carbonwatch.refusals import Refused
from carbonwatch.web.forms import StepForm
from carbonwatch.web.limits import count_try
from carbonwatch.web.pages import PUBLIC, DetailPage, FormPage, ListPage, Page, StepPage
from inspections.forms import NoteForm, OptionalNoteForm
from inspections.models import Tip
from inspections.selectors.tips import timeline_of, tip_of
from inspections.services.tips import (
    Receipt,
    tip_accept,
    tip_answer,
    tip_author_open,
    tip_close,
    tip_decline,
    tip_link,
    tip_reassign,
    tip_return,
    tip_submit,
)
from inspections.tip_forms import (
    AcceptForm,
    DeclineForm,
    FeedbackForm,
    LinkForm,
    LookForm,
    ReassignForm,
    TipForm,
)
from inspections.tipflow import IN_HAND
from inspections.tiptables import TipFilter, TipTable

HOUR, TEN_MINUTES = 3600, 600


def _unkept(response: HttpResponse) -> HttpResponse:
    """A page that no browser and no proxy keeps."""
    response["Cache-Control"] = "no-store"
    return response


class TipNew(FormPage):
    """举报: for everybody. The receipt is the answer itself: its code stands in no address, no
    session, no store of answers."""

    permission = PUBLIC
    nameless = True
    form_class = TipForm
    title = _("举报")
    submit = _("提交举报")
    template_name = "inspections/tip_new.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take it in once; a second press of the same form shows the same receipt."""
        form = self.build_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(request, form, 422)
        text = _("本网络地址提交举报过于频繁，请一小时后再试，或到主管部门当面举报。")
        count_try(request, "tip", settings.TIP_LIMIT, HOUR, text)
        try:
            receipt = self.save(form)
        except Refused as refusal:
            if refusal.status != 422:
                raise
            form.add_error("files", str(refusal.message))
            return self.show(request, form, 422)
        return _unkept(render(request, "inspections/tip_receipt.html", {"receipt": receipt}))

    def save(self, form: StepForm) -> Receipt:
        """Call the service, which takes no actor."""
        return tip_submit(**form.facts(), now=timezone.now())

    def show(self, request: HttpRequest, form: StepForm, status: int = 200) -> HttpResponse:
        """Never kept: it may hold what was typed."""
        return _unkept(super().show(request, form, status))


class TipLook(Page):
    """举报查询: the state and the answer for whoever has number and code. By POST, so that the code
    is in no address."""

    permission = PUBLIC
    nameless = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """The two fields."""
        return self.show(request, LookForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """The tip, or one answer for every mismatch."""
        form = LookForm(request.POST)
        if not form.is_valid():
            return self.show(request, form, 422)
        text = _("查询过于频繁，请十分钟后再试。")
        count_try(request, "tip-look", settings.TIP_LOOK_LIMIT, TEN_MINUTES, text)
        tip = tip_of(form.cleaned_data["number"], form.cleaned_data["code"])
        if tip is None:
            form.add_error(None, str(_("举报编号或查询码不正确。请核对收到的回执。")))
            return self.show(request, form, 422)
        return _unkept(render(request, "inspections/tip_state.html", {"tip": tip}))

    def show(self, request: HttpRequest, form: StepForm, status: int = 200) -> HttpResponse:
        """The page."""
        return _unkept(render(request, "inspections/tip_look.html", {"form": form}, status=status))


class TipList(ListPage):
    """举报线索."""

    permission = Perm.TIP_VIEW
    model = Tip
    related = ("handler", "handler_organisation")
    table_class = TipTable
    filterset_class = TipFilter
    title = _("举报线索")
    intro = _(
        "举报人信息加密保存，只有承办人可以查看，每次查看都记入审计台账；被举报单位不会知道有人举报。"
    )
    empty = _("没有符合条件的举报。")
    file_name = "tips"


class TipDetail(DetailPage):
    """One tip: what was told, what it is tied to, what its author was answered."""

    permission = Perm.TIP_VIEW
    model = Tip
    related = ("decided_by", "handler", "handler_organisation")
    template_name = "inspections/tip.html"
    step_url = "inspections:tip-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ties through the viewer's scope."""
        context = super().get_context_data(**kwargs)
        tip: Tip = self.object
        mine = tip.handled_by(self.actor) and self.actor.may(Perm.TIP_HANDLE)
        context |= {
            "mine": mine,
            "in_hand": mine and tip.status in IN_HAND,
            "units": list(tip.units.visible_to(self.actor).select_related("organisation")),
            "inspections": list(
                tip.inspections.visible_to(self.actor).select_related("unit__organisation")
            ),
            "findings": list(
                tip.findings.visible_to(self.actor).select_related("unit__organisation")
            ),
            "timeline": timeline_of(tip),
        }
        return context


class TipStep(StepPage):
    """Accept, decline, reassign, link, answer, return, close."""

    permission = Perm.TIP_VIEW
    model = Tip
    steps = {
        "accept": (AcceptForm, tip_accept),
        "decline": (DeclineForm, tip_decline),
        "reassign": (ReassignForm, tip_reassign),
        "link": (LinkForm, tip_link),
        "answer": (FeedbackForm, tip_answer),
        "return": (NoteForm, tip_return),
        "close": (OptionalNoteForm, tip_close),
    }

    def form_of(self, step: str) -> Any:
        """What can be tied to it depends on who ties and on what is tied already."""
        form = super().form_of(step)
        if form is not LinkForm:
            return form
        return lambda *data: LinkForm(*data, actor=self.actor, tip_id=self.kwargs["pk"])


class TipAuthorPage(Page):
    """举报人信息: for the handler alone. Opening it leaves an entry."""

    permission = Perm.TIP_HANDLE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Name, contact and files."""
        author = tip_author_open(pk, actor=self.actor, now=timezone.now())
        context = {
            "tip": author.tip,
            "told": author.opened(),
            "attachments": attachments_of(author),
        }
        return _unkept(render(request, "inspections/tip_author.html", context))
