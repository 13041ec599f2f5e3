"""The home page: what a person has to do, to read, has done, has read."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.notifications.models import Notification
from carbonwatch.notifications.service import mark_read
from carbonwatch.refusals import Missing
from carbonwatch.web.pages import Page
from carbonwatch.worklist.selectors import inbox
from carbonwatch.worklist.titles import name_anew

TABS = {"to_do": _("待办"), "to_read": _("待阅"), "done": _("已办"), "read": _("已阅")}
SOON_DAYS = 3
PER_PAGE = 30


class Home(Page):
    """The inbox; people without a post get a page that says so."""

    permission = Perm.HOME

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Somebody whose chosen post has ended goes on with another one, or reads why not."""
        if request.user.is_authenticated and self.actor is None:
            request.session.pop("organisation_id", None)
            if Actor.of(request.user) is not None:
                return redirect("home")
            return render(request, "accounts/no_post.html", status=403)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """One tab, page by page; both live in the address."""
        now = timezone.now()
        box = inbox(self.actor, now)
        tab = request.GET.get("tab", "to_do")
        if tab not in TABS:
            raise Missing()
        page = Paginator(getattr(box, tab), PER_PAGE).get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
        name_anew(page.object_list)
        counts = box.counts
        context = {
            "tab": tab,
            "tabs": [(code, label, counts[code]) for code, label in TABS.items()],
            "overdue": counts["overdue"],
            "page_obj": page,
            "now": now,
            "soon": now + timedelta(days=SOON_DAYS),
        }
        return render(request, "home.html", context)


class MessageOpen(Page):
    """POST: mark one message as read and go where it points."""

    permission = Perm.HOME
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The person's own message only."""
        message = Notification.objects.filter(
            pk=pk, user=self.actor.user, organisation=self.actor.organisation
        ).first()
        if message is None:
            raise Missing()
        mark_read(self.actor, timezone.now(), [pk])
        inside = url_has_allowed_host_and_scheme(message.url, None)
        return redirect(message.url if message.url and inside else "home")


class MessagesRead(Page):
    """POST: mark all of the person's messages as read."""

    permission = Perm.HOME
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Back to the tab."""
        mark_read(self.actor, timezone.now())
        return redirect("home")
