"""Signing in and out: limited before any hashing, locked after repeated failures, always recorded.

Pages and the interface for programs take the same way, so neither is the weaker door.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, User
from carbonwatch.audit.ledger import record
from carbonwatch.refusals import Invalid, Refused, TooMany
from carbonwatch.web.limits import count_try

WINDOW_SECONDS = 60


class WrongCredentials(Invalid):
    """Unknown account, wrong password, closed account: one answer for all (401)."""

    status = 401
    kind = "wrong-credentials"

    def __init__(self) -> None:
        super().__init__(_("账号或密码不正确。连续输错 5 次，该账号将锁定 15 分钟。"))


class Locked(TooMany):
    """Too many wrong passwords for this account from this address."""

    kind = "locked"

    def __init__(self) -> None:
        super().__init__(
            _(
                "密码连续输错次数过多，该账号已暂时锁定。"
                "请 15 分钟后再试，或联系安全管理员解除锁定。"
            )
        )


def limit(request: HttpRequest) -> None:
    """Count a try of this address before anything costly happens. Raises `TooMany`.

    Without Redis there is no such limit; the lock-out in the database still works.
    """
    text = _("本网络地址尝试登录过于频繁，请一分钟后再试。")
    count_try(request, "sign-in", settings.SIGN_IN_LIMIT, WINDOW_SECONDS, text)


def person_of(request: HttpRequest, username: str, password: str, now: datetime) -> User:
    """The person. Raises `TooMany`, `Locked`, `WrongCredentials`, `Refused`."""
    limit(request)
    username = username.strip()[:150]
    user = authenticate(request, username=username, password=password)
    ip = request.META.get("REMOTE_ADDR", "")
    if user is None:
        locked = bool(getattr(request, "axes_locked_out", False))
        _note(
            "sign-in.locked" if locked else "sign-in.failed",
            None,
            now,
            username=username[:64],
            ip=ip,
        )
        raise Locked() if locked else WrongCredentials()
    if user.is_demo and not settings.ALLOW_DEMO_ACCOUNTS:
        _note("sign-in.refused", user, now, username=username[:64], ip=ip)
        raise Refused(_("本系统不开放演示账号。"))
    return user


def enter(request: HttpRequest, user: User, now: datetime) -> None:
    """Start a session with a new key."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session["touched"] = int(now.timestamp())
    request.session.set_expiry(settings.IDLE_MINUTES * 60)
    _note("sign-in.done", user, now, username=user.username, ip=request.META.get("REMOTE_ADDR", ""))


def leave(request: HttpRequest, now: datetime) -> None:
    """End the session."""
    if request.user.is_authenticated:
        _note("sign-out.done", request.user, now, username=request.user.get_username())
    logout(request)


@transaction.atomic
def _note(action: str, user: User | None, now: datetime, **facts: object) -> None:
    record(action, user, Actor.of(user) if user else None, now, **facts)
