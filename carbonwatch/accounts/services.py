"""What the three separated administrators and the people themselves change about accounts."""

import secrets
from datetime import datetime, timedelta

from axes.utils import reset
from django.contrib.auth import SESSION_KEY, password_validation
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from carbonwatch.accounts.models import Actor, Membership, Organisation, User
from carbonwatch.accounts.permissions import ROLES_OF, OrgKind, Perm, Role
from carbonwatch.audit.ledger import record
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, Missing, WrongState

ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0 O 1 l I
PASSWORD_LENGTH = 14


def _must(actor: Actor, perm: str) -> None:
    if not actor.may(perm):
        raise Forbidden()


def _locked_user(pk: int) -> User:
    user = User.objects.select_for_update().filter(pk=pk).first()
    if user is None:
        raise Missing()
    return user


def one_time_password() -> str:
    """A password that a person can read out and type."""
    return "".join(secrets.choice(ALPHABET) for _position in range(PASSWORD_LENGTH))


def is_administrator(user: User) -> bool:
    """Whether the person holds a post of the platform today."""
    today = timezone.localdate()
    held = user.memberships.filter(organisation__kind=OrgKind.PLATFORM)
    return any(m.in_force(today) for m in held)


@transaction.atomic
def organisation_create(
    *, kind: str, name: str, code: str, city: str, actor: Actor, now: datetime
) -> Organisation:
    """A new organisation. Raises `Invalid` when the code is taken."""
    _must(actor, Perm.ACCOUNT_MANAGE)
    try:
        with transaction.atomic():
            body = Organisation.objects.create(kind=kind, name=name, code=code, city=city)
    except IntegrityError as error:
        raise Invalid(_("该代码已登记。"), fields={"code": [_("该代码已登记。")]}) from error
    record("organisation.created", body, actor, now, kind=kind, name=name, code=code, city=city)
    return body


@transaction.atomic
def organisation_switch_active(
    *, pk: int, active: bool, actor: Actor, now: datetime
) -> Organisation:
    """Close an organisation (its people can no longer act for it) or open it again."""
    _must(actor, Perm.ACCOUNT_MANAGE)
    body = Organisation.objects.select_for_update().filter(pk=pk).first()
    if body is None:
        raise Missing()
    if body.kind == OrgKind.PLATFORM:
        raise GuardFailed(_("平台运维机构不能停用。"))
    if body.active == active:
        raise WrongState(_("该机构已是此状态，请刷新页面。"))
    body.active = active
    body.save(update_fields=["active"])
    record("organisation.reopened" if active else "organisation.closed", body, actor, now)
    return body


@transaction.atomic
def account_create(
    *, username: str, name: str, email: str, phone: str, actor: Actor, now: datetime
) -> tuple[User, str]:
    """A new account without any post, and its one-time password, which is kept nowhere."""
    _must(actor, Perm.ACCOUNT_MANAGE)
    password = one_time_password()
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username, password, name=name, email=email, phone=phone, must_change_password=True
            )
    except IntegrityError as error:
        raise Invalid(_("该账号已存在。"), fields={"username": [_("该账号已存在。")]}) from error
    record("account.created", user, actor, now, username=username)
    return user, password


@transaction.atomic
def account_switch_active(*, pk: int, active: bool, actor: Actor, now: datetime) -> User:
    """Close an account, with its sessions and tokens, or open it again."""
    _must(actor, Perm.ACCOUNT_MANAGE)
    user = _locked_user(pk)
    if user == actor.user:
        raise GuardFailed(_("不能停用自己的账号。"))
    if user.is_active == active:
        raise WrongState(_("该账号已是此状态，请刷新页面。"))
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        _end_sessions(user)
    record(
        "account.reopened" if active else "account.closed", user, actor, now, username=user.username
    )
    return user


@transaction.atomic
def account_reset_password(*, pk: int, actor: Actor, now: datetime) -> tuple[User, str]:
    """A new one-time password; not for administrators: none may take another's place."""
    _must(actor, Perm.ACCOUNT_MANAGE)
    user = _locked_user(pk)
    if is_administrator(user):
        raise GuardFailed(_("平台管理员的密码不能由他人在页面上重置，请由运维人员在服务器上办理。"))
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    _end_sessions(user)
    record("account.password-reset", user, actor, now, username=user.username)
    return user, password


