"""Work in the background: the row is the truth, the broker only a bell."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """Life of a job."""

    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("处理中")
    DONE = "done", _("已完成")
    REFUSED = "refused", _("未受理")


class Job(models.Model):
    """One piece of background work, written in the transaction of the change that asks for it."""

    kind = models.CharField(_("类别"), max_length=40)
    target = models.CharField(_("对象"), max_length=64)
    target_id = models.BigIntegerField(_("对象编号"))
    payload = models.JSONField(default=dict)
    state = models.CharField(
        _("状态"), max_length=10, choices=JobState.choices, default=JobState.WAITING
    )
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    note = models.CharField(_("说明"), max_length=400, blank=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    forgiven = models.PositiveSmallIntegerField(default=0)  # attempts that the database cut short
    lease_until = models.DateTimeField(null=True)  # before it nobody else may take the job
    organisation = models.ForeignKey(
        "carbonwatch.Organisation", models.PROTECT, null=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("提交时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        app_label = "carbonwatch"
        verbose_name = _("后台任务")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["target", "target_id"]),
            models.Index(fields=["state", "lease_until"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class IdempotencyRecord(models.Model):
    """The answer that was given to a write, kept in the transaction of the write itself."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    key = models.CharField(max_length=128)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "carbonwatch"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key
