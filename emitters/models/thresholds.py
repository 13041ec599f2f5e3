"""Proposals to change a threshold, and what their dry runs found."""

import hashlib

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Max, Q, Sum
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.accounts.scoping import EVERYTHING, ScopedManager, scope_rule
from carbonwatch.checks.registry import Check, Direction, Hit, Severity, get_check
from carbonwatch.checks.runner import message, retirement_key
from carbonwatch.params.models import Confidence, Parameter
from carbonwatch.params.service import stamp
from emitters.models.reports import Acceptance, AnnualReport, Band, ReportVersion
from emitters.thresholds import THRESHOLD_FLOW, check_of, first_year

CLOSED = ("in_force", "refused", "withdrawn")


def data_stamp() -> str:
    """Another text whenever a report that counts, its score or a parameter has changed."""
    seen = AnnualReport.objects.exclude(current=None).aggregate(
        Count("pk"), Sum("current"), Max("current__checked_at"), Sum("current__risk_score")
    )
    told = [str(seen[name]) for name in sorted(seen)]
    return hashlib.sha256(repr((told, stamp())).encode()).hexdigest()


class ThresholdProposal(models.Model):
    """A new dated value of a parameter, asked for by one person and put in force by another. Without
    a proposer it is the system's suggestion. `stamp` names the data that the dry run saw."""

    flow = THRESHOLD_FLOW
    view_perm = Perm.THRESHOLD_VIEW

    key = models.CharField(_("参数"), max_length=120)
    value = models.JSONField(_("拟定取值"))
    valid_from = models.DateField(_("适用起"))
    source = models.CharField(_("来源"), max_length=300)
    confidence = models.CharField(_("可信程度"), max_length=8, choices=Confidence.choices)
    reason = models.TextField(_("理由"))
    years = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("试算年度"))
    status = models.CharField(
        _("状态"), max_length=16, choices=THRESHOLD_FLOW.choices, default="proposed"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    closings = models.PositiveIntegerField(null=True)  # of the check when the system suggested it
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("提出人"),
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    tried_at = models.DateTimeField(_("试算时间"), null=True)
    stamp = models.CharField(max_length=64, blank=True)
    totals = models.JSONField(_("试算合计"), default=dict)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("批准人"),
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    decision_note = models.CharField(_("批准意见"), max_length=600, blank=True)
    parameter = models.ForeignKey(Parameter, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        verbose_name = _("阈值调整")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["key", "status"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | Q(proposed_by=None)
                | ~Q(decided_by=F("proposed_by")),
                name="threshold_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(status="in_force")
                | Q(
                    proposed_by__isnull=False,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    parameter__isnull=False,
                ),
                name="threshold_in_force_by_two",
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=~Q(status__in=CLOSED),
                name="one_open_proposal_per_key",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="threshold_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("key", "value", "valid_from"),
            ),
            pgtrigger.Protect(name="threshold_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return gettext("%(key)s 阈值调整") % {"key": self.key}

    def get_absolute_url(self) -> str:
        """The proposal's page."""
        return reverse("emitters:threshold", args=[self.pk])

    @property
    def rule(self) -> Check | None:
        """The check concerned; None for the score."""
        return check_of(self.key)

    @property
    def retires(self) -> bool:
        """Whether it is about retiring a check, or taking it back into use."""
        return self.rule is not None and self.key == retirement_key(self.rule.code)

    @property
    def first_year(self) -> int:
        """The first reporting year that the value is used for."""
        return first_year(self.valid_from)

    @cached_property
    def stale(self) -> bool:
        """Whether data or parameters have changed since the dry run."""
        return self.stamp != data_stamp()

    def holder(self, perm: str) -> Organisation | None:
        """The provincial lead office proposes and decides."""
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()


@scope_rule("emitters.ThresholdProposal", OrgKind.PROVINCE)
def _province_sees_proposals(actor: Actor) -> Q:
    return EVERYTHING


class Change(models.TextChoices):
    """What a new value would do to a result."""

    ADDED = "added", _("新增")
    REMOVED = "removed", _("消失")
    ALTERED = "altered", _("证据改变")


class TrialResult(models.Model):
    """A result that a proposed value would add, remove or alter. Of an altered one the new content is
    kept; its fingerprint changes, so an explanation of it would no longer hold. `applies` is false
    for years before the value begins: there it only shows what it would have done."""

    scope_through = "version"

    proposal = models.ForeignKey(ThresholdProposal, models.CASCADE, related_name="results")
    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="+")
    applies = models.BooleanField(_("批准后生效"))
    change = models.CharField(_("变化"), max_length=8, choices=Change.choices)
    check_code = models.CharField(_("规则"), max_length=40)
    letter = models.CharField(_("结果"), max_length=2)
    severity = models.CharField(
        _("严重程度"), max_length=8, choices=[(s.value, s.label) for s in Severity]
    )
    generator = models.CharField(_("机组编号"), max_length=16, blank=True)
    months = ArrayField(models.PositiveSmallIntegerField(), default=list)
    cells = ArrayField(models.CharField(max_length=64), default=list)
    direction = models.CharField(
        _("方向"), max_length=12, choices=[(d.value, d.label) for d in Direction]
    )
    t_co2 = models.DecimalField(_("涉及排放量（tCO2）"), max_digits=14, decimal_places=2)
    t_allowance = models.DecimalField(_("涉及配额（t）"), max_digits=14, decimal_places=2)
    values = models.JSONField(_("证据"), default=dict)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("试算结果")
        ordering = ["proposal", "pk"]
        indexes = [models.Index(fields=["proposal", "change"])]

    def __str__(self) -> str:
        return f"{self.check_code}.{self.letter}"

    @property
    def rule(self) -> Check:
        """The declared check."""
        return get_check(self.check_code)

    @property
    def sentence(self) -> str:
        """The result in words, in the reader's language."""
        hit = Hit(
            self.letter,
            tuple(self.cells),
            self.generator,
            tuple(self.months),
            t_co2=self.t_co2,
            t_allowance=self.t_allowance,
            values=self.values,
        )
        return message(self.rule, hit)


class TrialScore(models.Model):
    """How a proposed value would change the score of a version; only where it would. `applies` as for
    the results."""

    scope_through = "version"

    proposal = models.ForeignKey(ThresholdProposal, models.CASCADE, related_name="scores")
    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="+")
    applies = models.BooleanField(_("批准后生效"))
    was_score = models.DecimalField(_("原风险分"), max_digits=5, decimal_places=1)
    score = models.DecimalField(_("新风险分"), max_digits=5, decimal_places=1)
    was_band = models.CharField(_("原等级"), max_length=8, choices=Band.choices)
    band = models.CharField(_("新等级"), max_length=8, choices=Band.choices)
    was_acceptance = models.CharField(_("原合规状态"), max_length=16, choices=Acceptance.choices)
    acceptance = models.CharField(_("新合规状态"), max_length=16, choices=Acceptance.choices)
    was_t = models.DecimalField(_("原涉及排放量（tCO2）"), max_digits=14, decimal_places=2)
    t = models.DecimalField(_("新涉及排放量（tCO2）"), max_digits=14, decimal_places=2)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("试算风险分")
        ordering = ["proposal", "pk"]

    def __str__(self) -> str:
        return f"{self.was_score} → {self.score}"
