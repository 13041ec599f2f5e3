"""Many rows at once by COPY."""

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.db import connection, models

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, tuple | list):
        return "{" + ",".join("NULL" if v is None else str(v) for v in value) + "}"
    return str(value)


def copy_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Insert rows of plain values (str, number, date, None, tuple of numbers) in the running
    transaction; `fields` are column names. Returns the number of rows."""
    lines = ["\t".join(map(_text, row)) for row in rows]
    if not lines:
        return 0
    quote = connection.ops.quote_name
    columns = ", ".join(quote(f) for f in fields)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN",
            StringIO("\n".join(lines) + "\n"),
        )
    return len(lines)
