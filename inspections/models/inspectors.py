"""The register of inspectors (执法人员名录): who holds which certificate, and whom each must keep away from."""

from datetime import date, timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Membership, Organisation
from carbonwatch.accounts.permissions import GRANTS, OrgKind, Perm
from carbonwatch.accounts.scoping import EVERYTHING, ScopedQuerySet, scope_rule
from emitters.models import EmittingUnit
from inspections.inspector_flow import INSPECTOR_FLOW

ABLE = [role for role, perms in GRANTS.items() if Perm.INSPECTION_DO in perms]
"""The posts whose holders inspect."""


class InspectorQuerySet(ScopedQuerySet):
    """Inspectors by fitness."""

    def fit_on(self, day: date, unit: EmittingUnit | None = None) -> Self:
        """Those who may inspect (the unit) on a day: listed, certificate valid, in a post that inspects,
        in an organisation at work, with no conflict."""
        held = Membership.objects.filter(
            Q(until=None) | Q(until__gte=day),
            user=OuterRef("user"),
            organisation=OuterRef("organisation"),
            role__in=ABLE,
            since__lte=day,
        )
        fit = self.filter(
            Exists(held),
            status="listed",
            valid_from__lte=day,
            valid_to__gte=day,
            organisation__active=True,
            user__is_active=True,
        )
        if unit is None:
            return fit
        return fit.exclude(
            Exists(Conflict.objects.on(day).filter(inspector=OuterRef("pk"), unit=unit))
        )

    def expiring(self, day: date, days: int) -> Self:
        """Listed ones whose certificates run out within so many days."""
        last = day + timedelta(days=days)
        return self.filter(status="listed", valid_to__gte=day, valid_to__lte=last)


class Inspector(models.Model):
    """One officer with the certificate (执法证) that is shown on site."""

    flow = INSPECTOR_FLOW
    view_perm = Perm.INSPECTION_PLAN

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="inspector_entries",
        verbose_name=_("执法人员"),
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("所在机关")
    )
    certificate = models.CharField(_("执法证号"), max_length=40)
    valid_from = models.DateField(_("有效期起"))
    valid_to = models.DateField(_("有效期止"))
    speciality = models.CharField(_("专业特长"), max_length=120, blank=True)
    status = models.CharField(
        _("状态"), max_length=12, choices=INSPECTOR_FLOW.choices, default="listed"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    entered_at = models.DateTimeField(_("登记时间"))

    objects = models.Manager.from_queryset(InspectorQuerySet)()

    class Meta:
        verbose_name = _("执法人员")
        ordering = ["organisation", "certificate"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(status="listed"), name="one_listed_entry_per_person"
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(status="listed"),
                name="one_listed_entry_per_certificate",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="certificate_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(user=F("entered_by")), name="inspector_is_not_entered_by_self"
            ),
        ]
        triggers = [pgtrigger.Protect(name="inspector_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.user}（{self.certificate}）"

    def get_absolute_url(self) -> str:
        """The page of the entry."""
        return reverse("inspections:inspector", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The organisation that keeps the entry."""
        return self.organisation

    def supervisor_org(self) -> Organisation | None:
        """The province keeps watch over every register."""
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()


@scope_rule("inspections.Inspector", OrgKind.PROVINCE)
def _the_province_sees_all(actor: Actor) -> Q:
    return EVERYTHING


@scope_rule("inspections.Inspector", OrgKind.CITY)
def _a_bureau_sees_its_own(actor: Actor) -> Q:
    return Q(organisation=actor.organisation)


class ConflictReason(models.TextChoices):
    """Why an inspector must keep away (回避)."""

    EMPLOYER = "employer", _("曾在该单位任职")
    RELATIVE = "relative", _("近亲属在该单位任职")
    SHARES = "shares", _("持有该单位股份")
    OTHER = "other", _("其他可能影响公正的关系")


class ConflictQuerySet(ScopedQuerySet):
    """Conflicts by day."""

    def on(self, day: date) -> Self:
        """In force on a day."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class Conflict(models.Model):
    """An inspector who must keep away from a unit for a time."""

    scope_through = "inspector"
    view_perm = Perm.INSPECTION_PLAN

    inspector = models.ForeignKey(
        Inspector, models.PROTECT, related_name="conflicts", verbose_name=_("执法人员")
    )
    unit = models.ForeignKey(
        EmittingUnit, models.PROTECT, related_name="+", verbose_name=_("重点排放单位")
    )
    reason = models.CharField(_("回避情形"), max_length=10, choices=ConflictReason.choices)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    since = models.DateField(_("起始日期"))
    until = models.DateField(_("终止日期"), null=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    entered_at = models.DateTimeField(_("登记时间"))

    objects = models.Manager.from_queryset(ConflictQuerySet)()

    class Meta:
        verbose_name = _("回避情形")
        ordering = ["-since", "-pk"]
        indexes = [models.Index(fields=["unit", "inspector"])]
        constraints = [
            models.UniqueConstraint(
                fields=["inspector", "unit", "reason"],
                condition=Q(until=None),
                name="one_open_conflict_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="conflict_ends_after_it_begins",
            ),
        ]
        triggers = [pgtrigger.Protect(name="conflict_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.inspector}：{self.unit}（{self.get_reason_display()}）"

    def get_absolute_url(self) -> str:
        """Shown on the inspector's page."""
        return self.inspector.get_absolute_url()
