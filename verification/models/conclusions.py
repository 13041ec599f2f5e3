"""The conclusion of a verification (核查结论): values, non-conformities, signatures."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.scoping import ScopedManager
from verification.flows import NEEDED
from verification.models.assignments import Assignment


class NonconformityClass(models.TextChoices):
    """Classes of the technical guide (regulation.md §6.2)."""

    BASIC = "basic", _("重点排放单位基本情况")
    BOUNDARY = "boundary", _("核算边界")
    METHOD = "method", _("核算方法")
    DATA = "data", _("核算数据")
    QUALITY = "quality", _("质量保证和文件存档")
    SCHEME = "scheme", _("数据质量控制方案及执行")
    SITE = "site", _("现场核查发现的其他问题")
    OTHER = "other", _("其他内容")


class NonconformityResult(models.TextChoices):
    """How a non-conformity ended."""

    CONFORMING = "conforming", _("已整改符合要求")
    NOT_CONFORMING = "not_conforming", _("已整改不符合要求")
    NOT_CORRECTED = "not_corrected", _("未整改")


class Conclusion(models.Model):
    """What the verification found, in the four parts of the report form."""

    scope_through = "assignment"

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="conclusion")
    conformity = models.TextField(_("与核算指南和质控方案的符合性"))
    changes = models.TextField(_("与上年相比异常波动的原因"), blank=True)
    uncovered = models.TextField(_("核查过程中未覆盖的问题"), blank=True)
    visited_on = models.DateField(_("现场核查日期"), null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("编写时间"))

    objects = ScopedManager()

    class Meta:
        verbose_name = _("核查结论")

    def __str__(self) -> str:
        return str(self.assignment)


class VerifiedValue(models.Model):
    """One value before and after verification."""

    conclusion = models.ForeignKey(Conclusion, models.PROTECT, related_name="values")
    generator = models.CharField(_("机组编号"), max_length=16, blank=True)
    code = models.CharField(_("参数"), max_length=16)
    unit = models.CharField(_("单位"), max_length=16)
    before = models.DecimalField(_("核查前"), max_digits=20, decimal_places=6, null=True)
    after = models.DecimalField(_("核查后"), max_digits=20, decimal_places=6, null=True)
    reason = models.CharField(_("变化原因"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("核查数据")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.generator} {self.code}"


class Nonconformity(models.Model):
    """One entry of the non-conformity list (不符合项清单)."""

    conclusion = models.ForeignKey(Conclusion, models.PROTECT, related_name="nonconformities")
    kind = models.CharField(_("类别"), max_length=16, choices=NonconformityClass.choices)
    description = models.TextField(_("不符合项描述"))
    parameter = models.CharField(_("涉及参数"), max_length=120, blank=True)
    cause = models.TextField(_("原因"), blank=True)
    correction = models.TextField(_("整改措施"), blank=True)
    result = models.CharField(_("整改结论"), max_length=16, choices=NonconformityResult.choices)

    class Meta:
        verbose_name = _("不符合项")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.description[:40]


class Signature(models.Model):
    """One person signing in one capacity: nobody signs twice."""

    conclusion = models.ForeignKey(Conclusion, models.PROTECT, related_name="signatures")
    role = models.CharField(_("身份"), max_length=10, choices=list(NEEDED.items()))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("签署时间"))

    class Meta:
        verbose_name = _("签署")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["conclusion", "user"], name="one_signature_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.user}"
