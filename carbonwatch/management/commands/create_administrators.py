"""The first three accounts of a new installation: system, security and audit administrator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from carbonwatch.accounts.models import Membership, Organisation, User
from carbonwatch.accounts.permissions import OrgKind, Role
from carbonwatch.accounts.services import one_time_password
from carbonwatch.audit.ledger import record

ACCOUNTS = {
    "system-admin": (Role.SYSTEM_ADMIN, "系统管理员"),
    "security-admin": (Role.SECURITY_ADMIN, "安全管理员"),
    "audit-admin": (Role.AUDIT_ADMIN, "审计管理员"),
}


class Command(BaseCommand):
    """`create_administrators`: prints three one-time passwords; refuses when the platform exists."""

    help = "Create the three separated administrators of a new installation."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Each has to change the password at the first sign-in."""
        if Organisation.objects.filter(kind=OrgKind.PLATFORM).exists():
            raise CommandError("administrators exist already; they manage all further accounts")
        platform = Organisation.objects.create(
            kind=OrgKind.PLATFORM, name="平台运维", code="PLATFORM"
        )
        now = timezone.now()
        record("organisation.created", platform, None, now, kind=platform.kind, name=platform.name)
        for username, (role, name) in ACCOUNTS.items():
            password = one_time_password()
            user = User.objects.create_user(
                username, password, name=name, must_change_password=True
            )
            Membership.objects.create(user=user, organisation=platform, role=role)
            record("account.created", user, None, now, username=username)
            record("membership.granted", user, None, now, organisation=platform.pk, role=role)
            self.stdout.write(f"{username}\t{password}\t{name}")
