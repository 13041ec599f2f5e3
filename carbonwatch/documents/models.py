"""Files handed in with a matter: kept outside the web root, served through scope."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def attachment_path(instance: "Attachment", filename: str) -> str:
    """A name that tells nothing: the original one is kept in the row."""
    return f"attachments/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """One file of one object (named by label and id); seen by whoever sees the object."""

    target = models.CharField(max_length=64)
    target_id = models.BigIntegerField()
    file = models.FileField(upload_to=attachment_path)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(_("类型"), max_length=80)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField("SHA-256", max_length=64)
    # Empty for what a stranger handed in.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "carbonwatch.Organisation", models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        app_label = "carbonwatch"
        verbose_name = _("附件")
        ordering = ["pk"]
        indexes = [models.Index(fields=["target", "target_id"])]

    def __str__(self) -> str:
        return self.name


class DocumentNumber(models.Model):
    """The last number given in a series of an organisation and year; writers lock the row, so a
    number that was rolled back is given again and none is missing."""

    organisation = models.ForeignKey("carbonwatch.Organisation", models.PROTECT, related_name="+")
    series = models.CharField(_("字号"), max_length=16)
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        app_label = "carbonwatch"
        verbose_name = _("文号")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "series", "year"], name="one_number_row_per_series"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series}〔{self.year}〕{self.last}"
