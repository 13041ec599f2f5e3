"""Re-checks of whole reporting years: who asked, why, and what they changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.accounts.scoping import EVERYTHING, ScopedManager, scope_rule


class YearRecheck(models.Model):
    """One run of all checks over the stored reports of a year. `stamp` names the data and parameters
    that it saw (`emitters.selectors.rechecks.stamp_now`); without `asked_by` it is the nightly one."""

    year = models.PositiveSmallIntegerField(_("报告年度"))
    reason = models.CharField(_("原因"), max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("发起人"),
    )
    asked_at = models.DateTimeField(_("发起时间"))
    done_at = models.DateTimeField(_("完成时间"), null=True)
    stamp = models.CharField(max_length=64, blank=True)
    checked = models.PositiveIntegerField(_("校核版本数"), default=0)
    changed = models.PositiveIntegerField(_("有变化的版本数"), default=0)
    added = models.PositiveIntegerField(_("新增结果"), default=0)
    ended = models.PositiveIntegerField(_("不再成立的结果"), default=0)
    note = models.CharField(_("说明"), max_length=400, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("年度重新校核")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year"], condition=Q(done_at=None), name="one_open_recheck_per_year"
            )
        ]

    def __str__(self) -> str:
        return gettext("%(year)s年度重新校核") % {"year": self.year}

    def get_absolute_url(self) -> str:
        """What it changed, among all changes of the year."""
        return f"{reverse('emitters:runs')}?year={self.year}"


@scope_rule("emitters.YearRecheck", OrgKind.PROVINCE)
def _province_sees_rechecks(actor: Actor) -> Q:
    return EVERYTHING
