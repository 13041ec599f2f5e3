"""Waivers (豁免): a result that counts nothing for a time, by decision of two people."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind, Perm
from carbonwatch.accounts.scoping import ScopedManager, scope_rule
from carbonwatch.checks.registry import Check, Severity, get_check
from emitters.closing import REFUTED
from emitters.flows import WAIVER_FLOW
from emitters.models.reports import AnnualReport
from emitters.models.results import CheckResult, Question

GRANTED = ("in_force", "ended", "revoked")
"""States of a waiver that two people wanted."""
LIVE = ("proposed", "in_force")


class Waiver(models.Model):
    """One waiver of one result of one report. It is bound to the data by the result's fingerprint:
    other data are not waived. What was proposed is never edited."""

    flow = WAIVER_FLOW
    view_perm = Perm.WAIVER_VIEW

    report = models.ForeignKey(
        AnnualReport, models.PROTECT, related_name="waivers", verbose_name=_("报告")
    )
    result = models.ForeignKey(CheckResult, models.PROTECT, related_name="+")  # as it was seen
    fingerprint = models.CharField(max_length=64)
    check_code = models.CharField(_("规则"), max_length=40)
    letter = models.CharField(max_length=2)
    severity = models.CharField(
        _("严重程度"), max_length=8, choices=[(s.value, s.label) for s in Severity]
    )
    status = models.CharField(
        _("状态"), max_length=16, choices=WAIVER_FLOW.choices, default="proposed"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    closing = models.CharField(
        _("豁免情形"), max_length=16, choices=[(c.value, c.label) for c in REFUTED]
    )
    reason = models.TextField(_("豁免理由"))
    basis = models.CharField(_("依据"), max_length=300)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"))
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
    ended_at = models.DateTimeField(_("终止时间"), null=True)
    end_note = models.CharField(_("撤销原因"), max_length=600, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("豁免")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "valid_to"])]
        constraints = [
            models.CheckConstraint(condition=~Q(severity="fatal"), name="nothing_fatal_waived"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="waiver_second_person",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by=None, decided_at=None)
                | ~Q(status="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="waiver_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="waiver_period_forward"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(basis="") & ~Q(closing=""),
                name="waiver_with_reason",
            ),
            models.UniqueConstraint(
                fields=["report", "fingerprint"],
                condition=Q(status__in=LIVE),
                name="one_live_waiver_per_result",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="waiver_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "report",
                    "result",
                    "fingerprint",
                    "severity",
                    "closing",
                    "reason",
                    "basis",
                    "valid_from",
                    "valid_to",
                    "proposed_by",
                ),
            ),
            pgtrigger.Protect(name="waiver_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return gettext("%(rule)s豁免 · %(report)s") % {
            "rule": self.rule.name,
            "report": self.report,
        }

    def get_absolute_url(self) -> str:
        """The waiver's page."""
        return reverse("emitters:waiver", args=[self.pk])

    @property
    def rule(self) -> Check:
        """The declared check."""
        return get_check(self.check_code)

    @property
    def question(self) -> Question | None:
        """The question of the waived result; results that only inform have none."""
        return Question.objects.filter(report=self.report_id, fingerprint=self.fingerprint).first()

    def holder(self, perm: str) -> Organisation | None:
        """The provincial lead office decides."""
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()


@scope_rule("emitters.Waiver", *PROVINCIAL, OrgKind.CITY)
def _authorities_see_waivers(actor: Actor) -> Q:
    return Q(report__in=AnnualReport.objects.visible_to(actor))


@scope_rule("emitters.Waiver", OrgKind.UNIT)
def _unit_sees_granted_waivers(actor: Actor) -> Q:
    """What was only proposed, or refused, is between the authorities."""
    return Q(status__in=GRANTED, report__in=AnnualReport.objects.visible_to(actor))
