"""The units of a campaign, their states over time, and the changes that two people made."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind, Perm
from carbonwatch.accounts.scoping import ScopedManager, scope_rule
from carbonwatch.params.regions import REGION_CHOICES
from emitters.models import EmittingUnit
from inspections.campaign_flow import CAMPAIGN_CHANGE_FLOW, CAMPAIGN_UNIT_FLOW, ENDED


class WaitsFor(models.TextChoices):
    """Whose turn it is."""

    CITY = "city", _("市局")
    UNIT = "unit", _("企业")
    NOBODY = "", _("无须办理")


class CampaignUnit(models.Model):
    """A unit of a campaign's list as it was when it came onto it, and where it stands now.

    Rows are never taken away: a removed unit stays in the list, so that coverage cannot rise by
    removing one. `covered_at` is set once, when its inspection was completed.
    """

    flow = CAMPAIGN_UNIT_FLOW
    view_perm = Perm.CAMPAIGN_VIEW
    scope_through = "unit"

    campaign = models.ForeignKey("Campaign", models.PROTECT, related_name="units")
    unit = models.ForeignKey(
        EmittingUnit, models.PROTECT, related_name="campaign_units", verbose_name=_("重点排放单位")
    )
    credit_code = models.CharField(_("统一社会信用代码"), max_length=32)
    name = models.CharField(_("单位名称"), max_length=120)
    city = models.CharField(_("所在市"), max_length=8, choices=REGION_CHOICES)
    kind = models.CharField(_("行业代码"), max_length=4, blank=True)
    frozen = models.BooleanField(_("在固定名单内"))
    included_at = models.DateTimeField(_("列入时间"))
    status = models.CharField(
        _("状态"), max_length=12, choices=CAMPAIGN_UNIT_FLOW.choices, default="included"
    )
    status_at = models.DateTimeField(_("状态时间"))
    due_at = models.DateTimeField(_("办理期限"), null=True)
    waits_for = models.CharField(
        _("由谁办理"), max_length=4, choices=WaitsFor.choices, blank=True, default=WaitsFor.CITY
    )
    extended_to = models.DateField(_("延期至"), null=True)
    resumes = models.CharField(max_length=12, blank=True)  # the state that an extension interrupted
    covered_at = models.DateTimeField(_("完成检查时间"), null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("专项行动单位")
        ordering = ["campaign", "city", "credit_code"]
        indexes = [
            models.Index(fields=["campaign", "city", "status"]),
            models.Index(fields=["campaign", "due_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit"], name="one_place_per_unit_and_campaign"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="campaign_unit_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="campaign_unit_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "campaign",
                    "unit",
                    "credit_code",
                    "name",
                    "city",
                    "kind",
                    "frozen",
                    "included_at",
                ),
            ),
            pgtrigger.Protect(
                name="campaign_unit_covered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.covered_at IS NOT NULL AND NEW.covered_at IS DISTINCT FROM OLD.covered_at"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the unit in the campaign."""
        return reverse("inspections:campaign-unit", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """Its duties are those of what is bound to it."""
        return None

    @property
    def ended(self) -> bool:
        """Nobody has to act any more."""
        return self.status in ENDED

    @property
    def late(self) -> bool:
        """Whether the stage is overdue."""
        return not self.ended and self.due_at is not None and self.due_at < timezone.now()


class CampaignUnitState(models.Model):
    """From when on a unit of a campaign was in a state. Rows are only added, so that every unit is in
    exactly one state at any date, past ones included."""

    scope_through = "campaign_unit"
    view_perm = Perm.CAMPAIGN_VIEW

    campaign_unit = models.ForeignKey(CampaignUnit, models.PROTECT, related_name="states")
    at = models.DateTimeField(_("时间"))
    state = models.CharField(_("状态"), max_length=12, choices=CAMPAIGN_UNIT_FLOW.choices)
    because = models.CharField(_("原因"), max_length=40, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("专项行动单位状态")
        ordering = ["campaign_unit", "at", "pk"]
        indexes = [models.Index(fields=["campaign_unit", "-at", "-id"])]
        triggers = [
            pgtrigger.Protect(
                name="campaign_state_kept", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_unit} {self.at:%Y-%m-%d} {self.state}"

    @property
    def label(self) -> object:
        """The state in words."""
        return CAMPAIGN_UNIT_FLOW.state(self.state).label


class ChangeKind(models.TextChoices):
    """What a change does."""

    ADD = "add", _("增加单位")
    REMOVE = "remove", _("移出单位")
    EXTEND = "extend", _("延长期限")


class CampaignChange(models.Model):
    """A change of a campaign's list or of a unit's deadline: proposed with its reason by one person,
    decided by another. What was proposed is never edited."""

    flow = CAMPAIGN_CHANGE_FLOW
    view_perm = Perm.CAMPAIGN_VIEW

    campaign = models.ForeignKey(
        "Campaign", models.PROTECT, related_name="changes", verbose_name=_("专项行动")
    )
    unit = models.ForeignKey(
        EmittingUnit, models.PROTECT, related_name="+", verbose_name=_("重点排放单位")
    )
    kind = models.CharField(_("调整事项"), max_length=8, choices=ChangeKind.choices)
    reason = models.TextField(_("调整原因"))
    extended_to = models.DateField(_("延期至"), null=True)
    status = models.CharField(
        _("状态"), max_length=12, choices=CAMPAIGN_CHANGE_FLOW.choices, default="proposed"
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
        verbose_name=_("批准人"),
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    decision_note = models.CharField(_("批准意见"), max_length=600, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("专项行动调整")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="campaign_change_second_person",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by=None, decided_at=None)
                | ~Q(status="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="campaign_change_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(reason="")
                & (
                    Q(kind="extend", extended_to__isnull=False)
                    | ~Q(kind="extend") & Q(extended_to=None)
                ),
                name="campaign_change_with_reason",
            ),
            models.UniqueConstraint(
                fields=["campaign", "unit"],
                condition=Q(status="proposed"),
                name="one_open_change_per_campaign_unit",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="campaign_change_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "campaign", "unit", "kind", "reason", "extended_to", "proposed_by"
                ),
            ),
            pgtrigger.Protect(name="campaign_change_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s：%(unit)s") % {
            "kind": self.get_kind_display(),
            "unit": self.unit,
        }

    def get_absolute_url(self) -> str:
        """The change's page."""
        return reverse("inspections:campaign-change", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The provincial lead office decides."""
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()


@scope_rule("inspections.CampaignChange", *PROVINCIAL, OrgKind.CITY)
def _authorities_see_changes(actor: Actor) -> Q:
    """What was proposed about a unit is between the authorities."""
    return Q(unit__in=EmittingUnit.objects.visible_to(actor))
