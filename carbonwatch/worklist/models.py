"""Who has to act on what, and by when (待办)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.workflow.flow import State, flow_named


class WorkItemQuerySet(models.QuerySet):
    """Items by viewer."""

    def to_do(self, actor: Actor) -> "WorkItemQuerySet":
        """Open items of the actor's organisation that one of the actor's posts may do."""
        return self.filter(
            organisation=actor.organisation, perm__in=actor.perms, closed_at__isnull=True
        )

    def done_by(self, actor: Actor) -> "WorkItemQuerySet":
        """Items that the person has dealt with."""
        return self.filter(
            closed_by=actor.user, organisation=actor.organisation, closed_at__isnull=False
        )


class WorkItem(models.Model):
    """One open duty of an organisation. A matter has at most one: that of its current state."""

    organisation = models.ForeignKey(
        "carbonwatch.Organisation", models.PROTECT, related_name="work_items"
    )
    perm = models.CharField(max_length=40)
    target = models.CharField(max_length=64)
    target_id = models.BigIntegerField()
    flow = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    title = models.CharField(_("事项"), max_length=200)
    url = models.CharField(max_length=200)
    opened_at = models.DateTimeField(_("产生时间"))
    due_at = models.DateTimeField(_("办理期限"), null=True)
    reminded_before = models.BooleanField(default=False)
    reminded_late = models.BooleanField(default=False)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        app_label = "carbonwatch"
        verbose_name = _("待办")
        ordering = [models.F("due_at").asc(nulls_last=True), "pk"]
        indexes = [
            models.Index(fields=["organisation", "closed_at", "perm"]),
            models.Index(fields=["closed_at", "due_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "target_id"],
                condition=Q(closed_at__isnull=True),
                name="one_open_duty_per_matter",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def asked(self) -> State:
        """The state that asks for the duty: its label, and what happens then."""
        return flow_named(self.flow).state(self.state)
