"""Compute the hashes of the frozen lists again, and say which differ."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inspections.models import Campaign
from inspections.selectors.campaigns import list_holds


class Command(BaseCommand):
    """`verify_campaigns`: fails when a stored list is not the one that was frozen."""

    help = "Check the frozen lists of all campaigns against their hashes."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 on a difference."""
        frozen = Campaign.objects.exclude(status__in=["draft", "dropped"]).order_by("pk")
        broken = []
        for campaign in frozen:
            holds = list_holds(campaign)
            verdict = "ok" if holds else "DIFFERS"
            self.stdout.write(f"{campaign.pk} {campaign.size} {campaign.sha256} {verdict}")
            if not holds:
                broken.append(campaign.pk)
        if broken:
            raise CommandError(f"{len(broken)} frozen lists differ from what was approved")
