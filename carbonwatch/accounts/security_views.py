"""Pages of the security administrator: posts, locks, sessions."""

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts import services
from carbonwatch.accounts.forms import GrantForm
from carbonwatch.accounts.models import Membership, User
from carbonwatch.accounts.permissions import Perm
from carbonwatch.accounts.system_views import Place
from carbonwatch.accounts.tables import (
    MembershipFilter,
    MembershipTable,
    PersonFilter,
    SecurityPersonTable,
)
from carbonwatch.refusals import Missing
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import FormPage, ListPage, Page, TextPage


class MembershipList(ListPage):
    permission = Perm.GRANT_MANAGE
    model = Membership
    table_class = MembershipTable
    filterset_class = MembershipFilter
    title = _("岗位授权")
    intro = _("谁在哪个机构担任什么岗位。收回的岗位保留记录。")
    actions = [(_("授予岗位"), "membership-grant", Perm.GRANT_MANAGE)]
    file_name = "posts"

    def base_queryset(self) -> QuerySet[Membership]:
        """All posts, ended ones too."""
        return Membership.objects.select_related("user", "organisation")


class MembershipGrant(FormPage):
    permission = Perm.GRANT_MANAGE
    form_class = GrantForm
    title = _("授予岗位")
    submit = _("授予")

    def build_form(self, *args: Any) -> StepForm:
        """The person may be given in the address."""
        form = super().build_form(*args)
        form.initial["user"] = self.request.GET.get("user")
        return form

    def save(self, form: StepForm) -> Place:
        """Grant it."""
        post = services.membership_grant(**form.facts(), actor=self.actor, now=timezone.now())
        messages.success(self.request, _("已授予岗位。"))
        return Place(reverse("security-person", args=[post.user_id]))


class MembershipRevoke(Page):
    """POST: end a post."""

    permission = Perm.GRANT_MANAGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it and go to the person."""
        post = services.membership_revoke(pk=pk, actor=self.actor, now=timezone.now())
        messages.success(request, _("已收回岗位，并结束了该人员的会话。"))
        return redirect("security-person", post.user_id)


class SecurityPersonList(ListPage):
    permission = Perm.GRANT_MANAGE
    model = User
    table_class = SecurityPersonTable
    filterset_class = PersonFilter
    title = _("账号安全")
    intro = _("解除锁定、结束会话、查看岗位。")
    file_name = "account-security"

    def base_queryset(self) -> QuerySet[User]:
        """All accounts."""
        return User.objects.all()


class SecurityPerson(TextPage):
    permission = Perm.GRANT_MANAGE
    template_name = "accounts/security_person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The account, its posts and its failed tries."""
        person = User.objects.filter(pk=kwargs["pk"]).first()
        if person is None:
            raise Missing()
        tries = AccessAttempt.objects.filter(username=person.username).order_by("-attempt_time")
        return {
            "person": person,
            "posts_held": person.memberships.select_related("organisation").order_by("until", "pk"),
            "tries": tries,
            "locked": any(t.failures_since_start >= settings.AXES_FAILURE_LIMIT for t in tries),
            "is_self": person == self.actor.user,
        }


class SecurityPersonAct(Page):
    """POST: forget failed tries, or sign the person out everywhere."""

    permission = Perm.GRANT_MANAGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Do it and go back."""
        if act == "unlock":
            services.account_unlock(pk=pk, actor=self.actor, now=timezone.now())
            messages.success(request, _("已解除锁定。"))
        elif act == "end-sessions":
            ended = services.sessions_end(pk=pk, actor=self.actor, now=timezone.now())
            messages.success(request, _("已结束 %(n)s 个会话和令牌。") % {"n": ended})
        else:
            raise Missing()
        return redirect("security-person", pk)
