"""Work in the background, for the system administrator."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.jobs.models import Job, JobState
from carbonwatch.templatetags.watch import badge
from carbonwatch.web.pages import ListPage

TONES = {"waiting": "neutral", "running": "info", "done": "success", "refused": "danger"}


class JobTable(tables.Table):
    pk = tables.Column(verbose_name=_("编号"), attrs={"td": {"class": "num"}})
    target = tables.Column(orderable=False)
    note = tables.Column(orderable=False, attrs={"td": {"class": "long"}})

    class Meta:
        model = Job
        fields = (
            "pk",
            "kind",
            "state",
            "progress",
            "attempts",
            "target",
            "created_at",
            "finished_at",
            "note",
        )
        empty_text = _("没有后台任务。")

    def render_state(self, record: Job) -> str:
        """A badge."""
        return format_html("{}", badge(record.get_state_display(), TONES[record.state]))

    def render_progress(self, value: int) -> str:
        """Per cent."""
        return f"{value}%"

    def render_note(self, value: str) -> str:
        """Stored in Chinese, shown in the reader's language where it is a known text."""
        return gettext(value)

    def render_target(self, record: Job) -> str:
        """Label and id; the object itself is business data."""
        return f"{record.target} {record.target_id}"


class JobFilter(filters.FilterSet):
    state = filters.ChoiceFilter(label=_("状态"), choices=JobState.choices, empty_label=_("全部"))
    kind = filters.CharFilter(label=_("类别"), lookup_expr="icontains")


class JobList(ListPage):
    permission = Perm.JOB_VIEW
    model = Job
    table_class = JobTable
    filterset_class = JobFilter
    title = _("后台任务")
    intro = _("每个后台任务一行。中断的任务会自动重试，两次中断后不再重试。")
    file_name = "jobs"

    def base_queryset(self) -> QuerySet[Job]:
        """All of them; no business data is shown."""
        return Job.objects.all()
