"""Pages of the system administrator: organisations and accounts, no posts."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts import services
from carbonwatch.accounts.forms import OrganisationForm, PersonForm
from carbonwatch.accounts.models import Organisation, User
from carbonwatch.accounts.permissions import Perm
from carbonwatch.accounts.tables import (
    OrganisationFilter,
    OrganisationTable,
    PersonFilter,
    PersonTable,
)
from carbonwatch.refusals import Invalid, Missing
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import FormPage, ListPage, Page, TextPage


@dataclass(frozen=True)
class Place:
    """Where to go after saving what has no page of its own."""

    url: str

    def get_absolute_url(self) -> str:
        """The address."""
        return self.url


class OrganisationList(ListPage):
    permission = Perm.ACCOUNT_MANAGE
    model = Organisation
    table_class = OrganisationTable
    filterset_class = OrganisationFilter
    title = _("机构管理")
    intro = _("登记和停用机构。岗位由安全管理员授予。")
    actions = [(_("新增机构"), "organisation-create", Perm.ACCOUNT_MANAGE)]
    file_name = "organisations"

    def base_queryset(self) -> QuerySet[Organisation]:
        """All of them: this administrator sees no business data."""
        return Organisation.objects.all()


class OrganisationCreate(FormPage):
    permission = Perm.ACCOUNT_MANAGE
    form_class = OrganisationForm
    title = _("新增机构")

    def save(self, form: StepForm) -> Place:
        """Create it."""
        body = services.organisation_create(**form.facts(), actor=self.actor, now=timezone.now())
        return Place(reverse("organisation-detail", args=[body.pk]))


class OrganisationDetail(TextPage):
    permission = Perm.ACCOUNT_MANAGE
    template_name = "accounts/organisation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The organisation and who holds posts in it."""
        body = Organisation.objects.filter(pk=kwargs["pk"]).first()
        if body is None:
            raise Missing()
        posts = body.memberships.select_related("user").order_by("until", "user__username")
        return {"organisation": body, "posts_held": posts}


class OrganisationAct(Page):
    """POST: close or reopen."""

    permission = Perm.ACCOUNT_MANAGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Do it and go back."""
        if act not in ("close", "reopen"):
            raise Missing()
        services.organisation_switch_active(
            pk=pk, active=act == "reopen", actor=self.actor, now=timezone.now()
        )
        messages.success(request, _("已办理。"))
        return redirect("organisation-detail", pk)


class PersonList(ListPage):
    permission = Perm.ACCOUNT_MANAGE
    model = User
    table_class = PersonTable
    filterset_class = PersonFilter
    title = _("账号管理")
    intro = _("建立和停用账号。新账号没有任何权限，须由安全管理员授予岗位。")
    actions = [(_("新增账号"), "person-create", Perm.ACCOUNT_MANAGE)]
    file_name = "accounts"

    def base_queryset(self) -> QuerySet[User]:
        """All accounts."""
        return User.objects.all()


class PersonCreate(FormPage):
    permission = Perm.ACCOUNT_MANAGE
    form_class = PersonForm
    title = _("新增账号")
    intro = _("建立后显示一次性密码，本人首次登录须修改。")
    submit = _("建立账号")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Create and show the one-time password in this answer alone: it is stored nowhere."""
        form = self.build_form(request.POST)
        if not form.is_valid():
            return self.show(request, form, 422)
        try:
            user, password = services.account_create(
                **form.facts(), actor=self.actor, now=timezone.now()
            )
        except Invalid as refusal:
            form.add_error("username", str(refusal.message))
            return self.show(request, form, 422)
        return password_page(request, user, password)


def password_page(request: HttpRequest, person: User, password: str) -> HttpResponse:
    """The one-time password, once."""
    response = render(
        request, "accounts/password_once.html", {"person": person, "password": password}
    )
    response["Cache-Control"] = "no-store"
    return response


class PersonDetail(TextPage):
    permission = Perm.ACCOUNT_MANAGE
    template_name = "accounts/person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The account and its posts."""
        person = User.objects.filter(pk=kwargs["pk"]).first()
        if person is None:
            raise Missing()
        return {"person": person, "posts_held": person.memberships.select_related("organisation")}


class PersonAct(Page):
    """POST: close, reopen, or give a new one-time password."""

    permission = Perm.ACCOUNT_MANAGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Do it."""
        if act == "reset":
            person, password = services.account_reset_password(
                pk=pk, actor=self.actor, now=timezone.now()
            )
            return password_page(request, person, password)
        switch = {"close": False, "reopen": True}
        if act not in switch:
            raise Missing()
        services.account_switch_active(
            pk=pk, active=switch[act], actor=self.actor, now=timezone.now()
        )
        messages.success(request, _("已办理。"))
        return redirect("person-detail", pk)
