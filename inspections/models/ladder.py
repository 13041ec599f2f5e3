"""How far an overdue finding or measure has climbed (升级督办)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.accounts.scoping import ScopedQuerySet
from inspections.models.fields import written_once
from inspections.models.findings import Finding
from inspections.models.measures import Measure


class Rung(models.TextChoices):
    """Who is told, from below upwards."""

    CHIEF = "chief", _("市级负责人督办")
    PROVINCE = "province", _("省级督办")
    BULLETIN = "bulletin", _("列入问题通报")


class Climb(models.Model):
    """One rung that one missed deadline has reached; never reached twice."""

    scope_through = ("finding", "measure")
    view_perm = Perm.FINDING_VIEW

    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, related_name="climbs", verbose_name=_("问题")
    )
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, related_name="climbs", verbose_name=_("整改措施")
    )
    rung = models.CharField(_("督办层级"), max_length=10, choices=Rung.choices)
    status = models.CharField(_("逾期环节"), max_length=12)
    due_at = models.DateTimeField(_("逾期的期限"))
    days = models.PositiveSmallIntegerField(_("逾期工作日"))
    at = models.DateTimeField(_("升级时间"))
    parameter = models.JSONField(_("所依据的参数"))

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("升级督办")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "due_at", "rung"], name="one_rung_of_finding"
            ),
            models.UniqueConstraint(
                fields=["measure", "due_at", "rung"], name="one_rung_of_measure"
            ),
            models.CheckConstraint(
                condition=Q(finding=None, measure__isnull=False)
                | Q(finding__isnull=False, measure=None),
                name="climb_of_one_thing",
            ),
        ]
        triggers = [written_once("climb")]

    def __str__(self) -> str:
        return str(self.get_rung_display())
