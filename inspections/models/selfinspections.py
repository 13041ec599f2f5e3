"""Self-inspection (自查自纠): who answers a questionnaire, the answers, the problems declared."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import AGENCIES, PROVINCIAL, OrgKind, Perm
from carbonwatch.accounts.scoping import ScopedQuerySet, scope_rule
from emitters.models import EmittingUnit
from inspections.models.findings import Finding
from inspections.models.questionnaires import Evidence, Questionnaire, QuestionnaireItem
from inspections.selfflows import SELF_FLOW, WRITABLE


class SelfInspection(models.Model):
    """One organisation's answers to one version of a questionnaire."""

    flow = SELF_FLOW
    view_perm = Perm.SELF_VIEW

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="inspections", verbose_name=_("自查问卷")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="self_inspections", verbose_name=_("填写单位")
    )
    unit = models.ForeignKey(
        EmittingUnit,
        models.PROTECT,
        null=True,
        related_name="self_inspections",
        verbose_name=_("重点排放单位"),
    )
    campaign_unit = models.ForeignKey(
        "CampaignUnit", models.PROTECT, null=True, related_name="self_inspections"
    )
    status = models.CharField(
        _("状态"), max_length=12, choices=SELF_FLOW.choices, default="drafting"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("提交人"),
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("审核人"),
    )
    reviewed_at = models.DateTimeField(_("审核时间"), null=True)
    review_note = models.CharField(_("审核意见"), max_length=600, blank=True)

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("自查自纠")
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["status", "due_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "organisation"], name="one_self_inspection_each"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("submitted_by")),
                name="self_submitter_is_not_reviewer",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(organisation)s：%(questionnaire)s") % {
            "organisation": self.organisation,
            "questionnaire": self.questionnaire,
        }

    def get_absolute_url(self) -> str:
        """The page of the self-inspection."""
        return reverse("inspections:self-inspection", args=[self.pk])

    def holder(self, perm: str) -> Organisation | None:
        """The organisation answers; its city reviews a unit, the province an agency."""
        if perm == Perm.SELF_SUBMIT:
            return self.organisation
        if self.unit_id is None:
            return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()
        city = self.organisation.city
        return Organisation.objects.filter(kind=OrgKind.CITY, city=city, active=True).first()

    def supervisor_org(self) -> Organisation | None:
        """Who is told of a late answer: who will review it; of a late review: the province."""
        if self.status in WRITABLE:
            return self.holder(Perm.SELF_REVIEW)
        return Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()

    @property
    def writable(self) -> bool:
        """Whether the organisation still writes."""
        return self.status in WRITABLE

    def latest(self) -> "dict[int, SelfAnswer]":
        """The newest state of every answer, by question."""
        rows = self.answers.order_by("question_id", "-revision").distinct("question_id")
        return {row.question_id: row for row in rows.select_related("saved_by")}

    def shortcomings(self) -> list[str]:
        """What is still missing, by number of the question."""
        latest = self.latest()
        found: list[str] = []
        for question in self.questionnaire.questions.all():
            found += _missing(question, latest.get(question.pk))
        return found


def _missing(question: QuestionnaireItem, answer: "SelfAnswer | None") -> list[str]:
    what = {"number": question.number}
    if answer is None or not answer.value:
        return [gettext("第%(number)s题未回答") % what] if question.required else []
    found = [] if question.fits(answer.value) else [gettext("第%(number)s题的回答格式不符") % what]
    if answer.problem and not answer.note:
        found.append(gettext("第%(number)s题未说明问题情况") % what)
    if answer.problem and not answer.correction:
        found.append(gettext("第%(number)s题未填写拟采取的纠正措施") % what)
    wanted = question.evidence == Evidence.ALWAYS or (
        question.evidence == Evidence.PROBLEM and answer.problem
    )
    if wanted and not answer.evidence:
        found.append(gettext("第%(number)s题未写明证据材料") % what)
    return found


@scope_rule("inspections.Questionnaire", OrgKind.UNIT, *AGENCIES)
def _those_asked_see_theirs(actor: Actor) -> Q:
    mine = SelfInspection.objects.filter(organisation=actor.organisation)
    return Q(pk__in=mine.values("questionnaire"))


@scope_rule("inspections.SelfInspection", *PROVINCIAL, OrgKind.CITY)
def _authorities_see_self_inspections_of_their_units(actor: Actor) -> Q:
    return Q(unit__in=EmittingUnit.objects.visible_to(actor))


@scope_rule("inspections.SelfInspection", OrgKind.PROVINCE, OrgKind.ECOLOGY)
def _province_sees_agencies(actor: Actor) -> Q:
    return Q(unit=None)


@scope_rule("inspections.SelfInspection", OrgKind.UNIT, *AGENCIES)
def _own_self_inspections(actor: Actor) -> Q:
    return Q(organisation=actor.organisation)


class SelfAnswer(models.Model):
    """One saved state of an answer. Typing on makes a new row: two windows never erase each other."""

    scope_through = "inspection"
    view_perm = Perm.SELF_VIEW

    inspection = models.ForeignKey(
        SelfInspection, models.PROTECT, related_name="answers", verbose_name=_("自查自纠")
    )
    question = models.ForeignKey(
        QuestionnaireItem, models.PROTECT, related_name="answers", verbose_name=_("自查题目")
    )
    revision = models.PositiveIntegerField(_("次数"))
    value = models.CharField(_("回答"), max_length=1000, blank=True)
    problem = models.BooleanField(_("存在问题"), default=False)
    note = models.TextField(_("情况说明"), blank=True)
    correction = models.TextField(_("拟采取的纠正措施"), blank=True)
    evidence = models.CharField(_("证据材料"), max_length=600, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("填写人")
    )
    saved_at = models.DateTimeField(_("保存时间"))

    CONTENT = ("value", "problem", "note", "correction", "evidence")

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("自查回答")
        ordering = ["inspection", "question", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "question", "revision"], name="one_answer_of_a_revision"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="self_answer_kept", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.question.number}#{self.revision}"

    def content(self) -> dict[str, Any]:
        """What was written, by field."""
        return {name: getattr(self, name) for name in self.CONTENT}


class Declaration(models.Model):
    """A problem that an organisation declared itself, with what it proposes to correct. A unit's is
    a finding; what was once declared stays so, whatever is answered later."""

    scope_through = "inspection"
    view_perm = Perm.SELF_VIEW

    inspection = models.ForeignKey(
        SelfInspection, models.PROTECT, related_name="declarations", verbose_name=_("自查自纠")
    )
    question = models.ForeignKey(
        QuestionnaireItem, models.PROTECT, related_name="declarations", verbose_name=_("自查题目")
    )
    finding = models.OneToOneField(
        Finding, models.PROTECT, null=True, related_name="declaration", verbose_name=_("问题")
    )
    note = models.TextField(_("情况说明"))
    correction = models.TextField(_("拟采取的纠正措施"))
    evidence = models.CharField(_("证据材料"), max_length=600, blank=True)
    declared_at = models.DateTimeField(_("申报时间"))

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("自报问题")
        ordering = ["inspection", "question__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "question"], name="one_declaration_per_question"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection} {self.question.number}"
