"""Annual reports (年度排放报告) and their versions. What came in is never edited."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind, Perm
from carbonwatch.accounts.scoping import ScopedManager, scope_rule
from carbonwatch.checks.registry import get_check
from carbonwatch.params.regions import REGION_CHOICES
from emitters.flows import ANNUAL_REPORT_FLOW, REPORT_FLOW
from emitters.models.units import EmittingUnit

SCORED = ("checked", "submitted", "returned", "accepted")
"""States in which the score of a version still matters; a superseded one stays as it was read."""


class Acceptance(models.TextChoices):
    """合规状态 (catalogue §12.1)."""

    ACCEPTABLE = "acceptable", _("可受理")
    EXPLAIN = "explain", _("须说明")
    NOT_ACCEPTABLE = "not_acceptable", _("不可受理")


class Band(models.TextChoices):
    """Bands of the risk score (catalogue §12.3): a reason to look, never a finding of fraud."""

    RED = "red", _("红")
    AMBER = "amber", _("黄")
    GREEN = "green", _("绿")


class AnnualReport(models.Model):
    """A unit's duty to report one year, and where it stands. `current` is the version that counts: the
    accepted one, else the one submitted or returned; never a draft, which is the unit's alone."""

    flow = ANNUAL_REPORT_FLOW
    scope_through = "unit"

    unit = models.ForeignKey(
        EmittingUnit, models.PROTECT, related_name="reports", verbose_name=_("重点排放单位")
    )
    year = models.PositiveSmallIntegerField(_("报告年度"))
    city = models.CharField(_("所在市"), max_length=8, choices=REGION_CHOICES)
    status = models.CharField(
        _("状态"), max_length=16, choices=ANNUAL_REPORT_FLOW.choices, default="awaited"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    due_on = models.DateField(_("报告截止日期"))
    basis = models.CharField(_("纳入依据"), max_length=200, blank=True)
    current = models.ForeignKey(
        "ReportVersion", models.PROTECT, null=True, related_name="+", verbose_name=_("有效版本")
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = _("年度排放报告")
        ordering = ["-year", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="one_report_per_unit_and_year")
        ]
        indexes = [models.Index(fields=["year", "city"])]

    def __str__(self) -> str:
        return gettext("%(unit)s%(year)s年度排放报告") % {"unit": self.unit, "year": self.year}

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse("emitters:report", args=[self.pk])

    def holder(self, perm: str) -> Organisation:
        """The unit itself has to file."""
        return self.unit.organisation


class ReportVersion(models.Model):
    """One upload. Its file, hash and number never change; a correction is a new version."""

    flow = REPORT_FLOW

    report = models.ForeignKey(
        AnnualReport, models.PROTECT, related_name="versions", verbose_name=_("报告")
    )
    number = models.PositiveSmallIntegerField(_("版本"))
    status = models.CharField(
        _("状态"), max_length=16, choices=REPORT_FLOW.choices, default="received"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    reason = models.CharField(_("更正原因"), max_length=400, blank=True)
    file = models.CharField(_("存放位置"), max_length=120)  # relative to MEDIA_ROOT, never shown
    file_name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveIntegerField(_("大小（字节）"))
    sha256 = models.CharField("SHA-256", max_length=64)
    receipt = models.CharField(_("回执编号"), max_length=24, unique=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"))
    problems = models.JSONField(_("读取问题"), default=list)
    columns = models.JSONField(
        default=dict
    )  # sheet -> header code -> column letter(s): addresses of stored rows
    basic = models.JSONField(_("基本信息"), default=dict)  # label -> [value as text, cell]
    checked_at = models.DateTimeField(_("校核时间"), null=True)
    catalogue = models.CharField(_("规则目录版本"), max_length=16, blank=True)
    t_reported = models.DecimalField(
        _("报告排放量（tCO2）"), max_digits=14, decimal_places=2, null=True
    )
    t_recomputed = models.DecimalField(
        _("复算排放量（tCO2）"), max_digits=14, decimal_places=2, null=True
    )
    t_allowance = models.DecimalField(
        _("核定免费配额（t）"), max_digits=14, decimal_places=0, null=True
    )
    t_at_stake = models.DecimalField(
        _("涉及排放量（tCO2）"), max_digits=14, decimal_places=2, null=True
    )
    money_at_stake = models.DecimalField(
        _("涉及金额（元）"), max_digits=16, decimal_places=2, null=True
    )
    risk_score = models.DecimalField(_("风险分"), max_digits=5, decimal_places=1, null=True)
    risk_band = models.CharField(_("风险等级"), max_length=8, choices=Band.choices, blank=True)
    risk = models.JSONField(_("风险分构成"), default=dict)
    acceptance = models.CharField(
        _("合规状态"), max_length=16, choices=Acceptance.choices, blank=True
    )
    not_run = models.JSONField(_("未执行的规则"), default=dict)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("提交人"),
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("受理人"),
    )
    decided_at = models.DateTimeField(_("受理或退回时间"), null=True)
    decision_note = models.CharField(_("受理或退回意见"), max_length=600, blank=True)
    retain_until = models.DateField(_("保存期限"))

    objects = ScopedManager()

    class Meta:
        verbose_name = _("报告版本")
        ordering = ["report_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_version_number"),
            models.UniqueConstraint(fields=["report", "sha256"], name="one_version_per_file"),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="submitted_at_and_by",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="version_immutable",
                operation=pgtrigger.Update,
                condition=(
                    pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))
                    | pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
                    | pgtrigger.Q(old__report_id__df=pgtrigger.F("new__report_id"))
                    | pgtrigger.Q(old__file__df=pgtrigger.F("new__file"))
                    | pgtrigger.Q(old__receipt__df=pgtrigger.F("new__receipt"))
                    | pgtrigger.Q(old__retain_until__gt=pgtrigger.F("new__retain_until"))
                ),
            ),
            # Decree 775 art. 11: records are kept for at least five years.
            pgtrigger.Protect(
                name="version_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.retain_until >= CURRENT_DATE"),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(report)s第%(number)s版") % {"report": self.report, "number": self.number}

    def get_absolute_url(self) -> str:
        """The version's page."""
        return reverse("emitters:version", args=[self.pk])

    @property
    def reasons(self) -> list[object]:
        """Names of the rules that weigh most in the risk score, at most three."""
        parts = [p for f in self.risk.get("families", []) for p in f["parts"] if p["counted"]]
        codes = dict.fromkeys(p["check"] for p in sorted(parts, key=lambda p: -Decimal(p["p"])))
        return [get_check(code).name for code in list(codes)[:3]]

    @cached_property
    def cleared(self) -> frozenset[str]:
        """Fingerprints of the results that count nothing: explained or waived."""
        parts = [p for f in self.risk.get("families", []) for p in f["parts"]]
        return frozenset(p["fingerprint"] for p in parts if p["cleared"])

    def holder(self, perm: str) -> Organisation | None:
        """The unit corrects and submits; the provincial lead office decides."""
        if perm == Perm.REPORT_DECIDE:
            return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()
        return self.report.unit.organisation


@scope_rule("emitters.ReportVersion", *PROVINCIAL, OrgKind.CITY, OrgKind.VERIFIER)
def _others_see_what_was_submitted(actor: Actor) -> Q:
    """A draft belongs to the enterprise alone until it is submitted."""
    return Q(submitted_at__isnull=False, report__in=AnnualReport.objects.visible_to(actor))


@scope_rule("emitters.ReportVersion", OrgKind.UNIT)
def _unit_sees_its_versions(actor: Actor) -> Q:
    return Q(report__in=AnnualReport.objects.visible_to(actor))
