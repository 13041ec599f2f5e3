"""Signing in and out, the own password, the organisation one acts for, signs of life."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from carbonwatch.accounts import services, signin
from carbonwatch.accounts.forms import PasswordForm, SignInForm
from carbonwatch.accounts.models import Membership
from carbonwatch.accounts.permissions import Perm
from carbonwatch.refusals import Invalid, Missing, Refused
from carbonwatch.web.navigation import public_links
from carbonwatch.web.pages import PUBLIC, Page, refusal_page


class SignIn(Page):
    """The door, with links to what the public may see."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; who is already in goes on."""
        if request.user.is_authenticated:
            return redirect(self.target(request))
        return self.show(request, SignInForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check and enter; every refusal comes back on the form."""
        form = SignInForm(request.POST)
        if not form.is_valid():
            return self.show(request, form, 422)
        now = timezone.now()
        try:
            user = signin.person_of(request, **form.cleaned_data, now=now)
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
            return self.show(request, form, refusal.status)
        signin.enter(request, user, now)
        return redirect(self.target(request))

    def target(self, request: HttpRequest) -> str:
        """Where the person wanted to go, when that is here."""
        wanted = request.POST.get("next") or request.GET.get("next") or ""
        here = url_has_allowed_host_and_scheme(
            wanted, {request.get_host()}, require_https=request.is_secure()
        )
        return wanted if here else reverse("home")

    def show(self, request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
        """The page; never kept by a cache, since it holds a fresh token."""
        wanted = request.POST.get("next") or request.GET.get("next") or ""
        context = {"form": form, "next": wanted, "public_links": public_links()}
        response = render(request, "accounts/sign_in.html", context, status=status)
        response["Cache-Control"] = "no-store"
        return response


class SignOut(Page):
    """Ends the session; POST only, so that no picture or link can do it."""

    permission = PUBLIC
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Leave and say so."""
        signin.leave(request, timezone.now())
        messages.success(request, _("已退出登录。"))
        return redirect("sign-in")


def locked_out(
    request: HttpRequest,
    original: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """What django-axes shows while an account is locked."""
    if original is not None and original.status_code == signin.Locked.status:
        return original  # our own views already answer in words
    if request.path.startswith("/api/"):
        text = str(signin.Locked().message)
        body = {"type": "about:blank#locked", "title": text, "status": 429, "detail": text}
        return JsonResponse(body, status=429, content_type="application/problem+json")
    return refusal_page(request, signin.Locked())


class PasswordChange(Page):
    """The own password; people with a one-time password are led here first."""

    permission = PUBLIC  # whoever has an account, with or without a post

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only for people who are signed in."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self.show(request, PasswordForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change it; other sessions of the person end by themselves."""
        form = PasswordForm(request.POST)
        person: Any = request.user
        if form.is_valid():
            try:
                user = services.password_change(
                    user=person, old=form.cleaned_data["old"], new=form.cleaned_data["new"],
                    actor=self.actor, now=timezone.now(),
                )  # fmt: skip
            except Invalid as refusal:
                for name, texts in refusal.fields.items():
                    for text in texts:
                        form.add_error(name, str(text))
            else:
                update_session_auth_hash(request, user)
                messages.success(request, _("密码已修改。其他设备上的登录已失效。"))
                return redirect("home")
        return self.show(request, form, 422)

    def show(self, request: HttpRequest, form: PasswordForm, status: int = 200) -> HttpResponse:
        """The page, with the reason when it was forced."""
        person: Any = request.user
        forced = person.must_change_password
        intro = _("您使用的是一次性密码，请先设置自己的密码。") if forced else ""
        context = {"title": _("修改密码"), "intro": intro, "form": form, "submit": _("修改密码")}
        return render(request, "accounts/password.html", context, status=status)


class OrganisationSwitch(Page):
    """Act for another organisation in which the person holds a post today."""

    permission = Perm.HOME
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Choose it for this session."""
        wanted = request.POST.get("organisation", "")
        posts = Membership.objects.filter(
            user=self.actor.user,
            organisation_id=wanted if wanted.isdecimal() else 0,
            organisation__active=True,
        ).select_related("organisation")
        today = timezone.localdate()
        post = next((m for m in posts if m.in_force(today)), None)
        if post is None:
            raise Missing()
        request.session["organisation_id"] = post.organisation_id
        messages.success(request, _("已切换到：%(name)s") % {"name": post.organisation})
        return redirect("home")


class SessionTouch(Page):
    """A sign of life; the actor's middleware prolongs the session."""

    permission = PUBLIC
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """204 while signed in, 401 when the session has ended."""
        return HttpResponse(status=204 if request.user.is_authenticated else 401)
