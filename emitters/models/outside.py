"""Outside records (部门数据): the files that other offices brought in, their rows, and what the
columns of a provider's files are. Nothing of it is edited: a correction is a new file."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.accounts.scoping import EVERYTHING, ScopedManager, scope_rule
from carbonwatch.imports.cells import plain
from emitters.models.units import EmittingUnit
from emitters.outside import KINDS, RecordKind
from emitters.outside.flow import OUTSIDE_FLOW
from emitters.outside.records import source_of

KIND_CHOICES = [(k.code, k.title) for k in KINDS.values()]
LIVE = ("received", "reading", "asking", "refused", "in_force")
_OF_LABORATORIES = [k.code for k in KINDS.values() if k.owner == "laboratory"]
_OF_CITIES = [k.code for k in KINDS.values() if k.owner == "city"]


class OutsideFile(models.Model):
    """One file of one kind of record, from the organisation whose records they are."""

    flow = OUTSIDE_FLOW

    kind = models.CharField(_("数据类别"), max_length=16)
    provider = models.ForeignKey(
        Organisation, models.PROTECT, related_name="outside_files", verbose_name=_("提供单位")
    )
    status = models.CharField(
        _("状态"), max_length=16, choices=OUTSIDE_FLOW.choices, default="received"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    file = models.CharField(_("存放位置"), max_length=120)  # relative to MEDIA_ROOT, never shown
    file_name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveIntegerField(_("大小（字节）"))
    sha256 = models.CharField("SHA-256", max_length=64)
    receipt = models.CharField(_("回执编号"), max_length=24, unique=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"))
    ask = models.BooleanField(
        default=False
    )  # read anew what the columns are, whatever is remembered
    header = models.PositiveSmallIntegerField(_("表头所在行"), null=True)  # as a person named it
    sheet = models.CharField(_("工作表"), max_length=40, blank=True)
    columns = models.JSONField(
        _("列的对应"), default=list
    )  # [letter, header, field, unit] in order
    problems = models.JSONField(_("读取问题"), default=list)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    years = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("涉及年度"), default=list)
    in_force_at = models.DateTimeField(_("启用时间"), null=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("替换的文件")
    )
    reason = models.CharField(_("更正原因"), max_length=400, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("停用人"),
    )
    ended_at = models.DateTimeField(_("停用时间"), null=True)
    end_note = models.CharField(_("停用原因"), max_length=600, blank=True)
    retain_until = models.DateField(_("保存期限"))

    objects = ScopedManager()

    class Meta:
        verbose_name = _("部门数据文件")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind", "sha256"],
                condition=Q(status__in=LIVE),
                name="one_live_outside_file",
            )
        ]
        indexes = [models.Index(fields=["kind", "status"])]
        triggers = [
            pgtrigger.Protect(
                name="outside_file_immutable",
                operation=pgtrigger.Update,
                condition=(
                    pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))
                    | pgtrigger.Q(old__kind__df=pgtrigger.F("new__kind"))
                    | pgtrigger.Q(old__provider_id__df=pgtrigger.F("new__provider_id"))
                    | pgtrigger.Q(old__file__df=pgtrigger.F("new__file"))
                    | pgtrigger.Q(old__receipt__df=pgtrigger.F("new__receipt"))
                    | pgtrigger.Q(old__retain_until__gt=pgtrigger.F("new__retain_until"))
                ),
            ),
            pgtrigger.Protect(
                name="outside_file_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.retain_until >= CURRENT_DATE"),
            ),
        ]

    def __str__(self) -> str:
        return gettext("第%(number)s号文件（%(kind)s）") % {
            "number": self.pk,
            "kind": self.record_kind.title,
        }

    def get_absolute_url(self) -> str:
        """The file's page."""
        return reverse("emitters:outside-file", args=[self.pk])

    @property
    def record_kind(self) -> RecordKind:
        """What its rows are."""
        return KINDS[self.kind]

    @property
    def source(self) -> str:
        """How results name the file."""
        return source_of(self.provider.name, self.pk)

    def holder(self, perm: str) -> Organisation:
        """Its provider has to act."""
        return self.provider

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor sees the whole file, with the rows about others: its provider, the
        provincial lead office."""
        return actor.kind == OrgKind.PROVINCE or actor.organisation.pk == self.provider_id


class OutsideRecord(models.Model):
    """A row of a file in force (or that once was), by what it is looked up: see
    `emitters.outside.identity`."""

    file = models.ForeignKey(OutsideFile, models.PROTECT, related_name="records")
    kind = models.CharField(_("数据类别"), max_length=16)
    number = models.PositiveIntegerField(_("行号"))
    owner = models.CharField(_("归属"), max_length=120)
    about = models.CharField(_("涉及单位"), max_length=32, blank=True)
    key = models.CharField(max_length=32)
    year = models.PositiveSmallIntegerField(_("年度"), null=True)
    month = models.PositiveSmallIntegerField(_("月份"), null=True)
    day = models.DateField(_("日期"), null=True)
    values = models.JSONField(_("内容"), default=dict)  # field name -> text of the value

    objects = ScopedManager()

    class Meta:
        verbose_name = _("部门数据行")
        ordering = ["file", "number"]
        indexes = [
            models.Index(fields=["kind", "owner", "year"]),
            models.Index(fields=["about", "kind", "year"]),
            models.Index(fields=["kind", "key"]),
        ]
        triggers = [
            pgtrigger.Protect(name="outside_record_immutable", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="outside_record_kept",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF (SELECT retain_until FROM emitters_outsidefile WHERE id = OLD.file_id) >= CURRENT_DATE THEN
                        RAISE EXCEPTION 'outside records are kept for five years';
                    END IF;
                    RETURN OLD;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner} {self.number}"


class OutsideMapping(models.Model):
    """What the columns of one provider's files of one kind are, as a person last said."""

    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(_("数据类别"), max_length=16)
    columns = models.JSONField(default=dict)  # key of a header -> [field or "", unit or ""]
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("列的对应关系")
        constraints = [
            models.UniqueConstraint(fields=["provider", "kind"], name="one_mapping_per_provider")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind}"


