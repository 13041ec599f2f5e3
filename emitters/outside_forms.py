"""What the pages of outside records ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carbonwatch.imports.units import factor, same_quantity
from carbonwatch.web.forms import StepForm, dress
from emitters.models import OutsideFile
from emitters.outside import RecordKind
from emitters.outside.headers import Choice, Header, suggestions
from emitters.outside.reader import OutsideReading


class OutsideUploadForm(StepForm):
    """A file of outside records, from the organisation whose records they are."""

    kind = forms.ChoiceField(label=_("数据类别"))
    upload = forms.FileField(
        label=_("数据文件"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        help_text=_("XLSX 工作簿或 CSV 文本；表格上方可以有标题行，列的次序不限。"),
    )
    replaces = forms.ModelChoiceField(
        label=_("替换的文件"),
        queryset=OutsideFile.objects.none(),
        required=False,
        empty_label=_("不替换，是新数据"),
        help_text=_("更正以前的文件时选择；新文件有效后，原文件停用并留存。"),
    )
    reason = forms.CharField(
        label=_("更正原因"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("替换有效的文件时必填。"),
    )
    ask = forms.BooleanField(
        label=_("重新对应各列（不沿用以前的对应关系）"),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[RecordKind],
        own: QuerySet,
        remembers: bool,
        **kwargs: Any,
    ) -> None:
        """`kinds`: what the organisation provides; `own`: its files that can be replaced;
        `remembers`: whether the columns of one of its kinds are known."""
        super().__init__(*args, **kwargs)
        choice = cast(forms.ChoiceField, self.fields["kind"])
        choice.choices = [("", _("请选择")), *((k.code, k.title) for k in kinds)]
        cast(forms.ModelChoiceField, self.fields["replaces"]).queryset = own
        if not own:
            del self.fields["replaces"], self.fields["reason"]
        if not remembers:
            del self.fields["ask"]


@dataclass(frozen=True)
class ColumnLine:
    """A column on the page that asks what the columns are; only numbers have a unit."""

    header: Header
    field: forms.BoundField
    unit: forms.BoundField | None


class ColumnsForm(StepForm):
    """What the columns of a file are: a field for each, and the unit of its numbers."""

    header = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, reading: OutsideReading, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reading = reading
        self.fields["header"].initial = reading.header
        proposed = suggestions(reading.headers, reading.kind)
        for header in reading.headers:
            choice = proposed.get(header.key, Choice(""))
            self.fields[f"field_{header.index}"] = forms.ChoiceField(
                label=_("对应的项目"),
                choices=self._fields(),
                required=False,
                initial=choice.field,
            )
            if header.numeric:
                self.fields[f"unit_{header.index}"] = forms.ChoiceField(
                    label=_("单位"), choices=self._units(), required=False, initial=choice.unit
                )
                # Units as files write them, in any language.
                self.fields[f"unit_{header.index}"].widget.attrs["lang"] = "zh-Hans"
        dress(self)

    def _fields(self) -> list[tuple[str, Any]]:
        options = [
            (f.name, f"{f.title_with_unit}{'*' if f.required else ''}")
            for f in self.reading.kind.sheet.fields
        ]
        return [("", _("不导入")), *options]

    def _units(self) -> list[Any]:
        """The units of every quantity that the kind knows, grouped by the one that is stored."""
        wanted = dict.fromkeys(f.unit for f in self.reading.kind.sheet.fields if f.unit)
        groups = [(unit, [(u, u) for u in same_quantity(unit)]) for unit in wanted]
        return [("", _("按列名或标准单位")), *(g for g in groups if len(g[1]) > 1)]

    @property
    def lines(self) -> list[ColumnLine]:
        """Columns in the order of the file."""
        return [
            ColumnLine(h, self[f"field_{h.index}"], self[f"unit_{h.index}"] if h.numeric else None)
            for h in self.reading.headers
        ]

    def clean(self) -> dict[str, Any]:
        """Every required field has its column, none has two, units fit."""
        data = super().clean() or self.cleaned_data
        fields = {f.name: f for f in self.reading.kind.sheet.fields}
        taken: dict[str, str] = {}
        for header in self.reading.headers:
            name = data.get(f"field_{header.index}", "")
            unit = data.get(f"unit_{header.index}", "")
            if not name:
                continue
            if name in taken:
                text = _("“%(field)s”已对应到列“%(other)s”。")
                facts = {"field": fields[name].title, "other": taken[name]}
                self.add_error(f"field_{header.index}", text % facts)
            taken[name] = header.text
            if unit and factor(unit, fields[name].unit) is None:
                text = _("“%(field)s”不能以 %(unit)s 计。")
                self.add_error(
                    f"unit_{header.index}", text % {"field": fields[name].title, "unit": unit}
                )
        lacking = [str(f.title) for f in fields.values() if f.needed and f.name not in taken]
        if lacking:
            self.add_error(
                None, _("以下必需的项目还没有对应的列：%(names)s。") % {"names": "、".join(lacking)}
            )
        return data

    def facts(self) -> dict[str, Any]:
        """For the service: choices by key of the header, and the row of the header."""
        data = self.cleaned_data
        columns = {
            h.key: Choice(data[f"field_{h.index}"], data.get(f"unit_{h.index}", ""))
            for h in self.reading.headers
        }
        return {"columns": columns, "header": self.reading.header}
