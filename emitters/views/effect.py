"""规则成效: how often each check is right, as its closings tell."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.checks.registry import Family
from carbonwatch.web.pages import ListPage
from emitters.models import Question
from emitters.selectors.effect import effects
from emitters.tables_judging import EffectTable


class EffectList(ListPage):
    """Every lettered result that opens questions."""

    permission = Perm.DASHBOARD_VIEW
    model = Question
    table_class = EffectTable
    template_name = "emitters/effect.html"
    title = _("规则成效")
    intro = _(
        "按全省疑点的认定结果统计。查实率＝查实÷已查明；强度估计用于评议现行强度，不自动生效。"
        "疑点经人员选择查看，不是随机抽样，不能用来推算全部数据的问题比例。"
    )
    file_name = "check-effect"

    def base_queryset(self) -> Any:
        """Counts of the whole province: no unit is named."""
        family, retire = self.request.GET.get("family"), self.request.GET.get("retire")
        found = [c for c in effects(timezone.localdate()) if not family or c.check.family == family]
        return [e for c in found for e in c.effects if e.retire or not retire]

    def extra_context(self) -> dict[str, Any]:
        """What can be chosen."""
        return {"families": [(f.value, f.label) for f in Family]}
