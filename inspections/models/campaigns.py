"""Campaigns (专项行动): a frozen list of units, stages with deadlines, where each unit stands."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.accounts.scoping import EVERYTHING, ScopedManager, scope_rule
from inspections.campaign_flow import CAMPAIGN_FLOW
from inspections.models.campaign_units import CampaignUnit


class CampaignKind(models.TextChoices):
    """What a campaign does with the units of its list."""

    FULL = "full", _("全覆盖检查")
    SELF = "self", _("自查自纠")
    THEMED = "themed", _("专题检查")


def _person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=label
    )


class Campaign(models.Model):
    """One campaign. In draft, `size` and `sha256` are those of the list that was previewed; freezing
    asks for the same ones again. From then on they and the query stay as they are."""

    flow = CAMPAIGN_FLOW
    view_perm = Perm.CAMPAIGN_VIEW

    title = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类型"), max_length=8, choices=CampaignKind.choices)
    year = models.PositiveSmallIntegerField(_("实施年度"))
    basis = models.TextField(_("实施依据"))
    query = models.JSONField(_("名单条件"))
    size = models.PositiveIntegerField(_("名单家数"))
    sha256 = models.CharField("SHA-256", max_length=64)
    self_until = models.DateField(_("自查期限"), null=True)
    inspect_until = models.DateField(_("检查期限"), null=True)
    rectify_until = models.DateField(_("整改期限"))
    sum_until = models.DateField(_("总结期限"))
    status = models.CharField(
        _("状态"), max_length=12, choices=CAMPAIGN_FLOW.choices, default="draft"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("拟订人")
    )
    proposed_at = models.DateTimeField(_("拟订时间"))
    approved_by = _person(_("批准人"))
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    started_at = models.DateTimeField(_("启动时间"), null=True)
    closed_by = _person(_("结束人"))
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    summary = models.TextField(_("总结"), blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("专项行动")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="campaign_second_person",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "dropped"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="campaign_frozen_at_and_by",
            ),
            models.CheckConstraint(
                condition=(
                    Q(sum_until__gte=F("rectify_until"))
                    & (Q(inspect_until=None) | Q(rectify_until__gte=F("inspect_until")))
                    & (Q(self_until=None) | Q(rectify_until__gte=F("self_until")))
                    & (
                        Q(self_until=None)
                        | Q(inspect_until=None)
                        | Q(inspect_until__gte=F("self_until"))
                    )
                ),
                name="campaign_stages_in_order",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="campaign_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="campaign_list_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status <> 'draft' AND "
                    "(OLD.query, OLD.size, OLD.sha256, OLD.kind, OLD.proposed_by_id, OLD.approved_by_id)"
                    " IS DISTINCT FROM "
                    "(NEW.query, NEW.size, NEW.sha256, NEW.kind, NEW.proposed_by_id, NEW.approved_by_id)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The campaign's page."""
        return reverse("inspections:campaign", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The provincial lead office runs campaigns."""
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()

    @property
    def stages(self) -> list[tuple[object, object]]:
        """Its stages with their last days."""
        given = (
            (_("自查自纠"), self.self_until),
            (_("检查"), self.inspect_until),
            (_("整改"), self.rectify_until),
            (_("总结"), self.sum_until),
        )
        return [(label, day) for label, day in given if day is not None]


@scope_rule("inspections.Campaign", OrgKind.PROVINCE)
def _office_sees_all(actor: Actor) -> Q:
    return EVERYTHING


@scope_rule(
    "inspections.Campaign",
    OrgKind.ECOLOGY,
    OrgKind.DRC,
    OrgKind.SASAC,
    OrgKind.MARKET,
    OrgKind.CITY,
    OrgKind.UNIT,
)
def _others_see_those_of_their_units(actor: Actor) -> Q:
    """From the freezing on: before, the list is the office's own business."""
    return Q(pk__in=CampaignUnit.objects.visible_to(actor).values("campaign"))
