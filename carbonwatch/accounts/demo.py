"""Made-up accounts: one password for all of them, and which of them to show."""

from dataclasses import dataclass

from carbonwatch.accounts.models import Membership

DEMO_PASSWORD = "CarbonWatch-2026"  # noqa: S105 - printed for everybody, refused in production


@dataclass(frozen=True)
class DemoAccount:
    """An account to try a post with."""

    username: str
    role: str
    post: str
    organisation: str


def demo_accounts() -> list[DemoAccount]:
    """One made-up account for every post of every kind of organisation, in the order of the kinds."""
    held = (
        Membership.objects.filter(user__is_demo=True, user__is_active=True, until=None)
        .select_related("user", "organisation")
        .order_by("pk")
    )
    first: dict[tuple[str, str], DemoAccount] = {}
    for m in held:
        first.setdefault(
            (m.organisation.kind, m.role),
            DemoAccount(m.user.username, m.role, m.get_role_display(), m.organisation.name),
        )
    return list(first.values())
