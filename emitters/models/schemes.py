"""Data quality control schemes (数据质量控制方案), by version. What was approved is never edited."""

from typing import Any

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
from emitters.flows import SCHEME_FLOW
from emitters.models.units import EmittingUnit
from emitters.schemes import Frequency, SchemeFacts, SchemeLine, SchemeParameter

APPROVED = ("in_force", "superseded")
_FIXED = """
    IF (SELECT status FROM emitters_controlscheme WHERE id = OLD.scheme_id) NOT IN ('draft', 'returned') THEN
        RAISE EXCEPTION 'a submitted control scheme is not edited';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class ControlScheme(models.Model):
    """One version of a unit's scheme: drafted by one person, approved by another. From the next
    approval on it is superseded, and stays."""

    flow = SCHEME_FLOW
    view_perm = Perm.SCHEME_VIEW

    unit = models.ForeignKey(
        EmittingUnit, models.PROTECT, related_name="schemes", verbose_name=_("重点排放单位")
    )
    number = models.PositiveSmallIntegerField(_("版本"))
    year = models.PositiveSmallIntegerField(_("自报告年度"))
    status = models.CharField(
        _("状态"), max_length=16, choices=SCHEME_FLOW.choices, default="draft"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    reason = models.TextField(_("制定或修订原因"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("起草人")
    )
    drafted_at = models.DateTimeField(_("起草时间"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("批准人"),
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("数据质量控制方案")
        ordering = ["unit", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="one_scheme_per_number"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(status="in_force"), name="one_scheme_in_force"
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(status__in=["draft", "submitted", "returned"]),
                name="one_scheme_in_preparation",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
                name="scheme_second_person",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=APPROVED, approved_by__isnull=False, approved_at__isnull=False
                )
                | ~Q(status__in=APPROVED) & Q(approved_by=None, approved_at=None),
                name="scheme_approved_at_and_by",
            ),
        ]
        triggers = [pgtrigger.Protect(name="scheme_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return gettext("%(unit)s数据质量控制方案第%(number)s版") % {
            "unit": self.unit,
            "number": self.number,
        }

    def get_absolute_url(self) -> str:
        """The scheme's page."""
        return reverse("emitters:scheme", args=[self.pk])

    def holder(self, perm: str) -> Organisation:
        """The unit drafts and approves its own scheme."""
        return self.unit.organisation

    def facts(self) -> SchemeFacts:
        """For checks and gap reports; one query for the lines."""
        day = self.approved_at or self.drafted_at
        return SchemeFacts(
            self.number, self.year, day.date(), tuple(i.line() for i in self.items.all())
        )


class SchemeItem(models.Model):
    """How one parameter of one generator is obtained (guideline table B.4)."""

    scope_through = "scheme"

    scheme = models.ForeignKey(ControlScheme, models.CASCADE, related_name="items")
    generator = models.CharField(_("机组编号"), max_length=16)
    parameter = models.CharField(_("参数"), max_length=8, choices=SchemeParameter.choices)
    method = models.CharField(_("确定方式"), max_length=16, blank=True)
    meter = models.CharField(_("计量器具或数据来源"), max_length=120, blank=True)
    frequency = models.CharField(_("频次"), max_length=12, choices=Frequency.choices, blank=True)
    laboratory = models.CharField(_("检测机构"), max_length=200, blank=True)
    accuracy = models.DecimalField(
        _("准确度（%）"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    interval = models.PositiveSmallIntegerField(_("检定周期（月）"), null=True, blank=True)
    gap_rule = models.CharField(_("数据缺失时的处理"), max_length=200, blank=True)
    department = models.CharField(_("负责部门"), max_length=80, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("控制方案条目")
        ordering = ["scheme", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "generator", "parameter"], name="one_line_per_parameter"
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="scheme_item_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_FIXED,
            )
        ]

    def __str__(self) -> str:
        return f"{self.generator} {self.get_parameter_display()}"

    def line(self) -> SchemeLine:
        """As facts."""
        accuracy = None if self.accuracy is None else float(self.accuracy)
        return SchemeLine(
            self.generator,
            self.parameter,
            self.method,
            self.meter,
            self.frequency,
            self.laboratory,
            accuracy,
            self.interval,
        )

    def values(self) -> dict[str, Any]:
        """What a new version starts with."""
        return {f: getattr(self, f) for f in ITEM_FIELDS}


ITEM_FIELDS = (
    "generator",
    "parameter",
    "method",
    "meter",
    "frequency",
    "laboratory",
    "accuracy",
    "interval",
    "gap_rule",
    "department",
)


@scope_rule("emitters.ControlScheme", *PROVINCIAL, OrgKind.CITY)
def _authorities_see_approved_schemes(actor: Actor) -> Q:
    return Q(status__in=APPROVED, unit__in=EmittingUnit.objects.visible_to(actor))


@scope_rule("emitters.ControlScheme", OrgKind.UNIT)
def _unit_sees_its_schemes(actor: Actor) -> Q:
    return Q(unit__in=EmittingUnit.objects.visible_to(actor))
