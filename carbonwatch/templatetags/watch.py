"""Small things that templates need: numbers, links that keep the query, badges."""

from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django_tables2.utils import AttributeDict

register = template.Library()

NONE = "—"


@register.filter
def number(value: Any, decimals: int = 0) -> str:
    """A number with thousands separators and fixed decimals; a dash when there is none."""
    if value is None or value == "":
        return NONE
    return f"{Decimal(str(value)):,.{decimals}f}"


@register.filter
def plain(value: Any) -> str:
    """A decimal as it was reported: no rounding, no grouping; a dash when there is none."""
    if value is None:
        return NONE
    return format(value, "f") if isinstance(value, Decimal) else str(value)


@register.filter
def wan(value: Any, decimals: int = 1) -> str:
    """In ten thousands (万), as Chinese offices write tonnes and money."""
    return NONE if value is None else number(Decimal(str(value)) / 10000, decimals)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """A value of a mapping by a variable key."""
    return mapping.get(key) if mapping is not None else None


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The current query string with some keys changed (None removes one)."""
    params: QueryDict = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            params.pop(key, None)
        else:
            params[key] = str(value)
    return "?" + params.urlencode()


TONES = {
    "info": "text-bg-primary",
    "warning": "text-bg-warning",
    "danger": "text-bg-danger",
    "success": "text-bg-success",
    "neutral": "text-bg-secondary",
}


@register.simple_tag
def badge(text: Any, tone: str = "neutral") -> SafeString:
    """A coloured word; the word carries the meaning, the colour only helps."""
    return format_html('<span class="badge {}">{}</span>', TONES.get(tone, TONES["neutral"]), text)


@register.simple_tag
def status_badge(matter: Any) -> SafeString:
    """The badge of a matter's state."""
    state = matter.flow.state(matter.status)
    return badge(state.label, state.tone)


@register.simple_tag
def table_cells(row: Any) -> SafeString:
    """The cells of a django-tables2 row. Label and attributes of a column are worked out once a
    page, which a template would do again for each of 500 cells."""
    heads = row.table.__dict__.setdefault("cell_heads", {})
    parts = []
    for column, cell in row.items():
        if column.name not in heads:
            heads[column.name] = format_html(
                '<td role="cell" data-label="{}" {}>',
                column.header,
                column.attrs.get("td", AttributeDict()).as_html(),
            )
        parts.append(f"{heads[column.name]}{conditional_escape(localize(cell))}</td>")
    return mark_safe("".join(parts))  # noqa: S308 - heads by format_html, cells escaped
