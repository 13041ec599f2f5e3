"""The unit's answers to orders and their measures."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.accounts.scoping import ScopedQuerySet
from carbonwatch.documents.models import Attachment
from carbonwatch.documents.service import attachments_of
from inspections.models.fields import kept, person
from inspections.models.findings import Finding
from inspections.models.measures import Measure


class Answer(models.Model):
    """One round of the unit's answer (整改答复) to an order or to one of its measures, and what came
    of it. Its files are the proof; a returned answer stays, the next one is a new row."""

    scope_through = ("finding", "measure")
    view_perm = Perm.FINDING_VIEW

    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, related_name="answers", verbose_name=_("问题")
    )
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, related_name="answers", verbose_name=_("整改措施")
    )
    number = models.PositiveSmallIntegerField(_("轮次"))
    text = models.TextField(_("整改情况"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"))
    accepted = models.BooleanField(_("审查通过"), null=True)
    review_note = models.CharField(_("审查意见"), max_length=600, blank=True)
    reviewed_by = person(_("审查人"))
    reviewed_at = models.DateTimeField(_("审查时间"), null=True)

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("整改答复")
        ordering = ["finding", "measure", "number"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "number"], name="one_answer_per_round"),
            models.UniqueConstraint(fields=["measure", "number"], name="one_answer_per_try"),
            models.CheckConstraint(
                condition=Q(finding=None, measure__isnull=False)
                | Q(finding__isnull=False, measure=None),
                name="answer_to_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(accepted=None, reviewed_by=None, reviewed_at=None)
                | Q(accepted__isnull=False, reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="answer_reviewed_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("answered_by")),
                name="answerer_is_not_reviewer",
            ),
        ]
        triggers = [
            kept("answer", "answered_at"),
            pgtrigger.Protect(
                name="answer_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text"))
                | pgtrigger.Q(old__answered_by_id__df=pgtrigger.F("new__answered_by_id"))
                | pgtrigger.Q(old__answered_at__df=pgtrigger.F("new__answered_at")),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(finding)s（第%(number)s次答复）") % {
            "finding": self.subject,
            "number": self.number,
        }

    def get_absolute_url(self) -> str:
        """Answers are shown on the page of what they answer to."""
        return self.subject.get_absolute_url()

    @property
    def subject(self) -> Finding | Measure:
        """What it answers to."""
        subject: Finding | Measure | None = self.finding or self.measure
        if subject is None:
            raise ValueError("an answer to nothing")  # the database forbids it
        return subject

    @property
    def files(self) -> QuerySet[Attachment]:
        """The proof handed in with this answer."""
        return attachments_of(self)
