"""Check results of a version, and the questions (疑点) that critical ones open."""

from decimal import Decimal
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind, Perm
from carbonwatch.accounts.scoping import ScopedManager, ScopedQuerySet, scope_rule
from carbonwatch.checks.registry import Check, Direction, Hit, Severity, get_check
from carbonwatch.checks.runner import message
from emitters.closing import Closing
from emitters.flows import CLOSED_QUESTIONS, QUESTION_FLOW
from emitters.models.reports import AnnualReport, ReportVersion
from emitters.models.units import EmittingUnit


class Question(models.Model):
    """A critical result that must be answered. It is bound to the data by a fingerprint: the same
    deviation in a later version is the same question, changed data open a new one."""

    flow = QUESTION_FLOW
    view_perm = Perm.REPORT_VIEW

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="questions")
    fingerprint = models.CharField(max_length=64)
    check_code = models.CharField(_("规则"), max_length=40)
    letter = models.CharField(max_length=2)
    version = models.ForeignKey(
        ReportVersion, models.PROTECT, related_name="+"
    )  # the newest that shows it
    status = models.CharField(
        _("状态"), max_length=16, choices=QUESTION_FLOW.choices, default="open"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    opened_at = models.DateTimeField(_("提出时间"))
    submitted_at = models.DateTimeField(_("随报告提交时间"), null=True)
    explanation = models.TextField(_("说明"), blank=True)
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    explained_at = models.DateTimeField(_("说明时间"), null=True)
    closing = models.CharField(_("认定结果"), max_length=16, choices=Closing.choices, blank=True)
    decision_note = models.CharField(_("认定意见"), max_length=600, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("认定时间"), null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("疑点")
        ordering = ["report_id", "check_code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "fingerprint"], name="one_question_per_fingerprint"
            ),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED_QUESTIONS) & ~Q(closing="")
                | ~Q(status__in=CLOSED_QUESTIONS) & Q(closing=""),
                name="question_closed_with_code",
            ),
        ]
        indexes = [models.Index(fields=["status"]), models.Index(fields=["check_code", "letter"])]

    def __str__(self) -> str:
        return f"{self.rule.name} · {self.report}"

    def get_absolute_url(self) -> str:
        """The question's page."""
        return reverse("emitters:question", args=[self.pk])

    @property
    def rule(self) -> Check:
        """The declared check."""
        return get_check(self.check_code)

    def holder(self, perm: str) -> Organisation | None:
        """The unit explains; the bureau of its city decides."""
        if perm == Perm.RESULT_DECIDE:
            return Organisation.objects.filter(
                kind=OrgKind.CITY, city=self.report.city, active=True
            ).first()
        return self.report.unit.organisation


@scope_rule("emitters.Question", *PROVINCIAL, OrgKind.CITY, OrgKind.VERIFIER)
def _others_see_submitted_questions(actor: Actor) -> Q:
    return Q(submitted_at__isnull=False, report__in=AnnualReport.objects.visible_to(actor))


@scope_rule("emitters.Question", OrgKind.UNIT)
def _unit_sees_its_questions(actor: Actor) -> Q:
    return Q(report__in=AnnualReport.objects.visible_to(actor))


