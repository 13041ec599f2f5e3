"""Rectification measures (整改措施): what an order asks for, item by item."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind, Perm
from carbonwatch.accounts.scoping import ScopedQuerySet, scope_rule
from emitters.models import EmittingUnit
from inspections.models.fields import kept, person
from inspections.models.findings import Finding
from inspections.rectification_flows import MEASURE_FLOW


class Measure(models.Model):
    """One item of an order, with its own deadline. It may serve several findings of the unit."""

    flow = MEASURE_FLOW
    view_perm = Perm.FINDING_VIEW

    unit = models.ForeignKey(
        EmittingUnit, models.PROTECT, related_name="measures", verbose_name=_("重点排放单位")
    )
    findings = models.ManyToManyField(Finding, related_name="measures", verbose_name=_("问题"))
    order_number = models.CharField(_("文号"), max_length=40)
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.CharField(_("整改措施"), max_length=600)
    due_on = models.DateField(_("措施期限"))
    status = models.CharField(
        _("状态"), max_length=12, choices=MEASURE_FLOW.choices, default="open"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("下达人")
    )
    ordered_at = models.DateTimeField(_("下达时间"))
    answered_by = person(_("答复人"))
    reviewed_by = person(_("审查人"))

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("整改措施")
        ordering = ["unit", "ordered_at", "number"]
        indexes = [models.Index(fields=["status", "due_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | Q(answered_by__isnull=False, reviewed_by__isnull=False),
                name="measure_accepted_after_answer",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None)
                | Q(answered_by=None)
                | ~Q(reviewed_by=models.F("answered_by")),
                name="measure_answerer_is_not_reviewer",
            ),
        ]
        triggers = [kept("measure", "ordered_at")]

    def __str__(self) -> str:
        return gettext("措施%(number)s：%(text)s") % {"number": self.number, "text": self.text}

    def get_absolute_url(self) -> str:
        """The measure's page."""
        return reverse("inspections:measure", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The unit answers; the bureau of its city reviews."""
        return self.unit.organisation if perm == Perm.FINDING_ANSWER else self.bureau

    @property
    def bureau(self) -> Organisation | None:
        """The city bureau in charge."""
        city = self.unit.organisation.city
        return Organisation.objects.filter(kind=OrgKind.CITY, city=city, active=True).first()

    def supervisor_org(self) -> Organisation | None:
        """Who is told of a late step: the bureau watches the unit, the province the bureau."""
        if self.flow.state(self.status).who == Perm.FINDING_ANSWER:
            return self.bureau
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()

    @property
    def last_answer(self) -> Any:
        """The answer of the current try."""
        return self.answers.order_by("-number").first()

    @property
    def late(self) -> bool:
        """Whether the next step is overdue."""
        return self.due_at is not None and self.due_at < timezone.now()


@scope_rule("inspections.Measure", *PROVINCIAL, OrgKind.CITY, OrgKind.UNIT)
def _by_unit(actor: Actor) -> Q:
    """A measure exists from the order on, so the unit sees all of its own."""
    return Q(unit__in=EmittingUnit.objects.visible_to(actor))
