"""Findings (问题): one record, whoever found it, and the answers of the unit."""

from datetime import datetime
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind, Perm
from carbonwatch.accounts.scoping import ScopedQuerySet, scope_rule
from carbonwatch.documents.models import Attachment
from carbonwatch.documents.service import attachments_of
from carbonwatch.params.regions import REGION_CHOICES
from emitters.models import CheckResult, EmittingUnit, Question, ReportVersion
from inspections.flows import FINAL, FINDING_FLOW, SEEN_BY_UNIT


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


def _person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=label
    )


def _kept(name: str, moment: str) -> pgtrigger.Protect:
    """Decree 775 art. 11: records are kept for at least five years."""
    return pgtrigger.Protect(
        name=f"{name}_kept",
        operation=pgtrigger.Delete,
        condition=pgtrigger.Condition(f"OLD.{moment} > CURRENT_DATE - INTERVAL '5 years'"),
    )


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
    confirmed_by = _person(_("确认人"))
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    confirm_note = models.CharField(_("确认意见"), max_length=600, blank=True)
    order_number = models.CharField(_("文号"), max_length=40, blank=True)
    order_demand = models.TextField(_("整改要求"), blank=True)
    order_basis = models.CharField(_("责令改正依据"), max_length=300, blank=True)
    due_on = models.DateField(_("责令改正期限"), null=True)
    ordered_by = _person(_("下达人"))
    ordered_at = models.DateTimeField(_("下达时间"), null=True)
    answered_by = _person(_("答复人"))
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    reviewed_by = _person(_("审查人"))
    reviewed_at = models.DateTimeField(_("审查时间"), null=True)
    closed_by = _person(_("销号人"))
    closed_at = models.DateTimeField(_("销号时间"), null=True)

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
                condition=~Q(status="rejected"),
                name="one_standing_finding_per_question",
            ),
            models.UniqueConstraint(
                fields=["order_number"], condition=~Q(order_number=""), name="one_order_number"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["registered", "rejected", "confirmed"])
                | Q(ordered_at__isnull=False, ordered_by__isnull=False, due_on__isnull=False),
                name="ordered_at_by_and_until",
            ),
            # Nothing is closed without an answer that a second person has accepted.
            models.CheckConstraint(
                condition=~Q(status="closed")
                | Q(
                    answered_by__isnull=False,
                    reviewed_by__isnull=False,
                    closed_by__isnull=False,
                    closed_at__isnull=False,
                ),
                name="closed_after_answer_and_review",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=models.F("found_by")),
                name="finder_is_not_closer",
            ),
        ]
        triggers = [_kept("finding", "found_at")]

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
    def last_answer(self) -> "Answer | None":
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
    return Q(unit__in=EmittingUnit.objects.visible_to(actor), status__in=SEEN_BY_UNIT)


class Answer(models.Model):
    """One round of the unit's answer (整改答复) to an order, and what came of it. Its files are the
    proof; a returned answer stays, the next one is a new row."""

    scope_through = "finding"
    view_perm = Perm.FINDING_VIEW

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="answers", verbose_name=_("问题")
    )
    number = models.PositiveSmallIntegerField(_("轮次"))
    text = models.TextField(_("整改情况"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"))
    accepted = models.BooleanField(_("审查通过"), null=True)
    review_note = models.CharField(_("审查意见"), max_length=600, blank=True)
    reviewed_by = _person(_("审查人"))
    reviewed_at = models.DateTimeField(_("审查时间"), null=True)

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("整改答复")
        ordering = ["finding", "number"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "number"], name="one_answer_per_round"),
            models.CheckConstraint(
                condition=Q(accepted=None, reviewed_by=None, reviewed_at=None)
                | Q(accepted__isnull=False, reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="answer_reviewed_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("answered_by")),
                name="answerer_is_not_reviewer",
            ),
        ]
        triggers = [
            _kept("answer", "answered_at"),
            pgtrigger.Protect(
                name="answer_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text"))
                | pgtrigger.Q(old__answered_by_id__df=pgtrigger.F("new__answered_by_id"))
                | pgtrigger.Q(old__answered_at__df=pgtrigger.F("new__answered_at")),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(finding)s（第%(number)s次答复）") % {
            "finding": self.finding,
            "number": self.number,
        }

    def get_absolute_url(self) -> str:
        """Answers are shown on the finding's page."""
        return self.finding.get_absolute_url()

    @property
    def files(self) -> QuerySet[Attachment]:
        """The proof handed in with this answer."""
        return attachments_of(self)