class CheckRun(models.Model):
    """A re-check of a stored version that changed something: why, and what stood there before."""

    scope_through = "version"

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="runs")
    at = models.DateTimeField(_("时间"))
    reason = models.CharField(_("原因"), max_length=400)
    before = models.JSONField(_("此前"), default=dict)  # figures of the version: name -> text
    after = models.JSONField(_("此后"), default=dict)
    added = models.PositiveSmallIntegerField(_("新增结果"), default=0)
    ended = models.PositiveSmallIntegerField(_("不再成立的结果"), default=0)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("重新校核")
        ordering = ["-at", "-pk"]
        triggers = [pgtrigger.Protect(name="run_immutable", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.version} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        """The page of the re-check."""
        return reverse("emitters:run", args=[self.pk])


class ResultQuerySet(ScopedQuerySet):
    """Results of all runs; `current()` are those that hold."""

    def current(self) -> Self:
        """Without what a later run no longer found."""
        return self.filter(ended=None)


class CheckResult(models.Model):
    """One lettered result of one check on one version: facts and evidence, never edited. `begun` is the
    re-check that found it (None: the intake), `ended` the one that no longer did (None: it holds)."""

    scope_through = "version"

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="results")
    begun = models.ForeignKey(
        CheckRun, models.PROTECT, null=True, related_name="begun_results", verbose_name=_("始于")
    )
    ended = models.ForeignKey(
        CheckRun, models.PROTECT, null=True, related_name="ended_results", verbose_name=_("终于")
    )
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="results")
    check_code = models.CharField(_("规则"), max_length=40)
    letter = models.CharField(max_length=2)
    severity = models.CharField(
        _("严重程度"), max_length=8, choices=[(s.value, s.label) for s in Severity]
    )
    generator = models.CharField(_("机组编号"), max_length=16, blank=True)
    months = ArrayField(models.PositiveSmallIntegerField(), default=list)
    cells = ArrayField(models.CharField(max_length=64), default=list)
    direction = models.CharField(
        _("方向"), max_length=12, choices=[(d.value, d.label) for d in Direction]
    )
    t_co2 = models.DecimalField(_("涉及排放量（tCO2）"), max_digits=14, decimal_places=2)
    t_allowance = models.DecimalField(_("涉及配额（t）"), max_digits=14, decimal_places=2)
    money = models.DecimalField(_("涉及金额（元）"), max_digits=16, decimal_places=2, null=True)
    values = models.JSONField(_("证据"), default=dict)
    parameters = models.JSONField(_("所用参数"), default=list)
    root = models.CharField(max_length=80, blank=True)
    fingerprint = models.CharField(max_length=64)

    objects = models.Manager.from_queryset(ResultQuerySet)()
    others: list[EmittingUnit]  # set by emitters.privacy.name_others for one viewer
    waiver: Any  # set by emitters.selectors.versions.results_of for one viewer

    class Meta:
        verbose_name = _("校核结果")
        ordering = ["version_id", "check_code", "letter", "pk"]
        indexes = [models.Index(fields=["version", "severity"])]
        triggers = [
            pgtrigger.Protect(
                name="result_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["ended"]),
            ),
            pgtrigger.Protect(
                name="result_ended_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.ended_id IS NOT NULL"),
            ),
            pgtrigger.Trigger(
                name="result_kept",
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

    def __str__(self) -> str:
        return f"{self.check_code}.{self.letter}"

    @property
    def rule(self) -> Check:
        """The declared check."""
        return get_check(self.check_code)

    @property
    def hit(self) -> Hit:
        """The stored result as the check yielded it."""
        return Hit(
            letter=self.letter,
            cells=tuple(self.cells),
            generator=self.generator,
            months=tuple(self.months),
            direction=Direction(self.direction),
            t_co2=Decimal(self.t_co2),
            t_allowance=Decimal(self.t_allowance),
            values=self.values,
            root=self.root,
        )

    @property
    def cleared(self) -> bool:
        """Whether the result counts nothing in the score: explained or waived."""
        return self.fingerprint in self.version.cleared

    @property
    def places(self) -> list[tuple[str, list[str]]]:
        """The cells by sheet: [("化石燃料燃烧", ["H5", "H6"])]."""
        found: dict[str, list[str]] = {}
        for cell in self.cells:
            sheet, _mark, address = cell.partition("!")
            found.setdefault(sheet, []).append(address)
        return list(found.items())

    @property
    def evidence(self) -> dict[str, Any]:
        """What was found, without the codes of other units (`emitters.privacy`)."""
        return {k: v for k, v in self.values.items() if k != "others"}

    @property
    def sentence(self) -> str:
        """The result in words, in the reader's language."""
        return message(self.rule, self.hit)


class YearSummary(models.Model):
    """Figures of one year in one city, kept in the transaction that changes the facts."""

    year = models.PositiveSmallIntegerField()
    city = models.CharField(max_length=8)
    due = models.IntegerField(default=0)
    filed = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    red = models.IntegerField(default=0)
    amber = models.IntegerField(default=0)
    questions = models.IntegerField(default=0)
    t_reported = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    t_at_stake = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    money_at_stake = models.DecimalField(max_digits=20, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "city"], name="one_summary_per_year_and_city")
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.city}"
