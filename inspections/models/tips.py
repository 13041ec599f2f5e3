"""Tips (举报): what was told, and apart from it, sealed, who told it."""

import json

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.accounts.scoping import EVERYTHING, ScopedManager, scope_rule
from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.sealing import unseal
from emitters.models import EmittingUnit
from inspections.models.findings import Finding
from inspections.models.inspections import Inspection
from inspections.tipflow import TIP_FLOW


class TipSubject(models.TextChoices):
    """What a tip is about."""

    DATA = "data", _("编造、篡改排放数据或生产台账")
    SAMPLE = "sample", _("采样、制样、送检或检测弄虚作假")
    METER = "meter", _("计量、监测设备作弊")
    AGENCY = "agency", _("核查、检测、咨询机构违规")
    HIDING = "hiding", _("隐瞒、销毁记录或阻碍检查")
    OTHER = "other", _("其他")


class TipOutcome(models.TextChoices):
    """What came of a tip."""

    TRUE = "true", _("属实")
    PARTLY = "partly", _("部分属实")
    UNTRUE = "untrue", _("不属实")
    UNCLEAR = "unclear", _("无法查实")


class Tip(models.Model):
    """What somebody told, without who. Its receipt number and code open its state to whoever has
    both; only a hash of the code is kept, so that nobody here can pass for the author."""

    flow = TIP_FLOW
    view_perm = Perm.TIP_VIEW

    number = models.CharField(_("举报编号"), max_length=20, unique=True)
    code_hash = models.CharField(max_length=64)
    once_hash = models.CharField(max_length=64, unique=True)
    subject = models.CharField(_("举报事项"), max_length=8, choices=TipSubject.choices)
    named = models.CharField(_("被举报单位"), max_length=200)
    city = models.CharField(_("所在市"), max_length=8, choices=REGION_CHOICES, blank=True)
    year = models.PositiveSmallIntegerField(_("涉及年度"), null=True)
    text = models.TextField(_("举报内容"))
    received_at = models.DateTimeField(_("收到时间"))
    status = models.CharField(
        _("状态"), max_length=10, choices=TIP_FLOW.choices, default="received"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("受理人"),
    )
    decided_at = models.DateTimeField(_("受理时间"), null=True)
    reason = models.CharField(_("不予受理的原因"), max_length=600, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("承办人"),
    )
    handler_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("承办单位")
    )
    outcome = models.CharField(_("核实结果"), max_length=8, choices=TipOutcome.choices, blank=True)
    feedback = models.TextField(_("反馈内容"), blank=True)
    answered_at = models.DateTimeField(_("反馈时间"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    units = models.ManyToManyField(EmittingUnit, related_name="tips", verbose_name=_("关联单位"))
    inspections = models.ManyToManyField(
        Inspection, related_name="tips", verbose_name=_("关联检查")
    )
    findings = models.ManyToManyField(Finding, related_name="tips", verbose_name=_("关联问题"))

    objects = ScopedManager()

    class Meta:
        verbose_name = _("举报线索")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["status", "due_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["received", "declined"])
                | Q(handler__isnull=False, handler_organisation__isnull=False),
                name="tip_in_hand_has_handler",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(reason=""), name="tip_declined_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["answered", "closed"])
                | (~Q(outcome="") & Q(answered_at__isnull=False)),
                name="tip_answered_with_outcome",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="tip_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="tip_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text"))
                | pgtrigger.Q(old__named__df=pgtrigger.F("new__named"))
                | pgtrigger.Q(old__code_hash__df=pgtrigger.F("new__code_hash")),
            ),
        ]

    def __str__(self) -> str:
        """The number alone: titles of duties and messages reach many eyes."""
        return gettext("举报线索 %(number)s") % {"number": self.number}

    def get_absolute_url(self) -> str:
        """The tip's page for those who handle it."""
        return reverse("inspections:tip", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The province decides; the handler's organisation handles."""
        return self.handler_organisation if perm == Perm.TIP_HANDLE else _province()

    def supervisor_org(self) -> Organisation | None:
        """The province is told of a late step."""
        return _province()

    def handled_by(self, actor: Actor) -> bool:
        """Whether the actor is the person named for it."""
        return (self.handler_id, self.handler_organisation_id) == (
            actor.user.pk,
            actor.organisation.pk,
        )


def _province() -> Organisation | None:
    return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()


@scope_rule("inspections.Tip", OrgKind.PROVINCE)
def _province_sees_tips(actor: Actor) -> Q:
    return EVERYTHING


@scope_rule("inspections.Tip", OrgKind.CITY)
def _a_bureau_sees_what_it_handles(actor: Actor) -> Q:
    return Q(handler_organisation=actor.organisation)


class TipAuthor(models.Model):
    """Who gave a tip, as far as they said so, sealed; their files hang here too, for papers and photos
    often tell who had them. One person alone may open it: the handler named for the tip."""

    view_perm = Perm.TIP_HANDLE

    tip = models.OneToOneField(
        Tip, models.PROTECT, related_name="author", verbose_name=_("举报线索")
    )
    sealed = models.TextField()

    objects = ScopedManager()

    class Meta:
        verbose_name = _("举报人信息")
        triggers = [
            pgtrigger.Protect(name="tip_author_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def get_absolute_url(self) -> str:
        """The page that opens it."""
        return reverse("inspections:tip-author", args=[self.tip_id])

    def opened(self) -> dict[str, str]:
        """Name and contact; whoever calls this records it (`tip_author_open`)."""
        told: dict[str, str] = json.loads(unseal(self.sealed))
        return told


@scope_rule("inspections.TipAuthor", OrgKind.PROVINCE, OrgKind.CITY)
def _the_handler_alone(actor: Actor) -> Q:
    mine = Tip.objects.filter(handler=actor.user, handler_organisation=actor.organisation)
    return Q(tip__in=mine)
