"""Messages to people (待阅 / 已阅)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a message is about; shown in the reader's language before the title."""

    DUTY = "duty", _("新待办")
    DUE = "due", _("即将到期")
    LATE = "late", _("已逾期")
    SUPERVISED = "supervised", _("所督办事项已逾期")
    NEWS = "news", _("消息")


class Notification(models.Model):
    """One message to one person; read or not."""

    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.NEWS)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notifications")
    organisation = models.ForeignKey("carbonwatch.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(_("标题"), max_length=200)
    text = models.CharField(_("内容"), max_length=600, blank=True)
    url = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(_("办理期限"), null=True)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True)

    class Meta:
        app_label = "carbonwatch"
        verbose_name = _("消息")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "read_at", "-at"])]

    def __str__(self) -> str:
        return self.title
