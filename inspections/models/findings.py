"""Findings (问题): one record, whoever found it."""

from datetime import datetime
from typing import Any, Self

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
from carbonwatch.params.regions import REGION_CHOICES
from emitters.models import CheckResult, EmittingUnit, Question, ReportVersion
from inspections.flows import FINAL, FINDING_FLOW, SEEN_BY_UNIT
from inspections.models.fields import kept, person


class FindingSource(models.TextChoices):
    """Who or what brought it up."""

    CHECK = "check", _("系统校核")
    VERIFIER = "verifier", _("第三方核查")
    SELF = "self", _("企业自查")
    INSPECTOR = "inspector", _("监督检查")
    TIP = "tip", _("举报线索")
    DEPARTMENT = "department", _("部门移送")


class FindingClass(models.TextChoices):
    """Classes of the verification guide's list of nonconformities (regulation.md §6.2)."""

    BASIC = "basic", _("基本情况")
    BOUNDARY = "boundary", _("核算边界")
    METHOD = "method", _("核算方法")
    DATA = "data", _("核算数据")
    QUALITY = "quality", _("质量保证和文件存档")
    SCHEME = "scheme", _("数据质量控制方案及执行")
    ON_SITE = "on-site", _("现场检查发现")
    OTHER = "other", _("其他")


class Gravity(models.TextChoices):
    """How serious a finding is (问题等级); a judgement of people, unlike a check's severity."""

    GENERAL = "general", _("一般")
    SERIOUS = "serious", _("较重")
    GRAVE = "grave", _("严重")


class FindingQuerySet(ScopedQuerySet):
    """Findings by state."""

    def open(self) -> Self:
        """Those somebody still has to act on."""
        return self.exclude(status__in=FINAL)

    def overdue(self, now: datetime) -> Self:
        """Those whose next step is late."""
        return self.open().filter(due_at__lt=now)


ENDED = Q(status__in=["closed", "recurred"])


def _closing_constraints() -> list[models.CheckConstraint]:
    """Nothing is closed without an answer that a second person has accepted, nor without the visit
    and the corrected report where they are due."""
    conditions = {
        "closed_after_answer_and_review": ~ENDED
        | Q(
            answered_by__isnull=False,
            reviewed_by__isnull=False,
            closed_by__isnull=False,
            closed_at__isnull=False,
        ),
        "closed_verified_where_due": ~ENDED
        | Q(site_check_due=False)
        | Q(verified_at__isnull=False),
        "closed_corrected_where_due": ~ENDED
        | Q(correction_due=False)
        | Q(corrected_version__isnull=False, t_corrected__isnull=False),
        "verified_at_and_by": Q(verified_at=None, verified_by=None)
        | Q(verified_at__isnull=False, verified_by__isnull=False),
        "finder_is_not_closer": _differ("closed_by", "found_by"),
        "answerer_is_not_closer": _differ("closed_by", "answered_by"),
        "reviewer_is_not_closer": _differ("closed_by", "reviewed_by"),
        "verifier_is_not_closer": _differ("closed_by", "verified_by"),
        "answerer_is_not_verifier": _differ("verified_by", "answered_by"),
        "recurs_from_another": _differ("recurrence_of", "pk"),
    }
    return [models.CheckConstraint(condition=c, name=name) for name, c in conditions.items()]


def _differ(one: str, other: str) -> Q:
    return Q(**{one: None}) | Q(**{f"{other}__isnull": True}) | ~Q(**{one: models.F(other)})


