"""The page of a campaign over 3,000 units against a bare page with the same rows."""

from datetime import UTC, date, datetime, timedelta

from django.test.utils import override_settings

from carbonwatch.accounts.models import Organisation
from carbonwatch.accounts.permissions import OrgKind
from emitters.models import EmittingUnit
from inspections.models import Campaign, CampaignUnit, CampaignUnitState
from tests.bench.measure import alternating, ms, report
from tests.bench.pages import CITIES, opened, signed_in
from tests.factories import UserFactory

FEW, UNITS = 60, 3000
BEGAN = datetime(2026, 4, 1, tzinfo=UTC)
WAY = ("included", "self", "reviewed", "on-site", "rectifying", "closed")


def fill(size):
    """A campaign under way: every unit as far along the way as its number says, with its history."""
    first, second, day = UserFactory(), UserFactory(), date(2027, 6, 30)
    campaign = Campaign.objects.create(
        title="全覆盖检查", kind="full", year=2026, basis="依据", query={}, size=size,
        sha256="0" * 64, inspect_until=day, rectify_until=day, sum_until=day, status="running",
        proposed_by=first, proposed_at=BEGAN, approved_by=second, approved_at=BEGAN,
    )  # fmt: skip
    owners = Organisation.objects.bulk_create(
        Organisation(
            kind=OrgKind.UNIT, name=f"虚构供热{n:05d}", code=f"9121CAMP{size:05d}{n:05d}",
            city=CITIES[n % len(CITIES)],
        )
        for n in range(size)
    )  # fmt: skip
    units = EmittingUnit.objects.bulk_create(EmittingUnit(organisation=o) for o in owners)
    rows = CampaignUnit.objects.bulk_create(
        CampaignUnit(
            campaign=campaign, unit=u, credit_code=u.organisation.code, name=u.organisation.name,
            city=u.organisation.city, kind="4412", frozen=True, included_at=BEGAN,
            status=WAY[n % len(WAY)], status_at=BEGAN + timedelta(days=n % len(WAY)),
            due_at=BEGAN + timedelta(days=60),
            covered_at=BEGAN + timedelta(days=4) if n % len(WAY) > 3 else None,
        )
        for n, u in enumerate(units)
    )  # fmt: skip
    CampaignUnitState.objects.bulk_create(
        CampaignUnitState(campaign_unit=row, at=BEGAN + timedelta(days=n), state=state)
        for number, row in enumerate(rows)
        for n, state in enumerate(WAY[: number % len(WAY) + 1])
    )
    return campaign


def run():
    """Today's page and a past day's against the bare one; queries for few and many units."""
    client = signed_in()
    few, many = (fill(size).get_absolute_url() for size in (FEW, UNITS))
    detail = f"{opened(client, few)} and {opened(client, many)} queries"
    report("campaign page, more queries", detail, opened(client, many) - opened(client, few), 0, "")
    bare = f"/bare{many}"
    past = f"{many}?on={(BEGAN + timedelta(days=3)).date()}"
    with override_settings(ROOT_URLCONF="tests.bench.urls"):
        for name, url, bar in (("campaign page", many, 3), ("campaign page, past day", past, None)):
            ours, theirs = alternating(
                lambda u=url: client.get(u), lambda: client.get(bare), runs=15
            )
            detail = f"{ms(ours)} / bare page {ms(theirs)}"
            report(f"{name}, {UNITS:,} units", detail, ours / theirs, bar)
