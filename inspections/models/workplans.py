"""Yearly work plans of enforcement (年度执法工作计划): text, and how many inspections where and when."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind, Perm
from carbonwatch.accounts.scoping import EVERYTHING, ScopedManager, scope_rule
from carbonwatch.params.regions import REGION_CHOICES
from inspections.workplan_flow import UNDER_WAY, WORKPLAN_FLOW

IN_USE = ("approved", "amended")
QUARTERS = (1, 2, 3, 4)


class RiskClass(models.TextChoices):
    """Classes of units: the bands of the risk score under the names of a work plan."""

    HIGH = "red", _("高风险")
    MEDIUM = "amber", _("中风险")
    LOW = "green", _("低风险")


def _person(label: Any, **more: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **more
    )


class WorkPlan(models.Model):
    """One version of the plan of a year."""

    flow = WORKPLAN_FLOW
    view_perm = Perm.WORKPLAN_VIEW

    year = models.PositiveSmallIntegerField(_("计划年度"))
    version = models.PositiveSmallIntegerField(_("版本"))
    title = models.CharField(_("计划名称"), max_length=120)
    text = models.TextField(_("计划正文"), blank=True)
    carbon_text = models.TextField(_("碳排放数据检查"), blank=True)
    reason = models.CharField(_("修订原因"), max_length=600, blank=True)
    status = models.CharField(
        _("状态"), max_length=12, choices=WORKPLAN_FLOW.choices, default="drafted"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    drafted_by = _person(_("起草人"))
    drafted_at = models.DateTimeField(_("起草时间"))
    submitted_by = _person(_("提交人"), null=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    approved_by = _person(_("批准人"), null=True)
    approved_at = models.DateTimeField(_("批准时间"), null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("执法工作计划")
        ordering = ["-year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["year", "version"], name="one_plan_version"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(status="approved"), name="one_approved_plan_a_year"
            ),
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(status__in=UNDER_WAY),
                name="one_plan_under_way_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=IN_USE)
                | Q(
                    submitted_by__isnull=False, approved_by__isnull=False, approved_at__isnull=False
                ),
                name="plan_approved_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | (~Q(approved_by=F("drafted_by")) & ~Q(approved_by=F("submitted_by"))),
                name="planner_is_not_approver",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="amendment_has_a_reason"
            ),
        ]
        triggers = [pgtrigger.Protect(name="workplan_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return gettext("%(title)s（第%(version)s版）") % {
            "title": self.title,
            "version": self.version,
        }

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("inspections:workplan", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The provincial lead office plans and approves."""
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()

    def supervisor_org(self) -> Organisation | None:
        """The same office watches over itself."""
        return self.holder("")

    def versions(self) -> QuerySet["WorkPlan"]:
        """Every version of the year, newest first."""
        return WorkPlan.objects.filter(year=self.year).order_by("-version")


@scope_rule("inspections.WorkPlan", OrgKind.PROVINCE)
def _the_province_sees_drafts(actor: Actor) -> Q:
    return EVERYTHING


@scope_rule("inspections.WorkPlan", *(k for k in PROVINCIAL if k != OrgKind.PROVINCE), OrgKind.CITY)
def _others_see_what_was_approved(actor: Actor) -> Q:
    return Q(status__in=IN_USE)


class PlanQuota(models.Model):
    """How many inspections of units of a risk class a city owes in a quarter."""

    scope_through = "plan"

    plan = models.ForeignKey(WorkPlan, models.PROTECT, related_name="quotas")
    city = models.CharField(_("所在市"), max_length=8, choices=REGION_CHOICES)
    quarter = models.PositiveSmallIntegerField(_("季度"))
    risk = models.CharField(_("风险类别"), max_length=8, choices=RiskClass.choices)
    number = models.PositiveSmallIntegerField(_("计划检查数"))

    objects = ScopedManager()

    class Meta:
        verbose_name = _("计划检查数")
        ordering = ["plan", "city", "quarter", "risk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "city", "quarter", "risk"], name="one_quota_per_place"
            ),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4), name="quarter_of_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} Q{self.quarter} {self.risk}: {self.number}"
