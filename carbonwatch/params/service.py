"""Dated parameters in the database: loading the shipped ones, and what is in force."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import JSONField
from django.db.models import Value as Literal

from carbonwatch.params.models import Parameter
from carbonwatch.params.values import Parameters, Value, shipped_files, succession

_cache: dict[str, Any] = {"stamp": None, "parameters": None}


def decimals(value: Any) -> Any:
    """Numbers of a JSON column as the decimals they were written as."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {k: decimals(v) for k, v in value.items()}
    if isinstance(value, list):
        return [decimals(v) for v in value]
    return value


def stamp() -> tuple[Any, ...]:
    """Changes whenever a row is added, changed or removed (`xmin` is the writing transaction)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), max(id), sum(xmin::text::bigint) FROM carbonwatch_parameter"
        )
        return tuple(cursor.fetchone())


def in_force() -> Parameters:
    """All parameters of the database. One small query; the rows are read again only after a change."""
    now = stamp()
    if _cache["stamp"] != now:
        _cache["parameters"] = Parameters.of(
            Value(
                p.key,
                decimals(p.value),
                p.unit,
                p.valid_from,
                p.valid_to,
                p.source,
                p.confidence,
                p.note,
            )
            for p in Parameter.objects.all()
        )
        _cache["stamp"] = now
    parameters: Parameters = _cache["parameters"]
    return parameters


@transaction.atomic
def put_in_force(new: Value, value: Any) -> Parameter:
    """Write a new dated value (`value` as JSON holds it); what held before ends the day before.

    Raises `ValueError` when a value of the key starts on that very day.
    """
    rows = {p.valid_from: p for p in Parameter.objects.select_for_update().filter(key=new.key)}
    held = [v for v in in_force().by_key.get(new.key, ()) if v.valid_from in rows]
    for after in succession(held, new):
        row = rows.get(after.valid_from)
        if row is None:
            span = {"valid_from": after.valid_from, "valid_to": after.valid_to}
        elif row.valid_to != after.valid_to:
            row.valid_to = after.valid_to
            row.save(update_fields=["valid_to"])
    return Parameter.objects.create(
        key=new.key,
        value=value,
        unit=new.unit,
        source=new.source,
        confidence=new.confidence,
        note=new.note,
        **span,
    )


@transaction.atomic
def load_shipped() -> tuple[int, int]:
    """Bring the shipped values into the database: (added, already there or kept as people set them).

    A value that people changed or split keeps their state: a shipped value is only added where no
    value of its key starts on that day and none covers it.
    """
    added = kept = 0
    existing: dict[str, list[tuple[date, date | None]]] = {}
    for key, start, end in Parameter.objects.values_list("key", "valid_from", "valid_to"):
        existing.setdefault(key, []).append((start, end))
    for path in shipped_files():
        for item in json.loads(path.read_text(encoding="utf-8")):
            start = date.fromisoformat(item["from"])
            end = date.fromisoformat(item["to"]) if item.get("to") else None
            spans = existing.get(item["key"], [])
            if any(s <= (end or date.max) and start <= (e or date.max) for s, e in spans):
                kept += 1
                continue
            Parameter.objects.create(
                key=item["key"],
                value=Literal(None, JSONField()) if item["value"] is None else item["value"],
                unit=item.get("unit", ""),
                valid_from=start,
                valid_to=end,
                source=item["source"],
                confidence=item["confidence"],
                note=item.get("note", ""),
            )
            added += 1
    return added, kept
