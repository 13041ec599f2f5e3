"""Columns and filters of the list of what re-checks have changed."""

import django_filters as filters
import django_tables2 as tables
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emitters.filters import YEARS
from emitters.models import CheckRun
from emitters.tables import RIGHT


class RunTable(tables.Table):
    """Re-checks that changed something: of which version, why, what."""

    version = tables.Column(
        _("报告版本"), linkify=lambda record: record.get_absolute_url(), orderable=False
    )
    at = tables.DateTimeColumn(format="Y-m-d H:i")
    reason = tables.Column(orderable=False, attrs={"td": {"class": "long"}})
    added = tables.Column(attrs=RIGHT)
    ended = tables.Column(attrs=RIGHT)
    was = tables.Column(_("原风险分"), accessor="before__risk_score", orderable=False, attrs=RIGHT)
    score = tables.Column(_("新风险分"), accessor="after__risk_score", orderable=False, attrs=RIGHT)

    def render_reason(self, value: str) -> str:
        """The system's reasons are terms that translate; people's own stay as they are."""
        return gettext(value)

    value_reason = render_reason

    class Meta:
        model = CheckRun
        fields = ("version", "at", "reason", "added", "ended", "was", "score")
        order_by = ("-at",)


class RunFilter(filters.FilterSet):
    """By year, unit and version."""

    year = filters.ChoiceFilter(
        field_name="version__report__year", label=_("报告年度"), choices=YEARS
    )
    q = filters.CharFilter(
        label=_("单位名称"),
        field_name="version__report__unit__organisation__name",
        lookup_expr="icontains",
    )
    version = filters.NumberFilter(label=_("版本编号"), field_name="version_id")

    class Meta:
        model = CheckRun
        fields: list[str] = []
