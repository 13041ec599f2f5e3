"""Questionnaires of self-inspection (自查问卷), by version, as they were read from a workbook."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind, Perm
from carbonwatch.accounts.scoping import EVERYTHING, ScopedQuerySet, scope_rule
from inspections.models.findings import FindingClass
from inspections.selfflows import QUESTIONNAIRE_FLOW


class Audience(models.TextChoices):
    """Who answers a questionnaire."""

    UNIT = "unit", _("重点排放单位")
    AGENCY = "agency", _("技术服务机构")


class AnswerKind(models.TextChoices):
    """What an answer is."""

    YES_NO = "yes-no", _("是否")
    CHOICE = "choice", _("选择")
    NUMBER = "number", _("数值")
    DATE = "date", _("日期")
    TEXT = "text", _("文字")


class Evidence(models.TextChoices):
    """When proof has to be attached."""

    NONE = "none", _("不需要")
    PROBLEM = "problem", _("有问题时")
    ALWAYS = "always", _("必须")


class Questionnaire(models.Model):
    """One version of a questionnaire, as it was read from a workbook; never edited."""

    flow = QUESTIONNAIRE_FLOW
    view_perm = Perm.SELF_VIEW

    code = models.CharField(_("问卷编号"), max_length=40)
    version = models.PositiveSmallIntegerField(_("版本"))
    title = models.CharField(_("问卷名称"), max_length=120)
    audience = models.CharField(_("填写对象"), max_length=8, choices=Audience.choices)
    year = models.PositiveSmallIntegerField(_("涉及年度"))
    intro = models.TextField(_("填写说明"), blank=True)
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    status = models.CharField(
        _("状态"), max_length=12, choices=QUESTIONNAIRE_FLOW.choices, default="drafted"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    due_on = models.DateField(_("填写期限"), null=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("导入人")
    )
    imported_at = models.DateTimeField(_("导入时间"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("发布人"),
    )
    published_at = models.DateTimeField(_("发布时间"), null=True)

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("自查问卷")
        ordering = ["-imported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_questionnaire_version"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(status="published"), name="one_published_version"
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=models.F("imported_by")),
                name="questionnaire_importer_is_not_publisher",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(title)s（第%(version)s版）") % {
            "title": self.title,
            "version": self.version,
        }

    def get_absolute_url(self) -> str:
        """The preview of the questionnaire."""
        return reverse("inspections:questionnaire", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The provincial lead office publishes."""
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()

    def supervisor_org(self) -> Organisation | None:
        """The same office watches over itself."""
        return self.holder("")


@scope_rule("inspections.Questionnaire", *PROVINCIAL, OrgKind.CITY)
def _authorities_see_questionnaires(actor: Actor) -> Q:
    return EVERYTHING


class QuestionnaireItem(models.Model):
    """One question of a questionnaire. `problem_when`: the answers that are a problem, one a line."""

    scope_through = "questionnaire"

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="questions", verbose_name=_("自查问卷")
    )
    order = models.PositiveSmallIntegerField(_("序号"))
    number = models.CharField(_("题号"), max_length=20)
    section = models.CharField(_("分组"), max_length=60, blank=True)
    text = models.CharField(_("题目"), max_length=500)
    kind = models.CharField(_("题型"), max_length=8, choices=AnswerKind.choices)
    options = models.JSONField(_("选项"), default=list)
    required = models.BooleanField(_("必答"), default=True)
    clause = models.CharField(_("依据条款"), max_length=300, blank=True)
    help = models.CharField(_("填写帮助"), max_length=500, blank=True)
    evidence = models.CharField(_("证据要求"), max_length=8, choices=Evidence.choices)
    evidence_text = models.CharField(_("证据材料"), max_length=300, blank=True)
    problem_when = models.JSONField(_("视为问题的答案"), default=list)
    finding_class = models.CharField(
        _("问题类别"), max_length=10, choices=FindingClass.choices, default=FindingClass.OTHER
    )

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("自查题目")
        ordering = ["questionnaire", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "number"], name="one_question_of_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"

    def fits(self, value: str) -> bool:
        """Whether the text is an answer of the item's kind."""
        if self.options:
            return value in self.options
        if self.kind == AnswerKind.DATE:
            return _is_date(value)
        return self.kind != AnswerKind.NUMBER or _is_number(value)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
