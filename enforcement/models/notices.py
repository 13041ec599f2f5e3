"""Public notices (公开通报): drafted, approved by a second person, readable without sign-in."""

from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind
from carbonwatch.accounts.scoping import EVERYTHING, ScopedQuerySet, scope_rule
from enforcement.flows import NOTICE_FLOW
from enforcement.models.cases import Case
from inspections.models import Finding


class NoticeQuerySet(ScopedQuerySet):
    """Notices by reader."""

    def published(self) -> Self:
        """What everybody may read, newest first."""
        return self.filter(status="published").order_by("-published_at", "-pk")


def _person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=label
    )


class PublicNotice(models.Model):
    """A text that names problems in public. Only number, title, body, issuer and day are public."""

    flow = NOTICE_FLOW

    number = models.CharField(_("文号"), max_length=40, blank=True)
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("正文"))
    issuer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("发布机构")
    )
    cases = models.ManyToManyField(Case, related_name="notices", verbose_name=_("相关案件"))
    findings = models.ManyToManyField(Finding, related_name="notices", verbose_name=_("相关问题"))
    status = models.CharField(
        _("状态"), max_length=12, choices=NOTICE_FLOW.choices, default="drafted"
    )
    due_at = models.DateTimeField(_("办理期限"), null=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("起草人")
    )
    drafted_at = models.DateTimeField(_("起草时间"))
    revised_by = _person(_("修改人"))
    decision_note = models.CharField(_("审批意见"), max_length=600, blank=True)
    published_by = _person(_("批准人"))
    published_at = models.DateTimeField(_("公开时间"), null=True)
    withdrawn_by = _person(_("撤下人"))
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True)
    withdraw_reason = models.CharField(_("撤下原因"), max_length=600, blank=True)

    objects = models.Manager.from_queryset(NoticeQuerySet)()

    class Meta:
        verbose_name = _("公开通报")
        ordering = ["-drafted_at", "-pk"]
        indexes = [models.Index(fields=["status", "-published_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="one_notice_number"
            ),
            models.CheckConstraint(
                condition=~Q(status="published")
                | (Q(published_by__isnull=False, published_at__isnull=False) & ~Q(number="")),
                name="published_at_by_and_number",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=models.F("drafted_by")),
                name="drafter_is_not_publisher",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="notice_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.drafted_at > CURRENT_DATE - INTERVAL '5 years'"),
            ),
            # What was published is never edited: it is withdrawn, and a new notice published.
            pgtrigger.Protect(
                name="notice_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False)
                & (
                    pgtrigger.Q(old__title__df=pgtrigger.F("new__title"))
                    | pgtrigger.Q(old__body__df=pgtrigger.F("new__body"))
                    | pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page for those who work on it; the public one is `enforcement:notice`."""
        return reverse("enforcement:notice-work", args=[self.pk])

    def holder(self, perm: str) -> Organisation:
        """Drafted and approved in the office that issues it."""
        return self.issuer


@scope_rule("enforcement.PublicNotice", OrgKind.PROVINCE)
def _province_sees_all(actor: Actor) -> Q:
    return EVERYTHING


@scope_rule(
    "enforcement.PublicNotice", *[k for k in PROVINCIAL if k != OrgKind.PROVINCE], OrgKind.CITY
)
def _others_see_what_is_public(actor: Actor) -> Q:
    return Q(status="published")
