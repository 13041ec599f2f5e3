"""Cases (案件): proposed on findings, filed or refused by a second person."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind
from carbonwatch.accounts.scoping import ScopedManager, scope_rule
from carbonwatch.params.regions import REGION_CHOICES
from emitters.models import EmittingUnit
from enforcement.flows import CASE_FLOW, SEEN_BY_UNIT
from inspections.models import Finding


class Case(models.Model):
    """A case against an emitting unit. `basis` keeps the penalty rules in force on the day of the
    act (`acted_on`), as they were when the case was proposed."""

    flow = CASE_FLOW

    unit = models.ForeignKey(
        EmittingUnit, models.PROTECT, related_name="cases", verbose_name=_("当事人")
    )
    city = models.CharField(_("所在市"), max_length=8, choices=REGION_CHOICES)
    findings = models.ManyToManyField(Finding, related_name="cases", verbose_name=_("所依据的问题"))
    number = models.CharField(_("案号"), max_length=40, blank=True)
    reason = models.CharField(_("案由"), max_length=200)
    statement = models.TextField(_("违法事实"))
    acted_on = models.DateField(_("违法行为发生日"))
    basis = models.JSONField(_("法律依据"), default=list)
    status = models.CharField(
        _("状态"), max_length=12, choices=CASE_FLOW.choices, default="proposed"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提请人")
    )
    opened_at = models.DateTimeField(_("提请时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("审批人"),
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decision_note = models.CharField(_("审批意见"), max_length=600, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("案件")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["city", "status"])]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="one_case_number"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by=None, decided_at=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="case_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("opened_by")),
                name="proposer_is_not_decider",
            ),
        ]
        triggers = [
            # Decree 775 art. 11: records are kept for at least five years.
            pgtrigger.Protect(
                name="case_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.opened_at > CURRENT_DATE - INTERVAL '5 years'"),
            )
        ]

    def __str__(self) -> str:
        return gettext("%(unit)s：%(reason)s") % {"unit": self.unit, "reason": self.reason}

    def get_absolute_url(self) -> str:
        """The case's page."""
        return reverse("enforcement:case", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The provincial lead office decides."""
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()


@scope_rule("enforcement.Case", *PROVINCIAL, OrgKind.CITY)
def _authorities_see_their_units(actor: Actor) -> Q:
    return Q(unit__in=EmittingUnit.objects.visible_to(actor))


@scope_rule("enforcement.Case", OrgKind.UNIT)
def _unit_sees_what_was_filed(actor: Actor) -> Q:
    return Q(unit__in=EmittingUnit.objects.visible_to(actor), status__in=SEEN_BY_UNIT)
