"""Columns of the list of control schemes."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from carbonwatch.web.tables import StatusMixin
from emitters.models import ControlScheme
from emitters.tables import RIGHT


class SchemeTable(StatusMixin, tables.Table):
    """Versions of schemes."""

    unit = tables.Column(
        _("单位名称"),
        accessor="unit__organisation__name",
        linkify=lambda record: record.get_absolute_url(),
    )
    number = tables.Column(_("版本"), attrs=RIGHT)
    year = tables.Column(_("自报告年度"), attrs=RIGHT)
    status = tables.Column(_("状态"))
    drafted_by = tables.Column(_("起草人"))
    approved_by = tables.Column(_("批准人"))
    approved_at = tables.DateTimeColumn(verbose_name=_("批准时间"), format="Y-m-d H:i")

    class Meta:
        model = ControlScheme
        fields = (
            "unit", "number", "year", "status", "drafted_by", "approved_by", "approved_at",
        )  # fmt: skip
