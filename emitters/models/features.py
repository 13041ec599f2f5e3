"""What a version contributes to comparisons over many, ready for the frames of `emitters.peers`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.scoping import ScopedManager
from emitters.models.reports import ReportVersion


class ReportFeatures(models.Model):
    """Features of a version, computed from its rows: made again whenever the way of making changes
    (`made` is `emitters.peers.features.MAKE`)."""

    scope_through = "version"

    version = models.OneToOneField(
        ReportVersion, models.CASCADE, primary_key=True, related_name="features"
    )
    made = models.PositiveSmallIntegerField()
    content = models.JSONField()

    objects = ScopedManager()

    class Meta:
        verbose_name = _("同类比较特征")

    def __str__(self) -> str:
        return f"{self.version_id}"
