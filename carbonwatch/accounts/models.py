"""People, the organisations they act for, and the actor of one request."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import GRANTS, OrgKind, Role
from carbonwatch.params.regions import REGION_CHOICES


class UserManager(BaseUserManager["User"]):
    """Creates accounts with a hashed password."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A new account; without a password nobody can sign in to it."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person's account. Rights come from memberships alone: there is no superuser."""

    username = models.CharField(_("账号"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=64)
    email = models.EmailField(_("电子邮箱"), blank=True)
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_demo = models.BooleanField(_("演示账号"), default=False)
    must_change_password = models.BooleanField(_("须修改密码"), default=False)
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        app_label = "carbonwatch"
        verbose_name = _("账号")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username


class Organisation(models.Model):
    """A body that people act for: office, bureau, emitting unit, agency or the platform itself."""

    kind = models.CharField(_("类别"), max_length=16, choices=OrgKind.choices)
    name = models.CharField(_("名称"), max_length=120)
    code = models.CharField(
        _("代码"), max_length=32, unique=True, help_text=_("统一社会信用代码或行政区划代码")
    )
    city = models.CharField(_("所在市"), max_length=8, choices=REGION_CHOICES, blank=True)
    active = models.BooleanField(_("有效"), default=True)

    class Meta:
        app_label = "carbonwatch"
        verbose_name = _("机构")
        ordering = ["kind", "city", "code"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's post in an organisation for a time; it grants the permissions of its role."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="memberships", verbose_name=_("人员")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("机构")
    )
    role = models.CharField(_("岗位"), max_length=32, choices=Role.choices)
    since = models.DateField(_("起始日期"), default=date(2019, 1, 1))
    until = models.DateField(_("终止日期"), null=True, blank=True)

    class Meta:
        app_label = "carbonwatch"
        verbose_name = _("岗位授权")
        ordering = ["user", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(until__isnull=True),
                name="one_open_membership_per_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"

    def in_force(self, on: date) -> bool:
        """Whether the post is held on that day."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Actor:
    """Who acts, for whom, with which rights. Everything that reads or writes takes one."""

    user: User
    organisation: Organisation
    roles: tuple[str, ...] = ()
    perms: frozenset[str] = field(default_factory=frozenset)
    ip: str = ""

    @classmethod
    def of(
        cls, user: User, organisation: Organisation | None = None, *, ip: str = ""
    ) -> "Actor | None":
        """The person in one organisation with all posts held there today; None without a post."""
        today = timezone.localdate()
        held = [
            m
            for m in user.memberships.select_related("organisation")
            if m.in_force(today) and m.organisation.active and user.is_active
        ]
        org = organisation or (held[0].organisation if held else None)
        roles = tuple(
            sorted({m.role for m in held if org is not None and m.organisation_id == org.pk})
        )
        if org is None or not roles:
            return None
        return cls(user, org, roles, frozenset().union(*(GRANTS[r] for r in roles)), ip)

    @property
    def kind(self) -> str:
        """Kind of the organisation acted for."""
        return self.organisation.kind

    def may(self, perm: str) -> bool:
        """Whether one of the posts grants the permission."""
        return perm in self.perms
