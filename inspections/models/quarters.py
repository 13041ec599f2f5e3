"""The quarterly supervision report (日常监管季报): its figures and the rows behind them.

Figures are made in editions, which are only ever added; a report shows its newest one until it is
signed, and that one for good.
"""

from typing import Any

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
from carbonwatch.refusals import Missing
from inspections.quarter_flow import QUARTER_FLOW
from inspections.quarterly.period import Period
from inspections.quarterly.registry import Measure

QUARTER_CHOICES = [
    (1, _("第一季度")),
    (2, _("第二季度")),
    (3, _("第三季度")),
    (4, _("第四季度")),
]
_FROZEN = ("edition_id", "number", "digest", "overview", "problems", "next_steps", "signed_at")


def _person(label: Any, **more: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **more
    )


def _append_only(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class QuarterReport(models.Model):
    """The report of one quarter. `digest` is that of everything that was signed."""

    flow = QUARTER_FLOW
    view_perm = Perm.QUARTER_VIEW

    year = models.PositiveSmallIntegerField(_("年份"))
    quarter = models.PositiveSmallIntegerField(_("季度"), choices=QUARTER_CHOICES)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("报送单位")
    )
    status = models.CharField(
        _("状态"), max_length=12, choices=QUARTER_FLOW.choices, default="draft"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    edition = models.ForeignKey(
        "QuarterEdition", models.PROTECT, null=True, related_name="+", verbose_name=_("数据")
    )
    overview = models.TextField(_("总体情况"), blank=True)
    problems = models.TextField(_("存在的主要问题"), blank=True)
    next_steps = models.TextField(_("下一步工作"), blank=True)
    drafted_by = _person(_("起草人"))
    drafted_at = models.DateTimeField(_("起草时间"))
    written_by = _person(_("修改人"), null=True)
    reviewed_by = _person(_("审核人"), null=True)
    reviewed_at = models.DateTimeField(_("审核时间"), null=True)
    number = models.CharField(_("文号"), max_length=40, blank=True)
    digest = models.CharField(_("签发摘要"), max_length=64, blank=True)
    signed_by = _person(_("签发人"), null=True)
    signed_at = models.DateTimeField(_("签发时间"), null=True)
    recipient = models.CharField(_("主送机关"), max_length=80, blank=True)
    sent_on = models.DateField(_("报送日期"), null=True)
    sent_via = models.CharField(_("报送方式"), max_length=120, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("日常监管季报")
        ordering = ["-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["year", "quarter"], name="one_report_a_quarter"),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="one_quarter_number"
            ),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="four_quarters"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "reviewed"], signed_at=None, number="", digest="")
                | (
                    Q(status__in=["signed", "sent"])
                    & Q(signed_at__isnull=False, signed_by__isnull=False)
                    & ~Q(number="")
                    & ~Q(digest="")
                ),
                name="signed_with_number_and_digest",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None)
                | (
                    ~Q(signed_by=models.F("drafted_by"))
                    & (Q(reviewed_by=None) | ~Q(signed_by=models.F("reviewed_by")))
                ),
                name="drafter_and_reviewer_do_not_sign",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="quarter_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="quarter_signed_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.signed_at IS NOT NULL AND ("
                    + " OR ".join(f"OLD.{f} IS DISTINCT FROM NEW.{f}" for f in _FROZEN)
                    + ")"
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(year)s年%(quarter)s日常监管季报") % {
            "year": self.year,
            "quarter": self.get_quarter_display(),
        }

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse("inspections:quarter", args=[self.pk])

    def holder(self, perm: str) -> Organisation:
        """The office that reports drafts, reviews and signs."""
        return self.organisation

    @property
    def standing(self) -> "QuarterEdition":
        """The figures that the report shows."""
        if self.edition is None:
            raise Missing(_("季报数据尚未生成。"))
        return self.edition

    @property
    def period(self) -> Period:
        """The quarter of which it speaks."""
        return Period(self.year, self.quarter)


@scope_rule("inspections.QuarterReport", OrgKind.PROVINCE)
def _the_office_that_reports(actor: Actor) -> Q:
    return EVERYTHING


class QuarterEdition(models.Model):
    """The figures as they were made at one moment. `compared` is the newest report signed before."""

    scope_through = "report"

    report = models.ForeignKey(QuarterReport, models.PROTECT, related_name="editions")
    compared = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("对比期")
    )
    made_by = _person(_("生成人"))
    made_at = models.DateTimeField(_("生成时间"))
    digest = models.CharField(_("数据摘要"), max_length=64)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("季报数据")
        ordering = ["report", "pk"]
        triggers = [_append_only("edition_append_only")]

    def __str__(self) -> str:
        return f"{self.report} #{self.pk}"


class QuarterFigure(models.Model):
    """One figure of an edition. `by` and `key` name the part of a figure that it is."""

    scope_through = "edition"

    edition = models.ForeignKey(QuarterEdition, models.PROTECT, related_name="figures")
    number = models.PositiveIntegerField(_("序号"))
    section = models.CharField(max_length=20)
    section_title = models.CharField(_("部分"), max_length=80)
    code = models.CharField(_("编号"), max_length=80)
    label = models.CharField(_("指标"), max_length=120)
    unit = models.CharField(_("单位"), max_length=20)
    measure = models.CharField(_("算法"), max_length=8, choices=Measure.choices)
    value = models.DecimalField(_("数值"), max_digits=20, decimal_places=2, null=True)
    size = models.PositiveIntegerField(_("明细行数"))
    of = models.CharField(max_length=40)
    by = models.CharField(max_length=20, blank=True)
    by_label = models.CharField(_("分类"), max_length=80, blank=True)
    key = models.CharField(max_length=20, blank=True)
    key_label = models.CharField(_("类别"), max_length=80, blank=True)
    target = models.CharField(max_length=64)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("季报指标")
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="one_figure_of_a_code")
        ]
        triggers = [_append_only("figure_append_only")]

    def __str__(self) -> str:
        return f"{self.label}（{self.key_label}）" if self.by else self.label

    def get_absolute_url(self) -> str:
        """The rows behind it."""
        return f"{reverse('inspections:quarter-items')}?figure={self.pk}"

    @property
    def decimals(self) -> int:
        """How many decimals are shown."""
        return {Measure.COUNT: 0, Measure.SHARE: 1}.get(Measure(self.measure), 2)


class QuarterItem(models.Model):
    """A row behind a figure: which one (by label and id), and how it was named then."""

    scope_through = "figure"

    figure = models.ForeignKey(QuarterFigure, models.PROTECT, related_name="items")
    target_id = models.BigIntegerField(_("对象编号"))
    owner = models.CharField(_("单位名称"), max_length=200)
    city = models.CharField(_("所在市"), max_length=8, choices=REGION_CHOICES, blank=True)
    text = models.CharField(_("事项"), max_length=300)
    amount = models.DecimalField(_("数额"), max_digits=16, decimal_places=2, null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("季报明细")
        ordering = ["figure", "pk"]
        triggers = [_append_only("quarter_item_append_only")]

    def __str__(self) -> str:
        return f"{self.owner} {self.text}"

    def get_absolute_url(self) -> str:
        """The page of the row itself, as it is now."""
        return reverse("inspections:quarter-item", args=[self.pk])
