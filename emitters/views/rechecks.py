"""Re-checks: a whole year by the province's wish, and what re-checks have changed."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, FormPage, ListPage
from emitters.forms import YearRecheckForm
from emitters.models import CheckRun, YearRecheck
from emitters.privacy import name_others
from emitters.selectors.rechecks import figures_changed, years_reported
from emitters.services.recheck_year import recheck_year_ask
from emitters.tables_rechecks import RunFilter, RunTable


class RunList(ListPage):
    """重新校核记录: every re-check that changed something."""

    permission = Perm.REPORT_VIEW
    model = CheckRun
    related = ("version__report__unit__organisation",)
    table_class = RunTable
    filterset_class = RunFilter
    title = gettext_lazy("重新校核记录")
    intro = gettext_lazy(
        "数据、参数或规则变化后按库内数据重新校核；只列出结果有变化的，原有结果保留可查。"
    )
    empty = gettext_lazy("没有符合条件的记录。")
    actions = ((gettext_lazy("重新校核整个年度"), "emitters:recheck-year", Perm.REPORT_DECIDE),)
    file_name = "rechecks"


class RunDetail(DetailPage):
    """One re-check: figures before and after, results that ended and that are new."""

    permission = Perm.REPORT_VIEW
    model = CheckRun
    related = ("version__report__unit__organisation",)
    template_name = "emitters/run.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The results, with the other units that the viewer may see."""
        context = super().get_context_data(**kwargs)
        run = self.object
        context["figures"] = figures_changed(run)
        context["parts"] = [
            (title, name_others(rows.select_related("version__report__unit"), self.actor))
            for title, rows in (
                (_("不再成立的结果"), run.ended_results),
                (_("新增结果"), run.begun_results),
            )
        ]
        return context


class RecheckYear(FormPage):
    """Ask for the re-check of a year; the last ones below."""

    permission = Perm.REPORT_DECIDE
    form_class = YearRecheckForm
    title = gettext_lazy("重新校核整个年度")
    intro = gettext_lazy(
        "对该年度库内全部有效报告按现行规则和参数重新校核。在后台进行，不改动企业填报的数据；"
        "有变化的结果写入重新校核记录。"
    )
    submit = gettext_lazy("开始重新校核")
    template_name = "emitters/recheck_year.html"

    def build_form(self, *args: Any) -> StepForm:
        """With the years that there are reports of."""
        return YearRecheckForm(*args, years=years_reported())

    def save(self, form: StepForm) -> YearRecheck:
        """Call the service."""
        return recheck_year_ask(actor=self.actor, now=timezone.now(), **form.facts())

    def extra_context(self) -> dict[str, Any]:
        """The last re-checks of years."""
        last = YearRecheck.objects.visible_to(self.actor).select_related("asked_by")
        return {"last": last[:12]}