def _about_seen_units(actor: Actor) -> Q:
    units = EmittingUnit.objects.visible_to(actor)
    return Q(about__in=units.values("organisation__code"))


def _brought_by(actor: Actor) -> Q:
    return Q(file__in=OutsideFile.objects.filter(provider=actor.organisation))


@scope_rule("emitters.OutsideRecord", OrgKind.PROVINCE)
def _province_sees_all(actor: Actor) -> Q:
    return EVERYTHING


@scope_rule("emitters.OutsideRecord", OrgKind.ECOLOGY, OrgKind.DRC, OrgKind.SASAC)
def _department_sees_its_units(actor: Actor) -> Q:
    """What it brought, what speaks of its units, and the weather."""
    return _brought_by(actor) | _about_seen_units(actor) | Q(kind__in=_OF_CITIES)


@scope_rule("emitters.OutsideRecord", OrgKind.MARKET)
def _market_supervision_sees_laboratories(actor: Actor) -> Q:
    return _brought_by(actor) | Q(kind__in=[*_OF_LABORATORIES, *_OF_CITIES])


@scope_rule("emitters.OutsideRecord", OrgKind.CITY)
def _city_sees_its_units(actor: Actor) -> Q:
    """What it brought, what speaks of the units in the city, and the city's weather."""
    weather = Q(kind__in=_OF_CITIES, owner=actor.organisation.city)
    return _brought_by(actor) | _about_seen_units(actor) | weather


@scope_rule("emitters.OutsideRecord", OrgKind.UNIT)
def _unit_sees_what_speaks_of_it(actor: Actor) -> Q:
    """Records of itself, but not what its laboratories reported to the authorities."""
    code = actor.organisation.code
    own = Q(about=code) & ~Q(kind__in=_OF_LABORATORIES)
    return _brought_by(actor) | own | Q(kind="business", owner=code)


@scope_rule("emitters.OutsideRecord", OrgKind.LABORATORY)
def _laboratory_sees_its_register(actor: Actor) -> Q:
    """What it brought, and its own register and certificates; not what others found of its files."""
    own = Q(kind__in=["lab_register", "accreditation"], owner=plain(actor.organisation.name))
    return _brought_by(actor) | own


@scope_rule("emitters.OutsideFile", OrgKind.PROVINCE)
def _province_sees_all_files(actor: Actor) -> Q:
    return EVERYTHING


@scope_rule(
    "emitters.OutsideFile",
    *(OrgKind.ECOLOGY, OrgKind.DRC, OrgKind.SASAC, OrgKind.MARKET),
    *(OrgKind.CITY, OrgKind.UNIT, OrgKind.LABORATORY, OrgKind.VERIFIER),
)
def _others_see_files_with_their_rows(actor: Actor) -> Q:
    """One's own files, and those with a row that one may see; of these only such rows are shown."""
    rows: Any = OutsideRecord.objects.visible_to(actor)
    return Q(provider=actor.organisation) | Q(pk__in=rows.values("file"))
