"""Columns of the lists of random draws."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from carbonwatch.web.tables import StatusMixin
from inspections.models import Draw


class DrawTable(StatusMixin, tables.Table):
    """Draws in every state."""

    title = tables.Column(linkify=lambda record: record.get_absolute_url())
    organisation = tables.Column(accessor="organisation__name", verbose_name=_("检查机关"))
    frozen_at = tables.DateColumn(format="Y-m-d")
    published_at = tables.DateColumn(format="Y-m-d")

    class Meta:
        model = Draw
        fields = (
            "title", "organisation", "year", "mode", "count", "inspect_on", "status", "frozen_at",
            "published_at",
        )  # fmt: skip


class PublicDrawTable(StatusMixin, tables.Table):
    """What everybody may read: nothing else is in these rows."""

    title = tables.Column(
        linkify=("inspections:public-draw", {"pk": tables.A("pk")}), orderable=False
    )
    organisation = tables.Column(
        accessor="organisation__name", verbose_name=_("检查机关"), orderable=False
    )
    mode = tables.Column(orderable=False)
    count = tables.Column(orderable=False)
    status = tables.Column(orderable=False)
    frozen_at = tables.DateColumn(format="Y-m-d", orderable=False)

    class Meta:
        model = Draw
        fields = ("title", "organisation", "mode", "count", "status", "frozen_at")