@transaction.atomic
def membership_grant(
    *, user: User, organisation: Organisation, role: str, actor: Actor, now: datetime
) -> Membership:
    """Give a person a post from today. Nobody grants to oneself; one person holds one of the three
    administrators' posts at most, and no business post beside it."""
    _must(actor, Perm.GRANT_MANAGE)
    user = _locked_user(user.pk)
    reason = grant_closed_because(user, organisation, role, actor)
    if reason:
        raise GuardFailed(reason)
    today = timezone.localdate(now)
    try:
        with transaction.atomic():
            post = Membership.objects.create(
                user=user, organisation=organisation, role=role, since=today
            )
    except IntegrityError as error:
        raise Invalid(_("该人员已担任此岗位。")) from error
    record(
        "membership.granted",
        post,
        actor,
        now,
        user=user.username,
        organisation=organisation.code,
        role=role,
    )
    return post


def grant_closed_because(
    user: User, organisation: Organisation, role: str, actor: Actor
) -> object | None:
    """Why the post cannot be given; None when it can."""
    if user == actor.user:
        return _("不能给自己授权，须由另一名安全管理员办理。")
    if role not in ROLES_OF[organisation.kind]:
        return _("“%(kind)s”没有“%(role)s”这一岗位。") % {
            "kind": organisation.get_kind_display(),
            "role": Role(role).label,
        }
    if not organisation.active or not user.is_active:
        return _("账号或机构已停用。")
    today = timezone.localdate()
    held = [m for m in user.memberships.select_related("organisation") if m.in_force(today)]
    if held and (organisation.kind == OrgKind.PLATFORM or is_administrator(user)):
        return _("系统、安全、审计三类管理员须由不同的人担任，且不得兼任业务岗位。")
    return None


@transaction.atomic
def membership_revoke(*, pk: int, actor: Actor, now: datetime) -> Membership:
    """End a post today; its history stays."""
    _must(actor, Perm.GRANT_MANAGE)
    post = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "organisation")
        .filter(pk=pk)
        .first()
    )
    if post is None:
        raise Missing()
    if post.user == actor.user:
        raise GuardFailed(_("不能收回自己的岗位，须由另一名安全管理员办理。"))
    if post.until is not None:
        raise WrongState(_("该岗位已收回，请刷新页面。"))
    post.until = timezone.localdate(now) - timedelta(days=1)
    post.save(update_fields=["until"])
    _end_sessions(post.user)
    record("membership.revoked", post, actor, now, user=post.user.username,
           organisation=post.organisation.code, role=post.role)  # fmt: skip
    return post


@transaction.atomic
def account_unlock(*, pk: int, actor: Actor, now: datetime) -> int:
    """Forget the failed tries of an account; how many there were."""
    _must(actor, Perm.GRANT_MANAGE)
    user = _locked_user(pk)
    forgotten = reset(username=user.username)
    record("account.unlocked", user, actor, now, username=user.username, attempts=forgotten)
    return forgotten


@transaction.atomic
def sessions_end(*, pk: int, actor: Actor, now: datetime) -> int:
    """Sign a person out everywhere, programs included; how many sessions and tokens ended."""
    _must(actor, Perm.GRANT_MANAGE)
    user = _locked_user(pk)
    ended = _end_sessions(user)
    record("sessions.ended", user, actor, now, username=user.username, ended=ended)
    return ended


def _end_sessions(user: User) -> int:
    """Sessions carry the person inside their sealed data, so each living one is opened."""
    living = Session.objects.filter(expire_date__gte=timezone.now()).iterator()
    theirs = [s.pk for s in living if s.get_decoded().get(SESSION_KEY) == str(user.pk)]
    ended = Session.objects.filter(pk__in=theirs).delete()[0]
    return ended + AuthToken.objects.filter(user=user).delete()[0]


@transaction.atomic
def password_change(*, user: User, old: str, new: str, actor: Actor | None, now: datetime) -> User:
    """The person's own choice. Raises `Invalid` by field."""
    user = _locked_user(user.pk)
    if not user.check_password(old):
        raise Invalid(_("请改正标出的内容。"), fields={"old": [_("原密码不正确。")]})
    if old == new:
        raise Invalid(_("请改正标出的内容。"), fields={"new": [_("新密码不能与原密码相同。")]})
    try:
        password_validation.validate_password(new, user)
    except ValidationError as error:
        raise Invalid(_("请改正标出的内容。"), fields={"new": error.messages}) from error
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record("password.changed", user, actor, now, username=user.username)
    return user
