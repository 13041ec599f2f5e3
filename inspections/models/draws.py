"""Random draws (双随机抽查): a frozen pool, a promised seed, a result that anybody can redo."""

from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.accounts.scoping import EVERYTHING, ScopedManager, ScopedQuerySet, scope_rule
from emitters.models import EmittingUnit
from inspections.draw_flow import DRAW_FLOW
from inspections.models.inspections import Inspection


class DrawMode(models.TextChoices):
    """How likely each unit is."""

    PLAIN = "plain", _("等概率")
    RISK = "risk", _("按风险等级加权")


class DrawQuerySet(ScopedQuerySet):
    """Draws by reader."""

    def open_to_all(self) -> Self:
        """What everybody may read, newest first: also those that were given up after the freezing."""
        return self.exclude(pool_hash="").order_by("-frozen_at", "-pk")


def _person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=label
    )


class Draw(models.Model):
    """One draw of units and their inspectors by an authority.

    `listed` is what was frozen, as in the public record (docs/draw.md): units with name, city, band and
    weight; inspectors with name and certificate; conflicts; exclusions. `seed` stays secret until the
    draw, when the witness's number joins it.
    """

    flow = DRAW_FLOW
    view_perm = Perm.INSPECTION_VIEW

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("检查机关")
    )
    title = models.CharField(_("名称"), max_length=120)
    year = models.PositiveSmallIntegerField(_("涉及年度"))
    mode = models.CharField(_("抽取方式"), max_length=8, choices=DrawMode.choices)
    count = models.PositiveSmallIntegerField(_("抽取单位数"))
    inspect_on = models.DateField(_("计划检查日期"))
    status = models.CharField(
        _("状态"), max_length=12, choices=DRAW_FLOW.choices, default="preparing"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("准备人")
    )
    prepared_at = models.DateTimeField(_("准备时间"))
    listed = models.JSONField(_("冻结名单"), default=dict)
    pool_hash = models.CharField(_("名单摘要"), max_length=64, blank=True)
    commitment = models.CharField(_("种子摘要"), max_length=64, blank=True)
    seed = models.CharField(_("种子"), max_length=64, blank=True)
    frozen_by = _person(_("冻结人"))
    frozen_at = models.DateTimeField(_("冻结时间"), null=True)
    witness = models.CharField(_("见证号码"), max_length=40, blank=True)
    witness_name = models.CharField(_("见证人"), max_length=60, blank=True)
    drawn_by = _person(_("抽取人"))
    drawn_at = models.DateTimeField(_("抽取时间"), null=True)
    published_by = _person(_("公布人"))
    published_at = models.DateTimeField(_("公布时间"), null=True)
    void_by = _person(_("作废人"))
    void_at = models.DateTimeField(_("作废时间"), null=True)
    void_reason = models.CharField(_("作废原因"), max_length=600, blank=True)

    objects = models.Manager.from_queryset(DrawQuerySet)()

    class Meta:
        verbose_name = _("双随机抽查")
        ordering = ["-prepared_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["preparing", "void"])
                | (Q(frozen_at__isnull=False) & ~Q(pool_hash="") & ~Q(commitment="")),
                name="drawn_from_a_frozen_pool",
            ),
            models.CheckConstraint(
                condition=Q(drawn_by=None) | ~Q(drawn_by=models.F("frozen_by")),
                name="freezer_is_not_drawer",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="draw_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="frozen_pool_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__frozen_at__isnull=False)
                & (
                    pgtrigger.Q(old__pool_hash__df=pgtrigger.F("new__pool_hash"))
                    | pgtrigger.Q(old__commitment__df=pgtrigger.F("new__commitment"))
                    | pgtrigger.Q(old__seed__df=pgtrigger.F("new__seed"))
                    | pgtrigger.Q(old__listed__df=pgtrigger.F("new__listed"))
                    | pgtrigger.Q(old__count__df=pgtrigger.F("new__count"))
                ),
            ),
            pgtrigger.Protect(
                name="draw_result_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__drawn_at__isnull=False)
                & (
                    pgtrigger.Q(old__witness__df=pgtrigger.F("new__witness"))
                    | pgtrigger.Q(old__drawn_at__df=pgtrigger.F("new__drawn_at"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page for those who work on it; the public one is `inspections:public-draw`."""
        return reverse("inspections:draw", args=[self.pk])

    def holder(self, perm: str) -> Organisation:
        """The authority that draws."""
        return self.organisation

    def supervisor_org(self) -> Organisation | None:
        """The province is told of a late step."""
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()


@scope_rule("inspections.Draw", OrgKind.PROVINCE)
def _province_sees_all(actor: Actor) -> Q:
    return EVERYTHING


@scope_rule("inspections.Draw", OrgKind.CITY)
def _city_sees_its_own(actor: Actor) -> Q:
    return Q(organisation=actor.organisation)


class DrawExclusion(models.Model):
    """A unit left out of the pool, with the reason, which is public."""

    scope_through = "draw"
    view_perm = Perm.INSPECTION_VIEW

    draw = models.ForeignKey(
        Draw, models.PROTECT, related_name="exclusions", verbose_name=_("双随机抽查")
    )
    unit = models.ForeignKey(
        EmittingUnit, models.PROTECT, related_name="+", verbose_name=_("重点排放单位")
    )
    reason = models.CharField(_("排除原因"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    at = models.DateTimeField(_("时间"))

    objects = ScopedManager()

    class Meta:
        verbose_name = _("排除单位")
        ordering = ["draw", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "unit"], name="one_exclusion_per_unit")
        ]
        triggers = [
            pgtrigger.Protect(name="exclusion_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.draw}：{self.unit}"


class DrawnUnit(models.Model):
    """A drawn unit in the order of the draw, its inspectors, and the inspection that came of it."""

    scope_through = "draw"
    view_perm = Perm.INSPECTION_VIEW

    draw = models.ForeignKey(
        Draw, models.PROTECT, related_name="drawn_units", verbose_name=_("双随机抽查")
    )
    number = models.PositiveSmallIntegerField(_("序号"))
    unit = models.ForeignKey(
        EmittingUnit, models.PROTECT, related_name="+", verbose_name=_("重点排放单位")
    )
    certificates = ArrayField(models.CharField(max_length=40), verbose_name=_("执法证号"))
    inspection = models.OneToOneField(
        Inspection, models.PROTECT, null=True, related_name="drawn_as", verbose_name=_("检查")
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = _("抽中单位")
        ordering = ["draw", "number"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="one_unit_per_lot"),
            models.UniqueConstraint(fields=["draw", "unit"], name="a_unit_is_drawn_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="drawn_unit_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="drawn_unit_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__unit_id__df=pgtrigger.F("new__unit_id"))
                | pgtrigger.Q(old__certificates__df=pgtrigger.F("new__certificates"))
                | pgtrigger.Q(old__inspection_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"
