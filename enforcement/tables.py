"""Columns of the lists."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from carbonwatch.web.tables import StatusMixin
from enforcement.models import Case, PublicNotice


class CaseTable(StatusMixin, tables.Table):
    """Cases."""

    reason = tables.Column(linkify=lambda record: record.get_absolute_url())
    unit = tables.Column(_("当事人"), accessor="unit__organisation__name")
    city = tables.Column()
    number = tables.Column()
    status = tables.Column()
    opened_at = tables.DateColumn(format="Y-m-d")
    decided_at = tables.DateColumn(format="Y-m-d")
    due_at = tables.DateTimeColumn(format="Y-m-d H:i")

    class Meta:
        model = Case
        fields = (
            "reason",
            "unit",
            "city",
            "number",
            "status",
            "opened_at",
            "decided_at",
            "due_at",
        )
        order_by = ("-opened_at",)


class NoticeTable(StatusMixin, tables.Table):
    """Notices in every state, for those who work on them."""

    title = tables.Column(linkify=lambda record: record.get_absolute_url())
    number = tables.Column()
    status = tables.Column()
    drafted_by = tables.Column(accessor="drafted_by__name", verbose_name=_("起草人"))
    drafted_at = tables.DateColumn(format="Y-m-d")
    published_at = tables.DateColumn(format="Y-m-d")

    class Meta:
        model = PublicNotice
        fields = ("title", "number", "status", "drafted_by", "drafted_at", "published_at")
        order_by = ("-drafted_at",)


class PublishedTable(tables.Table):
    """What everybody may read: nothing else is in these rows."""

    title = tables.Column(linkify=("enforcement:notice", {"pk": tables.A("pk")}), orderable=False)
    number = tables.Column(orderable=False)
    issuer = tables.Column(accessor="issuer__name", verbose_name=_("发布机构"), orderable=False)
    published_at = tables.DateColumn(format="Y-m-d", orderable=False)

    class Meta:
        model = PublicNotice
        fields = ("title", "number", "issuer", "published_at")
