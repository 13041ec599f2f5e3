"""Lists of outside records: the files, and the rows of one file."""

from decimal import Decimal
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.imports.layout import Field, Kind
from carbonwatch.templatetags.watch import NONE
from carbonwatch.web.tables import StatusMixin
from emitters.filters import YEARS
from emitters.models import OutsideFile, OutsideRecord
from emitters.models.outside import KIND_CHOICES
from emitters.outside import RecordKind
from emitters.outside.flow import OUTSIDE_FLOW
from emitters.tables import RIGHT

_MONTHS = [(m, format_lazy(_("{n}月"), n=m)) for m in range(1, 13)]
_WIDE = 20  # width from which a column holds sentences


class OutsideFileTable(StatusMixin, tables.Table):
    """Files: what, from whom, how far. The name of a file and what is wrong with it are its
    provider's and the provincial lead office's to see."""

    number = tables.Column(
        _("编号"), accessor="pk", linkify=lambda record: record.get_absolute_url(), attrs=RIGHT
    )
    kind = tables.Column(
        _("数据类别"), linkify=lambda record: record.get_absolute_url(), orderable=False
    )
    provider = tables.Column(_("提供单位"), accessor="provider__name")
    file_name = tables.Column(_("文件名"), attrs={"td": {"class": "long"}})
    years = tables.Column(_("涉及年度"), empty_values=(), orderable=False)
    rows_read = tables.Column(_("行数"), accessor="rows", attrs=RIGHT)
    found = tables.Column(_("读取问题"), accessor="problem_count", attrs=RIGHT)
    status = tables.Column(_("状态"))
    uploaded_at = tables.DateTimeColumn(verbose_name=_("上传时间"), format="Y-m-d H:i")

    class Meta:
        model = OutsideFile
        fields = (
            "number", "kind", "provider", "file_name", "years", "rows_read", "found", "status",
            "uploaded_at",
        )  # fmt: skip
        order_by = ("-number",)
        row_attrs = {"id": lambda record: f"file-{record.pk}"}

    @property
    def actor(self) -> Actor:
        """Who looks."""
        return self.request.actor  # type: ignore[no-any-return]

    def render_kind(self, record: OutsideFile) -> str:
        """The kind's name."""
        return str(record.record_kind.title)

    value_kind = render_kind

    def render_file_name(self, value: str, record: OutsideFile) -> str:
        """Only for those who see the whole file."""
        return value if record.open_to(self.actor) else NONE

    value_file_name = render_file_name

    def render_years(self, record: OutsideFile) -> str:
        """First to last."""
        years = record.years
        if not years:
            return NONE
        return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"

    value_years = render_years

    def render_rows_read(self, value: int, record: OutsideFile) -> Any:
        """How many rows were stored."""
        return value if record.open_to(self.actor) else NONE

    value_rows_read = render_rows_read

    def render_found(self, value: int, record: OutsideFile) -> Any:
        """How many problems were met."""
        return value if record.open_to(self.actor) else NONE

    value_found = render_found


class OutsideFileFilter(filters.FilterSet):
    """Files by kind, state, provider, year and the unit that their rows speak of."""

    kind = filters.ChoiceFilter(label=_("数据类别"), choices=KIND_CHOICES)
    status = filters.ChoiceFilter(label=_("状态"), choices=OUTSIDE_FLOW.choices)
    provider = filters.CharFilter(
        field_name="provider__name", lookup_expr="icontains", label=_("提供单位")
    )
    year = filters.ChoiceFilter(label=_("年度"), choices=YEARS, method="in_year")
    about = filters.CharFilter(label=_("涉及单位的信用代码"), method="speaks_of")

    class Meta:
        model = OutsideFile
        fields: list[str] = []

    def in_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Files with a row of the year."""
        return queryset.filter(years__contains=[int(value)])

    def speaks_of(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Files with a row about the unit that the viewer may see."""
        rows = OutsideRecord.objects.visible_to(self.request.actor)
        mine = rows.filter(Q(about=value.strip()) | Q(owner=value.strip()))
        return queryset.filter(pk__in=mine.values("file"))


class ValueColumn(tables.Column):
    """A field of the rows; numbers to the right, as they were read."""

    def __init__(self, field: Field) -> None:
        number = field.kind in (Kind.NUMBER, Kind.INTEGER)
        words = {"td": {"class": "long" if field.width >= _WIDE else "nowrap"}}
        title = f"{field.title}（{field.unit}）" if field.unit else field.title
        super().__init__(title, empty_values=(), orderable=False, attrs=RIGHT if number else words)
        self.field = field

    def render(self, record: OutsideRecord) -> Any:
        """For the page."""
        return record.values.get(self.field.name, NONE)

    def value(self, record: OutsideRecord) -> Any:
        """For the export: numbers as numbers."""
        value = record.values.get(self.field.name, "")
        return Decimal(value) if value and self.field.kind is Kind.NUMBER else value


def record_table(kind: RecordKind) -> type[tables.Table]:
    """The table of a kind's rows: where each stands, then its fields."""
    columns: dict[str, Any] = {
        "place": tables.Column(_("位置"), accessor="number", attrs={"td": {"class": "nowrap"}}),
        **{f"f_{f.name}": ValueColumn(f) for f in kind.sheet.fields},
        "render_place": lambda self, value, record: f"A{value}",
        "Meta": type("Meta", (), {"order_by": ("place",), "empty_text": _("没有符合条件的行。")}),
    }
    return type("OutsideRecordTable", (tables.Table,), columns)


class OutsideRecordFilter(filters.FilterSet):
    """Rows by text, year and month."""

    q = filters.CharFilter(label=_("内容包含"), method="search")
    year = filters.ChoiceFilter(label=_("年度"), choices=YEARS)
    month = filters.ChoiceFilter(label=_("月份"), choices=_MONTHS)

    class Meta:
        model = OutsideRecord
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Any value of the row contains the text."""
        return queryset.annotate(words=Cast("values", TextField())).filter(
            words__icontains=value.strip()
        )
