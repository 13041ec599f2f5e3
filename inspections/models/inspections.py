"""Inspections (检查): who inspects which unit, why, when, and what came of it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind, Perm
from carbonwatch.accounts.scoping import ScopedManager, scope_rule
from carbonwatch.params.regions import REGION_CHOICES
from emitters.models import EmittingUnit
from inspections.inspection_flow import INSPECTION_FLOW

LATER_SECONDS = 120


class InspectionKind(models.TextChoices):
    """Why a unit is inspected."""

    PLANNED = "planned", _("计划检查")
    FOLLOW_UP = "follow-up", _("整改复查")
    TIP = "tip", _("举报核查")
    REFERRAL = "referral", _("部门移送核查")
    JOINT = "joint", _("部门联合检查")


class Manner(models.TextChoices):
    """Where it takes place."""

    ON_SITE = "on-site", _("现场检查")
    DESK = "desk", _("非现场检查")


class Outcome(models.TextChoices):
    """What an inspection concludes."""

    CLEAN = "clean", _("未发现问题")
    PROBLEMS = "problems", _("发现问题，责令改正")
    CASE = "case", _("涉嫌违法，建议立案")


class Inspection(models.Model):
    """One inspection of one unit by at least two inspectors."""

    flow = INSPECTION_FLOW
    view_perm = Perm.INSPECTION_VIEW

    unit = models.ForeignKey(
        EmittingUnit, models.PROTECT, related_name="inspections", verbose_name=_("重点排放单位")
    )
    city = models.CharField(_("所在市"), max_length=8, choices=REGION_CHOICES)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("检查机关")
    )
    campaign_unit = models.ForeignKey(
        "CampaignUnit", models.PROTECT, null=True, related_name="inspections"
    )
    kind = models.CharField(_("检查类型"), max_length=10, choices=InspectionKind.choices)
    manner = models.CharField(_("检查方式"), max_length=8, choices=Manner.choices)
    year = models.PositiveSmallIntegerField(_("涉及年度"))
    reason = models.CharField(_("检查事由"), max_length=300)
    planned_on = models.DateField(_("计划日期"))
    status = models.CharField(
        _("状态"), max_length=12, choices=INSPECTION_FLOW.choices, default="planned"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("安排人")
    )
    planned_at = models.DateTimeField(_("安排时间"))
    notice_number = models.CharField(_("文号"), max_length=40, blank=True)
    visit_on = models.DateField(_("检查日期"), null=True)
    scope = models.TextField(_("检查内容"), blank=True)
    asked_for = models.TextField(_("须准备的材料"), blank=True)
    notified_at = models.DateTimeField(_("通知时间"), null=True)
    begun_at = models.DateTimeField(_("开始时间"), null=True)
    signed_at = models.DateTimeField(_("签字时间"), null=True)
    outcome = models.CharField(_("检查结论"), max_length=10, choices=Outcome.choices, blank=True)
    conclusion = models.TextField(_("结论说明"), blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("结论提交人"),
    )
    concluded_at = models.DateTimeField(_("结论时间"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("审定人"),
    )
    approved_at = models.DateTimeField(_("审定时间"), null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("检查")
        ordering = ["-planned_on", "-pk"]
        indexes = [
            models.Index(fields=["city", "status"]),
            models.Index(fields=["unit", "status"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["notice_number"],
                condition=~Q(notice_number=""),
                name="one_inspection_notice_number",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed")
                | Q(
                    concluded_by__isnull=False, approved_by__isnull=False, approved_at__isnull=False
                ),
                name="inspection_closed_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("concluded_by")),
                name="concluder_is_not_approver",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="inspection_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return gettext("%(unit)s：%(kind)s（%(day)s）") % {
            "unit": self.unit,
            "kind": self.get_kind_display(),
            "day": self.planned_on.isoformat(),
        }

    def get_absolute_url(self) -> str:
        """The inspection's page."""
        return reverse("inspections:inspection", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The authority that inspects."""
        return self.organisation

    def supervisor_org(self) -> Organisation | None:
        """The province is told of a late step."""
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()

    @property
    def open_record(self) -> bool:
        """Whether entries can be written."""
        return self.status == "on-site"

    def heads(self) -> "QuerySet[EntryRevision]":
        """What stands in the record now: of a disputed entry, every version."""
        return (
            EntryRevision.objects.filter(entry__inspection=self, superseded_by=None)
            .select_related("entry", "author")
            .order_by("entry__number", "pk")
        )

    def disputed(self) -> "QuerySet[RecordEntry]":
        """Entries with more than one standing version."""
        return self.entries.annotate(
            standing=Count("revisions", filter=Q(revisions__superseded_by=None))
        ).filter(standing__gt=1)


@scope_rule("inspections.Inspection", *PROVINCIAL, OrgKind.CITY)
def _authorities_see_their_units(actor: Actor) -> Q:
    return Q(unit__in=EmittingUnit.objects.visible_to(actor))


class InspectionMember(models.Model):
    """An inspector of an inspection, with the certificate that is shown (执法证)."""

    scope_through = "inspection"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("检查人员")
    )
    certificate = models.CharField(_("执法证号"), max_length=40)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("检查人员")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "user"], name="one_place_per_inspector"),
        ]

    def __str__(self) -> str:
        return f"{self.user}（{self.certificate}）"


class EntryKind(models.TextChoices):
    """What an entry of the on-site record is."""

    CHECK = "check", _("检查事项")
    FACT = "fact", _("现场情况")
    TALK = "talk", _("询问")
    PHOTO = "photo", _("照片")
    DOCUMENT = "document", _("调取材料")
    SAMPLE = "sample", _("样品")
    SIGNATURE = "signature", _("签字")


class RecordEntry(models.Model):
    """One entry of an on-site record (现场检查笔录). Its identity `uid` is made where it is written,
    so that sending it again cannot make a second one; what it says are its revisions."""

    scope_through = "inspection"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="entries")
    uid = models.UUIDField(unique=True)
    number = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("类型"), max_length=10, choices=EntryKind.choices)
    prompt = models.CharField(_("检查事项"), max_length=300, blank=True)
    origin = models.CharField(_("来源"), max_length=20, blank=True)
    basis = models.CharField(_("依据"), max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("笔录条目")
        ordering = ["inspection", "number"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="one_entry_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.prompt or self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """Entries are shown on the inspection's page."""
        return self.inspection.get_absolute_url()


class EntryRevision(models.Model):
    """What an entry says, by one person at one time. Never changed: a later version supersedes it.

    Two versions written on top of the same one both stand, until a person has settled them.
    """

    scope_through = "entry"
    view_perm = Perm.INSPECTION_VIEW

    entry = models.ForeignKey(RecordEntry, models.PROTECT, related_name="revisions")
    uid = models.UUIDField(unique=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="settles")
    text = models.TextField(_("内容"), blank=True)
    detail = models.JSONField(_("要素"), default=dict)
    place = models.CharField(_("地点"), max_length=200, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("记录人")
    )
    written_at = models.DateTimeField(_("记录时间"))
    received_at = models.DateTimeField(_("收到时间"))

    objects = ScopedManager()

    class Meta:
        verbose_name = _("笔录内容")
        ordering = ["entry", "pk"]
        triggers = [
            pgtrigger.Protect(name="revision_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="revision_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text"))
                | pgtrigger.Q(old__detail__df=pgtrigger.F("new__detail"))
                | pgtrigger.Q(old__written_at__df=pgtrigger.F("new__written_at"))
                | pgtrigger.Q(old__author_id__df=pgtrigger.F("new__author_id")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}（{self.author}）"

    def get_absolute_url(self) -> str:
        """Shown on the inspection's page."""
        return self.entry.get_absolute_url()

    @property
    def sent_later(self) -> bool:
        """Whether it was written without a network and arrived minutes later."""
        gap: float = (self.received_at - self.written_at).total_seconds()
        return gap > LATER_SECONDS
