"""The append-only ledger and its head."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One entry of the chain. The target is named by label and id, not by a foreign key, so that
    nothing can reach the ledger by a cascade. `payload` is the exact text that was hashed."""

    seq = models.BigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"))
    action = models.CharField(_("事项"), max_length=64, db_index=True)
    actor_id = models.BigIntegerField(_("人员编号"), null=True)
    actor_name = models.CharField(_("人员"), max_length=128, blank=True)
    organisation_id = models.BigIntegerField(_("机构编号"), null=True, db_index=True)
    target = models.CharField(_("对象"), max_length=64, blank=True)
    target_id = models.CharField(_("对象编号"), max_length=64, blank=True)
    payload = models.TextField(_("记载内容"))
    algorithm = models.CharField(_("算法"), max_length=8)
    previous = models.CharField(_("前一条摘要"), max_length=64)
    digest = models.CharField(_("摘要"), max_length=64)

    class Meta:
        app_label = "carbonwatch"
        verbose_name = _("审计台账")
        ordering = ["-seq"]
        indexes = [models.Index(fields=["target", "target_id"])]
        triggers = [
            pgtrigger.Protect(
                name="ledger_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="ledger_no_truncate",
                level=pgtrigger.Statement,
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'the ledger cannot be truncated';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class AuditHead(models.Model):
    """The one row that writers lock (no fork): count and digest of the last entry."""

    count = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        app_label = "carbonwatch"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_ledger_head")]

    def __str__(self) -> str:
        return f"{self.count} {self.digest[:12]}"
