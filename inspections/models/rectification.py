"""What a rectification leaves behind: wishes for more time, visits, and what was closed too early."""

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Organisation
from carbonwatch.accounts.permissions import Perm
from carbonwatch.accounts.scoping import ScopedQuerySet
from carbonwatch.documents.models import Attachment
from carbonwatch.documents.service import attachments_of
from emitters.models import ReportVersion
from inspections.models.fields import kept, person, written_once
from inspections.models.findings import Finding
from inspections.rectification_flows import EXTENSION_FLOW


class Extension(models.Model):
    """The unit asks for more time (延期); the deadline that held before stays on record."""

    flow = EXTENSION_FLOW
    scope_through = "finding"
    view_perm = Perm.FINDING_VIEW

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="extensions", verbose_name=_("问题")
    )
    old_due_at = models.DateTimeField(_("原期限"))
    wanted_on = models.DateField(_("申请延至"))
    reason = models.TextField(_("申请理由"))
    granted_on = models.DateField(_("同意延至"), null=True)
    note = models.CharField(_("决定意见"), max_length=600, blank=True)
    status = models.CharField(
        _("状态"), max_length=12, choices=EXTENSION_FLOW.choices, default="asked"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = person(_("决定人"))
    decided_at = models.DateTimeField(_("决定时间"), null=True)

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("延期申请")
        ordering = ["finding", "asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["finding"], condition=Q(status="asked"), name="one_open_extension"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["granted", "refused"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="extension_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(status="granted") | Q(granted_on__isnull=False),
                name="extension_granted_until",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")),
                name="asker_is_not_decider",
            ),
        ]
        triggers = [kept("extension", "asked_at")]

    def __str__(self) -> str:
        return gettext("延期申请：%(finding)s") % {"finding": self.finding}

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("inspections:extension", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The bureau of the unit's city decides."""
        return self.finding.bureau

    def supervisor_org(self) -> Organisation | None:
        """The province watches the bureau."""
        return self.finding.supervisor_org()


class SiteCheck(models.Model):
    """Somebody has been there and seen what was put right (现场核实); its files are the proof."""

    scope_through = "finding"
    view_perm = Perm.FINDING_VIEW

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="site_checks", verbose_name=_("问题")
    )
    cycle = models.PositiveSmallIntegerField(_("整改轮次"))
    visited_at = models.DateTimeField(_("核实时间"))
    place = models.CharField(_("核实地点"), max_length=200)
    note = models.TextField(_("核实情况"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("核实人")
    )
    at = models.DateTimeField(_("登记时间"))

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("现场核实")
        ordering = ["finding", "at"]
        triggers = [written_once("site_check")]

    def __str__(self) -> str:
        return f"{self.place} {self.visited_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Shown on the finding's page."""
        return self.finding.get_absolute_url()

    @property
    def files(self) -> QuerySet[Attachment]:
        """Photographs and papers from the site."""
        return attachments_of(self)


class EndedCycle(models.Model):
    """A round of rectification that was closed and opened again (重新打开), as it stood when closed."""

    scope_through = "finding"
    view_perm = Perm.FINDING_VIEW

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="ended_cycles", verbose_name=_("问题")
    )
    cycle = models.PositiveSmallIntegerField(_("整改轮次"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("销号人")
    )
    closed_at = models.DateTimeField(_("销号时间"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("审查人")
    )
    verified_by = person(_("核实人"))
    verified_at = models.DateTimeField(_("核实时间"), null=True)
    corrected_version = models.ForeignKey(
        ReportVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("更正版本")
    )
    t_corrected = models.DecimalField(
        _("已更正排放量（tCO2）"), max_digits=14, decimal_places=2, null=True
    )
    reason = models.CharField(_("重新打开原因"), max_length=600)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("重新打开人")
    )
    reopened_at = models.DateTimeField(_("重新打开时间"))
    due_on = models.DateField(_("新的期限"))

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("已结束的整改轮次")
        ordering = ["finding", "cycle"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "cycle"], name="one_ended_cycle"),
            models.CheckConstraint(
                condition=~Q(reopened_by=models.F("closed_by")), name="closer_does_not_reopen"
            ),
        ]
        triggers = [written_once("ended_cycle")]

    def __str__(self) -> str:
        return f"{self.finding} {self.cycle}"

    def get_absolute_url(self) -> str:
        """Shown on the finding's page."""
        return self.finding.get_absolute_url()
