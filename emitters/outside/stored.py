"""Values of a record as JSON and back: numbers and days as text."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from carbonwatch.imports.layout import Kind
from emitters.outside.kinds import KINDS

_READ: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.NUMBER: Decimal,
    Kind.INTEGER: int,
    Kind.DATE: date.fromisoformat,
}
_FIELDS = {
    code: {f.name: _READ.get(f.kind, str) for f in k.sheet.fields} for code, k in KINDS.items()
}


def read_values(kind: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Clean values by field from what is stored; a field that the kind no longer has is left out."""
    fields = _FIELDS[kind]
    return {name: fields[name](value) for name, value in stored.items() if name in fields}
