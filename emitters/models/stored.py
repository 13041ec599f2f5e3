"""The facts of a version as rows: written once by COPY, never changed."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.scoping import ScopedManager
from emitters.models.reports import ReportVersion


def _triggers(name: str) -> list[pgtrigger.Trigger]:
    """Rows are never updated, and never deleted while their version must be kept."""
    return [
        pgtrigger.Protect(name=f"{name}_immutable", operation=pgtrigger.Update),
        pgtrigger.Trigger(
            name=f"{name}_kept",
            operation=pgtrigger.Delete,
            when=pgtrigger.Before,
            func="""
                IF (SELECT retain_until FROM emitters_reportversion WHERE id = OLD.version_id) >= CURRENT_DATE THEN
                    RAISE EXCEPTION 'data of a reporting year are kept for five years';
                END IF;
                RETURN OLD;
            """,
        ),
    ]


class GeneratorRow(models.Model):
    """A generator as this version reports it (sheet 机组信息)."""

    scope_through = "version"
    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="generator_rows")
    row = models.PositiveSmallIntegerField()
    number = models.CharField(_("机组编号"), max_length=16)
    category = models.CharField(_("机组类别"), max_length=16)
    product = models.CharField(_("产品类型"), max_length=16)
    capacity_mw = models.DecimalField(
        _("装机容量（MW）"), max_digits=16, decimal_places=6, null=True
    )
    boiler = models.CharField(_("锅炉类型"), max_length=16)
    pressure = models.CharField(_("压力参数"), max_length=16)
    cooling = models.CharField(_("冷却方式"), max_length=16)
    main_fuel = models.CharField(_("主要燃料"), max_length=32)
    commissioned = models.DateField(_("投产日期"), null=True)
    note = models.CharField(_("备注"), max_length=400)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("机组填报行")
        triggers = _triggers("generator_row")

    def __str__(self) -> str:
        return self.number


class MonthlyRow(models.Model):
    """A monthly row: fuels, purchased power, production, stocks and the plant total.

    `part` is F fuel, E purchased power, P production, T plant total, S stock; `months` has 12 entries.
    """

    scope_through = "version"
    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="monthly_rows")
    part = models.CharField(max_length=1)
    row = models.PositiveIntegerField()
    generator = models.CharField(_("机组编号"), max_length=16)
    fuel = models.CharField(_("燃料品种"), max_length=32)
    rank = models.CharField(_("煤种"), max_length=16)
    code = models.CharField(_("参数"), max_length=16)
    unit = models.CharField(_("单位"), max_length=16)
    method = models.CharField(_("确定方式"), max_length=16)
    months = ArrayField(models.DecimalField(max_digits=26, decimal_places=10, null=True), size=12)
    annual = models.DecimalField(_("全年"), max_digits=26, decimal_places=10, null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("月度数据行")
        indexes = [
            # Months of other units with the same tonnage are looked for (STA-REPEAT-TUPLE).
            GinIndex(
                fields=["months"],
                name="monthly_quantities",
                condition=Q(code__in=["fc", "gen", "heat"]),
            ),
        ]
        triggers = _triggers("monthly_row")

    def __str__(self) -> str:
        return f"{self.code} {self.generator}"


class CoalTestRow(models.Model):
    """A row of 煤样检测."""

    scope_through = "version"
    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="coal_tests")
    row = models.PositiveIntegerField()
    generator = models.CharField(_("机组编号"), max_length=16)
    month = models.PositiveSmallIntegerField(_("月份"), null=True)
    kind = models.CharField(_("样品类型"), max_length=16)
    sample_no = models.CharField(_("样品编号"), max_length=64)
    sampled = models.DateField(_("采样日期"), null=True)
    sent = models.DateField(_("送检日期"), null=True)
    received = models.DateField(_("收样日期"), null=True)
    tested = models.DateField(_("检测日期"), null=True)
    issued = models.DateField(_("报告日期"), null=True)
    report_no = models.CharField(_("报告编号"), max_length=64, db_index=True)
    laboratory = models.CharField(_("检测机构"), max_length=120, db_index=True)
    certificate = models.CharField(_("资质编号"), max_length=64)
    mt = models.DecimalField(_("全水分Mar"), max_digits=20, decimal_places=10, null=True)
    mad = models.DecimalField(_("空干基水分Mad"), max_digits=20, decimal_places=10, null=True)
    aad = models.DecimalField(_("空干基灰分Aad"), max_digits=20, decimal_places=10, null=True)
    vad = models.DecimalField(_("空干基挥发分Vad"), max_digits=20, decimal_places=10, null=True)
    stad = models.DecimalField(_("空干基全硫Stad"), max_digits=20, decimal_places=10, null=True)
    had = models.DecimalField(_("空干基氢Had"), max_digits=20, decimal_places=10, null=True)
    cad = models.DecimalField(_("空干基碳Cad"), max_digits=20, decimal_places=10, null=True)
    qgrad = models.DecimalField(
        _("空干基高位发热量Qgrad"), max_digits=20, decimal_places=10, null=True
    )
    qnetar = models.DecimalField(
        _("收到基低位发热量Qnetar"), max_digits=20, decimal_places=10, null=True
    )
    car = models.DecimalField(_("收到基元素碳Car"), max_digits=20, decimal_places=10, null=True)
    tester = models.CharField(_("检测人"), max_length=64)
    reviewer = models.CharField(_("审核人"), max_length=64)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("煤样检测行")
        triggers = _triggers("coal_test_row")

    def __str__(self) -> str:
        return self.report_no


def _numbers() -> ArrayField:
    return ArrayField(models.DecimalField(max_digits=20, decimal_places=10, null=True))


class DailyCoalYear(models.Model):
    """日入炉煤 of one generator: t, GJ/t and % by day. The arrays have one entry for each of its rows
    in the sheet; `row` is the first of them."""

    scope_through = "version"
    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="daily_years")
    row = models.PositiveIntegerField()
    generator = models.CharField(_("机组编号"), max_length=16)
    rows = ArrayField(models.PositiveIntegerField())
    days = ArrayField(models.DateField())
    coal_t = _numbers()
    ncv = _numbers()
    mt = _numbers()

    objects = ScopedManager()

    class Meta:
        verbose_name = _("日入炉煤")
        triggers = _triggers("daily_year")

    def __str__(self) -> str:
        return f"{self.generator} {len(self.days)}"
