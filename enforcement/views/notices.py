"""Public notices: the public pages, and those for the people who write and approve them."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.documents.render import paragraphs
from carbonwatch.refusals import Missing
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import (
    PUBLIC,
    DetailPage,
    FormPage,
    ListPage,
    Page,
    StepPage,
    TextPage,
)
from enforcement.documents import PUBLIC_NOTICE
from enforcement.filters import NoticeFilter, PublishedFilter
from enforcement.forms import NoteForm, NoticeForm, OptionalNoteForm, ReviseForm
from enforcement.models import Case, PublicNotice
from enforcement.selectors.cases import history_of
from enforcement.services import (
    notice_discard,
    notice_draft,
    notice_publish,
    notice_return,
    notice_revise,
    notice_withdraw,
)
from enforcement.tables import NoticeTable, PublishedTable
from inspections.models import Finding

TITLE = "关于{unit}有关情况的通报"  # goes into a document: not translated


class PublicList(ListPage):
    """Published notices; needs no sign-in."""

    permission = PUBLIC
    model = PublicNotice
    table_class = PublishedTable
    filterset_class = PublishedFilter
    title = _("公开通报")
    intro = _("碳排放数据质量监督管理中依法公开的通报。")
    empty = _("暂无公开通报。")
    file_name = "public-notices"

    def base_queryset(self) -> QuerySet:
        """Everybody reads the same rows, signed in or not."""
        return PublicNotice.objects.published().select_related("issuer")


class PublicDetail(TextPage):
    """One published notice; needs no sign-in. Anything else answers 404."""

    permission = PUBLIC
    template_name = "enforcement/public_notice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Only what may be public reaches the template."""
        context = super().get_context_data(**kwargs)
        notice = PublicNotice.objects.published().select_related("issuer").one(pk=kwargs["pk"])
        context["notice"] = {
            "pk": notice.pk,
            "number": notice.number,
            "title": notice.title,
            "paragraphs": paragraphs(notice.body),
            "issuer": notice.issuer.name,
            "published_at": notice.published_at,
        }
        return context


class PublicDocument(Page):
    """A published notice as DOCX; needs no sign-in."""

    permission = PUBLIC

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The DOCX."""
        notice = PublicNotice.objects.published().select_related("issuer").one(pk=pk)
        return PUBLIC_NOTICE.response(notice)


class NoticeList(ListPage):
    """Notices in every state, for those who work on them."""

    permission = Perm.NOTICE_VIEW
    model = PublicNotice
    related = ("drafted_by",)
    table_class = NoticeTable
    filterset_class = NoticeFilter
    title = _("通报管理")
    intro = _("起草、批准由不同的人办理；批准后社会公众无需登录即可查看。")
    empty = _("没有符合条件的通报。")
    actions = ((_("起草通报"), "enforcement:notice-new", Perm.NOTICE_DRAFT),)
    file_name = "notices"


class NoticeDetail(DetailPage):
    """One notice with its links and history."""

    permission = Perm.NOTICE_VIEW
    model = PublicNotice
    related = ("issuer", "drafted_by", "published_by")
    template_name = "enforcement/notice.html"
    step_url = "enforcement:notice-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Cases and findings through the viewer's scope, history."""
        context = super().get_context_data(**kwargs)
        notice = self.object
        context |= {
            "paragraphs": paragraphs(notice.body),
            "cases": list(notice.cases.visible_to(self.actor).select_related("unit__organisation")),
            "findings": list(
                notice.findings.visible_to(self.actor).select_related("unit__organisation")
            ),
            "timeline": history_of(notice, self.actor),
        }
        return context


class NoticeNew(FormPage):
    """Drafting, from scratch or from `?case=` or `?finding=`."""

    permission = Perm.NOTICE_DRAFT
    form_class = NoticeForm
    title = _("起草通报")
    intro = _("由另一人批准后公开。公开页面只显示文号、标题、正文、发布机构和日期。")
    submit = _("送审")

    @cached_property
    def initial_values(self) -> dict[str, Any]:
        """The case or finding that it starts from, through scope."""
        values: dict[str, Any] = {}
        for name, model in (("case", Case), ("finding", Finding)):
            pk = self.request.GET.get(name, "")
            if pk:
                if not pk.isdecimal() or len(pk) > 18:
                    raise Missing()
                matter = model.objects.visible_to(self.actor).one(pk=pk)
                values[f"{name}s"] = [matter.pk]
                values["title"] = TITLE.format(unit=matter.unit)
        return values

    def build_form(self, *args: Any) -> StepForm:
        """The form with what may be linked."""
        return NoticeForm(*args, actor=self.actor, initial_values=self.initial_values)

    def save(self, form: StepForm) -> PublicNotice:
        """Call the service."""
        return notice_draft(**form.facts(), actor=self.actor, now=timezone.now())


class NoticeStep(StepPage):
    """Publish, return, revise, discard, withdraw."""

    permission = Perm.NOTICE_VIEW
    model = PublicNotice
    steps = {
        "publish": (OptionalNoteForm, notice_publish),
        "return": (NoteForm, notice_return),
        "revise": (ReviseForm, notice_revise),
        "discard": (NoteForm, notice_discard),
        "withdraw": (NoteForm, notice_withdraw),
    }

    def get(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """A revision starts from the text that was returned."""
        if step != "revise":
            return super().get(request, pk, step)
        notice = PublicNotice.objects.visible_to(self.actor).one(pk=pk)
        form = ReviseForm(initial={"title": notice.title, "body": notice.body})
        return self.show(request, pk, step, form)