class Finding(models.Model):
    """A data-quality problem of an emitting unit, from its registration to its closing (销号).

    Money is `max(t_co2, t_allowance)` at the reference price of the year concerned; `price` keeps
    the parameter that was used.
    """

    flow = FINDING_FLOW
    view_perm = Perm.FINDING_VIEW

    unit = models.ForeignKey(
        EmittingUnit, models.PROTECT, related_name="findings", verbose_name=_("重点排放单位")
    )
    city = models.CharField(_("所在市"), max_length=8, choices=REGION_CHOICES)
    year = models.PositiveSmallIntegerField(_("涉及年度"))
    version = models.ForeignKey(
        ReportVersion,
        models.PROTECT,
        null=True,
        related_name="findings",
        verbose_name=_("报告版本"),
    )
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, related_name="findings", verbose_name=_("疑点")
    )
    inspection = models.ForeignKey(
        "inspections.Inspection",
        models.PROTECT,
        null=True,
        related_name="findings",
        verbose_name=_("检查"),
    )
    results = models.ManyToManyField(
        CheckResult, related_name="findings", verbose_name=_("校核结果")
    )
    source = models.CharField(_("来源"), max_length=12, choices=FindingSource.choices)
    source_label = models.CharField(_("来源编号"), max_length=200, blank=True)
    title = models.CharField(_("问题"), max_length=120)
    description = models.TextField(_("事实描述"))
    clause = models.CharField(_("违反的规定"), max_length=300, blank=True)
    finding_class = models.CharField(_("问题类别"), max_length=10, choices=FindingClass.choices)
    severity = models.CharField(_("问题等级"), max_length=8, choices=Gravity.choices)
    t_co2 = models.DecimalField(_("涉及排放量（tCO2）"), max_digits=14, decimal_places=2, default=0)
    t_allowance = models.DecimalField(
        _("涉及配额（t）"), max_digits=14, decimal_places=2, default=0
    )
    money = models.DecimalField(_("涉及金额（元）"), max_digits=16, decimal_places=2, null=True)
    price = models.JSONField(_("参考价格"), null=True)

    status = models.CharField(
        _("状态"), max_length=12, choices=FINDING_FLOW.choices, default="registered"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    found_at = models.DateTimeField(_("登记时间"))
    confirmed_by = person(_("确认人"))
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    confirm_note = models.CharField(_("确认意见"), max_length=600, blank=True)
    order_number = models.CharField(_("文号"), max_length=40, blank=True)
    order_demand = models.TextField(_("整改要求"), blank=True)
    order_basis = models.CharField(_("责令改正依据"), max_length=300, blank=True)
    due_on = models.DateField(_("责令改正期限"), null=True)
    ordered_by = person(_("下达人"))
    ordered_at = models.DateTimeField(_("下达时间"), null=True)
    answered_by = person(_("答复人"))
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    reviewed_by = person(_("审查人"))
    reviewed_at = models.DateTimeField(_("审查时间"), null=True)
    site_check_due = models.BooleanField(_("须现场核实"), default=False)
    verified_by = person(_("核实人"))
    verified_at = models.DateTimeField(_("核实时间"), null=True)
    correction_due = models.BooleanField(_("须附更正版本"), default=False)
    corrected_version = models.ForeignKey(
        ReportVersion,
        models.PROTECT,
        null=True,
        related_name="corrected_findings",
        verbose_name=_("更正版本"),
    )
    t_corrected = models.DecimalField(
        _("已更正排放量（tCO2）"), max_digits=14, decimal_places=2, null=True
    )
    closed_by = person(_("销号人"))
    closed_at = models.DateTimeField(_("销号时间"), null=True)
    cycle = models.PositiveSmallIntegerField(_("整改轮次"), default=1)
    reopened_by = person(_("重新打开人"))
    recurrence_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="recurrences", verbose_name=_("原问题")
    )

    objects = models.Manager.from_queryset(FindingQuerySet)()

    class Meta:
        verbose_name = _("问题")
        ordering = ["-found_at", "-pk"]
        indexes = [
            models.Index(fields=["city", "status"]),
            models.Index(fields=["status", "due_at"]),
            models.Index(fields=["unit", "status"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["question"],
                condition=~Q(status__in=["rejected", "merged"]),
                name="one_standing_finding_per_question",
            ),
            models.UniqueConstraint(
                fields=["order_number"], condition=~Q(order_number=""), name="one_order_number"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["registered", "rejected", "confirmed", "merged"])
                | Q(ordered_at__isnull=False, ordered_by__isnull=False, due_on__isnull=False),
                name="ordered_at_by_and_until",
            ),
            *_closing_constraints(),
        ]
        triggers = [kept("finding", "found_at")]

    def __str__(self) -> str:
        return gettext("%(unit)s：%(title)s") % {"unit": self.unit, "title": self.title}

    def get_absolute_url(self) -> str:
        """The finding's page."""
        return reverse("inspections:finding", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The unit answers; every other step is the business of the bureau of its city."""
        return self.unit.organisation if perm == Perm.FINDING_ANSWER else self.bureau

    @property
    def bureau(self) -> Organisation | None:
        """The city bureau in charge."""
        return Organisation.objects.filter(kind=OrgKind.CITY, city=self.city, active=True).first()

    def supervisor_org(self) -> Organisation | None:
        """Who is told of a late step: the bureau watches the unit, the province the bureau."""
        if self.flow.state(self.status).who == Perm.FINDING_ANSWER:
            return self.bureau
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()

    @property
    def must_be_verified(self) -> bool:
        """Whether somebody has to see it on site before it is closed."""
        return self.site_check_due or self.severity == Gravity.GRAVE

    @property
    def last_answer(self) -> Any:
        """The answer of the current round."""
        return self.answers.order_by("-number").first()

    @property
    def late(self) -> bool:
        """Whether the next step is overdue."""
        return self.due_at is not None and self.due_at < timezone.now()


@scope_rule("inspections.Finding", *PROVINCIAL, OrgKind.CITY)
def _authorities_see_their_units(actor: Actor) -> Q:
    return Q(unit__in=EmittingUnit.objects.visible_to(actor))


@scope_rule("inspections.Finding", OrgKind.UNIT)
def _unit_sees_what_was_ordered(actor: Actor) -> Q:
    # What was merged before any order stays the authority's own business.
    known = Q(status__in=SEEN_BY_UNIT) & ~Q(status="merged", ordered_at=None)
    return Q(unit__in=EmittingUnit.objects.visible_to(actor)) & known
