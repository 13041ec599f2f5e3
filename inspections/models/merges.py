"""Merging of duplicates (并案): two findings of one unit about the same matter."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind, Perm
from carbonwatch.accounts.scoping import ScopedManager, scope_rule
from inspections.mergeflow import MERGE_FLOW
from inspections.models.findings import Finding


class FindingMerge(models.Model):
    """`merged` becomes part of `kept`, which goes on; what each of them held stays readable."""

    flow = MERGE_FLOW
    view_perm = Perm.FINDING_VIEW

    kept = models.ForeignKey(
        Finding, models.PROTECT, related_name="merges_in", verbose_name=_("保留的问题")
    )
    merged = models.ForeignKey(
        Finding, models.PROTECT, related_name="merges_out", verbose_name=_("并入的问题")
    )
    reason = models.CharField(_("合并理由"), max_length=600)
    status = models.CharField(
        _("状态"), max_length=10, choices=MERGE_FLOW.choices, default="proposed"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("确认人"),
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True)
    note = models.CharField(_("意见"), max_length=600, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("问题合并")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=~Q(status="refused"),
                name="one_standing_merge_per_finding",
            ),
            models.CheckConstraint(
                condition=~Q(kept=models.F("merged")), name="merged_into_another"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("proposed_by")),
                name="merge_proposer_is_not_decider",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by=None, decided_at=None)
                | (~Q(status="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="merge_decided_by_and_at",
            ),
        ]
        triggers = [pgtrigger.Protect(name="merge_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return gettext("%(unit)s：“%(merged)s”并入“%(kept)s”") % {
            "unit": self.kept.unit,
            "merged": self.merged.title,
            "kept": self.kept.title,
        }

    def get_absolute_url(self) -> str:
        """The page with both side by side."""
        return reverse("inspections:merge", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The bureau of the unit's city."""
        return self.kept.bureau

    def supervisor_org(self) -> Organisation | None:
        """The province is told of a late decision."""
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()


@scope_rule("inspections.FindingMerge", *PROVINCIAL, OrgKind.CITY)
def _authorities_see_merges_of_their_units(actor: Actor) -> Q:
    return Q(kept__in=Finding.objects.visible_to(actor))
