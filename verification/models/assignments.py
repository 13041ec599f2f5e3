"""Assignments: which agency verifies which report, and as long as it does, what it sees."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.accounts.scoping import ScopedManager, scope_rule
from emitters.models import AnnualReport, EmittingUnit, ReportVersion
from verification.flows import ASSIGNMENT_FLOW, OPEN_STATES, SEEING_STATES


class Assignment(models.Model):
    """One report given to one verification agency (核查机构) by the province."""

    flow = ASSIGNMENT_FLOW
    scope_through = "report"

    report = models.ForeignKey(
        AnnualReport, models.PROTECT, related_name="assignments", verbose_name=_("排放报告")
    )
    version = models.ForeignKey(
        ReportVersion, models.PROTECT, related_name="assignments", verbose_name=_("报告版本")
    )
    agency = models.ForeignKey(
        Organisation, models.PROTECT, related_name="assignments", verbose_name=_("核查机构")
    )
    status = models.CharField(
        _("状态"), max_length=16, choices=ASSIGNMENT_FLOW.choices, default="offered"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    due_on = models.DateField(_("核查完成期限"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("下达人")
    )
    made_at = models.DateTimeField(_("下达时间"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    independence = models.TextField(_("独立性声明"), blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("结论提交时间"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decision_note = models.CharField(_("意见"), max_length=600, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("核查任务")
        ordering = ["-made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(status__in=OPEN_STATES),
                name="one_open_assignment_per_report",
            )
        ]
        indexes = [models.Index(fields=["agency", "status"])]

    def __str__(self) -> str:
        return gettext("核查：%(report)s") % {"report": self.report}

    def get_absolute_url(self) -> str:
        """The assignment's page."""
        return reverse("verification:assignment", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The province decides; everything else is the agency's."""
        if perm == Perm.CONCLUSION_DECIDE:
            return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()
        return self.agency


@scope_rule("verification.Assignment", OrgKind.VERIFIER)
def _agency_sees_its_open_ones(actor: Actor) -> Q:
    return Q(agency=actor.organisation, status__in=OPEN_STATES)


@scope_rule("emitters.AnnualReport", OrgKind.VERIFIER)
def _agency_sees_assigned_reports(actor: Actor) -> Q:
    """Only the assigned report, only while the work lasts."""
    mine = Assignment.objects.filter(agency=actor.organisation, status__in=SEEING_STATES)
    return Q(pk__in=mine.values("report"))


@scope_rule("emitters.EmittingUnit", OrgKind.VERIFIER)
def _agency_sees_assigned_units(actor: Actor) -> Q:
    mine = Assignment.objects.filter(agency=actor.organisation, status__in=SEEING_STATES)
    return Q(pk__in=mine.values("report__unit"))


@scope_rule("emitters.OutsideRecord", OrgKind.VERIFIER)
def _agency_sees_records_of_assigned_units(actor: Actor) -> Q:
    units = EmittingUnit.objects.visible_to(actor)
    return Q(about__in=units.values("organisation__code"))
