"""Key emitting units (重点排放单位) and their generators (机组), with attributes over time."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.accounts.scoping import EVERYTHING, ScopedManager, scope_rule

STATE_OWNED = ("中央企业", "省属国企", "市属国企")


class EmittingUnit(models.Model):
    """A key emitting unit. Its name, credit code and city are those of its organisation."""

    view_perm = Perm.UNIT_VIEW

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="emitting_unit", verbose_name=_("机构")
    )
    objects = ScopedManager()

    class Meta:
        verbose_name = _("重点排放单位")
        ordering = ["organisation__city", "organisation__code"]

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        """The unit's page."""
        return reverse("emitters:unit", args=[self.pk])

    @property
    def credit_code(self) -> str:
        """统一社会信用代码 (GB 32100)."""
        return self.organisation.code


@scope_rule("emitters.EmittingUnit", OrgKind.PROVINCE, OrgKind.ECOLOGY, OrgKind.DRC)
def _province_sees_all(actor: Actor) -> Q:
    return EVERYTHING


@scope_rule("emitters.EmittingUnit", OrgKind.SASAC)
def _sasac_sees_state_owned(actor: Actor) -> Q:
    return Q(
        pk__in=UnitAttributes.objects.filter(ownership__in=STATE_OWNED, valid_to=None).values(
            "unit_id"
        )
    )


@scope_rule("emitters.EmittingUnit", OrgKind.CITY)
def _city_sees_its_own(actor: Actor) -> Q:
    return Q(
        organisation__in=Organisation.objects.filter(
            kind=OrgKind.UNIT, city=actor.organisation.city
        )
    )


@scope_rule("emitters.EmittingUnit", OrgKind.UNIT)
def _unit_sees_itself(actor: Actor) -> Q:
    return Q(organisation=actor.organisation)


class DatedQuerySet(models.QuerySet):
    """Attributes with a time for which they hold."""

    def on(self, day: date) -> Self:
        """Those in force on that day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class UnitAttributes(models.Model):
    """What is known of a unit for a time (basic information of the report, table C.1)."""

    unit = models.ForeignKey(EmittingUnit, models.PROTECT, related_name="attributes")
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)
    ownership = models.CharField(_("单位性质"), max_length=16)
    industry_code = models.CharField(_("行业代码"), max_length=4)
    permit_no = models.CharField(_("排污许可证编号"), max_length=32, blank=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=64, blank=True)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=5, null=True)
    latitude = models.DecimalField(_("纬度"), max_digits=8, decimal_places=5, null=True)
    altitude_m = models.DecimalField(_("海拔高度（m）"), max_digits=7, decimal_places=1, null=True)
    first_period = models.BooleanField(_("纳入首个履约周期"), default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位信息")
        ordering = ["unit_id", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(valid_to=None), name="one_open_unit_attributes"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.valid_from}"


class Generator(models.Model):
    """A generating unit of an emitting unit, known by its number (机组编号, e.g. `1#`)."""

    unit = models.ForeignKey(EmittingUnit, models.PROTECT, related_name="generators")
    number = models.CharField(_("机组编号"), max_length=16)

    class Meta:
        verbose_name = _("机组")
        ordering = ["unit_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="one_generator_number")
        ]

    def __str__(self) -> str:
        return self.number


class GeneratorAttributes(models.Model):
    """What the registry knows of a generator for a time (table C.2)."""

    generator = models.ForeignKey(Generator, models.PROTECT, related_name="attributes")
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)
    category = models.CharField(_("机组类别"), max_length=16)
    product = models.CharField(_("产品类型"), max_length=16)
    capacity_mw = models.DecimalField(_("装机容量（MW）"), max_digits=8, decimal_places=2)
    boiler = models.CharField(_("锅炉类型"), max_length=16, blank=True)
    pressure = models.CharField(_("压力参数"), max_length=16, blank=True)
    cooling = models.CharField(_("冷却方式"), max_length=16, blank=True)
    main_fuel = models.CharField(_("主要燃料"), max_length=32)
    rank = models.CharField(_("煤种"), max_length=16, blank=True)
    commissioned = models.DateField(_("投产日期"), null=True)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("机组信息")
        ordering = ["generator_id", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["generator"],
                condition=Q(valid_to=None),
                name="one_open_generator_attributes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.generator} {self.valid_from}"
