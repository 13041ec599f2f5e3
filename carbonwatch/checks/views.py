"""The rule book: every check with what it compares and why, from its declaration."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.checks.registry import Check, Family, Severity, all_checks
from carbonwatch.params.models import Parameter
from carbonwatch.refusals import Missing
from carbonwatch.templatetags.watch import badge
from carbonwatch.web.pages import ListPage, TextPage
from carbonwatch.web.panels import panels_for

PANELS = "checks.check"
"""Under this name higher apps add to the page of a check."""

TONES = {Severity.FATAL: "danger", Severity.CRITICAL: "warning", Severity.INFO: "info"}
LEVELS = {
    "L0": _("报告自身数据"),
    "L1": _("随附证据"),
    "L2": _("历史或同类数据"),
    "L3": _("外部数据"),
}


def severities(check: Check) -> list[Severity]:
    """The severities that its results may have, gravest first."""
    found = {outcome.severity for outcome in check.outcomes.values()}
    return [s for s in Severity if s in found]


class CheckTable(tables.Table):
    code = tables.Column(verbose_name=_("编号"), attrs={"td": {"class": "nowrap"}})
    name = tables.Column(verbose_name=_("名称"), orderable=False)
    family = tables.Column(verbose_name=_("类别"))
    level = tables.Column(verbose_name=_("所需数据"))
    outcomes = tables.Column(verbose_name=_("结果等级"), orderable=False)
    first_year = tables.Column(verbose_name=_("适用年度"))

    class Meta:
        empty_text = _("没有符合条件的校核规则。")

    def render_code(self, value: str) -> str:
        """Opens the page of the check."""
        return format_html('<a href="{}">{}</a>', reverse("check-detail", args=[value]), value)

    def render_family(self, value: Family) -> object:
        """In words."""
        return value.label

    def render_level(self, value: str) -> object:
        """In words."""
        return LEVELS.get(value, value)

    def render_outcomes(self, record: Check) -> str:
        """Badges."""
        return format_html(
            " ".join("{}" for _s in severities(record)),
            *(badge(s.label, TONES[s]) for s in severities(record)),
        )

    def render_first_year(self, record: Check) -> str:
        """From–to."""
        return f"{record.first_year}–{record.last_year or ''}"


class CheckList(ListPage):
    permission = Perm.CHECK_VIEW
    model = Parameter
    table_class = CheckTable
    template_name = "checks/list.html"
    title = _("校核规则")
    intro = _("系统对每份报告自动执行的校核。结果是疑点，不是结论：企业可以说明，由人员认定。")
    file_name = "checks"

    def base_queryset(self) -> Any:
        """A list from the registry, by kind and severity of the address."""
        family, severity = self.request.GET.get("family"), self.request.GET.get("severity")
        found = [c for c in all_checks() if not family or c.family == family]
        return [c for c in found if not severity or severity in severities(c)]

    def extra_context(self) -> dict[str, Any]:
        """What can be chosen."""
        return {
            "families": [(f.value, f.label) for f in Family],
            "severities": [(s.value, s.label) for s in Severity],
        }


class CheckDetail(TextPage):
    permission = Perm.CHECK_VIEW
    template_name = "checks/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The declaration and the dated values of its thresholds."""
        check = next((c for c in all_checks() if c.code == kwargs["code"]), None)
        if check is None:
            raise Missing()
        return {
            "check": check,
            "level": LEVELS.get(check.level, check.level),
            "outcomes": [
                (letter, o, TONES[o.severity]) for letter, o in sorted(check.outcomes.items())
            ],
            "thresholds": Parameter.objects.filter(key__in=check.parameter_keys),
            "panels": panels_for(PANELS, check, self.actor),
        }
